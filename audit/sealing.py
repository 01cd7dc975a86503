"""The sealer: gives committed looks their positions, puts them into the tree, and signs the tree (Arts. 3, 14).

A look is sealed from its row, after its commit: nothing of this is in a query's path. A serial id would be no cursor,
because a lower one can commit later, and a reader that has passed it never sees it; a position is given only to what is
committed, so what a reader has passed stays passed. One transaction adds the leaves, the tiles they fill and the
checkpoint, takes the looks from those that wait, and begins by moving the head from the size it was computed for: of
two sealers one finds it moved and has written nothing. Killed anywhere, the next one goes on from the head.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Table,
    bindparam,
    delete,
    func,
    select,
    true,
    update,
)

from audit import tree
from audit.leaves import Leaf, Link, fresh_secrets
from audit.notes import Checkpoint, VerifierKey, sign
from audit.tables import access, access_unsealed, log_head, log_leaf, log_tile, look_shape
from audit.tiles import HEIGHT, WIDTH, Tile, edge, folded, hash_of, hashes_in
from core.database import Database, Unit, WriteUnit
from core.keys import Key, KeyRings, Purpose
from core.statements import Row, Statement

# How old an unsealed look may grow while nothing is happening; a full batch is followed by the next one at once.
PAUSE_SECONDS = 0.2
# Of what waits, so many commits' looks are sealed together.
MOST_AT_ONCE = 100
# How many leaves are made before others' work may go on: some two milliseconds.
_STRETCH = 50
_MOST_SHAPES = 1000


def _last(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column of the subject's last leaf, for each row: two steps in an index."""
    return (
        select(column)
        .where(log_leaf.c.subject_id == access.c.subject_id)
        .order_by(log_leaf.c.sequence.desc())
        .limit(1)
        .scalar_subquery()
    )


def _next(ids: FromClause) -> Statement:
    """Looks that wait in a batch, and what hangs before each. One that has a leaf was added twice, and is done."""
    upto = access_unsealed.c.id <= bindparam("last", type_=BigInteger)
    waiting = select(ids.c.value).select_from(access_unsealed).join(ids, true()).where(upto)
    return Statement(
        select(
            access,
            _last(log_leaf.c.sequence).label("last_sequence"),
            _last(log_leaf.c.hash).label("last_hash"),
        )
        .outerjoin(_leaf, _leaf.c.access_id == access.c.id)
        .where(access.c.id.in_(waiting), _leaf.c.position.is_(None))
        .order_by(access.c.at, access.c.id)
    )


_leaf = log_leaf.alias("leaf")
_WAITING = Statement(
    select(access_unsealed.c.id).order_by(access_unsealed.c.id).limit(bindparam("most", type_=Integer))
)
_NEXT = {
    name: _next(unnest(access_unsealed.c.access_ids).table_valued("value"))
    for name, unnest in (("postgresql", func.json_array_elements_text), ("sqlite", func.json_each))
}
_MOVE = (
    update(log_head)
    .where(log_head.c.size == bindparam("from_size", type_=BigInteger))
    .values(
        {
            name: bindparam("to_" + name, type_=log_head.c[name].type)
            for name in ("size", "withheld", "note", "sealed_at")
        }
    )
)


class Sealer:
    """Seals the log of one database. `origin` is the log's name when it begins; a log that has begun keeps its own."""

    def __init__(self, database: Database, rings: KeyRings, origin: str) -> None:
        self._database = database
        self._rings = rings
        self._origin = origin
        self._fields: dict[str, list[str]] = {}
        # The last checkpoint that we committed, and the tree's edge under it.
        self._sealed: tuple[str, Mapping[Tile, bytes]] | None = None

    async def run_once(self, at: datetime) -> float:
        """Seal what is waiting; the seconds until there may be more."""
        return 0.0 if await self.seal(at=at) >= MOST_AT_ONCE else PAUSE_SECONDS

    async def seal(self, *, at: datetime) -> int:
        """Seal the looks of the oldest commits that wait; of how many commits: 0 when another sealer was faster."""
        async with self._database.reading() as unit:
            head = await tree.head(unit)
            waiting = [row.id for row in await unit.all(_WAITING, {"most": MOST_AT_ONCE})]
            if head is not None and not waiting:
                return 0
            next_ = _NEXT[self._database.dialect.name]
            rows = await unit.all(next_, {"last": waiting[-1]}) if waiting else ()
            fields = await self._fields_of(unit, {row.shape_id for row in rows})
            edges = await self._edges_of(unit, head)
        batch = _Batch(head.origin, head.size, head.withheld, edges) if head else _Batch(self._origin, 0, 0, edges)
        for count, (row, secret) in enumerate(zip(rows, fresh_secrets(len(rows)), strict=True), 1):
            batch.add(row, fields[row.shape_id], secret)
            if count % _STRETCH == 0:
                await asyncio.sleep(0)
        note = sign(str(batch.checkpoint()), batch.origin, private_key(self._rings.active(Purpose.LOG)))
        async with self._database.writing() as unit:
            if head is None:
                await _begin(unit, batch.origin, at=at)
            if not await _write(unit, head.size if head else 0, batch, waiting, note, at=at):
                return 0
        self._sealed = (note, batch.right_edge())
        return len(waiting)

    async def _edges_of(self, unit: Unit, head: Row | None) -> Mapping[Tile, bytes]:
        """The right edge of the tree under this head; that of our own last one is remembered."""
        if self._sealed is not None and head is not None and head.note == self._sealed[0]:
            return self._sealed[1]
        return await tree.tiles(unit, edge(head.size if head else 0))

    async def _fields_of(self, unit: Unit, shapes: Collection[str]) -> Mapping[str, list[str]]:
        """The fields of these shapes. A shape never changes; those of the last batches are remembered."""
        unknown = set(shapes) - self._fields.keys()
        if unknown:
            kept = self._fields if len(self._fields) < _MOST_SHAPES else {}
            wanted = set(shapes) - kept.keys()
            rows = await unit.all(select(look_shape).where(look_shape.c.id.in_(wanted)))
            self._fields = kept | {row.id: row.fields for row in rows}
        return self._fields


def private_key(key: Key) -> Ed25519PrivateKey:
    """A key of the log's ring; raises `TypeError` for one that is not Ed25519."""
    found = load_pem_private_key(key.secret, None)
    if not isinstance(found, Ed25519PrivateKey):
        raise TypeError("the log signs with Ed25519")
    return found


def verifier_keys(rings: KeyRings, origin: str) -> list[VerifierKey]:
    """What checks this log's signatures, of every age."""
    keys = rings.all(Purpose.LOG).values()
    return [VerifierKey(origin, private_key(key).public_key().public_bytes_raw()) for key in keys]


@dataclass
class _Batch:
    """Leaves in the making on the right edge of a tree."""

    origin: str
    size: int
    withheld: int
    edges: Mapping[Tile, bytes]
    leaves: list[dict[str, object]] = field(default_factory=list)
    full: list[dict[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._levels = {tile.level: hashes_in(data) for tile, data in self.edges.items()}
        self._last: dict[str, tuple[int, bytes]] = {}

    def add(self, row: Row, fields: list[str], secret: bytes) -> None:
        """The leaf of the next row, whose shape has these fields."""
        link = self._link(row)
        leaf = Leaf.of(row, fields, link, secret).hash
        if link.sequence is not None:
            self._last[row.subject_id] = (link.sequence, leaf)
        self.leaves.append(
            {
                "position": self.size + 1,
                "hash": leaf,
                "access_id": row.id,
                "secret": secret,
                "subject_id": link.subject_id,
                "sequence": link.sequence,
                "withheld": link.withheld,
            }
        )
        self.size += 1
        self._push(0, leaf)

    def checkpoint(self) -> Checkpoint:
        """The tree as it is now."""
        root = hash_of((0, self.size), self.size, self.right_edge())
        return Checkpoint(self.origin, self.size, root, self.withheld)

    def right_edge(self) -> Mapping[Tile, bytes]:
        """The tiles that are not full yet."""
        return {tile: b"".join(self._levels[tile.level]) for tile in edge(self.size)}

    def _link(self, row: Row) -> Link:
        if row.withholding_id is not None:
            self.withheld += 1
            return Link(None, withheld=self.withheld)
        if row.subject_id is None:
            return Link(None)
        sequence, previous = self._last.get(row.subject_id) or (row.last_sequence or 0, row.last_hash)
        return Link(row.subject_id, sequence=sequence + 1, previous=previous)

    def _push(self, level: int, made: bytes) -> None:
        hashes = self._levels.setdefault(level, [])
        hashes.append(made)
        if len(hashes) == WIDTH:
            number = (self.size >> HEIGHT * (level + 1)) - 1
            root = folded(hashes)
            self.full.append({"level": level, "number": number, "hashes": b"".join(hashes), "root": root})
            self._levels[level] = []
            self._push(level + 1, root)


async def _begin(unit: WriteUnit, origin: str, *, at: datetime) -> None:
    """The head of an empty tree, unless somebody else has begun."""
    empty = {"id": 1, "origin": origin, "size": 0, "withheld": 0, "note": "", "sealed_at": at}
    await unit.run(unit.insert(log_head).values(**empty).on_conflict_do_nothing())


async def _write(
    unit: WriteUnit, from_size: int, batch: _Batch, sealed: Sequence[int], note: str, *, at: datetime
) -> bool:
    """Move the head on and add what is under it; False, and nothing written, when it is not where it was."""
    moved = {"to_size": batch.size, "to_withheld": batch.withheld, "to_note": note, "to_sealed_at": at}
    if await unit.run(_MOVE, {"from_size": from_size, **moved}) != 1:
        return False
    await unit.run(delete(access_unsealed).where(access_unsealed.c.id.in_(sealed)))
    await _insert(unit, log_leaf, batch.leaves)
    await _insert(unit, log_tile, batch.full)
    return True


async def _insert(unit: WriteUnit, table: Table, rows: Sequence[dict[str, object]]) -> None:
    if rows:
        await unit.add(table, rows)
