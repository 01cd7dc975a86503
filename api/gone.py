"""Hints through Redis that nothing is left of an offer: where there is one, a claim looks at the stock before it waits.

A hint is never a refusal (`schema.crowds`): one that is wrong costs a look, one that is lost costs a place in a crowd.
So it may be forgotten, late or missing, and may live a little while on its own.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

_log = structlog.get_logger("haihe.gone")
# How long a hint lives unless it is given again, and for how long a process goes by what it has heard.
LIVES_SECONDS, HEARD_SECONDS = 5, 0.25
_MOST = 1000


class Gone:
    """One process's end of the hints: what it has said and heard, for a moment; Redis says it to the others."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._heard: OrderedDict[str, tuple[bool, float]] = OrderedDict()
        self._saying: set[asyncio.Task[None]] = set()

    async def said(self, offer_id: str) -> bool:
        """Whether somebody found, a moment ago, that nothing is left. A Redis that does not answer says nothing."""
        found, until = self._heard.get(offer_id, (False, 0.0))
        if time.monotonic() < until:
            return found
        self._hear(offer_id, found)  # whoever comes meanwhile asks nobody
        try:
            found = await self._redis.get(_key(offer_id)) is not None
        except (RedisError, OSError, TimeoutError) as error:
            _log.warning("gone_unheard", kind=type(error).__name__)
            found = False
        self._hear(offer_id, found)
        return found

    def say(self, offer_id: str) -> None:
        """Nothing is left. It costs the caller nothing."""
        self._hear(offer_id, True)
        self._tell(self._redis.set(_key(offer_id), "1", ex=LIVES_SECONDS))

    def unsay(self, offer_id: str) -> None:
        """There is something again."""
        self._hear(offer_id, False)
        self._tell(self._redis.delete(_key(offer_id)))

    def _hear(self, offer_id: str, found: bool) -> None:
        self._heard[offer_id] = found, time.monotonic() + HEARD_SECONDS
        self._heard.move_to_end(offer_id)
        if len(self._heard) > _MOST:
            self._heard.popitem(last=False)

    def _tell(self, telling: Awaitable[Any]) -> None:
        task = asyncio.create_task(_told(telling))
        self._saying.add(task)
        task.add_done_callback(self._saying.discard)


async def _told(telling: Awaitable[Any]) -> None:
    try:
        await telling
    except (RedisError, OSError, TimeoutError) as error:
        _log.warning("gone_unsaid", kind=type(error).__name__)


def _key(offer_id: str) -> str:
    return f"gone:{offer_id}"
