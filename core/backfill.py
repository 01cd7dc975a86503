"""Sealed values and their look-up hashes, made again with the active keys: in batches, resumable, beside the service.

Each context names its sealed columns. A batch is one transaction that also keeps the position, so a backfill that is
killed goes on where it was. A row that somebody changes meanwhile is left alone: they used the active key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Integer, String, Table, func, literal, select, tuple_, update

from core.database import Instant, Unit, WriteUnit, metadata
from core.statements import Row
from core.vault import Vault

backfill = Table(
    "backfill",
    metadata,
    # What is made again, and for which key: the next key is another backfill.
    Column("name", String(120), primary_key=True),
    Column("kid", String(8), primary_key=True),
    Column("position", JSON, nullable=False),
    Column("done", Integer, nullable=False),
    Column("finished_at", Instant),
)
BATCH = 200


@dataclass(frozen=True)
class SealedColumn:
    """A column that `Vault.seal` filled, bound to its row's key; and the hash that finds it, where it has one.

    `kind` is what the hash was made for: a word, or the column that holds it. `bound_to` is the column that the value
    is bound to, where that is not the row's key. A null stays a null.
    """

    column: Column[bytes]
    hashed: Column[str] | None = None
    kind: Column[str] | str = ""
    bound_to: Column[str] | None = None

    @property
    def table(self) -> Any:
        """Where it stands."""
        return self.column.table

    @property
    def place(self) -> str:
        """What the value is bound to, beside its row."""
        return f"{self.table.name}.{self.column.name}"

    @property
    def keys(self) -> Sequence[Column[Any]]:
        """What names a row."""
        return list(self.table.primary_key.columns)

    def fresh(self, row: Row, vault: Vault, *, hashes: bool) -> dict[str, str | bytes]:
        """The row's value made again, or its hash; nothing when it is of the active key already."""
        values = row._mapping
        names = self.keys if self.bound_to is None else [self.bound_to]
        bound = "/".join(str(values[name]) for name in names)
        sealed: bytes | None = values[self.column]
        if sealed is None:
            return {}
        if not hashes:
            current = sealed[:8] == vault.data_kid.encode()
            return (
                {}
                if current
                else {self.column.name: vault.seal(self.place, bound, vault.open(self.place, bound, sealed))}
            )
        assert self.hashed is not None
        kind = self.kind if isinstance(self.kind, str) else values[self.kind]
        hashed = vault.lookup(kind, vault.open(self.place, bound, sealed))
        return {} if hashed == values[self.hashed] else {self.hashed.name: hashed}


async def step(unit: WriteUnit, sealed: SealedColumn, kid: str, *, hashes: bool, at: datetime) -> int | None:
    """Make one batch again and keep the position; how many rows were looked at, or None when all have been."""
    c, name = backfill.c, _name(sealed, hashes)
    await unit.alone(f"backfill {name}")
    here = await unit.first(select(backfill).where(c.name == name, c.kid == kid))
    if here is not None and here.finished_at is not None:
        return None
    rows = await unit.all(_batch(sealed, here.position if here else []))
    done = 0
    for row in rows:
        fresh = sealed.fresh(row, unit.vault, hashes=hashes)
        if fresh:
            same = [key == row._mapping[key] for key in [*sealed.keys, sealed.column]]
            done += await unit.run(update(sealed.table).where(*same).values(fresh))
    position = [str(rows[-1]._mapping[key]) for key in sealed.keys] if rows else []
    values = {"position": position, "done": (here.done if here else 0) + done, "finished_at": None if rows else at}
    insert = unit.insert(backfill).values(name=name, kid=kid, **values)
    await unit.run(insert.on_conflict_do_update(index_elements=["name", "kid"], set_=values))
    return len(rows) if rows else None


async def finished(unit: Unit, sealed: SealedColumn, kid: str, *, hashes: bool) -> bool:
    """Whether every row has been looked at for this key, and none is sealed with another."""
    c = backfill.c
    row = await unit.first(select(c.finished_at).where(c.name == _name(sealed, hashes), c.kid == kid))
    if row is None or row.finished_at is None:
        return False
    return hashes or await left(unit, sealed, kid) == 0


async def left(unit: Unit, sealed: SealedColumn, kid: str) -> int:
    """How many values are sealed with another key than this."""
    other = func.substr(sealed.column, 1, 8) != literal(kid.encode())
    row = await unit.first(select(func.count().label("rows")).select_from(sealed.table).where(other))
    return int(row.rows) if row else 0


async def rows_of(unit: Unit, sealed: SealedColumn) -> int:
    """How many rows there are to look at."""
    row = await unit.first(select(func.count().label("rows")).select_from(sealed.table))
    return int(row.rows) if row else 0


def _name(sealed: SealedColumn, hashes: bool) -> str:
    return f"{'lookup' if hashes else 'data'} {sealed.place}"


def _batch(sealed: SealedColumn, position: Sequence[str]) -> Any:
    columns = [*sealed.keys, sealed.column]
    columns += [] if sealed.hashed is None else [sealed.hashed]
    columns += [] if isinstance(sealed.kind, str) else [sealed.kind]
    columns += [] if sealed.bound_to is None else [sealed.bound_to]
    query = select(*columns).order_by(*sealed.keys).limit(BATCH).with_for_update()
    if position:
        query = query.where(tuple_(*sealed.keys) > tuple_(*(literal(part) for part in position)))
    return query
