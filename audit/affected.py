"""Whom an incident touched, as the log says: the answered looks of one staff member, grant or organisation in a stretch
of time, and at whom they were. Nobody looks here: there is no lens, and whoever is found is told, and not shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select

from audit.lens import BasisKind
from audit.tables import access, trail_joined
from core.database import Unit
from core.statements import Row


@dataclass(frozen=True)
class Stretch:
    """Looks from an instant up to another, that one left out, of exactly one of the three."""

    since: datetime
    until: datetime
    officer_id: str | None = None
    grant_id: str | None = None
    party_id: str | None = None

    @property
    def holds(self) -> tuple[ColumnElement[bool], ...]:
        """Which rows of the log they are."""
        a = access.c
        whose = ((a.officer_id, self.officer_id), (a.grant_id, self.grant_id), (a.actor_party_id, self.party_id))
        named = tuple(column == value for column, value in whose if value is not None)
        # An audit's own look is at the institution's work, and at nobody who could be told.
        people = a.basis != BasisKind.AUDIT.value
        return (a.at >= self.since, a.at < self.until, people, *named)


@dataclass(frozen=True)
class Touched:
    """How many looks were answered, how many refused, and about how many subjects answers went out."""

    answered: int
    refused: int
    subjects: int


async def count(unit: Unit, stretch: Stretch) -> Touched:
    """Exact counts."""
    a = access.c
    whom = case((a.refused.is_(None), func.coalesce(trail_joined.c.kept_id, a.subject_id)))
    counted = select(func.count(), func.count(a.refused), func.count(whom.distinct()))
    joined = access.outerjoin(trail_joined, trail_joined.c.absorbed_id == a.subject_id)
    row = await unit.first(counted.select_from(joined).where(*stretch.holds))
    assert row is not None  # a count has a row
    return Touched(int(row[0]) - int(row[1]), int(row[1]), int(row[2]))


async def whom(unit: Unit, stretch: Stretch, *, after: str, most: int) -> Sequence[Row]:
    """Subjects about whom an answer went out: `whom`, and the first `id` under which the log has them, in that order,
    after one of those ids. Ids that turned out to be one subject are one, so whoever goes on from the last id meets
    nobody twice, and leaves nobody out who was not met under another id."""
    a, j = access.c, trail_joined.c
    first, whom = func.min(a.subject_id), func.coalesce(j.kept_id, a.subject_id)
    query = (
        select(first.label("id"), whom.label("whom"))
        .select_from(access.outerjoin(trail_joined, j.absorbed_id == a.subject_id))
        .where(*stretch.holds, a.refused.is_(None), a.subject_id.is_not(None))
        .group_by(whom)
        .having(first > after)
    )
    return await unit.all(query.order_by(first).limit(most))
