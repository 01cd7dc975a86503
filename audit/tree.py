"""The sealed tree as it is stored: the last checkpoint, and the tiles under it."""

from collections.abc import Collection, Mapping

from sqlalchemy import BigInteger, Integer, bindparam, select, tuple_

from audit.tables import log_head, log_leaf, log_tile
from audit.tiles import WIDTH, Tile
from core.database import Unit
from core.statements import Row, Statement

_HEAD = Statement(select(log_head))
_FIRST, _PAST = bindparam("first", type_=BigInteger), bindparam("past", type_=BigInteger)
_LEAVES = Statement(
    select(log_leaf.c.hash)
    .where(log_leaf.c.position > _FIRST, log_leaf.c.position <= _PAST)
    .order_by(log_leaf.c.position)
)
_ROOTS = Statement(
    select(log_tile.c.root)
    .where(
        log_tile.c.level == bindparam("below", type_=Integer), log_tile.c.number >= _FIRST, log_tile.c.number < _PAST
    )
    .order_by(log_tile.c.number)
)


async def head(unit: Unit) -> Row | None:
    """The last checkpoint: its origin, size, count of withheld looks, and signed note; None before the first."""
    return await unit.first(_HEAD)


async def tiles(unit: Unit, wanted: Collection[Tile]) -> dict[Tile, bytes]:
    """These tiles' hashes. One that the sealed tree does not have comes short."""
    full = [tile for tile in wanted if tile.width == WIDTH]
    found: dict[Tile, bytes] = dict(await _full(unit, full)) if full else {}
    for tile in wanted:
        if tile not in found:
            found[tile] = await _partial(unit, tile)
    return found


async def _full(unit: Unit, wanted: Collection[Tile]) -> Mapping[Tile, bytes]:
    keys = tuple_(log_tile.c.level, log_tile.c.number).in_([(tile.level, tile.number) for tile in wanted])
    rows = await unit.all(select(log_tile.c.level, log_tile.c.number, log_tile.c.hashes).where(keys))
    return {Tile(row.level, row.number): row.hashes for row in rows}


async def _partial(unit: Unit, tile: Tile) -> bytes:
    first = tile.number * WIDTH
    values = {"first": first, "past": first + tile.width}
    if tile.level == 0:
        return b"".join(row.hash for row in await unit.all(_LEAVES, values))
    return b"".join(row.root for row in await unit.all(_ROOTS, values | {"below": tile.level - 1}))
