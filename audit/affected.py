"""Whom an incident touched, as the log says: the answered looks of one staff member, grant or organisation in a stretch
of time, and at whom they were. Nobody looks here: there is no lens, and whoever is found is told, and not shown.

Whom an order in force keeps from knowing of all those looks is found once the order is over, and not before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from audit.lens import BasisKind
from audit.tables import access, trail_joined, withholding
from audit.withholding import keeps
from core.database import Unit
from core.statements import Row

_a, _w = access.c, withholding.c
_ANSWERED = and_(_a.refused.is_(None), _a.subject_id.is_not(None))
# Ids that turned out to be one subject are one.
_WHOM = func.coalesce(trail_joined.c.kept_id, _a.subject_id)
_LOOKS = access.outerjoin(trail_joined, trail_joined.c.absorbed_id == _a.subject_id).outerjoin(
    withholding, _w.id == _a.withholding_id
)


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
        whose = ((_a.officer_id, self.officer_id), (_a.grant_id, self.grant_id), (_a.actor_party_id, self.party_id))
        named = tuple(column == value for column, value in whose if value is not None)
        # An audit's own look is at the institution's work, and at nobody who could be told.
        people = _a.basis != BasisKind.AUDIT.value
        return (_a.at >= self.since, _a.at < self.until, people, *named)


@dataclass(frozen=True)
class Round:
    """Whoever may know as of an instant, and could not as of the one before, if there was one."""

    as_of: datetime
    before: datetime | None = None


@dataclass(frozen=True)
class Touched:
    """How many looks were answered, how many refused, about how many subjects answers went out, and how many of these
    may not know of any of it yet."""

    answered: int
    refused: int
    subjects: int
    withheld: int


async def count(unit: Unit, stretch: Stretch, *, at: datetime) -> Touched:
    """Exact counts."""
    answered, shown = case((_ANSWERED, _WHOM)), case((and_(_ANSWERED, _shown(at)), _WHOM))
    counted = select(
        func.count(), func.count(_a.refused), func.count(answered.distinct()), func.count(shown.distinct())
    )
    row = await unit.first(counted.select_from(_LOOKS).where(*stretch.holds))
    assert row is not None  # a count has a row
    return Touched(int(row[0]) - int(row[1]), int(row[1]), int(row[2]), int(row[2]) - int(row[3]))


async def whom(unit: Unit, stretch: Stretch, of: Round, *, after: str, most: int) -> Sequence[Row]:
    """Subjects of a round about whom an answer went out: `whom`, and the first `id` under which the log has them, in
    that order, after one of those ids. Ids that turned out to be one subject are one, so whoever goes on from the last
    id meets nobody twice, and leaves nobody out who was not met under another id."""
    first = func.min(_a.subject_id)
    query = (
        select(first.label("id"), _WHOM.label("whom"))
        .select_from(_LOOKS)
        .where(*stretch.holds, _ANSWERED, _shown(of.as_of))
        .group_by(_WHOM)
        .having(first > after)
    )
    if of.before is not None:
        query = query.having(func.count(case((_shown(of.before), 1))) == 0)
    return await unit.all(query.order_by(first).limit(most))


async def is_order_over(unit: Unit, *, since: datetime, at: datetime) -> bool:
    """Whether any order at all has ended between two instants."""
    return await unit.first(select(_w.id).where(keeps(since), ~keeps(at)).limit(1)) is not None


async def is_opened(unit: Unit, stretch: Stretch, *, since: datetime, at: datetime) -> bool:
    """Whether one of these looks was withheld at an instant, and is not any more at a later one."""
    opened = select(_a.id).select_from(_LOOKS).where(*stretch.holds, _ANSWERED, keeps(since), ~keeps(at))
    return await unit.first(opened.limit(1)) is not None


def _shown(at: datetime) -> ColumnElement[bool]:
    """Of a look with its order beside it, if it has one: `withholding.is_shown`, where many looks are grouped."""
    return or_(_w.id.is_(None), ~keeps(at))
