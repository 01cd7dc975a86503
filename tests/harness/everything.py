"""All that the database holds, table by table, so that a test can say that nothing has changed."""

from collections.abc import Collection

from sqlalchemy import text

from core.database import metadata
from tests.harness.callers import Town

# Every call may leave these behind, refused or not: its look, and what its key was answered.
TRACES = frozenset({"access", "access_unsealed", "look_shape", "idempotency"})


async def stored(town: Town, *, but: Collection[str] = TRACES) -> dict[str, list[str]]:
    """Each table's rows in some fixed order, as texts."""
    found = {}
    async with town.house.database.reading() as unit:
        for name in sorted(set(metadata.tables) - set(but)):
            found[name] = sorted(str(tuple(row)) for row in await unit.all(text(f'SELECT * FROM "{name}"')))
    return found
