"""The databases' own connections: asyncpg for PostgreSQL, sqlite3 for the embedded file. Reads run on these.

SQLite is read on the event loop itself: a read in WAL mode waits for nobody, and a hop to a thread and back costs more
than the read (ADR 0012). It is written through aiosqlite, because a commit waits for the disk.
"""

import asyncio
import math
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from types import MappingProxyType
from typing import Any, Protocol

import aiosqlite
import asyncpg
from sqlalchemy import URL

from core import deadline

CONNECT_SECONDS, POOL_SECONDS = 5, 5
# The longest a unit may read, and the longest that one statement of a writing unit may take.
READ_SECONDS, WRITE_SECONDS = 10, 10
SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")
_SQLITE_STATEMENTS = 512
# What every connection to PostgreSQL asks of its server. A host that vanished, or a process that was stopped, in the
# middle of a transaction keeps its locks only so long; where the server's system cannot say that a peer is gone (TCP
# retries for minutes by itself), the idle limit does.
POSTGRES_SETTINGS = {
    "application_name": "haihe",
    "timezone": "UTC",
    "lock_timeout": "3000",
    "idle_in_transaction_session_timeout": "15000",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
# What a connection that reads asks for besides: a statement ends when its unit's time does, whether or not anybody is
# there to cut it off, and within a second of its caller's going away.
READ_SETTINGS = {"statement_timeout": str(READ_SECONDS * 1000), "client_connection_check_interval": "1000"}
# How many steps of SQLite's machine go by between two looks at the clock: some milliseconds.
_STEPS = 100_000
_DEAD = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.AdminShutdownError,
)
Found = tuple[Sequence[Any], Iterable[str]]


class Connection(Protocol):
    """One connection of a driver."""

    async def fetch(self, text: str, arguments: Sequence[Any]) -> Found:
        """Every row of a statement, and the names of its columns."""

    def is_usable(self) -> bool:
        """Whether it is open, as far as is known without asking."""

    def allow(self, seconds: float) -> None:
        """The time that what is fetched from now on may take together, where nobody else can cut it off."""

    def drop(self) -> None:
        """Cut it off at once."""


class Appender(Protocol):
    """A connection that stands outside the pool and only adds rows."""

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """What the body does is committed at once. Left by an error, the connection is to be closed."""

    async def fetch(self, text: str, arguments: Sequence[Any]) -> Found:
        """Every row that a statement returns, and the names of its columns."""

    async def execute_many(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        """The same statement for many rows, in the open transaction, or in one of its own."""

    async def close(self) -> None:
        """End it, whatever state it is in."""


class PostgresConnection:
    """An asyncpg connection."""

    def __init__(self, connection: "asyncpg.Connection[Any]") -> None:
        self._connection = connection

    async def fetch(self, text: str, arguments: Sequence[Any]) -> Found:
        """asyncpg keeps what it prepared by text."""
        rows = await self._connection.fetch(text, *arguments)
        return rows, rows[0].keys() if rows else ()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """As an appender. No ROLLBACK after an error: the server may not be listening, and closing is as good."""
        await self._connection.execute("BEGIN")
        yield
        await self._connection.execute("COMMIT")

    async def execute_many(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        """The same statement for many rows, in the open transaction, or in one of its own."""
        await self._connection.executemany(text, rows)

    def allow(self, seconds: float) -> None:
        """The server knows it (`READ_SETTINGS`)."""

    def is_usable(self) -> bool:
        """asyncpg notices a closed socket."""
        return not self._connection.is_closed()

    def drop(self) -> None:
        """No goodbye: the server may not be listening."""
        self._connection.terminate()

    async def close(self) -> None:
        """As an appender."""
        self.drop()


class SqliteConnection:
    """A read-only sqlite3 connection, used on the loop's own thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._until = math.inf
        connection.set_progress_handler(lambda: time.monotonic() > self._until, _STEPS)

    async def fetch(self, text: str, arguments: Sequence[Any]) -> Found:
        """Runs to its end, or for as long as it may, before anything else does."""
        cursor = self._connection.execute(text, arguments)
        return cursor.fetchall(), [column[0] for column in cursor.description or ()]

    def allow(self, seconds: float) -> None:
        """Nothing else runs meanwhile that could cut it off: SQLite looks at the clock itself."""
        self._until = time.monotonic() + seconds

    def is_usable(self) -> bool:
        """A file does not go away."""
        return True

    def drop(self) -> None:
        """Close it."""
        self._connection.close()


class SqliteAppender:
    """An aiosqlite connection of its own: its commit waits for the disk in a thread."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """What the body does is committed at once."""
        await self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            await self._connection.execute("COMMIT")
        except BaseException:
            await self._connection.rollback()
            raise

    async def fetch(self, text: str, arguments: Sequence[Any]) -> Found:
        """Every row that a statement returns, and the names of its columns."""
        cursor = await self._connection.execute(text, arguments)
        return list(await cursor.fetchall()), [column[0] for column in cursor.description or ()]

    async def execute_many(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        """The same statement for many rows, in the open transaction, or in one of its own."""
        async with nullcontext() if self._connection.in_transaction else self.transaction():
            await self._connection.executemany(text, rows)

    async def close(self) -> None:
        """End its thread when that has done what it was told."""
        await self._connection.close()


async def open_postgres(url: URL, more: Mapping[str, str] = MappingProxyType({})) -> PostgresConnection:
    """A connection with our timeouts, in UTC; `more` is asked of the server besides."""
    return PostgresConnection(
        await asyncpg.connect(
            url.set(drivername="postgresql").render_as_string(hide_password=False),
            timeout=CONNECT_SECONDS,
            statement_cache_size=400,
            max_cached_statement_lifetime=0,
            server_settings={**POSTGRES_SETTINGS, **more},
        )
    )


async def open_postgres_reader(url: URL) -> PostgresConnection:
    """One whose statements end with their unit's time."""
    return await open_postgres(url, READ_SETTINGS)


async def open_sqlite(url: URL) -> SqliteConnection:
    """A connection that cannot write."""
    connection = sqlite3.connect(
        url.database or ":memory:", timeout=1, isolation_level=None, cached_statements=_SQLITE_STATEMENTS
    )
    connection.execute("PRAGMA query_only=ON")
    return SqliteConnection(connection)


async def open_sqlite_appender(url: URL) -> SqliteAppender:
    """A connection that writes with `synchronous=FULL`."""
    connection = await aiosqlite.connect(url.database or ":memory:", timeout=5, isolation_level=None)
    for pragma in SQLITE_PRAGMAS:
        await connection.execute("PRAGMA " + pragma)
    return SqliteAppender(connection)


class Pool:
    """At most so many connections, the last used first. A broken one is dropped, and with it all that were idle.

    asyncpg's own pool asks the server to reset each connection that comes back, and wraps it: a round trip and some
    tasks for each operation. Ours hands out connections that only ever read, in autocommit, and have nothing to reset.
    """

    def __init__(self, connect: Callable[[], Awaitable[Connection]], size: int) -> None:
        self._connect = connect
        self._idle: list[Connection] = []
        self._places = asyncio.Semaphore(size)
        self.in_use = 0

    async def take(self) -> Connection:
        """An idle connection, or a new one. Raises `TimeoutError` when none comes back in time."""
        if self._places.locked():
            async with asyncio.timeout(deadline.left(POOL_SECONDS)):
                await self._places.acquire()
        else:
            await self._places.acquire()
        try:
            while self._idle:
                connection = self._idle.pop()
                if connection.is_usable():
                    break
            else:
                connection = await self._opened()
        except BaseException:
            self._places.release()
            raise
        self.in_use += 1
        return connection

    def give_back(self, connection: Connection, *, whole: bool) -> None:
        """Return a connection; `whole` is False when it may be in the middle of an answer."""
        if whole:
            self._idle.append(connection)
        else:
            connection.drop()
        self.in_use -= 1
        self._places.release()

    async def replace(self, connection: Connection) -> Connection:
        """A new connection for a dead one. Those that idled beside it are as old and are dropped too."""
        connection.drop()
        self.close()
        return await self._opened()

    async def _opened(self) -> Connection:
        async with asyncio.timeout(deadline.left(CONNECT_SECONDS)):
            return await self._connect()

    def close(self) -> None:
        """Drop all that idle."""
        while self._idle:
            self._idle.pop().drop()


def is_dead(error: BaseException) -> bool:
    """Whether a statement failed because its connection was gone before it was sent, or with it."""
    return isinstance(error, _DEAD) and not isinstance(error, TimeoutError)
