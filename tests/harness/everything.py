"""All that the database holds, table by table, so that a test can say that nothing has changed."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import select

from core.database import metadata
from tests.harness.callers import Town

# Every call may leave these behind, refused or not: its look, and what its key was answered.
TRACES = frozenset({"access", "access_unsealed", "look_shape", "idempotency"})


async def stored(town: Town, *, but: Collection[str] = TRACES) -> dict[str, list[Any]]:
    """Each table's rows by their keys, as the driver reads them."""
    async with town.house.database.reading() as unit:
        return {name: list((await unit._fetch(_text(name), ()))[0]) for name in set(metadata.tables) - set(but)}


@cache
def _text(name: str) -> str:
    """How a table is asked for: all of its columns, in an order that no change of a row changes."""
    table = metadata.tables[name]
    return str(select(table).order_by(*table.primary_key))
