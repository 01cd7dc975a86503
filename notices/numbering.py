"""The duty that puts changes in order: what is committed gets its position, and whoever listens is hinted at."""

from collections.abc import Callable
from datetime import datetime

from core.database import Database
from notices import changes

# How long to wait at most before looking again: what a lost hint costs.
REST_SECONDS = 1.0


class Numberer:
    """Numbers changes, one leader at a time; `numbered` is told after each commit that did."""

    def __init__(self, database: Database, *, numbered: Callable[[], None]) -> None:
        self._database = database
        self._numbered = numbered

    async def run_once(self, _at: datetime) -> float:
        """Number what there is; seconds until there may be more. Raises `DependencyDown`."""
        async with self._database.reading() as unit:
            if not await changes.is_waiting(unit):
                return REST_SECONDS
        async with self._database.writing() as writing:
            count = await changes.number(writing)
        self._numbered()
        return 0.0 if count == changes.AT_ONCE else REST_SECONDS
