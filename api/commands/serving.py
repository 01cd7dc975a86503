"""`haihe serve`: one process with all duties; several when they share a Redis."""

import asyncio
import signal
import socket
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from api import clock, connections, logs, welcome
from api.app import create_app
from api.carrying import duties_of
from api.collecting import quiet_collector
from api.connections import Connection, Socket
from api.graphql import LARGEST_BODY
from api.house import House
from api.leaving import Leaving
from api.listening import Room
from api.metrics import Metrics
from api.settings import NotConfigured, Settings
from api.starting import ready
from core.installation import Kind
from core.leader import Occupied, present


async def serve(settings: Settings) -> None:
    """Serve until stopped; raises `NotConfigured` when the service must not start."""
    metrics = Metrics(slow_seconds=settings.slow_seconds)
    logs.configure(warned=metrics.warned)
    house = House(settings)
    kind = await ready(house)
    if kind is Kind.DEMONSTRATION:
        await welcome.say(house, at=clock.now())
    async with _admitted(house), duties_of(house, kind) as duties:
        app = create_app(house, kind, duties if settings.duties else (), metrics)
        with metrics.shown(settings.metrics_host, settings.metrics_port):
            await _serve(app, settings)


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
    """A server that leaves in order: first it is unready and still answers, then it is closed to newcomers, then its
    streams are ended by their own protocol, and last its connections are cut off."""

    def __init__(self, config: uvicorn.Config, room: Room, leaving: Leaving) -> None:
        super().__init__(config)
        self._room = room
        self._leaving = leaving

    def handle_exit(self, sig: int, _frame: FrameType | None) -> None:
        """Leave. Whoever sits before the process, and whoever asks twice, waits for nobody.

        The signal is not raised again afterwards, as uvicorn would: what is ours has to end too, and with 0.
        """
        if self.should_exit or sig == signal.SIGINT:
            self._leaving.cut_short()
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ask whoever listens to come again elsewhere; then stop."""
        self._leaving.begin()
        while not self._leaving.over:
            await self.on_tick(0)  # the date in answers goes on
            await asyncio.sleep(0.1)
        await self._room.close()
        await super().shutdown(sockets)


async def _serve(app: Starlette, settings: Settings) -> None:
    leaving: Leaving = app.state.leaving
    server = _Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            loop="uvloop",
            http=partial(Connection, leaving=leaving, idle=OrderedDict()),  # type: ignore[arg-type]  # it makes them
            forwarded_allow_ips=list(settings.proxies),
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
            timeout_keep_alive=connections.KEEP_SECONDS,
            ws=Socket,
            ws_max_size=LARGEST_BODY,
            ws_per_message_deflate=False,  # ids compress badly, and each socket would hold the tables
        ),
        app.state.room,
        leaving,
    )
    quiet_collector()
    await server.serve()
