"""The other way to read SQLite, for comparison only: through aiosqlite's thread, as its users do by default."""

from collections.abc import Sequence
from typing import Any

import aiosqlite
from sqlalchemy import URL

from core import drivers
from core.drivers import Found


class HoppingConnection:
    """`drivers.SqliteConnection`, with a hop to a thread and back for each statement."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def fetch(self, text: str, arguments: Sequence[Any]) -> Found:
        """The rows, and the names of their columns."""
        async with self._connection.execute(text, arguments) as cursor:
            return list(await cursor.fetchall()), [column[0] for column in cursor.description or ()]

    def allow(self, seconds: float) -> None:
        """A benchmark's statements end by themselves."""

    def is_usable(self) -> bool:
        """A file does not go away."""
        return True

    def drop(self) -> None:
        """Its thread ends with the process."""


async def _open(url: URL) -> HoppingConnection:
    connection = await aiosqlite.connect(url.database or ":memory:", isolation_level=None)
    await connection.execute("PRAGMA query_only=ON")
    return HoppingConnection(connection)


def install() -> None:
    """From here on every database opened in this process reads so."""
    drivers.open_sqlite = _open  # type: ignore[assignment]
