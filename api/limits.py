"""Rate limits: GCRA over points, by person, client program and address. Redis never promises.

Each process decides by itself and at once, by an instant for each caller (their "theoretical arrival time"), and
waits for nobody. What it let through it tells Redis a moment later, all callers in one script; what comes back is what
every process let through. So one process keeps an allowance exactly, several together pass it by what one caller can
send in that moment, and have that taken from what comes next (ADR 0142). Without Redis each process limits alone.
"""

import asyncio
import hashlib
import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from core.principal import ANONYMOUS, Principal

_log = structlog.get_logger("haihe.limits")
_CONNECTIONS, _PATIENCE = 16, 0.2
SHARED_SECONDS, AGAIN_SECONDS = 0.05, 1.0
# Sixty whole allowances at once nobody spends, at however many processes: the clock has fallen back, and nobody is to
# wait until it is there again. (The script's 3600 is the same.)
_BEYOND_SECONDS = 3600.0
_MOST_KEPT = 100_000  # callers whose instants one process keeps; who called longest ago is forgotten first
# DBSIZE costs Redis nothing; the stand-in drops what has expired when it counts, and at no other time.
# KEYS the callers; ARGV for each the instant of what it spent first, and the seconds to add. Answers their instants.
_GCRA = """
redis.call('DBSIZE')
local found = {}
for i, key in ipairs(KEYS) do
    local now = tonumber(ARGV[2 * i - 1])
    local kept = tonumber(redis.call('GET', key) or now)
    if kept > now + 3600 then kept = now end
    local tat = math.max(kept, now) + tonumber(ARGV[2 * i])
    found[i] = string.format('%.17g', tat)
    redis.call('SET', key, found[i], 'EX', math.ceil(math.max(tat - now, 60)) + 1)
end
return found
"""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who has an allowance, by one word, and the points of it in a minute, spendable in one burst."""

    kind: str
    name: str
    per_minute: int
    key: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"{self.kind}:{self.name}")


@dataclass(slots=True)
class _Untold:
    """What one caller spent that Redis has not heard of: since when, and how much, in seconds of their allowance."""

    began: float
    seconds: float = 0.0


class Limits:
    """Allowances of one process; with `shared`, told to the others. `own` client programs have no allowance."""

    def __init__(
        self,
        *,
        anonymous: int,
        person: int,
        client: int,
        own: frozenset[str] = frozenset(),
        shared: Redis | None = None,
    ) -> None:
        """The points in a minute of an address that shows no token, of a person, and of a client program."""
        self._anonymous, self._person, self._client, self._own = anonymous, person, client, own
        self._script = shared.register_script(_GCRA) if shared is not None else None
        self._until: OrderedDict[str, float] = OrderedDict()
        self._untold: dict[str, _Untold] = {}
        self._telling: asyncio.Task[None] | None = None

    def callers(self, principal: Principal, address: str) -> tuple[Caller, ...]:
        """Whose allowances a call spends, the caller's own first."""
        if principal is ANONYMOUS:
            return (Caller("address", address, self._anonymous),)
        person = Caller("person", f"{principal.issuer}\x1f{principal.name}", self._person)
        if principal.client in self._own:
            return (person,)
        client = Caller("client", principal.client, self._client)
        return (client,) if principal.name == principal.client else (person, client)

    def wait(self, address: str, *, now: float) -> float:
        """Seconds until an address may ask without a token again; 0 to go ahead, with a point spent."""
        return self.spend((Caller("address", address, self._anonymous),), 1, now=now)

    def spend(self, callers: Sequence[Caller], points: int, *, now: float) -> float:
        """Seconds until all of them have so many points, and then none is spent; 0 when they are spent. What is more
        than a whole allowance is a whole allowance."""
        waits = [self._at(one, now) + min(points, one.per_minute) * 60 / one.per_minute - 60 - now for one in callers]
        longest = max(waits)
        if longest > 1e-6:
            return longest
        self._add(callers, points, now)
        return 0.0

    def give_back(self, callers: Sequence[Caller], points: int, *, now: float) -> None:
        """Return what was spent for nothing."""
        self._add(callers, -points, now)

    def headers(self, callers: Sequence[Caller], *, now: float) -> dict[str, str]:
        """What is left of the caller's own allowance, and in how many seconds it is whole
        (draft-ietf-httpapi-ratelimit-headers). One that is shared with others is not told: it says how busy they are.
        """
        own = callers[0]
        spent = self._at(own, now) - now
        left = max(0, math.floor((60 - spent) * own.per_minute / 60 + 1e-6))
        return {
            "RateLimit-Policy": f'"{own.kind}";q={own.per_minute};w=60',
            "RateLimit": f'"{own.kind}";r={left};t={math.ceil(spent)}',
        }

    async def close(self) -> None:
        """Tell nobody any more."""
        if self._telling is not None:
            self._telling.cancel()
            await asyncio.wait([self._telling])

    def _at(self, caller: Caller, now: float) -> float:
        kept = self._until.get(caller.key, now)
        return now if kept > now + _BEYOND_SECONDS else max(kept, now)

    def _add(self, callers: Sequence[Caller], points: int, now: float) -> None:
        for one in callers:
            counted = max(-one.per_minute, min(points, one.per_minute))
            self._keep(one.key, self._at(one, now) + counted * 60 / one.per_minute)
            if self._script is not None:
                self._untold.setdefault(one.key, _Untold(now)).seconds += counted * 60 / one.per_minute
        if self._untold and self._telling is None:
            self._telling = asyncio.create_task(self._tell())

    def _keep(self, key: str, until: float) -> None:
        self._until[key] = until
        self._until.move_to_end(key)
        if len(self._until) > _MOST_KEPT:
            self._until.popitem(last=False)

    async def _tell(self) -> None:
        """Tell Redis what was let through, a moment after the first of it, until there is nothing to tell."""
        while self._untold:
            await asyncio.sleep(SHARED_SECONDS)
            told, self._untold = self._untold, {}
            try:
                await self._share(told)
            except (RedisError, OSError, TimeoutError) as error:
                _log.warning("limits_unavailable", kind=type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)
                self._untold.clear()  # what was let through alone stays with this process
        self._telling = None

    async def _share(self, told: Mapping[str, _Untold]) -> None:
        assert self._script is not None
        arguments = [number for one in told.values() for number in (one.began, one.seconds)]
        found = await self._script(keys=[stored(key) for key in told], args=arguments)
        for key, instant in zip(told, found, strict=True):
            since = self._untold[key].seconds if key in self._untold else 0.0
            self._keep(key, max(self._until.get(key, 0.0), float(instant) + since))


def stored(key: str) -> str:
    """What Redis knows a caller by: it need not know who they are."""
    return f"limit:{hashlib.blake2b(key.encode(), digest_size=16).hexdigest()}"


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
