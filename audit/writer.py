"""The group-commit writer: many operations' looks in one INSERT and one commit, on a connection of its own.

Each operation waits for the batch that holds its looks. While one batch is being written the next one gathers, so
batches grow with load by themselves. A batch that fails, or takes too long, fails everyone in it (503, no data), and
the next one begins on a new connection: nobody has to bring the writer back.

An operation that came with a proof has it spent in the commit that writes its looks down. Whose proof was spent before
is told so, and none of their looks is written; everybody else in the batch goes on.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass
from datetime import datetime

import structlog

from audit import appending
from audit.log import Shapes
from audit.looks import Look
from audit.tables import look_shape
from core.database import Database, down
from core.drivers import Appender, is_dead
from core.errors import DependencyDown, TurnedOut
from core.principal import Proof
from core.statements import Statement, inserting
from parties import proofs
from parties.errors import ProofSpent

_log = structlog.get_logger("haihe.audit")
WRITE_SECONDS = 3.0
# How long a batch waits for company. Shorter costs the database commits, longer costs everyone time.
LINGER_SECONDS = 0.001
LARGEST_BATCH = 500

_DATABASES = ("postgresql", "sqlite")
_SHAPE = {name: Statement(inserting(name, look_shape).on_conflict_do_nothing()) for name in _DATABASES}


@dataclass(eq=False)
class _Waiting:
    looks: Sequence[Look]
    at: datetime
    written: "asyncio.Future[None]"
    proof: Proof | None
    is_replay: bool = False
    turned_out: bool = False


class GroupWriter:
    """Writes the looks of queries. A process has one for whoever brings proofs and one for everybody else, who wait for
    no statement more and for nobody's replay."""

    def __init__(self, database: Database, shapes: Shapes) -> None:
        self._database = database
        self._shapes = shapes
        self._waiting: list[_Waiting] = []
        self._batch: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._appender: Appender | None = None

    async def write(self, looks: Sequence[Look], *, at: datetime, proof: Proof | None = None) -> None:
        """Return when the looks are committed, and the proof with them.

        Raises `DependencyDown` when they are not, or may not be, and `ProofSpent` when the proof was: then none is.
        Raises `TurnedOut` when they are, and what they showed is not to be answered: a subject among them had turned
        out to be another, and what was read of it may have moved in between.
        """
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="log writer", context=Context())
            self._task.add_done_callback(self._ended)
        written = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(looks, at, written, proof))
        self._wake.set()
        await written

    async def close(self) -> None:
        """Stop. Whoever still waits is told that nothing was written."""
        if self._task is not None:
            while not self._task.done():
                self._task.cancel()
                await asyncio.wait([self._task], timeout=WRITE_SECONDS)
        await self._drop()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(LINGER_SECONDS)
            self._batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
            if not self._waiting:
                self._wake.clear()
            await self._settle(self._batch)

    def _ended(self, _task: "asyncio.Task[None]") -> None:
        """However the writer ended, and though it never began: nobody waits for a dead one."""
        for waiting in [*self._batch, *self._waiting]:
            _fail(waiting, None)
        self._batch, self._waiting = [], []

    async def _settle(self, batch: list[_Waiting]) -> None:
        """Write a batch and tell everyone in it, within its time."""
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await self._write(batch)
        except Exception as error:  # noqa: BLE001 (whatever it was, these looks are not known to be there)
            _log.warning("log_unwritten", kind=type(error).__name__, looks=len(batch))
            for waiting in batch:
                _fail(waiting, error)
            await self._drop()

    async def _write(self, batch: list[_Waiting]) -> None:
        """Write a batch. One that the database will not have is written by halves: what it cannot store fails alone."""
        try:
            await self._commit_surely(batch)
        except Exception as error:
            if down(error) is not None:
                raise
            await self._drop()  # it may stand in the middle of a transaction that failed
            if len(batch) == 1:
                _log.error("look_refused", kind=type(error).__name__)
                _fail(batch[0], error)
                return
            middle = len(batch) // 2
            await self._write(batch[:middle])
            await self._write(batch[middle:])
            return
        for waiting in batch:
            if waiting.written.done():
                continue
            if waiting.is_replay:
                waiting.written.set_exception(ProofSpent())
            elif waiting.turned_out:
                waiting.written.set_exception(TurnedOut())
            else:
                waiting.written.set_result(None)

    async def _commit_surely(self, batch: list[_Waiting]) -> None:
        """Commit a batch; once more when the connection turns out to have died while it idled, or a shape that was
        thought to be there went with a restore.

        Should the dead connection have committed after all, the ids of the looks keep out a second copy, and the proofs
        are found spent by the same showings.
        """
        idled = self._appender is not None
        try:
            await self._commit(batch)
        except Exception as error:
            lacks_shape = down(error) is None and self._shapes.forget()
            if not (lacks_shape or (idled and is_dead(error))):
                raise
            await self._drop()
            await self._commit(batch)

    async def _commit(self, batch: list[_Waiting]) -> None:
        dialect = self._database.dialect
        if self._appender is None:
            self._appender = await self._database.appender()
        looks = [look for waiting in batch for look in waiting.looks]
        fresh = self._shapes.fresh(looks)
        if fresh:
            shapes = [{"id": shape.id, "fields": list(shape.fields)} for shape in fresh]
            statement = _SHAPE[dialect.name].on(dialect)
            await self._appender.execute_many(statement.text, [statement.arguments(row) for row in shapes])
        proven = any(waiting.proof for waiting in batch)
        if proven or not appending.is_one_statement(dialect):
            async with self._appender.transaction():
                if proven:
                    await self._spend(self._appender, batch)
                await self._append(self._appender, [waiting for waiting in batch if not waiting.is_replay])
        else:
            await self._append(self._appender, batch)
        self._shapes.committed(looks)

    async def _spend(self, appender: Appender, batch: Sequence[_Waiting]) -> None:
        """Spend every proof of a batch in one statement, and mark who brought one that was spent: here, or before."""
        dialect = self._database.dialect
        firsts: dict[str, Proof] = {}
        for waiting in batch:
            if waiting.proof is not None:
                firsts.setdefault(waiting.proof.name, waiting.proof)
        statement = proofs.statement(dialect.name, len(firsts)).on(dialect)
        found, _ = await appender.fetch(statement.text, statement.arguments(proofs.values(firsts.values())))
        spent = {row[0] for row in found}
        for waiting in batch:
            waiting.is_replay = waiting.proof is not None and waiting.proof.showing not in spent

    async def _append(self, appender: Appender, batch: Sequence[_Waiting]) -> None:
        looks = [(look, waiting.at) for waiting in batch for look in waiting.looks]
        gone = await appending.by_appender(appender, self._database.dialect, looks)
        for waiting in batch if gone else ():
            waiting.turned_out = any(look.lens is not None and look.lens.subject_id in gone for look in waiting.looks)

    async def _drop(self) -> None:
        appender, self._appender = self._appender, None
        if appender is not None:
            # Not `wait_for`: on Python 3.11 it can swallow the cancellation that ends this task.
            with suppress(TimeoutError, OSError):
                async with asyncio.timeout(WRITE_SECONDS):
                    await appender.close()


def _fail(waiting: _Waiting, cause: Exception | None) -> None:
    if not waiting.written.done():
        refused = DependencyDown("log")
        refused.__cause__ = cause
        waiting.written.set_exception(refused)
