"""A case's looks are withheld by an order of two officers, for that case alone, and shown when it ends."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.moments import rfc3339
from tests.harness import organs
from tests.harness.callers import Town

_ORDER = "withholding { id version state code caseNumber byMe } replayed"
_CASE = "海纪查〔2026〕5号"


async def _order(town: Town, *, by: str = "agency-1", days: int = 30, **changed: Any) -> dict[str, Any]:
    input_ = {
        "code": "HINDERS_LAWFUL_DUTY",
        "caseNumber": _CASE,
        "until": rfc3339(datetime.now(UTC) + timedelta(days=days)),
        "idempotencyKey": "order",
        **changed,
    }
    return await town.act(by, "withholdingOrder", input_, _ORDER)


async def _agree(town: Town, order_id: str, *, by: str = "agency-2", expected: int = 1) -> dict[str, Any]:
    given = {"withholdingId": order_id, "expectedVersion": expected}
    return await town.act(by, "withholdingAgree", given, _ORDER)


async def _in_force(town: Town) -> str:
    made = (await _order(town))["withholding"]
    assert (await _agree(town, made["id"]))["withholding"]["state"] == "IN_FORCE"
    return str(made["id"])


async def _told(town: Town, persona: str) -> list[str]:
    return [line["summary"] for line in await organs.trail(town, persona) if line["basis"] == "STATUTE"]


async def test_a_withheld_look_is_told_when_its_order_ends(town: Town) -> None:
    order = await _in_force(town)
    under = {"caseNumber": _CASE, "withholdingId": order}
    assert (await organs.look(town, "citizen-1", **under))["data"]["agency"]
    refused = await organs.look(town, "citizen-1", **{**under, "purpose": "TENDERING"})
    assert refused.code == "NOT_GRANTED"
    assert await _told(town, "citizen-1") == []
    assert await town.count("SELECT count(*) FROM access WHERE withholding_id IS NOT NULL") == 2, "not logged"
    ended = [await town.act("agency-1", "withholdingEnd", {"withholdingId": order}, _ORDER) for _ in range(2)]
    assert [(one["withholding"]["state"], one["replayed"]) for one in ended] == [("ENDED", False), ("ENDED", True)]
    assert len(await _told(town, "citizen-1")) == 2
    assert (await organs.look(town, "citizen-1", **under)).code == "NOT_AVAILABLE", "under an order that has ended"


async def test_an_order_withholds_its_own_organs_own_case_and_only_once_agreed(town: Town) -> None:
    made = (await _order(town))["withholding"]
    absent = await organs.look(town, "citizen-1", withholdingId="wth_00000000000000000000", caseNumber=_CASE)
    proposed = await organs.look(town, "citizen-1", withholdingId=made["id"], caseNumber=_CASE)
    assert (await _agree(town, made["id"], by="agency-1"))["code"] == "SECOND_PERSON"
    assert (await _agree(town, made["id"], by="industry-1"))["code"] == "NOT_AVAILABLE"
    assert (await _agree(town, made["id"], expected=9))["code"] == "VERSION_CHANGED"
    await _agree(town, made["id"])
    another = await organs.look(town, "citizen-1", withholdingId=made["id"])
    fund = {"mandateId": await organs.mandate(town, "FUNDING_SUPPORT", by="industry-1"), "purpose": "FUNDING_SUPPORT"}
    foreign = await organs.look(town, "citizen-1", by="industry-1", withholdingId=made["id"], caseNumber=_CASE, **fund)
    assert {one.response.content for one in (proposed, another, foreign)} == {absent.response.content}
    assert len(await _told(town, "citizen-1")) == 4, "what nothing withholds is told, attempts too"


async def test_another_officer_reviews(town: Town) -> None:
    order = await _in_force(town)

    async def prolong(by: str, days: int, expected: int = 2) -> dict[str, Any]:
        until = rfc3339(datetime.now(UTC) + timedelta(days=days))
        given = {"withholdingId": order, "expectedVersion": expected, "until": until}
        return await town.act(by, "withholdingProlong", given, _ORDER)

    assert (await prolong("agency-1", 90))["code"] == "SECOND_PERSON"
    assert (await prolong("agency-2", 10))["code"] == "INVALID_INPUT"
    assert (await prolong("agency-2", 181))["code"] == "INVALID_INPUT"
    assert (await prolong("agency-2", 90))["withholding"]["version"] == 3
    desk = "{ agencyWork { withholdings { edges { node { state code caseNumber byMe } } } } }"
    found = await town.data("agency-2", desk)
    assert [edge["node"] for edge in found["agencyWork"]["withholdings"]["edges"]] == [
        {"state": "IN_FORCE", "code": "HINDERS_LAWFUL_DUTY", "caseNumber": _CASE, "byMe": False}
    ]


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"caseNumber": ""}, "caseNumber"),
        ({"caseNumber": "129901199001011230"}, "caseNumber"),
        ({"until": "2020-01-01T00:00:00Z"}, "until"),
        ({"until": "2099-01-01T00:00:00Z"}, "until"),
    ],
)
async def test_what_cannot_be_ordered(town: Town, changed: dict[str, Any], path: str) -> None:
    refused = await _order(town, **changed)
    assert refused["code"] == "INVALID_INPUT"
    assert [detail["path"] for detail in refused["details"]] == [["input", path]]
    assert await town.count("SELECT count(*) FROM withholding") == 0


async def test_a_batch_is_withheld_and_stops_when_its_order_ends_first(town: Town) -> None:
    order = await _in_force(town)
    for persona, ends in (("citizen-1", False), ("citizen-2", True)):
        sheet = organs.sheet(organs.row(persona))
        opened = (await organs.open_batch(town, sheet, caseNumber=_CASE, withholdingId=order))["batch"]
        await organs.approve_batch(town, opened)
        if ends:
            await town.act("agency-2", "withholdingEnd", {"withholdingId": order}, _ORDER)
        await organs.answer(town)
        assert await town.count("SELECT count(*) FROM access WHERE basis = 'STATUTE'") == 1
    assert len(await _told(town, "citizen-1")) == 1
    assert await _told(town, "citizen-2") == []
