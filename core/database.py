"""The database and the unit of work: one connection per operation, its statements one after another.

Reads run in autocommit; writes run in one transaction. On SQLite a write begins with BEGIN IMMEDIATE, because a
transaction that starts as a reader cannot become a writer while another writes.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import sqlalchemy.exc
from sqlalchemy import DateTime, Dialect, Executable, MetaData, Row, event, func, select, types
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.engine.cursor import CursorResult
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from core.errors import DependencyDown
from core.vault import Vault

Result = TypeVar("Result")
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_DOWN = (
    OSError,
    TimeoutError,
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.TimeoutError,
)


# SQLite commits each statement by itself when no BEGIN is sent; PostgreSQL's driver is told to.
_AUTOCOMMIT: dict[str, dict[str, Any]] = {
    "sqlite": {"haihe_autocommit": True},
    "postgresql": {"isolation_level": "AUTOCOMMIT"},
}


class Instant(types.TypeDecorator[datetime]):
    """A UTC instant that keeps its offset on every database (SQLite drops it)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Only aware instants go in."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs an offset")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (its caller names it)
        """Only aware instants come out."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Unit:
    """One operation's connection. Sibling fields may use it at once; a lock keeps their statements apart."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection = connection
        self._lock = asyncio.Lock()
        self._ended = False
        self.vault = vault

    async def all(self, statement: Executable, values: Any = None) -> Sequence[Row[Any]]:
        """Every row of a statement."""
        return (await self._execute(statement, values)).all()

    async def first(self, statement: Executable, values: Any = None) -> Row[Any] | None:
        """The first row, or None."""
        return (await self._execute(statement, values)).first()

    async def run(self, statement: Executable, values: Any = None) -> int:
        """Execute for effect; how many rows it touched. The caller checks: a race is decided by this number."""
        return (await self._execute(statement, values)).rowcount

    async def run_sync(self, function: Callable[[Connection], Result]) -> Result:
        """Hand the connection to code that knows only blocking ones (schema inspection)."""
        return await self._undisturbed(lambda: self._connection.run_sync(function))

    async def end(self) -> None:
        """Wait for the statement that still runs, and let no other begin: the connection is about to be given back.

        A field that fails ends its operation while its siblings still read.
        """
        async with self._lock:
            self._ended = True

    async def _execute(self, statement: Executable, values: Any) -> CursorResult[Any]:
        found = await self._undisturbed(lambda: self._connection.execute(statement, values))
        return cast("CursorResult[Any]", found)

    async def _undisturbed(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """Do one thing with the connection. Who waits for it may be cancelled; a statement that was sent is not, for
        that would leave the connection in the middle of an answer."""
        async with self._lock:
            if self._ended:
                raise asyncio.CancelledError
            running = asyncio.ensure_future(work())
            try:
                return await asyncio.shield(running)
            finally:
                if not running.done():
                    await asyncio.wait([running])

    def insert(self, table: Any) -> postgresql.Insert | sqlite.Insert:
        """An INSERT that knows ON CONFLICT, in this database's dialect."""
        make = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        return make(table)


class WriteUnit(Unit):
    """A unit inside one transaction. A function that takes this may change things; one that takes `Unit` may not."""

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo what the body did if it raises, and nothing else."""
        async with self._connection.begin_nested():
            yield

    async def alone(self, name: str) -> None:
        """Wait until no other unit holds this name; hold it until this one ends. On SQLite every writer is alone."""
        if self._connection.dialect.name == "postgresql":
            await self.run(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


class Database:
    """Opens units. `reading` and `writing` turn a database that does not answer into `DependencyDown`."""

    def __init__(self, url: str, vault: Vault, *, pool: int = 16) -> None:
        self.engine = _engine(url, pool)
        self._autocommit = self.engine.execution_options(**_AUTOCOMMIT[self.engine.dialect.name])
        self._vault = vault

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Unit]:
        """A unit in autocommit: each statement sees what is committed when it runs."""
        async with _dependency(), self._autocommit.connect() as connection:
            unit = Unit(connection, self._vault)
            try:
                yield unit
            finally:
                await unit.end()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[WriteUnit]:
        """A unit in one transaction, committed when the body ends and undone when it raises."""
        async with _dependency(), self.engine.begin() as connection:
            unit = WriteUnit(connection, self._vault)
            try:
                yield unit
            finally:
                await unit.end()

    async def close(self) -> None:
        """Close every pooled connection."""
        await self.engine.dispose()


@asynccontextmanager
async def _dependency() -> AsyncIterator[None]:
    try:
        yield
    except sqlalchemy.exc.DBAPIError as error:
        if isinstance(error, _DOWN) or error.connection_invalidated or _refuses(error):
            raise DependencyDown("database") from error
        raise
    except _DOWN as error:
        raise DependencyDown("database") from error


def _refuses(error: sqlalchemy.exc.DBAPIError) -> bool:
    """Whether the server itself says that it cannot serve: shutdown, no space, a timeout, read-only, no entry."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return state[:2] in {"08", "28", "3D", "40", "53", "55", "57", "58"} or state in {"25006", "42501"}


def _engine(url: str, pool: int) -> AsyncEngine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_async_engine(
            parsed, hide_parameters=True, pool_size=pool, pool_timeout=5, connect_args={"timeout": 5}
        )
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_immediate)
        return engine
    return create_async_engine(
        parsed,
        hide_parameters=True,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args={
            "timeout": 5,
            "command_timeout": 10,
            "server_settings": {"lock_timeout": "3000", "timezone": "UTC", "application_name": "haihe"},
        },
    )


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not open transactions of its own
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute("PRAGMA " + pragma)
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    if not connection.get_execution_options().get("haihe_autocommit"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
