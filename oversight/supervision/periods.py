"""For which times the city is counted: whole months, quarters and years, and the month that goes on so far. Pure.

There are no other windows, so that no two differ by a few days. What is counted of subjects has months alone
(`publishing`), and never the one that goes on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.errors import Detail, Invalid
from core.moments import day_of
from core.months import Month, Span

_TEXT = re.compile(r"(20\d\d|21\d\d)(?:-Q([1-4])|-(0[1-9]|1[0-2]))?", re.ASCII)
_YEARS = range(2000, 2200)


@dataclass(frozen=True)
class Period:
    """A month, a quarter or a year of the city as YYYY-MM, YYYY-Qn or YYYY; `span` ends now where it goes on."""

    text: str
    months: Sequence[Month]
    span: Span
    so_far: bool = False

    @property
    def first(self) -> date:
        """Its first day."""
        return day_of(self.span.begins)

    @property
    def last(self) -> datetime:
        """An instant of its last day."""
        return self.span.ends if self.so_far else self.span.ends - timedelta(days=1)


def of(year: int, *, quarter: int | None = None, month: int | None = None, at: datetime) -> Period:
    """The period that is meant; raises `Invalid` for none, and for one that has not ended and is not this month."""
    if quarter is not None and month is not None:
        raise Invalid(Detail(("period",), "EXACTLY_ONE", "quarter, month"))
    if year not in _YEARS or (quarter or 1) not in range(1, 5) or (month or 1) not in range(1, 13):
        raise Invalid(Detail(("period",), "PERIOD_FORMAT"))
    if month is not None:
        text, numbers = f"{year}-{month:02d}", range(month, month + 1)
    elif quarter is not None:
        text, numbers = f"{year}-Q{quarter}", range(3 * quarter - 2, 3 * quarter + 1)
    else:
        text, numbers = f"{year}", range(1, 13)
    months = [Month.read(f"{year}-{number:02d}") for number in numbers]
    span = Span(months[0].begins, months[-1].ends)
    if span.ends <= at:
        return Period(text, months, span)
    if month is None or span.begins > at:
        raise Invalid(Detail(("period",), "PERIOD_OPEN"))
    return Period(text, months, Span(span.begins, at), so_far=True)


def read(text: str, *, at: datetime) -> Period:
    """The period that is written so; raises as `of`."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise Invalid(Detail(("period",), "PERIOD_FORMAT"))
    year, quarter, month = (int(part) if part else None for part in found.groups())
    return of(year or 0, quarter=quarter, month=month, at=at)
