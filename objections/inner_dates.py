"""By when a provider is to answer: so many working days from receipt, under the stops and the calendar of its case.

How many is the provider's own term, seven where nobody has said another (CHOICE). While it has not answered, its date
moves as the case's own does.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select

from core.database import WriteUnit
from core.statements import Row
from core.workdays import Known
from objections import clock, hearing
from objections.clock import Term
from objections.kinds import ObjectionTrack
from objections.tables import verification


async def move(
    unit: WriteUnit, rows: Sequence[Row], terms: Mapping[str, Term], known: Mapping[date, Known], *, at: datetime
) -> None:
    """Count the dates of unanswered questions again, in cases whose terms these are."""
    c, asked = verification.c, [row.id for row in rows if row.forwarded_at is not None]
    if not asked:
        return
    waiting = select(verification).where(c.objection_id.in_(asked), c.answer.is_(None)).order_by(c.id)
    for question in await unit.all(waiting):
        term = terms[question.objection_id]
        ten = Term(term.received, ObjectionTrack.PROVIDER_VERIFICATION, term.stops)
        found = clock.inner(ten, known, days=question.workdays, at=at)
        if question.due_on != found.day and question.due_at > at:
            moved = verification.update().where(c.id == question.id, c.answer.is_(None))
            await unit.run(moved.values(due_on=found.day, due_at=found.until))
            await hearing.of_question(unit, question.provider_id, question.id, question.version, at=at)
