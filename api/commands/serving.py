"""`haihe serve`: one process with all duties; several when they share a Redis."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette

from api import clock, logs, welcome
from api.app import create_app
from api.carrying import duties_of
from api.collecting import quiet_collector
from api.connections import Connection
from api.graphql import LARGEST_BODY
from api.house import House
from api.listening import Room
from api.migrating import is_current
from api.settings import NotConfigured, Settings
from core.installation import Kind
from core.leader import Occupied, present


async def serve(settings: Settings) -> None:
    """Serve until stopped; raises `NotConfigured` when the service must not start."""
    logs.configure()
    house = House(settings)
    if not await is_current(house.database):
        raise NotConfigured("migrations are missing: run `haihe migrate`")
    kind = await house.kind()
    if kind is Kind.DEMONSTRATION:
        await welcome.say(house, at=clock.now())
    async with _admitted(house), duties_of(house, kind) as duties:
        await _serve(create_app(house, kind, duties if settings.duties else ()), settings)


@asynccontextmanager
async def _admitted(house: House) -> AsyncIterator[None]:
    """Without a Redis of its own a process limits and caches for itself alone, so it must be the only one."""
    alone = not house.settings.redis_url
    try:
        async with present(house.database, "serving", alone=alone):
            yield
    except Occupied:
        raise NotConfigured(
            "HAIHE_REDIS_URL is missing: another process serves this database, and several need one Redis"
            if alone
            else "another process serves this database without HAIHE_REDIS_URL: give it the same Redis, or stop it"
        ) from None


class _Server(uvicorn.Server):
    """A server whose streams are ended by their own protocol before it cuts connections off."""

    def __init__(self, config: uvicorn.Config, room: Room) -> None:
        super().__init__(config)
        self._room = room

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ask whoever listens to come again elsewhere; then stop."""
        await self._room.close()
        await super().shutdown(sockets)


async def _serve(app: Starlette, settings: Settings) -> None:
    server = _Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            loop="uvloop",
            http=Connection,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
            ws="websockets-sansio",
            ws_max_size=LARGEST_BODY,
            ws_per_message_deflate=False,  # ids compress badly, and each socket would hold the tables
        ),
        app.state.room,
    )
    quiet_collector()
    await server.serve()
