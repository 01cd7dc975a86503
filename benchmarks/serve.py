"""`python -m benchmarks.serve WHICH PORT CORE`: one contender on one core, warmed by whoever measures it."""

import asyncio
import gc
import os
import sys

import uvicorn

from api import logs
from api.app import House, create_app
from api.settings import Settings
from core.installation import Kind


async def serve(which: str, port: int, core: int) -> None:
    os.sched_setaffinity(0, {core})
    logs.configure("ERROR")
    house = House(Settings())
    if which == "haihe":
        app = create_app(house, Kind.DEMONSTRATION)
    elif which == "handwritten":
        from benchmarks import handwritten

        app = handwritten.create(house)
    else:
        from benchmarks import stock

        app = stock.create(house)
    gc.freeze()
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", log_config=None, access_log=False
    )
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
