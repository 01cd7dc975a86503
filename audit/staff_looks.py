"""Staff's looks as whoever watches over them reads the log: by position, and then a staff member's own stretch of it.

At whom a look was goes no further than a word that tells one from another. Nobody looks here: there is no lens.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from audit.tables import access, log_leaf, look_shape
from core.database import Unit
from core.statements import Row


@dataclass(frozen=True)
class StaffLook:
    """One look of a staff member's; `fields` is how many schema fields and catalogue items it reached."""

    id: str
    at: datetime
    officer_id: str
    basis: str
    purpose: str
    subject_id: str | None
    has_case: bool
    fields: int
    refused: bool


async def after(unit: Unit, position: int, *, most: int) -> Sequence[Row]:
    """The sealed looks after a position, at most so many: `position`, and of one by somebody who acts for another
    `officer_id` and `at`; null for every other, and for one that was erased."""
    c = log_leaf.c
    joined = log_leaf.outerjoin(access, and_(access.c.id == c.access_id, access.c.officer_id.is_not(None)))
    query = select(c.position, access.c.officer_id, access.c.at).select_from(joined).where(c.position > position)
    return await unit.all(query.order_by(c.position).limit(most))


async def of(
    unit: Unit, officer_id: str, *, since: datetime, until: datetime, apart: Collection[str]
) -> list[StaffLook]:
    """A staff member's looks, the first instant included and the last not; without those of these shapes."""
    a = access.c
    query = select(
        a.id, a.at, a.basis, a.purpose, a.subject_id, a.case_number, a.codes, a.refused, look_shape.c.fields
    ).join(look_shape, look_shape.c.id == a.shape_id)
    theirs = (a.officer_id == officer_id, a.at >= since, a.at < until, a.shape_id.not_in(sorted(apart)))
    rows = await unit.all(query.where(*theirs).order_by(a.at, a.id))
    return [
        StaffLook(
            id=row.id,
            at=row.at,
            officer_id=officer_id,
            basis=row.basis,
            purpose=row.purpose,
            subject_id=row.subject_id,
            has_case=row.case_number is not None,
            fields=len(row.fields) + len(row.codes),
            refused=row.refused is not None,
        )
        for row in rows
    ]


async def one(unit: Unit, access_id: str) -> Row | None:
    """Who had a look, for which organisation, when and on what basis; never at whom."""
    a = access.c
    query = select(a.id, a.at, a.basis, a.officer_id, a.actor_party_id)
    return await unit.first(query.where(a.id == access_id))
