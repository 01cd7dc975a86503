"""What oversight is told of the log: how many looks there were, on what basis and for what, and that it is whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from audit import tree
from audit.lens import BasisKind
from audit.tables import access, access_unsealed, log_leaf, log_tile
from audit.tiles import WIDTH
from core.database import Unit
from core.months import Span
from parties.counts import of_district


@dataclass(frozen=True)
class Looks:
    """Looks on one basis for one purpose: those that were answered, and those that were refused."""

    basis: BasisKind
    purpose: str
    answered: int
    refused: int


@dataclass(frozen=True)
class Health:
    """How far the log is sealed: so many looks, when last, how many commits wait to be; `gaps` counts the tiles and
    the leaves that the sealed tree should have and has not."""

    sealed: int
    sealed_at: datetime | None
    waiting: int
    gaps: int


async def looks(unit: Unit, span: Span, *, district: str | None) -> Sequence[Looks]:
    """Every look in a span; of a district (行政区划代码) those that its institution's staff had."""
    a = access.c
    refused = func.sum(case((a.refused.is_not(None), 1), else_=0))
    query = select(a.basis, a.purpose, func.count().label("many"), refused.label("refused")).where(
        a.at >= span.begins, a.at < span.ends
    )
    if district is not None:
        query = query.where(of_district(a.actor_party_id, district))
    rows = await unit.all(query.group_by(a.basis, a.purpose).order_by(a.basis, a.purpose))
    return [
        Looks(BasisKind(row.basis), row.purpose, int(row.many) - int(row.refused), int(row.refused)) for row in rows
    ]


async def health(unit: Unit) -> Health:
    """The log as it stands. Full tiles never change, so they are counted, and leaves only where a tile is not full."""
    head = await tree.head(unit)
    waiting = await unit.first(select(func.count()).select_from(access_unsealed))
    size = int(head.size) if head is not None else 0
    full = size // WIDTH
    tiles = select(func.count()).select_from(log_tile).where(log_tile.c.level == 0, log_tile.c.number < full)
    leaves = select(func.count()).where(log_leaf.c.position > full * WIDTH, log_leaf.c.position <= size)
    there = await unit.first(select(tiles.scalar_subquery(), leaves.scalar_subquery()))
    assert waiting is not None  # a count has a row
    assert there is not None
    gaps = full - int(there[0]) + size - full * WIDTH - int(there[1])
    return Health(size, head.sealed_at if head is not None else None, int(waiting[0]), gaps)
