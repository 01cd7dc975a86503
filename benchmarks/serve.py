"""`python -m benchmarks.serve WHICH PORT CORE`: one contender on one core, warmed by whoever measures it."""

import asyncio
import os
import sys

import uvicorn
from starlette.applications import Starlette

from api import logs
from api.app import House, create_app
from api.carrying import duties_of
from api.commands.serving import quiet_collector
from api.settings import Settings
from core.installation import Kind


async def serve(which: str, port: int, core: int) -> None:
    os.sched_setaffinity(0, {core})
    logs.configure("ERROR")
    house = House(Settings())
    if which == "haihe":
        async with duties_of(house, Kind.DEMONSTRATION) as duties:
            await _run(create_app(house, Kind.DEMONSTRATION, duties), port)
        return
    if which == "handwritten":
        from benchmarks import handwritten

        app = handwritten.create(house)
    else:
        from benchmarks import stock

        app = stock.create(house)
    await _run(app, port)


async def _run(app: Starlette, port: int) -> None:
    quiet_collector()
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", log_config=None, access_log=False
    )
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
