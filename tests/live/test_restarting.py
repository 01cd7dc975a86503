"""Processes that are stopped one after another while people ask: nobody hears of it, and each ends with 0."""

import asyncio
import signal
from typing import Any

import httpx
import pytest

from api.leaving import Leaving
from tests.harness.balancing import Balancer
from tests.harness.callers import Town
from tests.harness.redis import RedisServer
from tests.harness.scale import FULL, scaled
from tests.harness.servers import Server, running
from tests.harness.sockets import PATIENCE

_GRACE, _ASKING = 1.5, 8
# At the small scale they ask at an easy pace: the processes restart as they would.
_REST = 0.0 if FULL else 0.05
_LOOK = "{ me { name } }"


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_two_processes_are_restarted_in_turn_and_nobody_hears_of_it(
    town: Town, redis_server: RedisServer, figures: dict[str, int]
) -> None:
    settings = town.house.settings.model_copy(update={"redis_url": redis_server.url})
    balancer = Balancer([await town.token("citizen-1")], _LOOK)

    def begun(name: str) -> Server:
        return Server(settings, name, environment={"HAIHE_GRACE": str(_GRACE)})

    servers = [begun("first"), begun("second")]
    with running(*servers):
        checks = {server.url: asyncio.create_task(balancer.check(server)) for server in servers}
        async with balancer.asked_without_rest(_ASKING, _REST):
            for n in range(scaled(1, 20)):
                leaving = servers.pop(0)
                await balancer.more(leaving.url, 5)
                leaving.process.send_signal(signal.SIGTERM)
                assert await asyncio.to_thread(leaving.process.wait) == 0
                leaving.stop()
                checks.pop(leaving.url).cancel()
                coming = begun(f"next {n}")
                try:
                    await asyncio.to_thread(coming.__enter__)
                finally:
                    servers.append(coming)
                checks[coming.url] = asyncio.create_task(balancer.check(coming))
                await balancer.more(coming.url, 5)
        for check in checks.values():
            check.cancel()
    for server in servers:
        server.stop()
    assert set(balancer.answers) == {True}
    figures["answers"] = balancer.answers[True]
    assert {(503, "leaving"), (200, "ready")} <= balancer.states


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_whoever_leaves_takes_newcomers_until_the_grace_is_over(town: Town) -> None:
    """A balancer that has not asked yet sends new connections, too."""
    headers = {"Authorization": f"Bearer {await town.token('citizen-1')}"}
    with Server(town.house.settings, "leaving", environment={"HAIHE_GRACE": "300"}) as server:
        server.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            while (await _fresh(server, "GET", "/readyz")).status_code != 503:
                await asyncio.sleep(0.02)
        answer = await _fresh(server, "POST", "/graphql", json={"query": _LOOK}, headers=headers)
        assert (answer.status_code, "data" in answer.json()) == (200, True)
        server.process.send_signal(signal.SIGTERM)  # whoever asks twice waits for nobody
        assert await asyncio.to_thread(server.process.wait) == 0


async def _fresh(server: Server, method: str, path: str, **sent: Any) -> httpx.Response:
    """The answer over a connection of its own."""
    async with httpx.AsyncClient(base_url=server.url, timeout=PATIENCE) as http:
        return await http.request(method, path, **sent)


async def test_whoever_leaves_has_begun_and_is_over_once() -> None:
    leaving = Leaving(600.0)
    assert (leaving.begun, leaving.over) == (False, False)
    leaving.begin()
    assert (leaving.begun, leaving.over) == (True, False)
    leaving.cut_short()
    leaving.begin()  # as the server's own shutdown does
    assert (leaving.begun, leaving.over) == (True, True)
