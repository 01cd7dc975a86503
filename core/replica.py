"""A copy of the database that follows it (a streaming replica of PostgreSQL), and how far behind it is."""

import time
from collections import deque
from collections.abc import Callable

from sqlalchemy import text

from core.database import Database
from core.errors import DependencyDown
from core.statements import Statement

LOOK_SECONDS, MOST_BEHIND_SECONDS = 1.0, 5.0
_HERE = Statement(text("SELECT CAST(pg_current_wal_lsn() AS text) AS here"))
_THERE = Statement(text("SELECT CAST(pg_last_wal_replay_lsn() AS text) AS there"))


class Replica:
    """Says of a copy whether it may be read: it had, not long ago, everything that the primary then had.

    Both clocks are this process's own: what the primary had is asked before what the copy has.
    """

    def __init__(self, primary: Database, copy: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._primary, self._copy, self._clock = primary, copy, clock
        self._seen: deque[tuple[float, int]] = deque(maxlen=int(MOST_BEHIND_SECONDS / LOOK_SECONDS) + 1)
        self._fresh_until = float("-inf")

    def fresh(self) -> Database | None:
        """The copy, while it is at most `MOST_BEHIND_SECONDS` behind; None otherwise."""
        return self._copy if self._clock() < self._fresh_until else None

    async def close(self) -> None:
        """Close its connections."""
        await self._copy.close()

    async def look(self) -> None:
        """See how far it is. A copy that does not answer, has been promoted, or is none is not fresh before long."""
        try:
            self._seen.append((self._clock(), await _position(self._primary, _HERE)))
            there = await _position(self._copy, _THERE)
        except DependencyDown:
            return
        had = [at for at, here in self._seen if here <= there]
        if had:
            self._fresh_until = max(had) + MOST_BEHIND_SECONDS


async def _position(database: Database, statement: Statement) -> int:
    """A place in the write-ahead log, as a number; -1 where there is none: a primary replays nothing."""
    async with database.reading() as unit:
        row = await unit.first(statement)
    said = None if row is None else row[0]
    if said is None:
        return -1
    high, low = said.split("/")
    return (int(high, 16) << 32) + int(low, 16)
