"""Mandates are entered by two people of the institution, end in one step, and hold against every look."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.moments import day_of
from tests.harness import organs
from tests.harness.callers import Town

_FILE = "mandate { party { name } mandate { id version state categories purposeText } } replayed"
_COUNT = "SELECT count(*) FROM agency_mandate"


async def _organ(town: Town, persona: str = "industry-1") -> str:
    return str((await town.data(persona, "{ viewer { party { id } } }"))["viewer"]["party"]["id"])


async def propose(town: Town, *, by: str = "approver-1", **changed: Any) -> dict[str, Any]:
    input_ = {
        "partyId": await _organ(town),
        "purpose": "TENDERING",
        "instrument": "《海津市招标投标信用管理办法（示例）》",
        "article": "第三条",
        "categories": ["ADMINISTRATIVE", "HONOUR", "HONOUR"],
        "idempotencyKey": "propose",
        **changed,
    }
    return await town.act(by, "agencyMandatePropose", input_, _FILE)


async def _approve(town: Town, mandate_id: str, *, by: str = "approver-2", expected: int = 1) -> dict[str, Any]:
    return await town.act(by, "agencyMandateApprove", {"mandateId": mandate_id, "expectedVersion": expected}, _FILE)


async def test_two_people_enter_a_mandate_and_one_ends_it_at_once(town: Town) -> None:
    made = (await propose(town))["mandate"]["mandate"]
    assert (made["state"], made["categories"]) == ("PROPOSED", ["ADMINISTRATIVE", "HONOUR"])
    asked = {"by": "industry-1", "purpose": "TENDERING", "mandateId": made["id"]}
    assert (await organs.look(town, "citizen-1", **asked)).code == "MANDATE_ENDED"
    assert (await _approve(town, made["id"], by="approver-1"))["code"] == "SECOND_PERSON"
    assert (await _approve(town, made["id"], expected=7))["code"] == "VERSION_CHANGED"
    approved = await _approve(town, made["id"])
    assert approved["mandate"]["mandate"]["state"] == "IN_FORCE"
    assert (await _approve(town, made["id"], expected=2))["code"] == "WRONG_STATE"
    assert (await organs.look(town, "citizen-1", **asked))["data"]["agency"]["records"]["edges"]
    ended = [await town.act("approver-1", "agencyMandateEnd", {"mandateId": made["id"]}, _FILE) for _ in range(2)]
    assert [(one["mandate"]["mandate"]["state"], one["replayed"]) for one in ended] == [
        ("ENDED", False),
        ("ENDED", True),
    ]
    assert (await organs.look(town, "citizen-1", **asked)).code == "MANDATE_ENDED"
    assert (await organs.look(town, "citizen-1", **{**asked, "by": "agency-1"})).code == "NOT_AVAILABLE"


@pytest.mark.parametrize(
    ("changed", "path", "code"),
    [
        ({"instrument": " "}, "instrument", "LENGTH"),
        ({"article": "条" * 61}, "article", "LENGTH"),
        ({"categories": []}, "categories", "EMPTY"),
        ({"purpose": "OTHER"}, "purposeText", "TEXT_OF_OTHER"),
        ({"purposeText": "评优"}, "purposeText", "TEXT_OF_OTHER"),
        ({"purpose": "OTHER", "purposeText": ""}, "purposeText", "LENGTH"),
        ({"validUntil": "2020-01-01"}, "validUntil", "PAST"),
        ({"validFrom": "2030-01-02", "validUntil": "2030-01-01"}, "validUntil", "PAST"),
    ],
)
async def test_what_cannot_be_entered(town: Town, changed: dict[str, Any], path: str, code: str) -> None:
    before = await town.count(_COUNT)
    refused = await propose(town, **changed)
    assert refused["code"] == "INVALID_INPUT"
    assert [(detail["path"][1:], detail["code"]) for detail in refused["details"]] == [([path], code)]
    assert await town.count(_COUNT) == before


async def test_only_state_organs_have_mandates(town: Town) -> None:
    for party_id in (await town.party("海津示例银行"), "pty_00000000000000000000"):
        assert (await propose(town, partyId=party_id, idempotencyKey=party_id))["code"] == "NOT_AVAILABLE"


async def test_what_other_is_stands_in_the_sentence(town: Town) -> None:
    made = (await propose(town, purpose="OTHER", purposeText="信用评优"))["mandate"]["mandate"]
    await _approve(town, made["id"])
    await organs.look(town, "citizen-1", by="industry-1", purpose="OTHER", mandateId=made["id"])
    assert "为“信用评优（案号" in (await organs.trail(town, "citizen-1"))[0]["summary"]


async def test_a_mandate_holds_from_its_first_day(town: Town) -> None:
    tomorrow = day_of(datetime.now(UTC)) + timedelta(days=1)
    made = (await propose(town, validFrom=tomorrow.isoformat()))["mandate"]["mandate"]
    assert (await _approve(town, made["id"]))["mandate"]["mandate"]["state"] == "APPROVED"
    refused = await organs.look(town, "citizen-1", by="industry-1", purpose="TENDERING", mandateId=made["id"])
    assert refused.code == "MANDATE_ENDED"


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_approvals_that_race_one_holds(town: Town) -> None:
    made = (await propose(town))["mandate"]["mandate"]
    await town.token("approver-2")
    outcomes = await asyncio.gather(*(_approve(town, made["id"]) for _ in range(8)))
    assert sorted(one.get("code", "approved") for one in outcomes) == ["WRONG_STATE"] * 7 + ["approved"]


async def test_the_institutions_approvers_only(town: Town) -> None:
    for by in ("agency-1", "officer-1", "bank-1"):
        document = "mutation($i: AgencyMandateEndInput!) { agencyMandateEnd(input: $i) { __typename } }"
        refused = await town.ask(by, document, {"i": {"mandateId": await organs.mandate(town)}})
        assert (refused.status, refused.code) == (403, "FORBIDDEN")
    assert await organs.mandate(town)
    desk = "{ approvals { agencyMandates { edges { node { party { name } mandate { state } } } } } }"
    found = (await town.data("approver-1", desk))["approvals"]["agencyMandates"]["edges"]
    assert [edge["node"]["mandate"]["state"] for edge in found] == ["IN_FORCE"] * 4
