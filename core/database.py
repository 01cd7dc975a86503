"""The database and the unit of work: one connection per operation, its statements one after another.

Reads run in autocommit on the driver's own connection; writes run in one transaction through SQLAlchemy. On SQLite a
write begins with BEGIN IMMEDIATE, because a transaction that starts as a reader cannot become a writer while another
writes.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Any, Protocol, TypeVar, cast
from weakref import WeakSet

import asyncpg
import sqlalchemy.exc
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Dialect,
    Executable,
    MetaData,
    Table,
    event,
    func,
    select,
    types,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.engine.cursor import CursorResult
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from core import bulk, deadline, drivers
from core.drivers import Appender, Pool
from core.errors import DependencyDown, OutcomeUnknown
from core.statements import Compiled, Row, Statement, Values, inserting
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
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    sqlite3.OperationalError,
)


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


class Unit(Protocol):
    """One operation's connection. A function that takes this may read; one that takes `WriteUnit` may change things."""

    vault: Vault

    async def all(self, statement: Statement | Executable, values: Values | None = None) -> Sequence[Row]:
        """Every row of a statement."""

    async def first(self, statement: Statement | Executable, values: Values | None = None) -> Row | None:
        """The first row, or None."""

    def among(self, column: ColumnElement[Any], values: Collection[str]) -> ColumnElement[bool]:
        """Whether a column's text is one of these, however many they are."""


class ReadUnit:
    """A unit in autocommit on a driver's connection: each statement sees what is committed when it runs.

    A `Statement` was compiled once; any other is compiled for this one execution. The first statement that meets a
    connection which died while it idled is run once more on a new one: that spares asking each connection first.
    A unit that holds its connection for longer than `READ_SECONDS`, or than its operation may go on, has it cut off:
    its statement ends as one does whose database went away, and is not run again, for nothing would cut that off.
    """

    def __init__(self, pool: Pool, dialect: Dialect, vault: Vault) -> None:
        self.vault = vault
        self._pool = pool
        self._dialect = dialect
        self._begun = False
        self._running = False
        self._over = False

    async def __aenter__(self) -> "ReadUnit":
        """Take a connection; raises `DependencyDown`."""
        if deadline.left(drivers.READ_SECONDS) <= 0:
            raise DependencyDown("deadline")
        try:
            self._connection = await self._pool.take()
        except Exception as error:
            raise down(error) or error from error
        seconds = deadline.left(drivers.READ_SECONDS)
        self._connection.allow(seconds)
        self._deadline = asyncio.get_running_loop().call_later(seconds, self._cut_off)
        return self

    def _cut_off(self) -> None:
        self._over = True
        self._connection.drop()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give it back; one that was left in the middle of a statement is dropped."""
        self._deadline.cancel()
        self._pool.give_back(self._connection, whole=not (self._running or self._over))

    async def all(self, statement: Statement | Executable, values: Values | None = None) -> Sequence[Row]:
        """Every row of a statement; raises `DependencyDown`."""
        compiled = (
            statement.on(self._dialect)
            if isinstance(statement, Statement)
            else Compiled(statement, self._dialect, values or {})
        )
        arguments = compiled.arguments(values or {})
        self._running = True
        try:
            found, names = await self._fetch(compiled.text, arguments)
        except Exception as error:
            self._running = drivers.is_dead(error) or isinstance(error, OSError)
            raise (DependencyDown("database") if self._over else down(error) or error) from error
        self._running = False
        return compiled.rows(found, names)

    async def first(self, statement: Statement | Executable, values: Values | None = None) -> Row | None:
        """The first row, or None."""
        rows = await self.all(statement, values)
        return rows[0] if rows else None

    def among(self, column: ColumnElement[Any], values: Collection[str]) -> ColumnElement[bool]:
        """Whether a column's text is one of these, however many they are."""
        return bulk.among(self._dialect.name, [column], [(value,) for value in values])

    async def _fetch(self, text: str, arguments: Sequence[Any]) -> drivers.Found:
        first, self._begun = not self._begun, True
        try:
            return await self._connection.fetch(text, arguments)
        except Exception as error:
            if not first or self._over or not drivers.is_dead(error):
                raise
        self._connection = await self._pool.replace(self._connection)
        if self._over:
            raise TimeoutError
        return await self._connection.fetch(text, arguments)


class WriteUnit:
    """A unit inside one transaction. A function that takes this may change things; one that takes `Unit` may not."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self.vault = vault
        self._connection = connection

    async def all(self, statement: Statement | Executable, values: Any = None) -> Sequence[Row]:
        """Every row of a statement."""
        return cast("Sequence[Row]", (await self._execute(statement, values)).all())

    async def first(self, statement: Statement | Executable, values: Any = None) -> Row | None:
        """The first row, or None."""
        return cast("Row | None", (await self._execute(statement, values)).first())

    async def run(self, statement: Executable, values: Any = None) -> int:
        """Execute for effect; how many rows it touched. The caller checks: a race is decided by this number."""
        return (await self._execute(statement, values)).rowcount

    async def _execute(self, statement: Statement | Executable, values: Any) -> CursorResult[Any]:
        core = statement.core if isinstance(statement, Statement) else statement
        return cast("CursorResult[Any]", await self._connection.execute(core, values))

    @property
    def dialect(self) -> str:
        """The database's name."""
        return self._connection.dialect.name

    def insert(self, table: Any) -> postgresql.Insert | sqlite.Insert:
        """An INSERT that knows ON CONFLICT, in this database's dialect."""
        return inserting(self.dialect, table)

    async def swiftly(self, statement: Statement, values: Values) -> Sequence[Row]:
        """Every row of a statement that many are waiting for: run on the driver's own connection, where that is another
        than SQLAlchemy's. What SQLAlchemy does around a statement costs more than most statements do."""
        driver = await self.driver()
        if driver is None:
            return await self.all(statement, values)
        compiled = statement.on(self._connection.dialect)
        return compiled.rows(*await driver.fetch(compiled.text, compiled.arguments(values)), loaded=True)

    async def enter(self, table: Table, rows: Sequence[Mapping[str, Any]], *returned: str) -> Sequence[Row]:
        """Add rows, all with the same columns, unless they are there, in one statement that decides by its count: what
        it `returned` of those that it has added, in whatever order."""
        if self.dialect != "postgresql":
            columns = [table.c[name] for name in returned]
            return await self.all(self.insert(table).on_conflict_do_nothing().returning(*columns), rows)
        return await self.swiftly(bulk.entering(table, tuple(rows[0]), returned), {"rows": bulk.written(rows)})

    async def driver(self) -> drivers.PostgresConnection | None:
        """The driver's own connection, in this transaction; None where only SQLAlchemy's is at hand."""
        if self.dialect != "postgresql":
            return None
        return drivers.PostgresConnection(await bulk.driver_of(self._connection))

    async def add(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows that are not there yet, one at least, all with the same columns; made as they are asked for, they
        are made while the database enters those before. One that is there fails the whole unit."""
        await bulk.add(self._connection, table, rows)

    def among(self, column: ColumnElement[Any], values: Collection[str]) -> ColumnElement[bool]:
        """Whether a column's text is one of these, however many they are."""
        return bulk.among(self.dialect, [column], [(value,) for value in values])

    def matching(self, columns: Sequence[ColumnElement[Any]], rows: Sequence[Sequence[str]]) -> ColumnElement[bool]:
        """Whether some columns' texts are together one of these rows, however many they are."""
        return bulk.among(self.dialect, columns, rows)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo what the body did if it raises, and nothing else."""
        async with self._connection.begin_nested():
            yield

    async def shared(self, name: str) -> None:
        """Be one of many that hold this name until they end; whoever wants it `alone` waits for all of them."""
        if self._connection.dialect.name == "postgresql":
            await self.run(select(func.pg_advisory_xact_lock_shared(func.hashtextextended(name, 0))))

    async def alone(self, name: str) -> None:
        """Wait until no other unit holds this name; hold it until this one ends. On SQLite every writer is alone."""
        if self._connection.dialect.name == "postgresql":
            await self.run(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


class Database:
    """Opens units, and turns a database that does not answer into `DependencyDown`."""

    def __init__(self, url: str, vault: Vault, *, pool: int = 16) -> None:
        parsed = make_url(url)
        self.engine = _engine(url, pool)
        self.dialect: Dialect = self.engine.dialect
        embedded = parsed.get_backend_name() == "sqlite"
        self.pool = Pool(partial(drivers.open_sqlite if embedded else drivers.open_postgres_reader, parsed), pool)
        self._open_appender: Callable[[], Awaitable[Appender]] = partial(
            drivers.open_sqlite_appender if embedded else drivers.open_postgres, parsed
        )
        self._appenders: WeakSet[Appender] = WeakSet()
        self._vault = vault

    def reading(self) -> ReadUnit:
        """A unit in autocommit, to be entered."""
        return ReadUnit(self.pool, self.dialect, self._vault)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[WriteUnit]:
        """A unit in one transaction, committed when the body ends and undone when it raises, or when its operation has
        gone on for as long as it may before COMMIT is sent.

        Raises `DependencyDown`; once COMMIT has been sent, `OutcomeUnknown`.
        """
        committing = False
        try:
            async with asyncio.timeout(deadline.ahead()) as until, self.engine.begin() as connection:
                yield WriteUnit(connection, self._vault)
                until.reschedule(None)
                committing = True
        except Exception as error:
            known = down(error)
            if known is not None and committing:
                raise OutcomeUnknown("database") from error
            raise known or error from error

    async def appender(self) -> Appender:
        """A connection outside both pools, to add rows by."""
        appender = await self._open_appender()
        self._appenders.add(appender)
        return appender

    async def inspect(self, function: Callable[[Connection], Result]) -> Result:
        """Hand a connection to code that knows only blocking ones (schema inspection)."""
        try:
            async with self.engine.connect() as connection:
                return await connection.run_sync(function)
        except Exception as error:
            raise down(error) or error from error

    async def close(self) -> None:
        """Close every connection."""
        self.pool.close()
        for appender in list(self._appenders):
            await appender.close()
        await self.engine.dispose()


def down(error: Exception) -> DependencyDown | None:
    """`DependencyDown` for what a database that does not answer makes, None for anything else."""
    if isinstance(error, DependencyDown):
        return error
    original = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
    if isinstance(error, _DOWN) or getattr(error, "connection_invalidated", False) or _refuses(original):
        return DependencyDown("database")
    return None


def _refuses(error: BaseException | None) -> bool:
    """Whether the server itself says that it cannot serve: shutdown, no space, a timeout, read-only, no entry."""
    state = getattr(error, "sqlstate", None) or ""
    return state[:2] in {"08", "28", "3D", "40", "53", "55", "57", "58"} or state in {"25006", "42501"}


def _engine(url: str, pool: int) -> AsyncEngine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_async_engine(
            parsed, hide_parameters=True, pool_size=pool, pool_timeout=drivers.POOL_SECONDS, connect_args={"timeout": 5}
        )
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_immediate)
        return engine
    return create_async_engine(
        parsed,
        hide_parameters=True,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=drivers.POOL_SECONDS,
        pool_pre_ping=True,
        connect_args={
            "timeout": drivers.CONNECT_SECONDS,
            "command_timeout": drivers.WRITE_SECONDS,
            "server_settings": drivers.POSTGRES_SETTINGS,
        },
    )


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not open transactions of its own
    cursor = connection.cursor()
    for pragma in drivers.SQLITE_PRAGMAS:
        cursor.execute("PRAGMA " + pragma)
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
