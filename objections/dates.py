"""The date in force of a case: counted from its rows, and each change of it written down."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, select

from core import calendar
from core.database import Unit, WriteUnit
from core.statements import Row
from core.workdays import Due, Known
from objections import clock, inner_dates
from objections.clock import Stop, Term
from objections.kinds import DueCause, ObjectionTrack
from objections.tables import clock_stop, due_date, objection


async def hold_calendar(unit: WriteUnit) -> None:
    """Let nobody change the calendar before this unit ends. Before any case's row: whoever changes it holds those
    afterwards."""
    await unit.shared(calendar.LEAD)


async def first(unit: WriteUnit, received: datetime) -> Mapping[str, Any]:
    """The columns of a case that is received now: three working days."""
    await hold_calendar(unit)
    term = Term(received)
    return _columns(await _due(unit, term, received), held=False)


async def note(
    unit: WriteUnit, objection_id: str, columns: Mapping[str, Any], cause: DueCause, *, at: datetime
) -> None:
    """Write down that another date is in force from now on."""
    row = {"objection_id": objection_id, "since": at, "cause": cause.value}
    row |= {name: columns[name] for name in ("due_on", "held", "provisional", "calendar")}
    insert = unit.insert(due_date).values(row)
    said = {name: insert.excluded[name] for name in ("due_on", "held", "provisional", "calendar", "cause")}
    await unit.run(insert.on_conflict_do_update(index_elements=["objection_id", "since"], set_=said))


async def renewed(
    unit: WriteUnit, row: Row, cause: DueCause, *, track: ObjectionTrack | None = None, at: datetime
) -> Mapping[str, Any]:
    """The columns that a case takes now that its track or its stops have changed; the date is written down. None of
    them when the date has passed: that one stays."""
    if is_late(row, at=at):
        return {}
    await hold_calendar(unit)
    # Before its question's row, as a provider that answers holds them.
    await unit.first(select(objection.c.id).where(objection.c.id == row.id).with_for_update())
    term = await term_of(unit, row, track=track)
    known = await known_of(unit, [term], at=at)
    columns = _columns(clock.due(term, known, at=at), held=term.held)
    await note(unit, row.id, columns, cause, at=at)
    await inner_dates.move(unit, [row], {row.id: term}, known, at=at)
    return columns


async def term_of(unit: Unit, row: Row, *, track: ObjectionTrack | None = None) -> Term:
    """What a case's date is counted from; with `track`, what it would be on that one."""
    stops = (await stops_of_several(unit, [row.id]))[row.id]
    return term_with(row, stops, track=track)


def term_with(row: Row, stops: Sequence[Row], *, track: ObjectionTrack | None = None) -> Term:
    """The same of stops that were read before. Pure."""
    found = [Stop(stop.started_on, stop.ended_on) for stop in stops]
    return Term(row.filed_at, track or ObjectionTrack(row.track), found)


async def known_of(unit: Unit, terms: Collection[Term], *, at: datetime) -> Mapping[date, Known]:
    """The calendar of every day that a count of these terms may look at."""
    spans = [clock.reach(term, at=at) for term in terms]
    if not spans:
        return {}
    return await calendar.known(unit, min(span[0] for span in spans), max(span[1] for span in spans))


async def inner_of(unit: WriteUnit, row: Row, workdays: int, *, at: datetime) -> Due:
    """By when the provider is to answer, with so many working days from receipt, of a case that is forwarded now."""
    await hold_calendar(unit)
    term = await term_of(unit, row, track=ObjectionTrack.PROVIDER_VERIFICATION)
    return clock.inner(term, await known_of(unit, [term], at=at), days=workdays, at=at)


async def forwardable(unit: WriteUnit, row: Row, *, at: datetime) -> bool:
    """Whether the provider of a case may still be asked; one that is late stays late, whatever was noted since."""
    await hold_calendar(unit)
    term = await term_of(unit, row)
    return not is_late(row, at=at) and clock.forwardable(term, await known_of(unit, [term], at=at), at=at)


async def dates_of_several(unit: Unit, ids: Collection[str]) -> Mapping[str, Sequence[Row]]:
    """Which dates were in force, by the case's id, from the first on."""
    c = due_date.c
    rows = await unit.all(select(due_date).where(c.objection_id.in_(list(ids))).order_by(c.since))
    return {id_: [row for row in rows if row.objection_id == id_] for id_ in ids}


async def stops_of_several(unit: Unit, ids: Collection[str]) -> Mapping[str, Sequence[Row]]:
    """The stops of the clocks, by the case's id, in order."""
    c = clock_stop.c
    rows = await unit.all(select(clock_stop).where(c.objection_id.in_(list(ids))).order_by(c.started_on, c.id))
    return {id_: [row for row in rows if row.objection_id == id_] for id_ in ids}


async def left_of_several(unit: Unit, rows: Collection[Row], *, at: datetime) -> Mapping[str, int]:
    """Working days left of cases, by the case's id, as `clock.workdays_left`; of one that is over, those that were."""
    stops = await stops_of_several(unit, [row.id for row in rows])
    terms = {row.id: term_with(row, stops[row.id]) for row in rows}
    known = await known_of(unit, terms.values(), at=at)
    return {
        row.id: clock.workdays_left(terms[row.id], row.due_on, known, at=row.notified_at or row.ended_at or at)
        for row in rows
    }


def is_late(row: Row, *, at: datetime) -> bool:
    """Whether a case was answered, or is waiting, beyond the date in force: telling the applicant is inside the term.
    One whose clock stands is never late. As `clock.overdue` says of its dates. Pure."""
    until: datetime = row.notified_at or row.ended_at or at
    return bool(not row.held and row.due_at <= until)


def late_by(at: datetime) -> ColumnElement[bool]:
    """The same as a condition, of cases that are open."""
    return and_(objection.c.ended_at.is_(None), not_(objection.c.held), objection.c.due_at <= at)


async def _due(unit: Unit, term: Term, at: datetime) -> Due:
    return clock.due(term, await known_of(unit, [term], at=at), at=at)


def _columns(due: Due, *, held: bool) -> Mapping[str, Any]:
    return {
        "due_on": due.day,
        "due_at": due.until,
        "provisional": due.provisional,
        "calendar": due.calendar,
        "held": held,
    }
