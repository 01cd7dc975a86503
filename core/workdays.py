"""Working days: the statutory rule for a year nobody has announced yet, and counting.

The State Council announces each year's arrangement late in the year before. Until then the law itself answers
(全国年节及纪念日放假办法 2, 6, as of 2025): thirteen days of rest for everybody, and one that falls on a weekend is
made up on a working day. That answer is provisional: swapped Saturdays are not known.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from core.moments import day_of, start_of

MOST_WORKING_DAYS = 250
_DAY = timedelta(days=1)
_FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
# 农历正月初一, 清明, 端午, 中秋 as month and day, alike in two almanacs. Beyond the table only fixed days rest.
_LUNAR = {
    2027: "0206 0405 0609 0915",
    2028: "0126 0404 0528 1003",
    2029: "0213 0404 0616 0922",
    2030: "0203 0405 0605 0912",
    2031: "0123 0405 0624 1001",
    2032: "0211 0404 0612 0919",
    2033: "0131 0404 0601 0908",
    2034: "0219 0405 0620 0927",
    2035: "0208 0405 0610 0916",
    2036: "0128 0404 0530 1004",
    2037: "0215 0404 0618 0924",
    2038: "0204 0405 0607 0913",
    2039: "0124 0405 0527 1002",
    2040: "0212 0404 0614 0920",
    2041: "0201 0404 0603 0910",
    2042: "0122 0404 0622 0928",
    2043: "0210 0405 0611 0917",
    2044: "0130 0404 0531 1005",
    2045: "0217 0404 0619 0925",
    2046: "0206 0404 0608 0915",
    2047: "0126 0405 0529 1004",
    2048: "0214 0404 0615 0922",
    2049: "0202 0404 0604 0911",
    2050: "0123 0404 0623 0930",
}


@dataclass(frozen=True)
class Known:
    """What an announcement says of one day, and by which version of that year's calendar."""

    is_workday: bool
    version: int


@dataclass(frozen=True)
class Due:
    """The last day of a term. `until` is the instant at which it has passed; `calendar` names what it was counted by.

    A provisional day was counted over days nobody has announced: count again when `calendar` is no longer current.
    """

    day: date
    provisional: bool
    calendar: str

    @property
    def until(self) -> datetime:
        """The first instant that is too late."""
        return start_of(self.day + _DAY)


def count(
    received: datetime, working_days: int, known: Mapping[date, Known], stopped: Container[date] = frozenset()
) -> Due:
    """The day on which a term of so many working days ends. The day of receipt does not count (民法典 201), and no day
    on which the clock is stopped.

    Raises `ValueError` for a term of no days or of more than a year.
    """
    if not 1 <= working_days <= MOST_WORKING_DAYS:
        raise ValueError(f"a term has 1 to {MOST_WORKING_DAYS} working days")
    day, left, versions, provisional = day_of(received), working_days, dict[int, int](), False
    while left:
        day += _DAY
        found = known.get(day)
        provisional = provisional or found is None
        versions[day.year] = max(versions.get(day.year, 0), found.version if found else 0)
        left -= day not in stopped and is_workday(day, known)
    return Due(day, provisional, ",".join(f"{year}v{version}" for year, version in versions.items()))


def between(first: date, last: date, known: Mapping[date, Known], stopped: Container[date] = frozenset()) -> int:
    """How many days a term would count after the first and up to the last; none when the last is not later."""
    days = (first + _DAY * ahead for ahead in range(1, (last - first).days + 1))
    return sum(day not in stopped and is_workday(day, known) for day in days)


def is_workday(day: date, known: Mapping[date, Known]) -> bool:
    """Whether it is worked: as announced, or else by statute."""
    found = known.get(day)
    return found.is_workday if found else by_statute(day)


def by_statute(day: date) -> bool:
    """Whether the law alone, without an announcement, makes this a working day."""
    return by_weekday(day) and day not in _rest(day.year)


def by_weekday(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < 5


@lru_cache(maxsize=64)
def _rest(year: int) -> frozenset[date]:
    """The statutory days of a year, and the working days on which those on a weekend are made up."""
    days = {date(year, month, day) for month, day in _FIXED}
    if year in _LUNAR:
        first, *others = (date(year, int(text[:2]), int(text[2:])) for text in _LUNAR[year].split())
        days.update(others, (first + _DAY * ahead for ahead in range(-1, 3)))
    made_up: set[date] = set()
    for day in sorted(day for day in days if not by_weekday(day)):
        free = day
        while not by_weekday(free) or free in days or free in made_up:
            free += _DAY
        made_up.add(free)
    return frozenset(days | made_up)
