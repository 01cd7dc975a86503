"""Two subjects are one: each context moves what it keeps of the one to the other, and says row by row what it did."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, select

from core.database import WriteUnit
from core.statements import Row


@dataclass(frozen=True)
class Merger:
    """The subject that goes on, the one that turned out to be it, and since when. What was of the one stands in the
    strand `absorbed_strand` afterwards, what was of the other in `kept_strand`."""

    id: str
    absorbed: str
    kept: str
    at: datetime

    @property
    def absorbed_strand(self) -> str:
        """The strand of what was the absorbed subject's."""
        return f"{self.id}.a"

    @property
    def kept_strand(self) -> str:
        """The strand of what was the other's already."""
        return f"{self.id}.k"

    @property
    def sides(self) -> Sequence[tuple[str, str]]:
        """Each subject with the strand of what is its."""
        return (self.absorbed, self.absorbed_strand), (self.kept, self.kept_strand)


@dataclass(frozen=True)
class Moved:
    """One row that a merge touched: where, its key, and what stood there that its key does not say. A row that was only
    moved was the absorbed subject's."""

    place: str
    key: Sequence[str]
    was: Mapping[str, Any] | None = None


# Moves what a context keeps, and hears what was moved before it.
Move = Callable[[WriteUnit, Merger, Sequence[Moved]], Awaitable[Sequence[Moved]]]


async def repoint(unit: WriteUnit, column: Column[str], merger: Merger) -> Sequence[Moved]:
    """Let every row that names the absorbed subject in this column name the other."""
    table: Table = column.table
    keys = list(table.primary_key.columns)
    changed = table.update().where(column == merger.absorbed).values({column.name: merger.kept}).returning(*keys)
    return [Moved(table.name, _key(row)) for row in await unit.all(changed)]


async def held(unit: WriteUnit, column: Column[str], merger: Merger) -> tuple[Sequence[Row], Sequence[Row]]:
    """The rows of both subjects, held until the unit ends: the absorbed one's, and the other's."""
    table: Table = column.table
    both = select(table).where(column.in_([merger.absorbed, merger.kept])).order_by(*table.primary_key.columns)
    rows = await unit.all(both.with_for_update())
    sides = {side: [row for row in rows if getattr(row, column.name) == side] for side, _ in merger.sides}
    return sides[merger.absorbed], sides[merger.kept]


def _key(row: Row) -> list[str]:
    return [str(part) for part in row]
