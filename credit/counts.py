"""What oversight is told of subjects: how many stand where. Whoever publishes it withholds the small ones."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from core.database import Unit
from credit.kinds import SubjectKind
from credit.tables import evaluation, residence, score, subject

UNSTATED = "UNSTATED"
GRADES = ("A", "B", "C", "D")
ORGANISATIONS = tuple(kind.value for kind in SubjectKind if kind is not SubjectKind.NATURAL_PERSON)


async def tiers(unit: Unit) -> Mapping[tuple[int, str], int]:
    """Open 海河分 by tier and by the district that their owner says they live in, or UNSTATED, as they stand now."""
    where = func.coalesce(residence.c.residence_district, UNSTATED)
    query = (
        select(score.c.tier, where.label("district"), func.count().label("many"))
        .outerjoin(residence, residence.c.subject_id == score.c.subject_id)
        .where(score.c.tier.is_not(None))
        .group_by(score.c.tier, where)
    )
    return {(int(row.tier), row.district): int(row.many) for row in await unit.all(query)}


async def grades(unit: Unit, *, today: date) -> Mapping[tuple[str, str], int]:
    """公共信用综合评价 that hold, by grade and by the organisation's kind, as they stand now."""
    e = evaluation.c
    query = (
        select(e.grade, subject.c.kind, func.count().label("many"))
        .join(subject, subject.c.id == e.subject_id)
        .where(e.valid_until >= today, e.withdrawn_at.is_(None))
        .group_by(e.grade, subject.c.kind)
    )
    return {(row.grade, row.kind): int(row.many) for row in await unit.all(query)}
