"""What the clock does by itself: a provider's silence on the last day, and an institution that is late."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import text

from objections import deciding
from objections.deadlines import PAUSE_SECONDS, Deadlines
from objections.deciding import Decision
from objections.kinds import (
    Delivery,
    ObjectionGround,
    ObjectionOutcome,
    ObjectionRequest,
    ObjectionTarget,
    StopCause,
)
from objections.moving import Read
from tests.harness import clocks, contesting, objecting
from tests.harness.callers import Town
from tests.harness.clocks import at
from tests.harness.contesting import marks_of

_MONDAY = at("2026-11-23T10:00")
_WEDNESDAY = at("2026-11-25T10:00")
_SILENT = at("2026-12-07T18:00:00")
_ANSWER = (
    "UPDATE verification SET answer = 'CONFIRM', reason = '核对无误', answered_at = asked_at WHERE objection_id = :i"
)


async def _ask(town: Town, **said: object) -> str:
    case_id = await clocks.opened(town, _MONDAY, **said)
    await clocks.forwarded(town, case_id, _WEDNESDAY)
    assert (await objecting.row(town, case_id)).due_on == date(2026, 12, 7)
    return case_id


async def test_what_no_provider_stands_up_for_is_withheld_within_the_term(town: Town) -> None:
    case_id = await _ask(town)
    duty = Deadlines(town.house.database)
    await duty.run_once(at("2026-12-07T17:59:59"))
    row = await objecting.row(town, case_id)
    assert row.status == "FORWARDED"
    assert len(await marks_of(town, row.target_id)) == 1
    assert await duty.run_once(_SILENT) == PAUSE_SECONDS
    row = await objecting.row(town, case_id)
    assert (row.status, row.outcome, row.decided_by) == ("CLOSED", "UNVERIFIABLE_WITHHELD", None)
    assert row.notified_at == _SILENT < row.due_at, "told inside the term"
    assert await marks_of(town, row.target_id) == []
    cause = "SELECT count(*) FROM record WHERE id = :i AND status = 'WITHDRAWN' AND withdrawal = 'UNVERIFIED'"
    assert await town.count(cause, i=row.target_id) == 1
    await duty.run_once(at("2026-12-09T10:00"))
    said = await clocks.told(town, case_id)
    assert said["OBJECTION_ANSWERED"] == 1
    assert "OBJECTION_OVERDUE" not in said
    steps = "SELECT count(*) FROM objection_step WHERE act = 'LAPSE' AND side = 'CLOCK'"
    assert await town.count(steps) == 1


async def test_an_answer_a_stop_and_what_is_missing_are_not_withheld(town: Town) -> None:
    answered = await _ask(town)
    async with town.house.database.writing() as unit:
        await unit.run(text(_ANSWER), {"i": answered})
    missing = await _ask(
        town,
        persona="citizen-2",
        target=ObjectionTarget.MISSING_RECORD,
        ground=ObjectionGround.OMISSION,
        request=ObjectionRequest.ADD,
        described="2025年优秀志愿者",
    )
    held = await _ask(town, persona="citizen-2", target_id=await _record(town))
    await clocks.stopped(town, held, StopCause.APPRAISAL, date(2026, 12, 7), at("2026-12-07T09:00"))
    await Deadlines(town.house.database).run_once(at("2026-12-08T00:00:00"))
    states = [(await objecting.row(town, id_)).status for id_ in (answered, missing, held)]
    assert states == ["FORWARDED", "FORWARDED", "STOPPED"]
    assert "OBJECTION_OVERDUE" not in await clocks.told(town, held)
    assert (await clocks.told(town, missing))["OBJECTION_OVERDUE"] == 1


async def test_an_institution_that_is_late_is_told_once(town: Town) -> None:
    case_id = await clocks.opened(town, _MONDAY)
    duty = Deadlines(town.house.database)
    await duty.run_once(at("2026-11-26T23:59:59"))
    assert "OBJECTION_OVERDUE" not in await clocks.told(town, case_id)
    await asyncio.gather(*(Deadlines(town.house.database).run_once(at("2026-11-27T00:00:00")) for _ in range(3)))
    await duty.run_once(at("2026-11-30T10:00"))
    assert (await clocks.told(town, case_id))["OBJECTION_OVERDUE"] == 1
    row = await objecting.row(town, case_id)
    whose = "SELECT count(*) FROM outbox WHERE kind = 'OBJECTION_OVERDUE' AND about = :i AND party_id = :p"
    assert await town.count(whose, i=case_id, p=row.institution_id) == 1


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_was_decided_in_time_and_told_too_late_is_late(town: Town) -> None:
    """Told in the last second of the term, and in the first one after it; both decided on the day before its last."""
    by, found = await clocks.officer(town), []
    rows = (("citizen-9", "2026-11-26T23:59:59"), ("citizen-2", "2026-11-27T00:00:00"))
    for persona, told_at in rows:
        score = {} if persona == "citizen-9" else {"target": ObjectionTarget.SCORE}
        case_id = await clocks.opened(town, _MONDAY, persona, delivery=Delivery.COUNTER, **score)
        read = Read(case_id, await objecting.version(town, case_id))
        async with town.house.database.writing() as unit:
            answer = Decision(ObjectionOutcome.CORRECTED if score else ObjectionOutcome.DELETED, "经核对原始文书。")
            await deciding.decide(unit, by, read, answer, at=_WEDNESDAY)
        await Deadlines(town.house.database).run_once(at(told_at))
        row = await objecting.row(town, case_id)
        assert (row.status, row.decided_at < row.due_at) == ("DECIDED", True)
        async with town.house.database.writing() as unit:
            await deciding.close(unit, row, by=by.staff_id, at=at(told_at))
        (own,) = [one for one in await contesting.mine(town, persona) if one["id"] == case_id]
        found.append((own["status"], own["overdue"], (await clocks.told(town, case_id)).get("OBJECTION_OVERDUE", 0)))
    assert found == [("CLOSED", False, 0), ("CLOSED", True, 1)]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_provider_that_answers_in_the_last_moment_was_not_silent(town: Town) -> None:
    case_id = await _ask(town)
    async with town.house.database.writing() as unit:
        await unit.run(text("SELECT id FROM objection WHERE id = :i FOR UPDATE"), {"i": case_id})
        await unit.run(text(_ANSWER), {"i": case_id})
        lapsing = asyncio.create_task(Deadlines(town.house.database).run_once(_SILENT))
        await _waits_for_lock(town)
        assert not lapsing.done()
    await lapsing
    row = await objecting.row(town, case_id)
    assert (row.status, row.outcome) == ("FORWARDED", None)
    assert len(await marks_of(town, row.target_id)) == 1


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_many_that_look_one_withholds(town: Town) -> None:
    case_id = await _ask(town)
    await asyncio.gather(*(Deadlines(town.house.database).run_once(_SILENT) for _ in range(4)))
    assert (await clocks.told(town, case_id))["OBJECTION_ANSWERED"] == 1
    assert (await objecting.row(town, case_id)).status == "CLOSED"


async def _record(town: Town) -> str:
    found = await town.data("citizen-2", "{ me { records(first: 1) { edges { node { id } } } } }")
    return str(found["me"]["records"]["edges"][0]["node"]["id"])


async def _waits_for_lock(town: Town) -> None:
    """Until somebody waits for a row of ours."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(20):
        while not await town.count(waiting):
            await asyncio.sleep(0.01)
