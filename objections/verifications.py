"""What providers were asked about records of theirs, as the other files here read it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, select

from core.database import Unit
from core.statements import Row
from objections.tables import verification


async def last(unit: Unit, row: Row) -> Row | None:
    """What a case's provider was asked last, in it or in the one that it hears again, with its answer; None when nobody
    was asked."""
    c = verification.c
    asked = select(verification).where(c.objection_id.in_(cases_of(row))).order_by(c.asked_at.desc(), c.id.desc())
    return await unit.first(asked.limit(1))


def cases_of(row: Row) -> Sequence[str]:
    """The cases in which what bears on this one was asked. Pure."""
    return [row.id] if row.rehears is None else [row.id, row.rehears]


def exists_for(objection_id: ColumnElement[str], *rules: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether something was asked in a case, of which these rules hold: a condition for a case's own statement."""
    return exists().where(verification.c.objection_id == objection_id, *rules)
