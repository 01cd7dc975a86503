"""GET /livez: the process runs. GET /readyz: it can serve: it is not leaving, a database that takes writes, migrations,
and a clock that agrees."""

from datetime import timedelta

import orjson
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import clock
from api.leaving import Leaving
from api.migrating import is_current
from core.database import Database
from core.errors import DependencyDown

LARGEST_SKEW = timedelta(seconds=1)
_STATE = text("SELECT clock_timestamp() AS at, current_setting('transaction_read_only') AS read_only")


async def livez(_request: Request) -> Response:
    """Nothing is asked: a process that answers is alive."""
    return _says(200, "alive")


def readyz(database: Database, leaving: Leaving) -> Route:
    """Ready when the process stays, and the database answers, takes writes, is at or beyond this build's migrations,
    and agrees about the time."""

    async def answer(_request: Request) -> Response:
        if leaving.begun:
            return _says(503, "leaving")
        try:
            return _says(*await state(database))
        except DependencyDown:
            return _says(503, "database_down")

    return Route("/readyz", answer, methods=["GET"])


async def state(database: Database) -> tuple[int, str]:
    """Whether a process over this database can serve, as a status and a word; raises `DependencyDown`."""
    if not await is_current(database):
        return 503, "migrations_missing"
    if database.engine.dialect.name == "postgresql":
        async with database.reading() as unit:
            row = await unit.first(_STATE)
        if row is None or abs(clock.now() - row.at) > LARGEST_SKEW:
            return 503, "clock_skew"
        if row.read_only == "on":  # a replica, perhaps: looks could be read there and not logged
            return 503, "read_only"
    return 200, "ready"


def _says(status: int, state: str) -> Response:
    return Response(
        orjson.dumps({"state": state}), status, {"Cache-Control": "no-store"}, media_type="application/json"
    )
