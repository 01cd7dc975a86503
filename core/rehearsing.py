"""Doing something to see what would come of it: the same statements, and every one of them undone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.database import Database, WriteUnit


class _Over(Exception):
    """The body has ended: its unit is undone."""


class Rehearsal(Database):
    """Another database's engine and pools; what is written through it is gone when its unit ends.

    A unit sees its own work, and nothing of an earlier one's. Closing is left to whoever opened the database.
    """

    def __init__(self, database: Database) -> None:
        vars(self).update(vars(database))

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[WriteUnit]:
        """A unit in one transaction that is never committed; raises as the database's own does."""
        try:
            async with super().writing() as unit:
                yield unit
                raise _Over
        except _Over:
            pass
