"""Whoever hangs up is read for no longer: a query stops where it is. A change goes on, its key tells the outcome."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

Result = TypeVar("Result")
# Most answers are out before anybody hangs up: only what takes longer is watched, for that costs a task.
UNWATCHED_SECONDS = 0.25


async def while_there(receive: Receive, work: Coroutine[Any, Any, Result]) -> Result:
    """What the work returns. Raises `ClientDisconnect` when the caller goes away first; the work is cancelled then."""
    loop, reader = asyncio.get_running_loop(), asyncio.current_task()
    assert reader is not None
    watcher: asyncio.Task[None] | None = None
    gone = False

    async def watch() -> None:
        nonlocal gone
        while (await receive())["type"] != "http.disconnect":
            pass
        gone = True
        reader.cancel()

    def begin() -> None:
        nonlocal watcher
        watcher = loop.create_task(watch())

    timer = loop.call_later(UNWATCHED_SECONDS, begin)
    try:
        return await work
    except asyncio.CancelledError:
        if not gone:
            raise
        reader.uncancel()
        raise ClientDisconnect from None
    finally:
        timer.cancel()
        if watcher is not None:
            watcher.cancel()
