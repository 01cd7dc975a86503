"""Hints through Redis that there is something to do: whoever hears one looks at once, and not a moment later.

A hint is never a promise. One that is lost, or sent to nobody, costs the rest that its hearer takes between two looks.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

_log = structlog.get_logger("haihe.waking")
_DOWN = (RedisError, OSError, TimeoutError)
_LISTEN_SECONDS, _RETRY_SECONDS = 5.0, 5.0
_PROD_SECONDS = 0.05
_GATHER_SECONDS = 0.05  # what is committed one after another is looked at together


class Hint(StrEnum):
    """What may have happened, by the name of its channel."""

    COMMITTED = "haihe:told"
    NUMBERED = "haihe:numbered"  # changes have positions
    ENDED = "haihe:ended"  # somebody may do less than before


class Ear:
    """One who hears one kind of hint."""

    def __init__(self) -> None:
        self.heard = asyncio.Event()

    async def rest(self, seconds: float) -> None:
        """Rest for so long, or until a moment after a hint is heard."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.heard.wait()
            await asyncio.sleep(_GATHER_SECONDS)
        self.heard.clear()


class Waking:
    """One process's end of the hints: what it gives, and what it hears."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._given: set[Hint] = set()
        self._giving = asyncio.Event()
        self._ears: dict[str, list[Ear]] = defaultdict(list)

    def give(self, hint: Hint = Hint.COMMITTED) -> None:
        """Say that it may have happened. It costs the caller nothing, and hints that come together are one."""
        self._given.add(hint)
        self._giving.set()

    def ear(self, hint: Hint = Hint.COMMITTED) -> Ear:
        """Somebody who hears this hint, whoever else does, for as long as this process hears any."""
        ear = Ear()
        self._ears[hint].append(ear)
        return ear

    @asynccontextmanager
    async def giving(self) -> AsyncIterator[None]:
        """Send hints while the body runs."""
        async with _beside(self._give()):
            yield

    @asynccontextmanager
    async def hearing(self, *hints: Hint) -> AsyncIterator[None]:
        """Hear these hints while the body runs."""
        async with _beside(self._hear(hints)):
            yield

    async def _give(self) -> None:
        while True:
            await self._giving.wait()
            self._giving.clear()
            while self._given:
                hint = self._given.pop()
                try:
                    await self._redis.publish(hint, "")
                except _DOWN as error:
                    _log.warning("hint_not_given", kind=type(error).__name__)

    async def _hear(self, hints: tuple[Hint, ...]) -> None:
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as subscription:
                    await subscription.subscribe(*hints)
                    while True:
                        message = await subscription.get_message(timeout=_LISTEN_SECONDS)
                        for ear in self._ears[message["channel"].decode()] if message is not None else ():
                            ear.heard.set()
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
