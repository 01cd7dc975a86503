"""`haihe work`: the background duties in a process of their own, beside services that run without them."""

import asyncio
import signal

import structlog

from api import duties, logs
from api.carrying import duties_of
from api.house import House
from api.metrics import Metrics
from api.settings import Settings
from api.starting import ready

_log = structlog.get_logger("haihe.work")


async def work(settings: Settings) -> None:
    """Work until stopped; raises `NotConfigured` when the service must not start."""
    metrics = Metrics()
    logs.configure(warned=metrics.warned)
    house = House(settings)
    try:
        kind = await ready(house)
        stopped = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        async with (
            duties_of(house, kind) as carried,
            house.keys.followed(),
            metrics.beating(),
            duties.carried(house.database, carried),
        ):
            _log.info("working", duties=[duty.name for duty in carried])
            with metrics.shown(settings.metrics_host, settings.metrics_port):
                await stopped.wait()
    finally:
        await house.close()
