"""What oversight is told of providers: 上报率, 合规率, 及时率 of each, over some months."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from core.database import Unit
from core.months import Month
from intake import quality
from intake.quality import Share
from intake.tables import provider_terms


@dataclass(frozen=True)
class Reporting:
    """A provider's months: kinds reported of kinds due, rows taken of rows sent, rows in time of rows taken."""

    provider_id: str
    reporting: Share
    compliance: Share
    timeliness: Share


async def providers(unit: Unit, months: Sequence[Month], *, district: str | None) -> Sequence[Reporting]:
    """Every provider's months, by id; of a district (行政区划代码) those that send for it alone."""
    found: dict[str, Reporting] = {}
    ids = await _of(unit, months[-1], district)
    for month in months:
        for id_, one in (await quality.of_several(unit, ids, month)).items():
            before = found.get(id_, Reporting(id_, Share(0, 0), Share(0, 0), Share(0, 0)))
            found[id_] = replace(
                before,
                reporting=_sum(before.reporting, one.reporting),
                compliance=_sum(before.compliance, one.compliance),
                timeliness=_sum(before.timeliness, one.timeliness),
            )
    return list(found.values())


async def _of(unit: Unit, month: Month, district: str | None) -> Sequence[str]:
    """Who could send something by a month's end, and of a district who could send nothing else."""
    c = provider_terms.c
    last = (
        select(c.party_id, func.max(c.version).label("version"))
        .where(c.entered_at < month.ends)
        .group_by(c.party_id)
        .subquery()
    )
    this = (last.c.party_id == c.party_id) & (last.c.version == c.version)
    rows = await unit.all(select(c.party_id, c.districts).join(last, this).order_by(c.party_id))
    return [row.party_id for row in rows if district is None or row.districts == [district]]


def _sum(one: Share, other: Share) -> Share:
    return Share(one.count + other.count, one.of + other.of)
