"""An objection's clock: the cases a lawyer would draw, and what holds for every case."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.moments import CITY
from core.workdays import Known, by_statute, by_weekday
from objections import clock
from objections.clock import InForce, Stop, Term
from objections.kinds import ObjectionTrack

_TABLES: dict[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("clock.yaml").read_text("utf-8"))
_DAYS = [date(2025, 1, 1) + timedelta(days=ahead) for ahead in range(730)]
_KNOWN = {day: Known(chinese_calendar.is_workday(day), 1) for day in _DAYS}
_TEN = ObjectionTrack.PROVIDER_VERIFICATION


def _rows(table: str) -> Any:
    return pytest.mark.parametrize("row", _TABLES[table], ids=[row["case"] for row in _TABLES[table]])


def _at(value: Any) -> datetime:
    return datetime.fromisoformat(str(value)).replace(tzinfo=CITY)


def _term(row: Mapping[str, Any]) -> Term:
    stops = [Stop(first, last) for first, last in row.get("stops", [])]
    return Term(_at(row["received"]), _TEN if row.get("ten") else ObjectionTrack.OWN_SCOPE, stops)


def _known(notice: Mapping[date, bool] | None) -> Mapping[date, Known]:
    if notice is None:
        return _KNOWN
    year = {
        day: Known(by_weekday(day) and by_statute(day), 1) for day in (_DAYS[-1] + timedelta(n) for n in range(1, 366))
    }
    return {**_KNOWN, **year, **{day: Known(worked, 1) for day, worked in notice.items()}}


@_rows("due")
def test_due(row: dict[str, Any]) -> None:
    term, at = _term(row), _at(row.get("at", row["received"]))
    found = clock.due(term, _known(row.get("notice")), at=at)
    assert (found.day, found.provisional, term.held) == (
        row["due"],
        row.get("provisional", False),
        row.get("held", False),
    )
    assert found.until == datetime.combine(row["due"] + timedelta(days=1), datetime.min.time(), CITY)


@_rows("forwarding")
def test_forwarding(row: dict[str, Any]) -> None:
    term, at = _term(row), _at(row["forwarded"])
    assert clock.forwardable(term, _KNOWN, at=at) is row["may"]
    then = Term(term.received, _TEN, term.stops) if row["may"] else term
    assert clock.due(then, _KNOWN, at=at).day == row["due"]
    if row["may"]:
        assert clock.inner(then, _KNOWN, at=at).day == row["provider"]


@_rows("left")
def test_working_days_left(row: dict[str, Any]) -> None:
    term, at = _term(row), _at(row["at"])
    found = clock.due(term, _KNOWN, at=at)
    assert clock.workdays_left(term, found.day, _KNOWN, at=at) == row["left"]
    assert (at >= found.until) is row.get("late", False)


@_rows("late")
def test_late_by_the_date_in_force_that_day(row: dict[str, Any]) -> None:
    dates = [InForce(_at(since), due_on, bool(held)) for since, due_on, *held in row["dates"]]
    assert clock.overdue(dates, at=_at(row["at"])) is row["late"]
    assert clock.overdue(dates[::-1], at=_at(row["at"])) is row["late"]
    assert clock.moves(dates, at=_at(row["at"])) is not row["late"]


def test_a_notice_makes_nobody_late_on_the_day_it_comes() -> None:
    found = clock.due(
        _term({"received": "2026-12-18T10:00", "ten": True}), _known({date(2027, 1, 2): True}), at=_at("2026-12-18")
    )
    assert found.day == date(2027, 1, 2)
    assert clock.announced(found, at=_at("2026-12-28T10:00")) == date(2027, 1, 2)
    assert clock.announced(found, at=_at("2027-01-03T10:00")) == date(2027, 1, 3)


_STOPS = st.lists(
    st.builds(
        lambda first, days: Stop(_DAYS[first + 300], _DAYS[first + 300] + timedelta(days=days)),
        st.integers(0, 400),
        st.integers(0, 30),
    ),
    max_size=4,
)
_TERMS = st.builds(
    lambda ahead, seconds, track, stops: Term(
        datetime.combine(_DAYS[300 + ahead], datetime.min.time(), CITY) + timedelta(seconds=seconds), track, stops
    ),
    st.integers(0, 400),
    st.integers(0, 86_399),
    st.sampled_from(list(ObjectionTrack)),
    _STOPS,
)
_NOW = datetime(2027, 3, 1, tzinfo=CITY)


def _due(term: Term, stops: Sequence[Stop], at: datetime = _NOW) -> date:
    return clock.due(Term(term.received, term.track, stops), _KNOWN, at=at).day


@given(_TERMS, st.integers(0, 400), st.integers(0, 30))
def test_more_stop_is_never_earlier(term: Term, first: int, days: int) -> None:
    more = Stop(_DAYS[300 + first], _DAYS[300 + first] + timedelta(days=days))
    assert _due(term, [*term.stops, more]) >= _due(term, term.stops)
    longer = [Stop(stop.started_on, (stop.ended_on or _DAYS[0]) + timedelta(days=days)) for stop in term.stops]
    assert _due(term, longer) >= _due(term, term.stops)


@given(_TERMS, st.integers(0, 400))
def test_an_open_stop_never_leads_back(term: Term, first: int) -> None:
    held = [*term.stops, Stop(_DAYS[300 + first])]
    begun = datetime.combine(_DAYS[300 + first], datetime.min.time(), CITY)
    looked = [_due(term, held, begun + timedelta(days=days)) for days in range(0, 40, 3)]
    assert looked == sorted(looked)
    ended = [*term.stops, Stop(_DAYS[300 + first], _DAYS[300 + first] + timedelta(days=39))]
    assert _due(term, ended) >= looked[-1]


@given(_TERMS, st.randoms(), st.data())
def test_splitting_a_stop_and_their_order_change_nothing(term: Term, random: Any, data: Any) -> None:
    split: list[Stop] = []
    for stop in term.stops:
        assert stop.ended_on is not None
        cut = data.draw(st.integers(0, (stop.ended_on - stop.started_on).days))
        split.append(Stop(stop.started_on, stop.started_on + timedelta(days=cut)))
        if stop.started_on + timedelta(days=cut) < stop.ended_on:
            split.append(Stop(stop.started_on + timedelta(days=cut + 1), stop.ended_on))
    random.shuffle(split)
    assert _due(term, split) == _due(term, term.stops)


@given(_TERMS)
def test_ten_are_never_before_three_and_the_provider_is_never_after_ten(term: Term) -> None:
    own = _due(Term(term.received), term.stops)
    ten = Term(term.received, _TEN, term.stops)
    assert own <= clock.inner(ten, _KNOWN, at=_NOW).day <= clock.due(ten, _KNOWN, at=_NOW).day
    first, last = clock.reach(ten, at=term.received)
    assert first <= own <= clock.due(ten, _KNOWN, at=term.received).day <= last
