"""Which records lie in an area: of some kinds of information, of some kinds of subjects, of some districts.

Where a record lay before it changed is known from its kept versions, so that whoever was told of it hears that it is
theirs no more.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select

from core.database import Unit
from core.moments import day_of
from credit.kinds import SubjectKind
from credit.tables import record, record_version, subject

_v = record_version.c


class Place(NamedTuple):
    """Where a record lies, or lay, and whose it is."""

    record_id: str
    subject_id: str
    category: str
    district: str | None
    kind: str
    adult_from: date | None


@dataclass(frozen=True)
class Area:
    """Some categories of some kinds of subjects' records, of some districts; None is everywhere."""

    categories: Collection[str]
    kinds: Collection[str]
    districts: Collection[str] | None

    def holds(self, place: Place, *, at: datetime) -> bool:
        """Whether a record lies in it, whether or not it is shown. No minor's does, nor one's whose age is unknown."""
        if place.kind == SubjectKind.NATURAL_PERSON.value and (
            place.adult_from is None or place.adult_from > day_of(at)
        ):
            return False
        inside = self.districts is None or place.district in self.districts
        return inside and place.category in self.categories and place.kind in self.kinds


async def places(unit: Unit, ids: Collection[str]) -> Mapping[str, Place]:
    """Where these records lie now."""
    c = record.c
    query = select(c.id, c.subject_id, c.category, c.district, subject.c.kind, subject.c.adult_from)
    rows = await unit.all(query.join(subject, subject.c.id == c.subject_id).where(unit.among(c.id, ids)))
    return {row.id: Place(*row) for row in rows}


async def before(unit: Unit, since: Mapping[str, int], now: Mapping[str, Place]) -> Sequence[Place]:
    """Where records lay before this version of each, and at every version from it on that is over."""
    known = [id_ for id_ in since if id_ in now]
    district = _v.content["district"].as_string().label("district")
    category = _v.content["category"].as_string().label("category")
    query = select(_v.record_id, _v.version, category, district).where(unit.among(_v.record_id, known))
    return [
        now[row.record_id]._replace(category=row.category, district=row.district)
        for row in await unit.all(query)
        if row.version >= since[row.record_id] - 1
    ]
