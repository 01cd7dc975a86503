"""Stops: their days do not count, an open one holds the clock, and none heals what is late already."""

from datetime import date

import pytest

from core.errors import VersionChanged
from objections import dates, recounting
from objections.deadlines import Deadlines
from objections.errors import ForwardedTooLate, StopOverlaps
from objections.kinds import StopCause
from tests.harness import clocks, objecting
from tests.harness.callers import Town
from tests.harness.clocks import at
from tests.harness.contesting import upload

_MONDAY = at("2026-11-23T10:00")


async def test_an_open_stop_holds_the_clock_and_its_days_do_not_count(town: Town) -> None:
    case_id = await clocks.opened(town, _MONDAY)
    first = await clocks.stopped(town, case_id, StopCause.APPRAISAL, date(2026, 11, 24), at("2026-11-25T09:00"))
    row = await objecting.row(town, case_id)
    assert (row.status, row.held, row.due_on) == ("STOPPED", True, date(2026, 11, 30))
    with pytest.raises(StopOverlaps):
        await clocks.stopped(town, case_id, StopCause.APPRAISAL, date(2026, 11, 25), at("2026-11-25T10:00"))
    second = await clocks.stopped(town, case_id, StopCause.TESTING, date(2026, 11, 25), at("2026-11-25T11:00"))
    later = at("2026-12-10T10:00")
    await Deadlines(town.house.database).run_once(later)
    row = await objecting.row(town, case_id)
    assert (row.due_on, dates.is_late(row, at=later)) == (date(2026, 12, 15), False), "as if it ended today"
    assert "OBJECTION_OVERDUE" not in await clocks.told(town, case_id)
    await clocks.goes_on(town, case_id, first, date(2026, 11, 26), at("2026-12-02T10:00"))
    assert (await objecting.row(town, case_id)).status == "STOPPED", "the other one is open"
    await clocks.goes_on(town, case_id, second, date(2026, 11, 27), at("2026-12-02T11:00"))
    row = await objecting.row(town, case_id)
    assert (row.status, row.held, row.due_on) == ("FILED", False, date(2026, 12, 2)), "four days did not count"
    assert not dates.is_late(row, at=at("2026-12-02T23:59:59"))
    assert dates.is_late(row, at=at("2026-12-03T00:00:00"))
    assert await clocks.in_force(town, case_id) == [
        ("RECEIVED", date(2026, 11, 26), False),
        ("STOPPED", date(2026, 11, 30), True),
        ("STOPPED", date(2026, 11, 30), True),
        ("STOPPED", date(2026, 12, 7), True),
        ("RESUMED", date(2026, 12, 2), False),
    ]
    said = await clocks.told(town, case_id)
    assert (said["OBJECTION_STOPPED"], said["OBJECTION_RESUMED"]) == (2, 1)


async def test_a_stop_noted_when_the_date_has_passed_heals_nothing(town: Town) -> None:
    case_id = await clocks.opened(town, _MONDAY)
    stop = await clocks.stopped(town, case_id, StopCause.TESTING, date(2026, 11, 25), at("2026-11-27T00:00:00"))
    row = await objecting.row(town, case_id)
    assert (row.status, row.held, row.due_on) == ("STOPPED", False, date(2026, 11, 26))
    await clocks.goes_on(town, case_id, stop, date(2026, 11, 27), at("2026-11-27T10:00"))
    row = await objecting.row(town, case_id)
    assert (row.status, row.due_on, dates.is_late(row, at=at("2026-11-27T11:00"))) == (
        "FILED",
        date(2026, 11, 26),
        True,
    )
    assert await clocks.in_force(town, case_id) == [("RECEIVED", date(2026, 11, 26), False)]
    with pytest.raises(ForwardedTooLate):
        await clocks.forwarded(town, case_id, at("2026-11-27T11:00"))


async def test_an_end_noted_late_is_late_at_once(town: Town) -> None:
    case_id = await clocks.opened(town, _MONDAY)
    stop = await clocks.stopped(town, case_id, StopCause.TESTING, date(2026, 11, 25), at("2026-11-25T09:00"))
    await clocks.goes_on(town, case_id, stop, date(2026, 11, 25), at("2026-12-20T10:00"))
    row = await objecting.row(town, case_id)
    assert (row.due_on, dates.is_late(row, at=at("2026-12-20T10:00"))) == (date(2026, 11, 27), True)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_somebody_who_read_an_older_case_stops_nothing(town: Town) -> None:
    case_id, by = await clocks.opened(town, _MONDAY), await clocks.officer(town)
    from objections import stopping
    from objections.moving import Read

    stop = stopping.Stopping(StopCause.TESTING, date(2026, 11, 24), await clocks.proof(town, by, _MONDAY))
    with pytest.raises(VersionChanged):
        async with town.house.database.writing() as unit:
            await stopping.open_(unit, by, Read(case_id, 1), stop, at=at("2026-11-24T10:00"))
    assert await town.count("SELECT count(*) FROM clock_stop") == 0
    assert await town.count("SELECT count(*) FROM upload WHERE blob_id = :i", i=stop.proof_id) == 1
    async with town.house.database.writing() as unit:
        assert await recounting.refresh_held(unit, at=_MONDAY) == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_at_the_desk_with_proof_and_refused_without(town: Town) -> None:
    case_id = await objecting.filed(town)
    row = await objecting.row(town, case_id)
    today = clocks.today(row.filed_at)
    good = {"cause": "EXPERT_REVIEW", "startedOn": today, "proofId": await upload(town, "handler-1")}
    assert (await objecting.act(town, "handler-1", "StopOpen", case_id, **good))["code"] == "CASE_NOT_OPENED"
    await objecting.opened(town, case_id)
    assert (await objecting.act(town, "handler-2", "StopOpen", case_id, **good))["code"] == "CASE_TAKEN"
    for changed, path, code in (
        ({"startedOn": "2020-01-01"}, "startedOn", "OUT_OF_RANGE"),
        ({"startedOn": "2199-01-01"}, "startedOn", "OUT_OF_RANGE"),
        ({"proofId": await upload(town, "citizen-9")}, "proofId", "NO_SUCH_UPLOAD"),
        ({"proofId": "blb_0"}, "proofId", "NO_SUCH_UPLOAD"),
    ):
        refused = await objecting.act(town, "handler-1", "StopOpen", case_id, **{**good, **changed})
        assert [(one["path"], one["code"]) for one in refused["details"]] == [(["input", path], code)]
    assert await clocks.told(town, case_id) == {"OBJECTION_FILED": 2}, "nothing happened and nothing was said"
    assert await town.count("SELECT count(*) FROM clock_stop") == 0
    for persona in ("citizen-9", "bank-1", "approver-1", "clerk-1"):
        assert (await objecting.act(town, persona, "StopOpen", case_id, **good))["code"] == "FORBIDDEN"
    made = await objecting.act(town, "handler-1", "StopOpen", case_id, **good)
    assert made["case"]["status"] == "STOPPED"
    own = await town.data(
        "citizen-9", "{ me { objections { edges { node { held overdue stops { id cause startedOn endedOn } } } } } }"
    )
    node = own["me"]["objections"]["edges"][0]["node"]
    assert (node["held"], node["overdue"]) == (True, False)
    assert [(one["cause"], one["startedOn"], one["endedOn"]) for one in node["stops"]] == [
        ("EXPERT_REVIEW", today, None)
    ]
    ended = await clocks.end(town, node["stops"][0]["id"], case_id, today)
    assert ended["case"]["status"] == "FILED"
    assert (await clocks.end(town, node["stops"][0]["id"], case_id, today))["code"] == "WRONG_STEP"
    assert (await clocks.end(town, "stp_0", case_id, today))["code"] == "NOT_AVAILABLE"
