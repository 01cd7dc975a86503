"""Months of the city, as half-open spans of instants."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from core.errors import Detail, Invalid
from core.moments import day_of, start_of

_MONTH = re.compile(r"(20\d\d|21\d\d)-(0[1-9]|1[0-2])", re.ASCII)


class Span(NamedTuple):
    """Instants, the first one included and the last one not."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Month:
    """A month of the city, [begins, ends)."""

    text: str
    begins: datetime
    ends: datetime

    @classmethod
    def read(cls, text: str, named: str = "month") -> "Month":
        """The month written YYYY-MM; raises `Invalid` for the input of that name."""
        found = _MONTH.fullmatch(text)
        if found is None:
            raise Invalid(Detail((named,), "MONTH_FORMAT"))
        year, month = int(found[1]), int(found[2])
        following = date(year + month // 12, month % 12 + 1, 1)
        return cls(text, start_of(date(year, month, 1)), start_of(following))

    @property
    def span(self) -> Span:
        """Its instants."""
        return Span(self.begins, self.ends)

    @classmethod
    def ended(cls, *, at: datetime) -> "Month":
        """The last month that has ended."""
        first = day_of(at).replace(day=1)
        return cls.read(f"{first - timedelta(days=1):%Y-%m}")

    def before(self) -> "Month":
        """The month before."""
        return Month.ended(at=self.begins)
