"""A hint through Redis that something waits to be told: the relay looks at once, and not a moment later.

It is never a promise. A hint that is lost, or sent to nobody, costs the rest that the relay takes between two looks.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

_log = structlog.get_logger("haihe.waking")
_CHANNEL = "haihe:told"
_DOWN = (RedisError, OSError, TimeoutError)
_LISTEN_SECONDS, _RETRY_SECONDS = 5.0, 5.0
_PROD_SECONDS = 0.05
_GATHER_SECONDS = 0.05  # what is committed one after another is looked at together


class Waking:
    """One process's end of the hint: what it gives, and what it hears."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._given = asyncio.Event()
        self._heard = asyncio.Event()

    def give(self) -> None:
        """Say that something was committed. It costs the caller nothing, and hints that come together are one."""
        self._given.set()

    async def rest(self, seconds: float) -> None:
        """Rest for so long, or until a moment after a hint is heard."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._heard.wait()
            await asyncio.sleep(_GATHER_SECONDS)
        self._heard.clear()

    @asynccontextmanager
    async def giving(self) -> AsyncIterator[None]:
        """Send hints while the body runs."""
        async with _beside(self._give()):
            yield

    @asynccontextmanager
    async def hearing(self) -> AsyncIterator[None]:
        """Hear hints while the body runs."""
        async with _beside(self._hear()):
            yield

    async def _give(self) -> None:
        while True:
            await self._given.wait()
            self._given.clear()
            try:
                await self._redis.publish(_CHANNEL, "")
            except _DOWN as error:
                _log.warning("hint_not_given", kind=type(error).__name__)

    async def _hear(self) -> None:
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as subscription:
                    await subscription.subscribe(_CHANNEL)
                    while True:
                        if await subscription.get_message(timeout=_LISTEN_SECONDS) is not None:
                            self._heard.set()
            except _DOWN as error:
                _log.warning("hints_not_heard", kind=type(error).__name__)
            await asyncio.sleep(_RETRY_SECONDS)


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    working = asyncio.create_task(work)
    try:
        yield
    finally:
        # Redis' client can swallow a cancellation that meets its answer: the work is told until it has ended.
        while not working.done():
            working.cancel()
            await asyncio.wait([working], timeout=_PROD_SECONDS)
