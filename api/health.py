"""GET /livez: the process runs. GET /readyz: it can serve: it is not leaving, a database that takes writes, migrations,
and a clock that agrees."""

import asyncio
import time
from datetime import timedelta

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import clock
from api.leaving import Leaving
from api.migrating import suffices
from core.database import Database, down
from core.drivers import Appender, is_dead

LARGEST_SKEW = timedelta(seconds=1)
# How long the database may take to say how it is, and for how long that is told to whoever else asks.
LOOK_SECONDS, KEPT_SECONDS = 2.0, 0.25
_THERE = {
    "postgresql": "SELECT to_regclass('alembic_version') IS NOT NULL",
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'",
}
_REVISION = "SELECT version_num FROM alembic_version"
_STATE = "SELECT clock_timestamp(), current_setting('transaction_read_only')"
State = tuple[int, str]


async def livez(_request: Request) -> Response:
    """Nothing is asked: a process that answers is alive."""
    return _says(200, "alive")


class Readiness:
    """Whether a process over a database can serve: it stays, and the database answers, takes writes, is at or beyond
    this build's migrations, and agrees about the time.

    The database is asked on a connection of its own: however many wait for the others, the process is not unready for
    having much to do. It is asked once for all who ask at the same moment, and anybody may.
    """

    def __init__(self, database: Database, leaving: Leaving) -> None:
        self._database = database
        self._leaving = leaving
        self._appender: Appender | None = None
        self._looking: asyncio.Task[State] | None = None
        self._looked = 0.0

    def route(self) -> Route:
        """Where it is told."""
        return Route("/readyz", self._answer, methods=["GET"])

    async def _answer(self, _request: Request) -> Response:
        return _says(*((503, "leaving") if self._leaving.begun else await self.state()))

    async def state(self) -> State:
        """A status and a word, of at most `KEPT_SECONDS` ago. Never raises."""
        looking = self._looking
        if looking is None or (looking.done() and time.monotonic() - self._looked > KEPT_SECONDS):
            looking = self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(looking)

    async def _look(self) -> State:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                return await self._surely()
        except Exception as error:
            await self._drop()
            if down(error) is None:
                raise
            return 503, "database_down"
        finally:
            self._looked = time.monotonic()

    async def _surely(self) -> State:
        """Once more on a new connection when the kept one had died while it idled."""
        idled = self._appender is not None
        try:
            return await self._asked()
        except Exception as error:
            if not (idled and is_dead(error)):
                raise
            await self._drop()
            return await self._asked()

    async def _asked(self) -> State:
        dialect = self._database.dialect.name
        if self._appender is None:
            self._appender = await self._database.appender()
        (there,), *_ = (await self._appender.fetch(_THERE[dialect], ()))[0]
        found = (await self._appender.fetch(_REVISION, ()))[0] if there else ()
        if not suffices(found[0][0] if found else None):
            return 503, "migrations_missing"
        if dialect == "postgresql":
            (at, read_only), *_ = (await self._appender.fetch(_STATE, ()))[0]
            if abs(clock.now() - at) > LARGEST_SKEW:
                return 503, "clock_skew"
            if read_only == "on":  # a replica, perhaps: looks could be read there and not logged
                return 503, "read_only"
        return 200, "ready"

    async def _drop(self) -> None:
        appender, self._appender = self._appender, None
        if appender is not None:
            await appender.close()


def _says(status: int, state: str) -> Response:
    return Response(
        orjson.dumps({"state": state}), status, {"Cache-Control": "no-store"}, media_type="application/json"
    )
