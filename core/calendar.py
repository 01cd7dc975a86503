"""The city's calendar of working days, as announced. A day without a row is answered by statute, provisionally.

Seeded from `chinesecalendar`; a year's official notice can be loaded as soon as it is out, before that package knows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.metadata import version as version_of

from chinese_calendar.constants import holidays, workdays
from sqlalchemy import Boolean, CheckConstraint, Column, Date, Integer, String, Table, select

from core.database import Unit, WriteUnit, metadata
from core.holiday_notice import HolidayNotice
from core.moments import day_of
from core.workdays import Due, Known, by_weekday, count

calendar_day = Table(
    "calendar_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("is_workday", Boolean, nullable=False),
    Column("source", String(60), nullable=False),
    # Counts up when an announcement changes the day's year: a due day says which version it was counted by.
    Column("version", Integer, nullable=False),
    CheckConstraint("version > 0", name="version"),
)
_SEEDED = (date(2004, 1, 1), date(2026, 12, 31))
# Held alone by whoever changes it, and shared by whoever writes down a day that was counted by it.
LEAD = "calendar"


@dataclass(frozen=True)
class Loaded:
    """What loading a notice did. Nothing changed: the version stands."""

    year: int
    changed: int
    version: int


async def due(unit: Unit, received: datetime, working_days: int) -> Due:
    """When a term of so many working days ends, counted from the day after receipt; no year is unknown."""
    first = day_of(received)
    last = first + timedelta(days=3 * working_days + 31)  # the longest rest ever announced was nine days
    return count(received, working_days, await known(unit, first, last))


async def known(unit: Unit, first: date, last: date) -> Mapping[date, Known]:
    """What was announced of the days between two, both included."""
    c = calendar_day.c
    rows = await unit.all(select(c.day, c.is_workday, c.version).where(c.day >= first, c.day <= last))
    return {row.day: Known(row.is_workday, row.version) for row in rows}


async def seed(unit: WriteUnit) -> None:
    """Enter the days that `chinesecalendar` knows and the table does not. Loaded notices stay as they are."""
    if await unit.first(select(calendar_day.c.day).where(calendar_day.c.day == _SEEDED[1])):
        return
    source = f"chinesecalendar {version_of('chinesecalendar')}"
    rows = [{"day": day, "is_workday": _is_workday(day), "source": source, "version": 1} for day in _days(*_SEEDED)]
    await _put(unit, rows)


async def load(unit: WriteUnit, notice: HolidayNotice) -> Loaded:
    """Enter a notice: the days that differ get the year's next version. Loading it again changes nothing."""
    await unit.alone(LEAD)
    c = calendar_day.c
    here = await unit.all(select(calendar_day).where(c.day.between(min(notice.days), max(notice.days))))
    stood = {row.day: row for row in here}
    version = max((row.version for row in here if row.day.year == notice.year), default=0)
    fresh = [day for day, worked in notice.days.items() if day not in stood or stood[day].is_workday != worked]
    if not fresh:
        return Loaded(notice.year, 0, version)
    highest = max((row.version for row in here), default=0)
    rows = [
        {"day": day, "is_workday": notice.days[day], "source": notice.source, "version": highest + 1} for day in fresh
    ]
    await _put(unit, rows)
    return Loaded(notice.year, len(fresh), highest + 1)


def _is_workday(day: date) -> bool:
    """As the package has it, which looks through every day it knows to answer for one."""
    return bool(day in workdays or (by_weekday(day) and day not in holidays))


async def _put(unit: WriteUnit, rows: list[Mapping[str, object]] | list[dict[str, object]]) -> None:
    insert = unit.insert(calendar_day)
    written = {name: insert.excluded[name] for name in ("is_workday", "source", "version")}
    await unit.run(insert.on_conflict_do_update(index_elements=["day"], set_=written), rows)


def _days(first: date, last: date) -> Iterator[date]:
    for ahead in range((last - first).days + 1):
        yield first + timedelta(days=ahead)
