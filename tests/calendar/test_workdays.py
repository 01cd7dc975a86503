"""Terms of working days: a table a lawyer can read, and what holds for every day."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core import calendar
from core.moments import CITY, day_of
from core.workdays import MOST_WORKING_DAYS, Known, by_statute, by_weekday, count

_TABLE: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("workdays.yaml").read_text("utf-8"))["terms"]
_DAYS = [date(2004, 1, 1) + timedelta(days=ahead) for ahead in range(8401)]
_KNOWN = {day: Known(chinese_calendar.is_workday(day), 1) for day in _DAYS}
_INSTANTS = st.builds(
    lambda seconds: datetime(2015, 1, 1, tzinfo=CITY) + timedelta(seconds=seconds), st.integers(0, 14 * 365 * 86_400)
)


@pytest.mark.parametrize("row", _TABLE, ids=[row["case"] for row in _TABLE])
def test_terms(row: dict[str, Any]) -> None:
    at = datetime.fromisoformat(str(row["at"])).replace(tzinfo=CITY)
    three, ten = count(at, 3, _KNOWN), count(at, 10, _KNOWN)
    assert (three.day, ten.day) == (row["three"], row["ten"])
    assert [three.provisional, ten.provisional] == row.get("provisional", [False, False])


def test_what_was_counted_by_is_named() -> None:
    assert count(datetime(2026, 12, 18, tzinfo=CITY), 10, _KNOWN).calendar == "2026v1,2027v0"
    assert count(datetime(2026, 12, 17, tzinfo=CITY), 10, _KNOWN).calendar == "2026v1"


def test_a_term_ends_when_its_last_day_does() -> None:
    due = count(datetime(2026, 9, 30, tzinfo=CITY), 3, _KNOWN)
    assert due.until == datetime(2026, 10, 11, tzinfo=CITY)


def test_what_is_seeded_is_what_the_package_says() -> None:
    assert list(calendar._days(*calendar._SEEDED)) == _DAYS
    assert {day: calendar._is_workday(day) for day in _DAYS} == {day: known.is_workday for day, known in _KNOWN.items()}


@given(_INSTANTS, st.integers(1, 40))
def test_a_term_holds_exactly_its_working_days_and_ends_on_one(at: datetime, days: int) -> None:
    due = count(at, days, _KNOWN)
    received = day_of(at)
    span = [received + timedelta(days=ahead) for ahead in range(1, (due.day - received).days + 1)]
    worked = [day for day in span if (_KNOWN[day].is_workday if day in _KNOWN else by_statute(day))]
    assert len(worked) == days
    assert worked[-1] == due.day
    assert due.provisional == any(day not in _KNOWN for day in span)


@given(_INSTANTS, st.integers(1, 40))
def test_a_longer_term_and_a_later_receipt_never_end_earlier(at: datetime, days: int) -> None:
    assert count(at, days + 1, _KNOWN).day > count(at, days, _KNOWN).day
    assert count(at + timedelta(days=1), days, _KNOWN).day >= count(at, days, _KNOWN).day


@given(st.dates(date(1990, 1, 1), date(2190, 1, 1)))
def test_no_year_is_unknown_to_the_statute(day: date) -> None:
    assert not by_statute(day) or by_weekday(day)
    assert not by_statute(day.replace(month=10, day=1))


@pytest.mark.parametrize("year", range(2027, 2051))
def test_the_statute_gives_thirteen_days_off_work(year: int) -> None:
    days = [day for day in (date(year, 1, 1) + timedelta(days=ahead) for ahead in range(366)) if day.year == year]
    # 中秋 may fall into 国庆's days; then a year has one less.
    assert 12 <= sum(by_weekday(day) and not by_statute(day) for day in days) <= 13


@pytest.mark.parametrize("days", [0, -1, MOST_WORKING_DAYS + 1])
def test_a_term_of_no_days_or_of_years_is_no_term(days: int) -> None:
    with pytest.raises(ValueError, match="working days"):
        count(datetime(2026, 1, 1, tzinfo=CITY), days, {})
