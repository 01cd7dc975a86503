"""One leader among many processes, or one process alone: who holds a lock that dies with its holder.

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
# How long somebody who has just been killed may still seem to be here.
_LINGERING_SECONDS = 3.0
_LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

Proof = Callable[[], Awaitable[bool]]


class Occupied(Exception):
    """Another process is here, and one of us asks to be alone."""


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


@asynccontextmanager
async def present(database: Database, name: str, *, alone: bool) -> AsyncIterator[None]:
    """Be here while the body runs: alone, or among others who do not ask to be alone either.

    It is asked once, at the start: a lock that is lost later ends nobody. Raises `Occupied`, and `DependencyDown` when
    the database cannot be asked.
    """
    hold = _in_session if database.engine.dialect.name == "postgresql" else _in_file
    async with hold(database, name, alone) as taken:
        until = asyncio.get_running_loop().time() + _LINGERING_SECONDS
        while not await taken():
            if asyncio.get_running_loop().time() > until:
                raise Occupied(name)
            await asyncio.sleep(_PAUSE_SECONDS)
        yield


async def _watch(held: Leadership, still_ours: Proof) -> None:
    """Set `lost` when there is no proof any more, for whatever reason."""
    try:
        while await still_ours():
            await asyncio.sleep(_PAUSE_SECONDS)
    finally:
        held.lost.set()


@asynccontextmanager
async def _by_session(database: Database, name: str) -> AsyncIterator[Proof]:
    connection = await _connected(database, "haihe-leader", idle_session_timeout=_SILENCE_MILLISECONDS)
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


async def _connected(database: Database, name: str, **settings: str) -> asyncpg.Connection:
    dsn = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        return await asyncpg.connect(
            dsn,
            timeout=_PATIENCE_SECONDS,
            command_timeout=_PATIENCE_SECONDS,
            server_settings={"application_name": name, **settings},
        )
    except _LOST as error:
        raise DependencyDown("database") from error


@asynccontextmanager
async def _in_session(database: Database, name: str, alone: bool) -> AsyncIterator[Proof]:
    connection = await _connected(database, "haihe-present")
    lock = "pg_try_advisory_lock" if alone else "pg_try_advisory_lock_shared"

    async def taken() -> bool:
        try:
            return bool(await connection.fetchval(f"SELECT {lock}(hashtextextended($1, 0))", f"present:{name}"))
        except _LOST as error:
            raise DependencyDown("database") from error

    try:
        yield taken
    finally:
        connection.terminate()


async def _elected(connection: asyncpg.Connection, name: str) -> None:
    try:
        while not await connection.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", name):
            await asyncio.sleep(_PAUSE_SECONDS)
    except _LOST as error:
        raise DependencyDown("database") from error


@asynccontextmanager
async def _by_file(database: Database, name: str) -> AsyncIterator[Proof]:
    path = _lock_file(database, name)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _locked(descriptor, fcntl.LOCK_EX):
            await asyncio.sleep(_PAUSE_SECONDS)

        async def still_ours() -> bool:
            """A lock on a file that was moved away keeps nobody out."""
            with suppress(FileNotFoundError):
                return path.stat().st_ino == os.fstat(descriptor).st_ino
            return False

        yield still_ours
    finally:
        os.close(descriptor)


@asynccontextmanager
async def _in_file(database: Database, name: str, alone: bool) -> AsyncIterator[Proof]:
    descriptor = os.open(_lock_file(database, name), os.O_RDWR | os.O_CREAT, 0o600)

    async def taken() -> bool:
        return _locked(descriptor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)

    try:
        yield taken
    finally:
        os.close(descriptor)


def _lock_file(database: Database, name: str) -> Path:
    return Path(f"{database.engine.url.database}.{name}.lock")


def _locked(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
