"""Hints: heard by every relay that listens, lost without harm, and never awaited by whoever commits."""

import asyncio
import time

import pytest

from api import carrying, duties, limits, waking
from api.app import create_app
from api.house import House
from api.waking import Hint, Waking
from core.installation import Kind
from notices import relay
from tests.harness.callers import Town
from tests.harness.redis import RedisServer

_LONG, _PATIENCE = 300.0, 60


async def _heard(giver: Waking, hearer: Waking) -> None:
    """Give until it is heard: a hint before the other has begun to listen is lost, as it may be."""
    resting = asyncio.create_task(hearer.ear().rest(_LONG))
    async with asyncio.timeout(_PATIENCE):
        while not resting.done():
            giver.give()
            await asyncio.wait([resting], timeout=0.2)


@pytest.mark.parametrize("server", ["stand-in", "redis"])
async def test_a_hint_is_heard_in_this_process_and_by_another(server: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("redis_server").url if server == "redis" else ""
    redis = limits.connect(url)
    other = limits.connect(url) if url else redis
    here, there = Waking(redis), Waking(other)
    async with here.giving(), here.hearing(Hint.COMMITTED), there.hearing(Hint.COMMITTED):
        await _heard(here, here)
        await _heard(here, there)
    for client in {redis, other}:
        await client.aclose()


async def test_without_a_hint_one_rests_as_long_as_one_wanted() -> None:
    began = time.monotonic()
    await Waking(limits.connect("")).ear().rest(0.2)
    assert time.monotonic() - began >= 0.19


async def test_a_redis_that_goes_costs_the_hint_and_nothing_else(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waking, "_RETRY_SECONDS", 0.1)
    monkeypatch.setattr(waking, "_LISTEN_SECONDS", 0.2)
    redis = limits.connect(redis_server.url)
    here = Waking(redis)
    async with here.giving(), here.hearing(Hint.COMMITTED):
        await _heard(here, here)
        redis_server.stop()
        here.give()
        began = time.monotonic()
        await here.ear().rest(0.3)
        assert time.monotonic() - began >= 0.05
        here.give()
        await here.ear().rest(0.1)
    await redis.aclose()


async def test_what_is_committed_is_told_long_before_the_relay_would_have_looked(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "_LONGEST_REST", _LONG)
    async with carrying.duties_of(house, Kind.DEMONSTRATION) as carried:
        own = [duty for duty in carried if duty.name == "notices.relay"]
        app = create_app(house, Kind.DEMONSTRATION)
        async with app.router.lifespan_context(app), duties.carried(house.database, own):
            town = Town(house, app)
            waiting = "SELECT count(*) FROM outbox WHERE position IS NULL"
            async with asyncio.timeout(_PATIENCE):
                while await town.count(waiting):
                    await asyncio.sleep(0.05)  # what the city itself has told
                assert "grant" in await town.grant("citizen-1", key="told")
                while await town.count(waiting):
                    await asyncio.sleep(0.05)
            await town.http.aclose()


async def test_whatever_a_hint_was_about_to_do_it_ends_when_it_is_told_to() -> None:
    """Redis' client may swallow a cancellation: cut off at every step of a hint's way, the giver still ends."""
    for steps in range(60):
        redis = limits.connect("")
        here = Waking(redis)
        async with asyncio.timeout(10), here.giving():
            here.give()
            for _ in range(steps % 12):
                await asyncio.sleep(0)
        await redis.aclose()
