"""Rate limits for callers without a token: one script on a real Redis and on the stand-in; Redis never promises."""

import asyncio
import gc

import pytest

from api.house import House
from api.limits import RedisLimits, connect
from tests.harness.callers import inhabited
from tests.harness.redis import RedisServer

_PER_MINUTE = 30


@pytest.mark.parametrize("server", ["stand-in", "redis"])
async def test_a_minutes_allowance_and_no_more(server: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("redis_server").url if server == "redis" else ""
    client = connect(url)
    limits = RedisLimits(client, per_minute=_PER_MINUTE)
    waits = [await limits.wait("a", now=1000.0) for _ in range(_PER_MINUTE + 5)]
    assert waits.count(0) == _PER_MINUTE
    assert all(0 < wait <= 60 / _PER_MINUTE for wait in waits[_PER_MINUTE:])
    assert await limits.wait("b", now=1000.0) == 0
    assert await limits.wait("a", now=1000.0 + 60 / _PER_MINUTE) == 0
    assert await limits.wait("a", now=1000.0 + 60 / _PER_MINUTE) > 0
    await client.aclose()


async def test_the_stand_in_forgets_who_has_not_called_for_long() -> None:
    """It drops a key that has expired only when that key is asked for again, which an address that is gone never is."""
    client = connect("")
    for number in range(50):
        await client.set(f"gone:{number}", "1", px=1)
    await asyncio.sleep(0.05)
    await RedisLimits(client, per_minute=_PER_MINUTE).wait("here", now=1000.0)
    stores = [found for found in gc.get_objects() if type(found) is dict and b"limit:here" in found]
    assert [sorted(store) for store in stores] == [[b"limit:here"]]
    await client.aclose()


async def test_a_burst_from_everywhere_is_counted_once(redis_server: RedisServer) -> None:
    client = connect(redis_server.url, patience=60)  # a slow machine lets nobody pass
    limits = RedisLimits(client, per_minute=_PER_MINUTE)
    waits = await asyncio.gather(*(limits.wait("a", now=1000.0) for _ in range(200)))
    assert waits.count(0) == _PER_MINUTE
    await client.aclose()


async def test_without_redis_nobody_is_limited(redis_server: RedisServer) -> None:
    client = connect(redis_server.url)
    limits = RedisLimits(client, per_minute=1)
    assert await limits.wait("a", now=1000.0) == 0
    redis_server.stop()
    assert await limits.wait("a", now=1000.0) == 0
    await client.aclose()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_too_many_anonymous_calls_are_429_and_a_token_is_not(house: House) -> None:
    house.settings = house.settings.model_copy(update={"anonymous_per_minute": 3})
    async with inhabited(house) as town:
        statuses = [(await town.ask(None, "{ __typename }")).status for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        refused = await town.ask(None, "{ __typename }")
        assert refused.code == "RATE_LIMITED"
        assert int(refused.response.headers["retry-after"]) >= 1
        assert (await town.ask("citizen-1", "{ me { name } }")).status == 200


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_whoever_reads_the_public_log_too_often_waits_and_is_told_how_long(house: House) -> None:
    house.settings = house.settings.model_copy(update={"anonymous_per_minute": 3})
    async with inhabited(house) as town:
        answers = [await town.http.get("/log/keys") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[3].content == b""
        assert 1 <= int(answers[3].headers["retry-after"]) <= 21
        assert (await town.http.get("/log/checkpoint")).status_code == 429
        assert (await town.ask(None, "{ __typename }")).status == 200
