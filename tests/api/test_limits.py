"""Rate limits: exact in one process, shared through one script on a real Redis and on the stand-in; never promised."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from redis.asyncio import Redis

from api import limits as limiting
from api.house import House
from api.limits import Limits, connect, stored
from core.principal import ANONYMOUS, Principal
from schema.documents import decided
from schema.root import graphql_schema
from tests.harness.callers import inhabited
from tests.harness.redis import RedisServer
from tests.harness.servers import Server

_PER_MINUTE = 30
_PERSON = Principal("https://id.example", "p-1", "app-2")
_PROGRAM = Principal("urn:haihe", "bank", "bank")


def _limits(shared: Redis | None = None, **given: int) -> Limits:
    return Limits(
        **{"anonymous": _PER_MINUTE, "person": _PER_MINUTE, "client": 100, **given},
        own=frozenset({"app"}),
        shared=shared,
    )


@asynccontextmanager
async def _processes(url: str, count: int) -> AsyncIterator[list[Limits]]:
    client = connect(url, patience=60)  # a slow machine is no Redis that is away
    made = [_limits(client) for _ in range(count)]
    try:
        yield made
    finally:
        for one in made:
            await one.close()
        await client.aclose()


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.01)


def test_a_minutes_allowance_and_not_one_more() -> None:
    limits = _limits()
    waits = [limits.wait("a", now=1000.0) for _ in range(_PER_MINUTE + 5)]
    assert waits == [0] * _PER_MINUTE + [pytest.approx(60 / _PER_MINUTE)] * 5
    assert limits.wait("b", now=1000.0) == 0
    assert limits.wait("a", now=1000.0 + 60 / _PER_MINUTE) == 0
    assert limits.wait("a", now=1000.0 + 60 / _PER_MINUTE) > 0
    assert limits.wait("a", now=5000.0) == 0


def test_nobody_waits_for_a_clock_that_has_fallen_back() -> None:
    limits = _limits()
    assert [limits.wait("a", now=10_000.0) for _ in range(_PER_MINUTE)] == [0] * _PER_MINUTE
    assert limits.wait("a", now=9_000.0) > 0
    assert limits.wait("a", now=5_000.0) == 0


def test_points_are_spent_of_all_allowances_or_of_none() -> None:
    limits = _limits(client=40)
    first, second = limits.callers(_PERSON, "a"), limits.callers(Principal("i", "p-2", "app-2"), "a")
    assert limits.spend(first, 30, now=0.0) == 0
    assert limits.spend(second, 11, now=0.0) == pytest.approx(60 / 40)
    assert limits.headers(second, now=0.0)["RateLimit"] == '"person";r=30;t=0'
    assert limits.spend(second, 10, now=0.0) == 0
    limits.give_back(second, 10, now=0.0)
    assert limits.spend(second, 10, now=0.0) == 0


def test_more_than_a_whole_allowance_is_a_whole_allowance() -> None:
    limits = _limits()
    callers = limits.callers(ANONYMOUS, "a")
    assert limits.spend(callers, 10 * _PER_MINUTE, now=0.0) == 0
    assert limits.spend(callers, 1, now=0.0) == pytest.approx(60 / _PER_MINUTE)
    assert limits.spend(callers, 10 * _PER_MINUTE, now=60.0) == 0


@pytest.mark.parametrize(
    ("principal", "kinds"),
    [
        (ANONYMOUS, ["address"]),
        (_PERSON, ["person", "client"]),
        (_PROGRAM, ["client"]),
        (Principal("i", "p", "app"), ["person"]),
    ],
)
def test_whose_allowances_a_call_spends(principal: Principal, kinds: list[str]) -> None:
    assert [caller.kind for caller in _limits().callers(principal, "a")] == kinds


def test_the_headers_tell_the_callers_own_allowance_and_no_other() -> None:
    limits = _limits()
    callers = limits.callers(_PERSON, "a")
    limits.spend(callers, 12, now=0.0)
    assert limits.headers(callers, now=0.0) == {
        "RateLimit-Policy": '"person";q=30;w=60',
        "RateLimit": '"person";r=18;t=24',
    }


def test_whoever_called_longest_ago_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "_MOST_KEPT", 2)
    limits = _limits(anonymous=1)
    assert [limits.wait(who, now=0.0) for who in "abc"] == [0, 0, 0]
    assert [limits.wait(who, now=0.0) > 0 for who in "bca"] == [True, True, False]


@pytest.mark.parametrize("server", ["stand-in", "redis"])
async def test_what_one_process_let_through_the_other_knows(server: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("redis_server").url if server == "redis" else ""
    async with _processes(url, 2) as (one, other):
        for _ in range(_PER_MINUTE):
            assert one.wait("a", now=1000.0) == 0
        await _until(lambda: one._telling is None)
        assert other.wait("a", now=1000.0) == 0  # the first, before it has heard
        await _until(lambda: other._telling is None)
        assert other.wait("a", now=1000.0) == pytest.approx(2 * 60 / _PER_MINUTE, abs=0.5)
        assert other.wait("b", now=1000.0) == 0


async def test_what_is_spent_while_redis_is_told_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "SHARED_SECONDS", 0)
    async with _processes("", 1) as (limits,):
        for _ in range(_PER_MINUTE):
            assert limits.wait("a", now=1000.0) == 0
            await asyncio.sleep(0)
        assert limits.wait("a", now=1000.0) > 0
        await _until(lambda: limits._telling is None)
        assert limits.wait("a", now=1000.0) > 0


async def test_all_callers_of_a_moment_are_told_in_one_script(monkeypatch: pytest.MonkeyPatch) -> None:
    async with _processes("", 1) as (limits,):
        calls = 0
        script = limits._script

        async def counted(keys: list[str], args: list[float]) -> object:
            nonlocal calls
            calls += 1
            assert script is not None
            return await script(keys=keys, args=args)

        monkeypatch.setattr(limits, "_script", counted)
        for number in range(50):
            limits.spend(limits.callers(Principal("i", str(number), "c"), ""), 1, now=1000.0)
        await _until(lambda: limits._telling is None)
        assert calls == 1


async def test_the_stand_in_forgets_who_has_not_called_for_long_and_names_nobody() -> None:
    """It drops a key that has expired only when that key is asked for again, which an address that is gone never is."""
    client = connect("")
    for number in range(50):
        await client.set(f"gone:{number}", "1", px=1)
    await asyncio.sleep(0.05)
    limits = _limits(client)
    limits.wait("203.0.113.7", now=1000.0)
    await _until(lambda: limits._telling is None)
    key = stored("address:203.0.113.7").encode()
    assert [sorted(found) for found in gc.get_objects() if type(found) is dict and key in found] == [[key]]
    assert b"203.0.113.7" not in key
    await client.aclose()


async def test_without_redis_a_process_limits_alone_and_waits_for_nobody(redis_server: RedisServer) -> None:
    async with _processes(redis_server.url, 1) as (limits,):
        redis_server.stop()
        waits = [limits.wait("a", now=1000.0) for _ in range(_PER_MINUTE + 1)]
        assert (waits[:-1], waits[-1] > 0) == ([0] * _PER_MINUTE, True)
        await _until(lambda: not limits._untold)  # told to nobody
        assert limits.wait("a", now=1000.0) > 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_too_many_anonymous_calls_are_429_and_a_token_is_not(house: House) -> None:
    house.settings = house.settings.model_copy(update={"anonymous_per_minute": 3})
    async with inhabited(house) as town:
        answers = [await town.ask(None, "{ __typename }") for _ in range(4)]
        assert [answer.status for answer in answers] == [200, 200, 200, 429]
        assert [answer.response.headers["ratelimit"].split(";")[1] for answer in answers] == [
            "r=2",
            "r=1",
            "r=0",
            "r=0",
        ]
        refused = await town.ask(None, "{ __typename }")
        assert refused.code == "RATE_LIMITED"
        assert 1 <= int(refused.response.headers["retry-after"]) <= 20
        assert refused.response.headers["ratelimit-policy"] == '"address";q=3;w=60'
        assert (await town.ask("citizen-1", "{ me { name } }")).status == 200


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_forwarded_address_is_believed_from_the_balancer_alone(house: House) -> None:
    settings = house.settings.model_copy(update={"anonymous_per_minute": 2})

    async def asked(given: str) -> list[int]:
        with Server(settings, f"proxies-{len(given)}", environment={"HAIHE_PROXIES": given}) as server:
            async with httpx.AsyncClient(base_url=server.url) as http:
                return [
                    (
                        await http.post(
                            "/graphql", json={"query": "{ __typename }"}, headers={"X-Forwarded-For": f"192.0.2.{n}"}
                        )
                    ).status_code
                    for n in range(3)
                ]

    assert await asked('["127.0.0.0/8"]') == [200, 200, 200], "three callers behind one balancer"
    assert await asked('["10.0.0.1"]') == [200, 200, 429], "one caller, whatever it says"


async def test_a_token_that_proves_nothing_is_paid_for_by_its_address(house: House) -> None:
    house.settings = house.settings.model_copy(update={"anonymous_per_minute": 3})
    async with inhabited(house) as town:
        forged = {"Authorization": "Bearer forged"}
        statuses = [(await town.ask(None, "{ __typename }", headers=forged)).status for _ in range(4)]
        assert statuses == [401, 401, 401, 429]


_CHANGE = 'mutation { scoreOpen(input: {noticeHash: "x", idempotencyKey: "k"}) { __typename } }'


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_person_who_asks_too_often_waits_and_nothing_has_happened(house: House) -> None:
    house.settings = house.settings.model_copy(update={"person_per_minute": 7})
    async with inhabited(house) as town:
        looks = await town.count("SELECT count(*) FROM access")
        page = "{ me { accessHistory(first: 100) { edges { node { id } } } } }"
        assert (await town.ask("citizen-1", page)).response.headers["ratelimit"].startswith('"person";r=5;')
        assert (await town.ask("citizen-1", page)).response.headers["ratelimit"].startswith('"person";r=3;')
        refused = await town.ask("citizen-1", _CHANGE)
        assert (refused.status, refused.code, "data" in refused) == (429, "RATE_LIMITED", False)
        assert await town.count("SELECT count(*) FROM access") <= looks + 2
        assert await town.count("SELECT count(*) FROM idempotency WHERE key = 'k'") == 0
        assert (await town.ask("citizen-2", page)).status == 200


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_cost_is_told_when_asked_for_and_is_the_same_whatever_is_found(house: House) -> None:
    async with inhabited(house) as town:
        found, absent = [(await town.http.post("/graphql", json=_asked(number))).json() for number in ("x", "y" * 20)]
        assert found["extensions"] == absent["extensions"] == {"cost": {"requested": 1, "actual": 1}}
        assert "extensions" not in await town.ask(None, "{ __typename }")
        denied = (await town.http.post("/graphql", json={**_asked("x"), "query": _BIG})).json()
        assert denied["extensions"] == {"cost": {"requested": 2, "actual": 1}}


_BIG = "{ me { accessHistory(first: 100) { edges { node { id } } } } }"


def _asked(number: str) -> dict[str, object]:
    document = 'query($n: String!) { reportCheck(number: $n, code: "y") { state } }'
    return {"query": document, "variables": {"n": number}, "extensions": {"cost": True}}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_an_operation_of_500_points_is_answered_and_one_of_501_asks_no_database(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with inhabited(house) as town:
        await town.token("citizen-1")
        page = "claims(first: 100) { edges { node { codes(first: %d) { digits } } } }"
        pages = " ".join(f"p{n}: {page % codes}" for n, codes in enumerate([97] * 5 + [2]))
        most = f"{{ me {{ {pages} grants(first: %d) {{ edges {{ node {{ id }} }} }} }} }}"
        assert _points(most % 92) == 500
        assert (await town.ask("citizen-1", most % 92)).status == 200
        monkeypatch.setattr(type(house.database), "reading", None)
        assert _points(most % 93) == 501
        refused = await town.ask("citizen-1", most % 93)
        assert (refused.status, refused.code, "data" in refused) == (422, "TOO_LARGE", False)


def _points(text: str) -> int:
    return decided(graphql_schema, text).operation(None).points({})


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_a_database_that_is_away_did_not_answer_is_given_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.settings = house.settings.model_copy(update={"person_per_minute": 5})
    async with inhabited(house) as town:
        await town.token("citizen-1")

        async def away() -> None:
            raise OSError

        monkeypatch.setattr(house.database.pool, "take", away)
        for _ in range(4):
            answer = await town.ask("citizen-1", _BIG)
            assert (answer.status, answer.response.headers["ratelimit"]) == (503, '"person";r=5;t=0')


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


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("persona", "method", "path", "points", "status"),
    [
        ("citizen-1", "POST", "/uploads", 5, 422),
        ("citizen-1", "POST", "/uploads/upl_x/tickets", 5, 404),
        ("provider-1", "GET", "/intake/batches/bat_x", 1, 404),
        ("partner-1", "GET", "/settlements/2026-10.xlsx", 50, 200),
        ("supervisor-1", "GET", "/oversight/2026-10.xlsx", 50, 200),
        (None, "GET", "/blobs/x", 1, 404),
        (None, "GET", "/intake/batches/bat_x", 1, 401),
    ],
)
async def test_what_is_no_graphql_spends_points_too(
    house: House, persona: str | None, method: str, path: str, points: int, status: int
) -> None:
    """Twice what it costs and no more: the third is told when to come again."""
    house.settings = house.settings.model_copy(
        update={"person_per_minute": 2 * points, "anonymous_per_minute": 2 * points}
    )
    async with inhabited(house) as town:
        headers = {"Authorization": f"Bearer {await town.token(persona)}"} if persona else {}
        found = [await town.http.request(method, path, headers=headers, content=b"") for _ in range(3)]
        assert [one.status_code for one in found] == [status, status, 429], found[0].text
        assert found[2].json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert 1 <= int(found[2].headers["retry-after"]) <= 30


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_method_that_would_spend_a_ticket_is_405_with_allow(house: House) -> None:
    async with inhabited(house) as town:
        for path in ("/blobs/x", "/settlements/2026-10.xlsx", "/reports/x.pdf"):
            refused = await town.http.head(path)
            assert (refused.status_code, refused.headers.get("allow")) == (405, "GET"), path
