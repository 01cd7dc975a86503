"""A notice of holidays came: the dates of open cases are counted again, and both sides are told of one that moved.

In the notice's own transaction: no moment has the new calendar and an old date. A date that has passed stays, and a
notice makes nobody late on a day on which they were not.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import not_, select

from core.database import WriteUnit
from core.moments import start_of
from core.statements import Row
from notices import outbox
from notices.kinds import EventKind
from objections import clock, dates, hearing, inner_dates
from objections.clock import Term
from objections.kinds import DueCause
from objections.tables import objection


async def recount(unit: WriteUnit, *, at: datetime) -> int:
    """Count the dates of every open case again; how many moved."""
    c = objection.c
    open_ = select(objection).where(c.ended_at.is_(None), not_(c.held), c.due_at > at)
    rows = await unit.all(open_.order_by(c.id).with_for_update(key_share=True))
    counted = await _counted(unit, rows, at)
    await _move_inner(unit, rows, at)
    moved = 0
    for row in rows:
        now = counted[row.id]
        if (now["due_on"], now["provisional"], now["calendar"]) == (row.due_on, row.provisional, row.calendar):
            continue
        await unit.run(objection.update().where(c.id == row.id).values(version=row.version + 1, **now))
        await hearing.of_case(unit, row, row.version + 1, at=at)
        await dates.note(unit, row.id, {**now, "held": False}, DueCause.CALENDAR, at=at)
        if now["due_on"] != row.due_on:
            await _tell(unit, row, now["due_on"].isoformat(), at)
            moved += 1
    return moved


async def refresh_held(unit: WriteUnit, *, at: datetime) -> int:
    """Let the dates of clocks that stand say again what is the earliest day possible; how many do. No date is in force
    there, so nothing is written down and nobody is told."""
    c = objection.c
    rows = await unit.all(
        select(objection).where(c.ended_at.is_(None), c.held).order_by(c.id).with_for_update(key_share=True)
    )
    counted = await _counted(unit, rows, at)
    stale = [row for row in rows if counted[row.id]["due_on"] != row.due_on]
    for row in stale:
        await unit.run(objection.update().where(c.id == row.id, c.held).values(counted[row.id]))
    return len(stale)


async def _move_inner(unit: WriteUnit, rows: Sequence[Row], at: datetime) -> None:
    terms = await _terms(unit, rows)
    await inner_dates.move(unit, rows, terms, await dates.known_of(unit, terms.values(), at=at), at=at)


async def _terms(unit: WriteUnit, rows: Sequence[Row]) -> Mapping[str, Term]:
    stops = await dates.stops_of_several(unit, [row.id for row in rows])
    return {row.id: dates.term_with(row, stops[row.id]) for row in rows}


async def _counted(unit: WriteUnit, rows: Sequence[Row], at: datetime) -> Mapping[str, Mapping[str, Any]]:
    terms = await _terms(unit, rows)
    known = await dates.known_of(unit, terms.values(), at=at)
    found = {}
    for id_, term in terms.items():
        due = clock.due(term, known, at=at)
        day = due.day if term.held else clock.announced(due, at=at)
        until = start_of(day) + (due.until - start_of(due.day))
        found[id_] = {"due_on": day, "due_at": until, "provisional": due.provisional, "calendar": due.calendar}
    return found


async def _tell(unit: WriteUnit, row: Row, due: str, at: datetime) -> None:
    kind = EventKind.OBJECTION_DUE_MOVED
    await outbox.tell_subject(unit, row.subject_id, kind, about=row.id, at=at, number=row.number, due=due)
    parties = {row.institution_id, row.provider_id} if row.forwarded_at is not None else {row.institution_id}
    for party_id in sorted(parties - {None}):
        await outbox.tell_party(unit, party_id, kind, about=row.id, at=at)
