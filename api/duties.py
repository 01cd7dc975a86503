"""Background duties: what a service does that nobody asked for just now.

A duty works once and says when it wants to work again. One that fails is tried again, later and later; no duty's
failure reaches another. Duties that only one process may do are done by the one that leads.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

import structlog

from api import clock
from core.database import Database
from core.leader import leader

_log = structlog.get_logger("haihe.duties")
_LEAD = "duties"
_FIRST_RETRY_SECONDS, _LAST_RETRY_SECONDS = 0.5, 60.0


@dataclass(frozen=True)
class Duty:
    """One duty. `run_once` works at an instant and answers how many seconds until it wants to work again;
    `rest` waits for so long, or less when something says that there is work."""

    name: str
    run_once: Callable[[datetime], Awaitable[float]]
    leader_only: bool
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep


@asynccontextmanager
async def carried(database: Database, duties: Sequence[Duty]) -> AsyncIterator[None]:
    """Carry the duties while the body runs; they are cancelled, and waited for, when it ends."""
    working = asyncio.create_task(carry(database, duties))
    try:
        yield
    finally:
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working


async def carry(database: Database, duties: Sequence[Duty]) -> None:
    """Carry the duties until cancelled."""
    own = [duty for duty in duties if not duty.leader_only]
    led = [duty for duty in duties if duty.leader_only]
    async with asyncio.TaskGroup() as group:
        for duty in own:
            group.create_task(repeat(duty))
        if led:
            group.create_task(_lead(database, led))


async def repeat(duty: Duty) -> None:
    """Work again and again. After a failure wait, twice as long each time."""
    retry = _FIRST_RETRY_SECONDS
    while True:
        try:
            pause = await duty.run_once(clock.now())
            retry, rest = _FIRST_RETRY_SECONDS, duty.rest
        except (Exception, asyncio.CancelledError) as error:  # whatever it is, the duty must go on
            if _is_ending():
                raise
            _log.error("duty_failed", duty=duty.name, retry_seconds=retry, exc_info=error)
            pause, retry, rest = retry, min(retry * 2, _LAST_RETRY_SECONDS), asyncio.sleep
        await rest(pause)


def _is_ending() -> bool:
    """Whether this task itself was cancelled, rather than something it waited for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _lead(database: Database, duties: Sequence[Duty]) -> None:
    """Do the leader's duties while we lead; when the lead is lost stop them at once, and stand for it again."""
    retry = _FIRST_RETRY_SECONDS
    while True:
        try:
            async with leader(database, _LEAD) as held:
                retry = _FIRST_RETRY_SECONDS
                _log.info("lead_won")
                async with asyncio.TaskGroup() as group:
                    working = [group.create_task(repeat(duty)) for duty in duties]
                    await held.lost.wait()
                    for task in working:
                        task.cancel()
                _log.warning("lead_lost")
        except Exception as error:  # whatever it is, somebody must stand for it again
            _log.warning("lead_unavailable", kind=type(error).__name__, retry_seconds=retry)
        await asyncio.sleep(retry)
        retry = min(retry * 2, _LAST_RETRY_SECONDS / 10)
