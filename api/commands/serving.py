"""`haihe serve`: one process with all duties."""

import gc

import uvicorn

from api import clock, logs, welcome
from api.app import House, NotConfigured, create_app
from api.migrating import is_current
from api.settings import Settings
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
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(house, kind, house.duties() if settings.duties else ()),
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
    gc.freeze()  # what was loaded at start never becomes garbage
    await server.serve()
