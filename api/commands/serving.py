"""`haihe serve`: one process with all duties."""

import gc

import uvicorn
from starlette.applications import Starlette

from api import clock, logs, welcome
from api.app import House, create_app
from api.carrying import duties_of
from api.migrating import is_current
from api.settings import NotConfigured, Settings
from core.installation import Kind


async def serve(settings: Settings) -> None:
    """Serve until stopped; raises `NotConfigured` when the service must not start."""
    logs.configure()
    house = House(settings)
    if not await is_current(house.database):
        raise NotConfigured("migrations are missing: run `haihe migrate`")
    kind = await house.kind()
    if kind is Kind.DEMONSTRATION:
        await welcome.say(house, at=clock.now())
    async with duties_of(house, kind) as duties:
        await _serve(create_app(house, kind, duties if settings.duties else ()), settings)


async def _serve(app: Starlette, settings: Settings) -> None:
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            loop="uvloop",
            http="httptools",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
    )
    quiet_collector()
    await server.serve()


def quiet_collector() -> None:
    """What was loaded at start never becomes garbage, and an operation makes few cycles: look for them seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
