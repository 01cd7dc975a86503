"""The story's cases: each at the point of its life that it was made for, on whatever day the city is built."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import chinese_calendar
import pytest

from api import clock
from api.demo import cases
from api.demo.terms import REACH, Calendar, Term
from api.printing import letterer_of
from core import workdays
from core.moments import day_of
from core.workdays import Known
from tests.harness import contesting, objecting
from tests.harness.callers import Town
from tests.harness.reporting import SETTER

_DAY = timedelta(days=1)
_ANNOUNCED = {
    day: Known(chinese_calendar.is_workday(day), 1)
    for day in (date(2024, 1, 1) + _DAY * n for n in range(3 * 365 + 1))
    if day.year < 2027
}


def test_a_term_is_where_it_should_be_on_any_day() -> None:
    for today in (date(2026, 1, 1) + _DAY * n for n in range(2 * 365)):
        days = Calendar(_ANNOUNCED, today)
        for nth in (2, 3, 6, 7, 8, 12):
            term, comes = days.on(nth), days.on(nth).day(nth)
            assert workdays.is_workday(term.received, _ANNOUNCED), (today, nth)
            assert term.day(nth - 1) < today <= comes, (today, nth)
            assert comes == today or not workdays.is_workday(today, _ANNOUNCED), (today, nth)
        across = days.across_a_saturday(7)
        assert across.day(7) < today, today
        # The last one that was announced is of October 2026.
        assert _saturdays(across) or today > date(2026, 10, 10) + REACH, today


def test_where_no_worked_saturday_is_known_there_is_none() -> None:
    across = Calendar({}, date(2026, 11, 27)).across_a_saturday(7)
    assert (across.received, across.day(7), _saturdays(across)) == (date(2026, 11, 17), date(2026, 11, 26), [])
    assert Calendar(_ANNOUNCED, max(_ANNOUNCED) + REACH).across_a_saturday(7).day(7) > max(_ANNOUNCED)


def _saturdays(term: Term) -> list[date]:
    """The worked days off between receipt and the seventh working day."""
    days = (term.received + _DAY * n for n in range(1, (term.day(7) - term.received).days))
    return [day for day in days if not workdays.by_weekday(day) and workdays.is_workday(day, _ANNOUNCED)]


_RECORDS = """{ me { records(first: 50, filter: { includeEnded: true }) { edges { node {
  status statement items { value } objections { filedAt } } } } } }"""
# Whose, where it stands, what came of it, and the working days that are left on a day that is worked.
_TOLD: tuple[tuple[str, list[tuple[str, str | None, int | None]]], ...] = (
    ("citizen-8", [("FILED", None, 3)]),
    ("company-1-legal", [("FORWARDED", None, 3)]),
    ("citizen-3", [("STOPPED", None, None)]),
    ("shop-1", [("CLOSED", "CORRECTED", None)]),
    ("citizen-9", [("CLOSED", "NOT_CORRECTED", None)]),
    ("citizen-7", [("DECIDED", None, 0), ("CLOSED", "UNVERIFIABLE_WITHHELD", None)]),
    ("citizen-2", [("WITHDRAWN", None, None)]),
    ("citizen-6", [("FILED", None, 1)]),
    ("citizen-5", [("FILED", None, None)]),
)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_everybody_finds_their_case(town: Town) -> None:
    now = datetime.now(UTC)
    await cases.tell(town.house.database, town.house.blobs, at=now)
    worked = workdays.is_workday(day_of(now), _ANNOUNCED)
    letterer = letterer_of(town.house, SETTER)
    while await letterer.run_once(clock.now()) == 0.0:
        pass
    for persona, told in _TOLD:
        found = await contesting.mine(town, persona)
        assert [(one["status"], one["outcome"]) for one in found] == [told_[:2] for told_ in told], persona
        for one, (status, _, left) in zip(found, told, strict=True):
            assert not one["overdue"], persona
            if left is not None and worked:
                assert one["workdaysLeft"] == left, (persona, status)
    assert [len(one["evidence"]) for one in await contesting.mine(town, "citizen-8")] == [2]
    assert [one["text"] for one in (await contesting.mine(town, "citizen-6"))[0]["messages"]] != []
    assert await town.count("SELECT count(*) FROM objection WHERE letter_id IS NOT NULL") == 3

    # At the desks: what waits, with whom.
    waiting = await objecting.verifications(town)
    assert sorted(one["overdue"] for one in waiting) == [False, True], "one may answer late"
    assert "CORRECT" in [one["answer"] for one in await objecting.verifications(town, open_=False)]
    assert len(await objecting.inbox(town)) == 6  # and the overdue one
    assert [one["handler"] is not None for one in await objecting.inbox(town, "creditservice-1")] == [True]
    refusals = (await town.data("approver-1", objecting.REFUSALS))["approvals"]["refusals"]["edges"]
    assert len(refusals) == 1
    await _what_came_of_them(town)


async def _what_came_of_them(town: Town) -> None:
    records: dict[str, list[dict[str, Any]]] = {}
    for persona in ("shop-1", "citizen-9", "citizen-7"):
        found = await town.data(persona, _RECORDS)
        records[persona] = [edge["node"] for edge in found["me"]["records"]["edges"]]
    values = [item["value"] or "" for one in records["shop-1"] for item in one["items"]]
    assert [value for value in values if value.endswith("；堂食服务")] != []
    assert [one["statement"] is not None for one in records["citizen-9"]] == [True]
    assert sum(one["status"] == "WITHDRAWN" for one in records["citizen-7"]) == 1
    marks = {persona: sum(len(one["objections"]) for one in found) for persona, found in records.items()}
    assert marks == {"shop-1": 0, "citizen-9": 0, "citizen-7": 1}
