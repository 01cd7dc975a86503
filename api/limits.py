"""Rate limits for callers without a token: GCRA in one Redis script. Redis never promises: without it, all may pass.

A key holds one instant, the "theoretical arrival time", so a limit costs one small value for each address.
"""

from typing import Protocol

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

_log = structlog.get_logger("haihe.limits")
_CONNECTIONS, _PATIENCE = 16, 0.2
# DBSIZE costs Redis nothing; the stand-in drops what has expired when it counts, and at no other time.
# KEYS[1] the caller; ARGV: now, seconds between calls at the steady rate, seconds of burst. Answers seconds to wait.
_GCRA = """
redis.call('DBSIZE')
local now, gap, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local tat = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local wait = tat + gap - burst - now
if wait > 0 then return tostring(wait) end
redis.call('SET', KEYS[1], tostring(tat + gap), 'EX', math.ceil(burst) + 1)
return '0'
"""


class Limits(Protocol):
    """Says how long a caller must wait."""

    async def wait(self, caller: str, *, now: float) -> float:
        """Seconds until this caller may call again; 0 to go ahead."""


class RedisLimits:
    """A minute's allowance for each caller, spendable in one burst."""

    def __init__(self, client: Redis, *, per_minute: int) -> None:
        self._script = client.register_script(_GCRA)
        self._gap = 60 / per_minute

    async def wait(self, caller: str, *, now: float) -> float:
        """Seconds until this caller may call again. A Redis that does not answer limits nobody."""
        try:
            return float(await self._script(keys=[f"limit:{caller}"], args=[now, self._gap, 60]))
        except (RedisError, OSError, TimeoutError) as error:
            _log.warning("limits_unavailable", kind=type(error).__name__)
            return 0.0


def connect(url: str, *, patience: float = _PATIENCE) -> Redis:
    """The configured Redis, waited for `patience` seconds; without one, an in-process stand-in behind its client."""
    if url:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=patience,
            socket_timeout=patience,
            socket_connect_timeout=patience,
        )
        return Redis.from_pool(pool)
    from fakeredis import FakeAsyncRedis

    return FakeAsyncRedis()
