"""`python -m benchmarks.serve WHICH`: one contender on one core, warmed by whoever measures it."""

import asyncio
import os
from collections import OrderedDict
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import click
import uvicorn
import uvloop
from starlette.applications import Starlette

from api import logs
from api.app import create_app
from api.carrying import duties_of
from api.collecting import quiet_collector
from api.connections import Connection
from api.house import House
from api.leaving import Leaving
from api.settings import Settings
from core.installation import Kind


@click.command()
@click.argument("which", type=click.Choice(["haihe", "handwritten", "stock"]))
@click.option("--port", required=True, type=int)
@click.option("--core", required=True, type=int)
@click.option("--server", default="uvicorn", type=click.Choice(["uvicorn", "granian"]))
@click.option("--loop", default="uvloop", type=click.Choice(["uvloop", "asyncio"]))
@click.option("--hop", is_flag=True, help="Read SQLite through aiosqlite's thread instead of on the loop.")
def main(which: str, port: int, core: int, server: str, loop: str, *, hop: bool) -> None:
    """Serve one contender until killed."""
    os.sched_setaffinity(0, {core})
    logs.configure("ERROR")
    if hop:
        from benchmarks import hop as threaded

        threaded.install()
    run = uvloop.run if loop == "uvloop" else asyncio.run
    run(_serve(which, _uvicorn if server == "uvicorn" else _granian, port))


async def _serve(which: str, serve: Any, port: int) -> None:
    house = House(Settings())
    async with AsyncExitStack() as stack:
        if which == "haihe":
            duties = await stack.enter_async_context(duties_of(house, Kind.DEMONSTRATION))
            app = create_app(house, Kind.DEMONSTRATION, duties)
        elif which == "handwritten":
            from benchmarks import handwritten

            app = handwritten.create(house)
        else:
            from benchmarks import stock

            app = stock.create(house)
        quiet_collector()
        await serve(app, port)


async def _uvicorn(app: Starlette, port: int) -> None:
    http = partial(Connection, leaving=Leaving(0.0), idle=OrderedDict())
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        http=http,  # type: ignore[arg-type]  # it makes them
        log_config=None,
        access_log=False,
    )
    await uvicorn.Server(config).serve()


async def _granian(app: Starlette, port: int) -> None:
    from granian.server.embed import Server

    await Server(app, address="127.0.0.1", port=port, interface="asgi", log_enabled=False).serve()


if __name__ == "__main__":
    main()
