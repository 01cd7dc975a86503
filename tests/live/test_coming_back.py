"""Cut off again and again, by networks, by processes that die and without Redis: all of it is heard, in order, once."""

import asyncio
import random
from collections import defaultdict
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest

from api.house import House
from api.settings import Settings
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind
from tests.harness import proxy
from tests.harness.callers import Town
from tests.harness.proxy import Proxy
from tests.harness.redis import RedisServer
from tests.harness.scale import scaled
from tests.harness.servers import Server
from tests.harness.sockets import cursor
from tests.harness.wires import WAYS

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_THINGS = 4  # of one owner, told of by four transactions at a time
_BETWEEN = 40  # changes heard by everybody between two misfortunes
# Each of them at a small scale, in any order; the process that leads dies last, and is not waited for again.
_MISFORTUNES = scaled(0, 40)
_PATIENCE = scaled(120, 3000)


class _Process:
    """A server, and the network before it."""

    def __init__(self, server: Server, network: Proxy) -> None:
        self.server, self.network = server, network

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.network.port}"


class _World:
    """Two processes, one Redis, and what befalls them."""

    def __init__(self, settings: Settings, redis: RedisServer, chance: random.Random, stack: AsyncExitStack) -> None:
        self._settings, self._redis, self._chance, self._stack = settings, redis, chance, stack
        self._is_redis_up = True
        self.processes: list[_Process] = []

    async def begin(self, count: int) -> None:
        """Start so many more."""
        servers = [Server(self._settings, f"back-{self._chance.getrandbits(32)}") for _ in range(count)]
        for server in servers:
            self._stack.callback(server.stop)
        for server in servers:
            await asyncio.to_thread(server.__enter__)
            network = await self._stack.enter_async_context(proxy.before(server.port))
            self.processes.append(_Process(server, network))

    async def befall(self, misfortune: str, *, last: bool) -> None:
        """Let it happen."""
        one = self._chance.choice(self.processes)
        match misfortune:
            case "cut":
                await one.network.cut()
            case "redis":
                self._redis.stop() if self._is_redis_up else self._redis.start()
                self._is_redis_up = not self._is_redis_up
            case "kill":
                self.processes.remove(one)
                one.server.kill()
                await one.network.cut()
                if not last:
                    await self.begin(1)


class _Reader:
    """One who comes back with the last cursor they have heard, wherever they are let in, until they have all."""

    def __init__(self, town: Town, persona: str, way: str, after: str, first: int) -> None:
        self._town, self._persona, self._way, self._after = town, persona, way, after
        self._first = first  # the process that they begin at: nobody's is killed unheard
        self.heard: dict[str, list[int]] = defaultdict(list)
        self.count = self.visits = 0

    async def read(self, world: _World, chance: random.Random) -> None:
        while True:
            self._town.forget(self._persona)
            token = await self._town.token(self._persona)
            self.visits += 1
            at = world.processes[self._first] if self.visits == 1 else chance.choice(world.processes)
            end = await WAYS[self._way](at.url, token, self._after, self._hear)
            assert end in ("cut", "1001 GOING_AWAY", "complete"), end
            await asyncio.sleep(0.02)

    def _hear(self, change: dict[str, object]) -> None:
        self._after = str(change["cursor"])
        self.heard[str(change["id"])].append(int(str(change["version"])))
        self.count += 1


async def _tell(house: House, owner: str, about: str, chance: random.Random) -> None:
    """Tell of one thing, version after version; each is committed some while after it got its id."""
    version = 0
    while True:
        version += 1
        async with house.database.writing() as unit:
            await changes.tell(unit, Change(owner, ChangeKind.GRANT, about, version), at=datetime.now(UTC))
            await asyncio.sleep(chance.random() * 0.1)


async def test_whoever_comes_back_has_missed_nothing_and_hears_nothing_twice(
    town: Town, redis_server: RedisServer, figures: dict[str, int]
) -> None:
    seed = random.SystemRandom().getrandbits(32)
    chance = random.Random(seed)
    house = town.house
    misfortunes = ["cut", "redis", "cut", "redis"] if not _MISFORTUNES else []
    chance.shuffle(misfortunes)
    misfortunes += [chance.choice(["cut", "redis", "kill"]) for _ in range(_MISFORTUNES)] + ["kill"]
    bank, after = await town.party("海津示例银行"), await cursor(town, "bank-1")
    readers = [_Reader(town, "bank-1", way, after, first) for way in WAYS for first in range(2)]
    shared = house.settings.model_copy(update={"redis_url": redis_server.url})
    async with AsyncExitStack() as stack, asyncio.timeout(_PATIENCE):
        world = _World(shared, redis_server, chance, stack)
        await world.begin(2)
        working = [asyncio.create_task(reader.read(world, chance)) for reader in readers]
        told = [asyncio.create_task(_tell(house, bank, f"grt_{n}", chance)) for n in range(_THINGS)]

        async def hear_more() -> None:
            goal = [reader.count + _BETWEEN for reader in readers]
            while any(reader.count < most for reader, most in zip(readers, goal, strict=True)):
                assert not any(task.done() for task in working + told), (seed, working)
                await asyncio.sleep(0.02)

        for n, misfortune in enumerate(misfortunes):
            await hear_more()
            await world.befall(misfortune, last=n == len(misfortunes) - 1)
        await hear_more()
        for task in working + told:
            task.cancel()
        await asyncio.wait(working + told)
    for reader in readers:
        for about in (f"grt_{n}" for n in range(_THINGS)):
            versions = reader.heard[about]
            assert versions == list(range(1, len(versions) + 1)), (seed, about)
    figures["misfortunes"] = len(misfortunes)
    figures["visits"] = sum(reader.visits for reader in readers)
    figures["changes heard"] = sum(reader.count for reader in readers)
    assert figures["visits"] > len(readers)
