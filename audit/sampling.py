"""What a supervisor draws a sample from: the institutions' own looks of a month, by their positions in the sealed log.

A position says nothing of whom a look was at; what a drawn one shows is the work, and never the person (Art. 4).
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from audit import tree
from audit.lens import BasisKind
from audit.tables import access, log_leaf, look_shape
from core.database import Unit
from core.months import Span
from core.statements import Row
from parties.counts import of_institutions

_a = access.c


async def positions(unit: Unit, span: Span, basis: BasisKind, *, district: str | None) -> Sequence[int]:
    """Where the looks on this basis that institutions' staff had in a span stand, in order; refused ones are not
    among them, nor those that were erased or are withheld."""
    query = (
        select(log_leaf.c.position)
        .join(access, access.c.id == log_leaf.c.access_id)
        .where(_a.at >= span.begins, _a.at < span.ends, _a.basis == basis.value)
        .where(_a.refused.is_(None), _a.withholding_id.is_(None), of_institutions(_a.actor_party_id, district))
        .order_by(log_leaf.c.position)
    )
    return [row.position for row in await unit.all(query)]


async def sealed(unit: Unit) -> int:
    """How many leaves the sealed log has."""
    head = await tree.head(unit)
    return int(head.size) if head is not None else 0


async def leaf_hash(unit: Unit, position: int) -> bytes | None:
    """The hash at a position, as anybody reads it in the public tiles; None before it is sealed."""
    row = await unit.first(select(log_leaf.c.hash).where(log_leaf.c.position == position))
    return bytes(row.hash) if row is not None else None


async def look_ids(unit: Unit, wanted: Collection[int]) -> Mapping[int, str]:
    """The looks at these positions."""
    query = select(log_leaf.c.position, log_leaf.c.access_id).where(log_leaf.c.position.in_(list(wanted)))
    return {row.position: row.access_id for row in await unit.all(query)}


async def one(unit: Unit, look_id: str) -> Row | None:
    """One look's row with its fields; None for an erased one."""
    query = select(access, look_shape.c.fields).join(look_shape, look_shape.c.id == _a.shape_id)
    return await unit.first(query.where(_a.id == look_id))
