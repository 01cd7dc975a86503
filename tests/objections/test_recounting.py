"""A year's notice comes: dates that were provisional are counted again, and both sides are told of one that moves."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from api import clock
from api.commands import calendars
from core import calendar, holiday_notice
from objections import recounting
from objections.kinds import StopCause
from tests.harness import clocks, objecting
from tests.harness.callers import Town
from tests.harness.clocks import at

_RECEIVED = at("2026-12-18T10:00")
_NOTICE = """日期,类型
2027-01-01,放假
2027-01-04,放假
2027-02-05,放假
2027-02-08,放假
2027-02-09,放假
2027-02-10,放假
2027-04-05,放假
2027-05-01,放假
2027-05-03,放假
2027-06-09,放假
2027-09-15,放假
2027-10-01,放假
2027-10-02,放假
2027-10-03,放假
"""


async def test_a_notice_moves_open_dates_and_tells_both_sides(town: Town) -> None:
    asked = await clocks.opened(town, _RECEIVED)
    await clocks.forwarded(town, asked, at("2026-12-21T10:00"))
    kept = await clocks.opened(town, _RECEIVED, "citizen-2", target_id=await _record(town))
    row = await objecting.row(town, asked)
    assert (row.due_on, row.provisional) == (date(2027, 1, 4), True)
    version = row.version
    moved = await _load(town, _NOTICE, "2026-12-28T10:00")
    assert moved == 1
    row = await objecting.row(town, asked)
    assert (row.due_on, row.provisional, row.calendar) == (date(2027, 1, 5), False, "2026v1,2027v1")
    assert row.due_at == at("2027-01-06T00:00")
    assert row.version == version + 1
    assert (await clocks.in_force(town, asked))[-1] == ("CALENDAR", date(2027, 1, 5), False)
    assert (await clocks.told(town, asked))["OBJECTION_DUE_MOVED"] == 3, "the subject, the institution, the provider"
    assert "OBJECTION_DUE_MOVED" not in await clocks.told(town, kept)
    assert len(await clocks.in_force(town, kept)) == 1
    assert await _load(town, _NOTICE, "2026-12-29T10:00") == 0
    assert len(await clocks.in_force(town, asked)) == 3


async def test_what_has_passed_and_what_is_held_stay(town: Town) -> None:
    passed = await clocks.opened(town, _RECEIVED)
    held = await clocks.opened(town, _RECEIVED, "citizen-2", target_id=await _record(town))
    await clocks.stopped(town, held, StopCause.TESTING, date(2026, 12, 21), at("2026-12-22T10:00"))
    before = [await clocks.in_force(town, id_) for id_ in (passed, held)]
    assert await _load(town, _NOTICE.replace("2027-01-04", "2026-12-23"), "2026-12-24T00:00:00") == 0
    assert [await clocks.in_force(town, id_) for id_ in (passed, held)] == before
    row = await objecting.row(town, passed)
    assert row.due_on == date(2026, 12, 23), "it was a working day when it was the last day"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_the_command_counts_again_and_says_so(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case_id = await clocks.opened(town, _RECEIVED)
    await clocks.forwarded(town, case_id, at("2026-12-21T10:00"))
    file = tmp_path / "2027.csv"
    file.write_text(_NOTICE, "utf-8")
    monkeypatch.setattr(clock, "now", lambda: at("2026-12-28T10:00"))
    await calendars.load(town.house.settings, file)
    assert "1 件异议申请的办理截止日随之变更" in capsys.readouterr().out
    assert (await objecting.row(town, case_id)).due_on == date(2027, 1, 5)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_notice_and_a_question_to_the_provider_wait_for_each_other_and_end(town: Town) -> None:
    cases = [await clocks.opened(town, _RECEIVED)]
    cases.append(await clocks.opened(town, _RECEIVED, "citizen-2", target_id=await _record(town)))
    asked = [clocks.forwarded(town, id_, at("2026-12-21T10:00")) for id_ in cases]
    await asyncio.gather(_load(town, _NOTICE, "2026-12-21T11:00"), *asked)
    rows = [await objecting.row(town, id_) for id_ in cases]
    assert {row.due_on for row in rows} == {date(2027, 1, 5)}, "by the new calendar, whoever was first"


async def _load(town: Town, notice: str, when: str) -> int:
    async with town.house.database.writing() as unit:
        await calendar.load(unit, holiday_notice.read(notice.encode()))
        return await recounting.recount(unit, at=at(when))


async def _record(town: Town) -> str:
    found = await town.data("citizen-2", "{ me { records(first: 1) { edges { node { id } } } } }")
    return str(found["me"]["records"]["edges"][0]["node"]["id"])
