"""One leader among many processes: who holds a lock that dies with its holder.

PostgreSQL: an advisory lock on a connection of its own, outside the pool. The server ends that session when the leader
falls silent, so a process that hangs, or sits behind a cut cable, loses the lead as surely as one that was killed.
SQLite: a lock on a file beside the database, which the system releases with the process.

Leading keeps twins from working twice; it decides no race. What a duty writes is still decided by its own statement.
"""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg

from core.database import Database
from core.errors import DependencyDown

_PAUSE_SECONDS = 0.5  # between asking for the lead, and between proofs that we still have it
_PATIENCE_SECONDS = 2.0
_SILENCE_MILLISECONDS = "3000"  # after which PostgreSQL ends the leader's session (version 14 or later)
_LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

Proof = Callable[[], Awaitable[bool]]


class Leadership:
    """The lead, for as long as `lost` is not set."""

    def __init__(self) -> None:
        self.lost = asyncio.Event()


@asynccontextmanager
async def leader(database: Database, name: str) -> AsyncIterator[Leadership]:
    """Wait until nobody else leads `name`, and lead it while the body runs; the body watches `lost`.

    Raises `DependencyDown` when the database cannot be asked.
    """
    lead = _by_session if database.engine.dialect.name == "postgresql" else _by_file
    async with lead(database, name) as still_ours:
        held = Leadership()
        watching = asyncio.create_task(_watch(held, still_ours))
        try:
            yield held
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching


async def _watch(held: Leadership, still_ours: Proof) -> None:
    """Set `lost` when there is no proof any more, for whatever reason."""
    try:
        while await still_ours():
            await asyncio.sleep(_PAUSE_SECONDS)
    finally:
        held.lost.set()


@asynccontextmanager
async def _by_session(database: Database, name: str) -> AsyncIterator[Proof]:
    dsn = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        connection = await asyncpg.connect(
            dsn,
            timeout=_PATIENCE_SECONDS,
            command_timeout=_PATIENCE_SECONDS,
            server_settings={"application_name": "haihe-leader", "idle_session_timeout": _SILENCE_MILLISECONDS},
        )
    except _LOST as error:
        raise DependencyDown("database") from error
    try:
        await _elected(connection, f"leader:{name}")

        async def still_ours() -> bool:
            try:
                await connection.execute("SELECT 1")
            except _LOST:
                return False
            return True

        yield still_ours
    finally:
        connection.terminate()  # at once, whatever state it is in: the lock goes with it


async def _elected(connection: asyncpg.Connection, name: str) -> None:
    try:
        while not await connection.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", name):
            await asyncio.sleep(_PAUSE_SECONDS)
    except _LOST as error:
        raise DependencyDown("database") from error


@asynccontextmanager
async def _by_file(database: Database, name: str) -> AsyncIterator[Proof]:
    path = Path(f"{database.engine.url.database}.{name}.lock")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _locked(descriptor):
            await asyncio.sleep(_PAUSE_SECONDS)

        async def still_ours() -> bool:
            """A lock on a file that was moved away keeps nobody out."""
            with suppress(FileNotFoundError):
                return path.stat().st_ino == os.fstat(descriptor).st_ino
            return False

        yield still_ours
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
