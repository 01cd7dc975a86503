"""A provider that was silent answers after all: a new case, in which its record is withheld until two people agree."""

from typing import Any

import pytest

from credit.tables import record
from objections.kinds import Delivery
from tests.harness import contesting, objecting, organs
from tests.harness.asking import identity
from tests.harness.callers import Town
from tests.harness.contesting import marks_of
from tests.harness.objecting import act, decided, filed, forwarded, opened, verified

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_WHO = "citizen-9"
_RECORD = """{ me { records(filter: {includeEnded: true}) { edges { node {
  id status version title withdrawal items { code value } } } } } }"""
_FINE = {"code": "penalty.fine_wan_yuan", "value": "0.9"}
_LATE = "{ provider { verifications { edges { node { id late open answer } } } } }"


async def _withheld(town: Town, **said: Any) -> tuple[str, str, dict[str, Any]]:
    """A case that nobody answered, its record, and the question that its provider may answer still."""
    case_id = await filed(town, _WHO, **said)
    await opened(town, case_id)
    await forwarded(town, case_id)
    row = await objecting.row(town, case_id)
    await objecting.work_for(town, row.provider_id)
    assert await objecting.silence(town, case_id)
    (question,) = await objecting.verifications(town)
    assert (question["open"], question["answer"]) == (True, None)
    return case_id, row.target_id, question


async def _record(town: Town, record_id: str, persona: str = _WHO) -> dict[str, Any]:
    found = await town.data(persona, _RECORD)
    return next(e["node"] for e in found["me"]["records"]["edges"] if e["node"]["id"] == record_id)


async def _again(town: Town, case_id: str) -> str:
    """The case that hears another one again."""
    async with town.house.database.reading() as unit:
        from objections.tables import objection

        row = await unit.first(objection.select().where(objection.c.rehears == case_id))
    assert row is not None
    return str(row.id)


async def _seen(town: Town, record_id: str) -> list[int]:
    """The marks on a record as a state organ is shown it; nothing of one that it is not shown."""
    edges = (await organs.look(town, _WHO))["data"]["agency"]["records"]["edges"]
    return [len(edge["node"]["objections"]) for edge in edges if edge["node"]["id"] == record_id]


async def test_what_is_confirmed_late_is_shown_again_when_two_people_agree(town: Town) -> None:
    case_id, record_id, question = await _withheld(town)
    assert (await town.data("provider-1", _LATE))["provider"]["verifications"]["edges"][0]["node"]["late"] is True
    before = await objecting.row(town, case_id)
    made = await verified(town, question, "CONFIRM", reason="案卷已经找到，附后。")
    assert made["verification"]["answer"] == "CONFIRM", made
    again = await _again(town, case_id)
    assert await objecting.row(town, case_id) == before, "what has ended stays ended"
    assert (await _record(town, record_id))["withdrawal"] == "UNVERIFIED"
    assert await _seen(town, record_id) == []
    (own, first) = await contesting.mine(town, _WHO)
    assert (own["id"], first["id"], own["status"], own["text"]) == (again, case_id, "FILED", first["text"])
    assert (own["number"] != first["number"], own["workdaysLeft"]) == (True, 3)
    assert "仍不展示" in own["messages"][0]["text"]
    assert (await objecting.withdrawn(town, again))["code"] == "WRONG_STEP"
    said = {"objectionId": again, "text": "案卷里的签名不是我的", "idempotencyKey": "say"}
    assert "objection" in await town.act(_WHO, "objectionSay", said, "objection { id }")
    await opened(town, again)
    file = (await objecting.file(town, again))["data"]["handling"]["case"]
    assert file["record"]["withdrawal"] == "UNVERIFIED"
    for outcome in ("CORRECTED", "EXPLAINED", "REASSIGNED"):
        assert (await decided(town, again, outcome))["details"][0]["limit"] == "DELETED, NOT_CORRECTED"
    assert (await decided(town, again, "NOT_CORRECTED"))["case"]["status"] == "DECIDED"
    assert await _seen(town, record_id) == [], "one person alone shows nothing again"
    elsewhere = "2026-01-01T00:00:00.000000Z"  # an agency's own case about it is open all the while
    async with town.house.database.writing() as unit:
        await unit.run(record.update().where(record.c.id == record_id).values(marks=[elsewhere]))
    over = await act(town, "approver-1", "Approve", again)
    assert over["case"]["status"] == "CLOSED", over
    now = await _record(town, record_id)
    assert (now["status"], now["withdrawal"], await marks_of(town, record_id)) == ("CURRENT", None, [elsewhere])
    assert await _seen(town, record_id) == [1]
    assert (await verified(town, question, "CONFIRM", key="twice", expected=2))["code"] in ("WRONG_STEP", "CASE_CLOSED")
    assert await town.count("SELECT count(*) FROM objection WHERE rehears IS NOT NULL") == 1
    assert await objecting.verifications(town) == []


@pytest.mark.parametrize(
    ("answer", "outcome", "status", "withdrawal"),
    [
        ("CORRECT", "CORRECTED", "CURRENT", None),
        ("CONFIRM", "DELETED", "WITHDRAWN", "REVOKED"),
        ("DELETE", "DELETED", "WITHDRAWN", "REVOKED"),
        ("REASSIGN", "REASSIGNED", "WITHDRAWN", "NOT_THEIRS"),
    ],
)
async def test_each_late_answer_has_its_end(
    town: Town, answer: str, outcome: str, status: str, withdrawal: str | None
) -> None:
    case_id, record_id, question = await _withheld(town)
    said: dict[str, Any] = {"CORRECT": {"items": [_FINE]}}.get(answer, {})
    if answer == "REASSIGN":
        said = {"subject": await identity(town, "citizen-2")}
    assert "verification" in await verified(town, question, answer, **said)
    again = await _again(town, case_id)
    await opened(town, again)
    over = await decided(town, again, outcome)
    assert over["case"]["status"] == "CLOSED", over
    now = await _record(town, record_id)
    assert (now["status"], now["withdrawal"], await marks_of(town, record_id)) == (status, withdrawal, [])
    assert (_FINE in now["items"]) is (answer == "CORRECT")


async def test_on_paper_it_is_shown_with_its_mark_until_the_letter_has_left(town: Town) -> None:
    case_id, record_id, question = await _withheld(town, delivery=Delivery.COUNTER)
    await _letter_left(town, case_id)
    await verified(town, question, "CONFIRM")
    again = await _again(town, case_id)
    await opened(town, again)
    await decided(town, again, "NOT_CORRECTED")
    waiting = await act(town, "approver-1", "Approve", again)
    assert waiting["case"]["status"] == "DECIDED"
    assert await _seen(town, record_id) == [1], "disputed while the case is open"
    await _letter_left(town, again)
    assert await _seen(town, record_id) == [0]


async def _letter_left(town: Town, case_id: str) -> None:
    from api import clock
    from api.printing import letterer_of
    from tests.harness.reporting import SETTER

    letterer = letterer_of(town.house, SETTER)
    while await letterer.run_once(clock.now()) == 0.0:
        pass
    told = await act(town, "handler-1", "Tell", case_id, way="COUNTER")
    assert told["case"]["status"] == "CLOSED", told


async def test_what_its_provider_withdraws_meanwhile_does_not_come_back(town: Town) -> None:
    from sqlalchemy import text

    case_id, record_id, question = await _withheld(town)
    await verified(town, question, "CONFIRM")
    again = await _again(town, case_id)
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE record SET withdrawal = 'REVOKED' WHERE id = :i"), {"i": record_id})
    await opened(town, again)
    await decided(town, again, "NOT_CORRECTED")
    assert (await act(town, "approver-1", "Approve", again))["case"]["status"] == "CLOSED"
    assert (await _record(town, record_id))["status"] == "WITHDRAWN"
