"""Processes that are stopped one after another while people ask: nobody hears of it, and each ends with 0."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from api.leaving import Leaving
from tests.harness.callers import Town
from tests.harness.redis import RedisServer
from tests.harness.scale import FULL, scaled
from tests.harness.servers import Server, running
from tests.harness.sockets import PATIENCE

_GRACE, _CHECK_EVERY, _ASKING = 1.5, 0.1, 8
# At the small scale they ask at an easy pace: the processes restart as they would.
_REST = 0.0 if FULL else 0.05


class _Balancer:
    """Sends each call to one of the processes that said last that they are ready, as a city's balancer does."""

    def __init__(self, token: str) -> None:
        self._headers = {"Authorization": f"Bearer {token}"}
        self._ready: dict[str, httpx.AsyncClient] = {}
        self._turn = 0
        self.answers: Counter[object] = Counter()
        self.states: set[tuple[int, str]] = set()
        self.by: Counter[str] = Counter()

    async def check(self, server: Server) -> None:
        """Ask it every so often for as long as it runs."""
        async with self._client(server) as checking, self._client(server) as asking:
            while True:
                try:
                    said = await checking.get("/readyz")
                    self.states.add((said.status_code, said.json()["state"]))
                    ready = said.status_code == 200
                except httpx.TransportError:
                    ready = False
                if ready:
                    self._ready[server.url] = asking
                else:
                    self._ready.pop(server.url, None)
                await asyncio.sleep(_CHECK_EVERY)

    def _client(self, server: Server) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=server.url, headers=self._headers, timeout=PATIENCE)

    async def ask(self) -> None:
        """One call, to the next in turn; what became of it."""
        while not self._ready:  # nothing has been checked yet
            await asyncio.sleep(0.01)
        self._turn += 1
        url = sorted(self._ready)[self._turn % len(self._ready)]
        try:
            answer = await self._ready[url].post("/graphql", json={"query": "{ me { name } }"})
            self.answers["data" in answer.json()] += 1
        except httpx.TransportError as error:
            self.answers[type(error).__name__] += 1
        self.by[url] += 1

    @asynccontextmanager
    async def asked_without_rest(self) -> AsyncIterator[None]:
        async def ask() -> None:
            while True:
                await self.ask()
                await asyncio.sleep(_REST)

        tasks = [asyncio.create_task(ask()) for _ in range(_ASKING)]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _more(counted: Counter[str], url: str, n: int) -> None:
    """Until it has answered so many more."""
    wanted = counted[url] + n
    async with asyncio.timeout(PATIENCE):
        while counted[url] < wanted:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_two_processes_are_restarted_in_turn_and_nobody_hears_of_it(
    town: Town, redis_server: RedisServer, figures: dict[str, int]
) -> None:
    settings = town.house.settings.model_copy(update={"redis_url": redis_server.url})
    balancer = _Balancer(await town.token("citizen-1"))

    def begun(name: str) -> Server:
        return Server(settings, name, environment={"HAIHE_GRACE": str(_GRACE)})

    servers = [begun("first"), begun("second")]
    with running(*servers):
        checks = {server.url: asyncio.create_task(balancer.check(server)) for server in servers}
        async with balancer.asked_without_rest():
            for n in range(scaled(1, 20)):
                leaving = servers.pop(0)
                await _more(balancer.by, leaving.url, 5)
                leaving.process.send_signal(signal.SIGTERM)
                assert await asyncio.to_thread(leaving.process.wait) == 0
                checks.pop(leaving.url).cancel()
                coming = begun(f"next {n}")
                try:
                    await asyncio.to_thread(coming.__enter__)
                finally:
                    servers.append(coming)
                checks[coming.url] = asyncio.create_task(balancer.check(coming))
                await _more(balancer.by, coming.url, 5)
        for check in checks.values():
            check.cancel()
    for server in servers:
        server.stop()
    assert set(balancer.answers) == {True}
    figures["answers"] = balancer.answers[True]
    assert {(503, "leaving"), (200, "ready")} <= balancer.states


async def test_whoever_leaves_has_begun_and_is_over_once() -> None:
    leaving = Leaving(600.0)
    assert (leaving.begun, leaving.over) == (False, False)
    leaving.begin()
    assert (leaving.begun, leaving.over) == (True, False)
    leaving.cut_short()
    leaving.begin()  # as the server's own shutdown does
    assert (leaving.begun, leaving.over) == (True, True)
