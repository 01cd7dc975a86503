"""A provider is asked about its record and answers; the handler decides by it, and the answer takes effect at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.database import WriteUnit
from credit.informing import SETTLES, Informer
from objections import deciding
from objections.tables import objection
from tests.harness import objecting, organs
from tests.harness.asking import identity
from tests.harness.callers import Town
from tests.harness.contesting import marks_of
from tests.harness.objecting import decided, filed, forwarded, opened, verified

_RECORD = """{ me { records(filter: {includeEnded: true}) { edges { node {
  id status version title withdrawal items { code value } } } } } }"""


async def _record(town: Town, record_id: str, persona: str = "citizen-9") -> dict[str, Any]:
    found = await town.data(persona, _RECORD)
    return next(e["node"] for e in found["me"]["records"]["edges"] if e["node"]["id"] == record_id)


async def asked(town: Town, persona: str = "citizen-9", **changed: Any) -> tuple[str, str]:
    """A case that was opened and forwarded, and its record."""
    case_id = await filed(town, persona, **changed)
    await opened(town, case_id)
    made = await forwarded(town, case_id)
    assert made["case"]["status"] == "FORWARDED", made
    row = await objecting.row(town, case_id)
    await objecting.work_for(town, row.provider_id)
    return case_id, row.target_id


async def test_a_correction_is_the_records_next_version_and_the_mark_goes(town: Town) -> None:
    case_id, record_id = await asked(town)
    line = next(one for one in await objecting.inbox(town) if one["id"] == case_id)
    assert (line["track"], line["workdaysLeft"]) == ("PROVIDER_VERIFICATION", 10)
    (question,) = await objecting.verifications(town)
    assert (question["question"], question["text"], question["evidence"]) == ("请核对罚款金额", None, [])
    assert question["record"]["id"] == record_id
    looked = (await organs.trail(town, "citizen-9"))[0]
    assert (looked["basis"], looked["actor"]["name"]) == ("OBJECTION", "海津市市场监督管理局") or looked[
        "basis"
    ] == "OBJECTION"
    before = await _record(town, record_id)
    made = await verified(town, question, "CORRECT", items=[{"code": "penalty.fine_wan_yuan", "value": "0.5"}])
    assert made["verification"]["answer"] == "CORRECT", made
    assert (await _record(town, record_id))["version"] == before["version"], "the handler decides"
    proposed = "query($i: ID!) { handling { case(id: $i) { verification { proposed { code value } } } } }"
    file = await town.data("handler-1", proposed, {"i": case_id})
    said = file["handling"]["case"]["verification"]["proposed"]
    assert said == [{"code": "penalty.fine_wan_yuan", "value": "0.5"}], "what changes, and nothing else of the record"
    assert (await decided(town, case_id, "NOT_CORRECTED"))["details"][0]["limit"] == "CORRECTED"
    over = await decided(town, case_id, "CORRECTED", phase="COLLECTION")
    assert over["case"]["status"] == "CLOSED", over
    after = await _record(town, record_id)
    assert {"code": "penalty.fine_wan_yuan", "value": "0.5"} in after["items"]
    assert (after["status"], await marks_of(town, record_id)) == ("CURRENT", [])
    assert await town.count("SELECT count(*) FROM correction WHERE record_id = :r", r=record_id) == 1
    mine = "SELECT count(*) FROM score_due d JOIN record r ON r.subject_id = d.subject_id WHERE r.id = :r"
    assert await town.count(mine, r=record_id) == 1
    assert await objecting.verifications(town) == []


async def test_deleted_confirmed_and_reassigned(town: Town) -> None:
    case_id, record_id = await asked(town)
    (question,) = await objecting.verifications(town)
    await verified(town, question, "REASSIGN", subject=await identity(town, "citizen-2"))
    over = await decided(town, case_id, "REASSIGNED")
    assert over["case"]["status"] == "CLOSED", over
    mine = await _record(town, record_id)
    assert (mine["status"], mine["withdrawal"]) == ("WITHDRAWN", "NOT_THEIRS")
    theirs = await town.data("citizen-2", _RECORD)
    assert mine["title"] in [e["node"]["title"] for e in theirs["me"]["records"]["edges"]]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_after_confirmation_the_institution_may_refuse_or_still_delete(town: Town) -> None:
    case_id, record_id = await asked(town)
    (question,) = await objecting.verifications(town)
    refused = await verified(town, question, "ADD")
    assert refused["details"][0]["limit"] == "CONFIRM, CORRECT, DELETE, REASSIGN"
    waiting = await decided(town, case_id, "NOT_CORRECTED")
    assert waiting["details"][0]["limit"] == "DELETED", "silence is no ground for a refusal"
    await verified(town, question, "CONFIRM")
    assert (await verified(town, question, "DELETE", expected=2))["code"] == "WRONG_STEP"
    assert (await decided(town, case_id, "NOT_CORRECTED"))["case"]["status"] == "DECIDED"
    await objecting.act(town, "approver-1", "Return", case_id, reason="证据充分，请重新考虑")
    assert (await decided(town, case_id, "DELETED"))["case"]["status"] == "CLOSED"
    assert (await _record(town, record_id))["withdrawal"] == "REVOKED"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_a_provider_takes_back_in_time_is_gone_and_who_saw_it_is_named(town: Town) -> None:
    case_id, record_id = await asked(town)
    await organs.look(town, "citizen-9")
    (looked, *_) = await organs.trail(town, "citizen-9")
    (question,) = await objecting.verifications(town)
    assert (await verified(town, question, "DELETE"))["verification"]["answer"] == "DELETE"
    assert (await _record(town, record_id))["status"] == "CURRENT", "the handler decides"
    assert (await decided(town, case_id, "NOT_CORRECTED"))["details"][0]["limit"] == "DELETED"
    assert (await decided(town, case_id, "DELETED"))["case"]["status"] == "CLOSED"
    gone = await _record(town, record_id)
    assert (gone["status"], gone["withdrawal"]) == ("WITHDRAWN", "REVOKED")
    assert await _informed(town) == [], "nobody has been told yet"
    informer, at = Informer(town.house.database), datetime.now(UTC)
    await informer.run_once(at)
    while await informer.run_once(at + SETTLES + timedelta(seconds=1)) == 0.0:
        pass
    assert looked["actor"]["name"] in await _informed(town)


async def _informed(town: Town) -> list[str]:
    """Whom the newest case of citizen-9 names as told."""
    own = await town.data("citizen-9", "{ me { objections(first: 1) { edges { node { informed { name } } } } } }")
    return [one["name"] for one in own["me"]["objections"]["edges"][0]["node"]["informed"]]


async def test_silence_withholds_and_is_no_decision_against_anybody(town: Town) -> None:
    case_id, record_id = await asked(town)
    now = datetime.now(UTC)
    assert not await _lapse(town, case_id, now)
    async with town.house.database.writing() as unit:
        due = {"due_at": now - timedelta(seconds=1)}
        await unit.run(objection.update().where(objection.c.id == case_id).values(due))
    assert await _lapse(town, case_id, now)
    row = await objecting.row(town, case_id)
    assert (row.status, row.outcome, row.decided_by) == ("CLOSED", "UNVERIFIABLE_WITHHELD", None)
    record = await _record(town, record_id)
    assert (record["status"], record["withdrawal"]) == ("WITHDRAWN", "UNVERIFIED")
    assert await marks_of(town, record_id) == []
    assert not await _lapse(town, case_id, now)


async def _lapse(town: Town, case_id: str, at: datetime) -> bool:
    unit: WriteUnit
    async with town.house.database.writing() as unit:
        return await deciding.lapse(unit, case_id, at=at)
