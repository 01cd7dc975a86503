"""The days of a case's clock, one by one, for whoever draws it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

import strawberry

from core import calendar
from core.database import Unit
from core.moments import day_of
from core.statements import Row
from core.workdays import Known, by_statute

# CHOICE: a line of more than a year is no longer read day by day.
_MOST = timedelta(days=366)
DAYS = "Every day from receipt to the date in force or, where it is later, to its end or today: a clock is drawn so."


@strawberry.type(description="A day from the receipt of an objection on, as the city's calendar has it.")
class ClockDay:
    """Whether it is worked on, and whether that is announced."""

    on: date
    is_workday: bool
    provisional: bool = strawberry.field(description="Nobody has announced this year's days yet.")


async def days_of_several(unit: Unit, rows: Collection[Row], *, at: datetime) -> Mapping[str, Sequence[ClockDay]]:
    """The days of several cases' clocks, by the case's id; the calendar is read once."""
    spans = {row.id: _span(row, day_of(at)) for row in rows}
    known = await calendar.known(unit, min(one for one, _ in spans.values()), max(one for _, one in spans.values()))
    return {id_: [_day(day, known) for day in _each(*span)] for id_, span in spans.items()}


def _span(row: Row, today: date) -> tuple[date, date]:
    first = day_of(row.filed_at)
    over = day_of(row.ended_at) if row.ended_at is not None else today
    return first, min(max(row.due_on or over, over), first + _MOST)


def _each(first: date, last: date) -> Sequence[date]:
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def _day(day: date, known: Mapping[date, Known]) -> ClockDay:
    """One that nobody has announced is answered by statute, provisionally."""
    if day in known:
        return ClockDay(on=day, is_workday=known[day].is_workday, provisional=False)
    return ClockDay(on=day, is_workday=by_statute(day), provisional=True)
