"""A database behind a bad network: 503 in time, back without a restart, and no committed mutation called undone."""

import asyncio
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.util import await_only

from api.house import House
from core import drivers
from tests.conftest import need_postgres
from tests.harness import city, proxy
from tests.harness.callers import Answered, Town, inhabited
from tests.harness.city import Templates
from tests.harness.proxy import Proxy
from tests.harness.scale import FULL, scaled
from tests.harness.servers import Server

_REPLAYED = "__typename ... on ClaimCreatePayload { replayed }"
_LOOK = "{ me { name records { edges { node { title } } } } }"
# core/database.py: a statement may take 10 s, a connection 5 s, and the pool lets nobody wait longer than 5 s.
_PATIENCE, _MARGIN = 15, 5


@dataclass
class Far:
    """A town whose database is behind a proxy, and the same town beside it."""

    town: Town
    beside: Town
    proxy: Proxy


@pytest.fixture
async def far(templates: Templates) -> AsyncIterator[Far]:
    """A copy of the city with a pool of four connections through a proxy."""
    need_postgres(templates)
    name = f"t_{uuid.uuid4().hex[:12]}"
    url = await city.copy(templates, "postgresql", name)
    parsed = make_url(url)
    assert parsed.port is not None
    async with proxy.before(parsed.port) as between:
        through = parsed.set(port=between.port).render_as_string(hide_password=False)
        house = House(templates.settings(through).model_copy(update={"pool": 4}))
        near = House(templates.settings(url))
        async with inhabited(house) as through_proxy, inhabited(near) as beside:
            yield Far(through_proxy, beside, between)
            await between.heal()
    await city.drop(templates, "postgresql", name)


async def _recovers(town: Town) -> None:
    """Answers again, as it is; whoever still waits for a dead connection may be told 503 first."""
    until = time.monotonic() + _PATIENCE
    while (await town.ask("citizen-1", _LOOK)).status != 200:
        assert time.monotonic() < until, "it did not come back"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """At a small scale a hanging statement is given up sooner; the way there is the same."""
    for name in ("READ_SECONDS", "WRITE_SECONDS"):
        monkeypatch.setattr(drivers, name, scaled(3, getattr(drivers, name)))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("weather", ["freeze", "black_hole", "mute"] if FULL else ["black_hole"])
async def test_a_database_that_hangs_is_503_in_time_and_comes_back(far: Far, weather: str) -> None:
    assert (await far.town.ask("citizen-1", _LOOK)).status == 200
    await getattr(far.proxy, weather)()
    begun = time.monotonic()
    answers = await asyncio.gather(*(far.town.ask("citizen-1", _LOOK) for _ in range(6)))
    took = time.monotonic() - begun
    assert {(answer.status, answer.code) for answer in answers} == {(503, "UNAVAILABLE")}
    assert all(answer.response.headers["retry-after"] for answer in answers)
    assert took < _PATIENCE + _MARGIN
    assert (await far.town.http.get("/livez")).status_code == 200
    await far.proxy.heal()
    await _recovers(far.town)


async def test_a_cut_connection_is_503_or_an_answer_and_never_a_fault(far: Far) -> None:
    assert (await far.town.ask("citizen-1", _LOOK)).status == 200
    for round_ in range(scaled(5, 100)):
        asked = [asyncio.ensure_future(far.town.ask("citizen-1", _LOOK)) for _ in range(8)]
        await asyncio.sleep(round_ % 10 / 200)  # somewhere within an operation, another place each time
        await far.proxy.cut()
        assert {answer.status for answer in await asyncio.gather(*asked)} <= {200, 503}
    await _recovers(far.town)


async def test_64_operations_over_4_connections_are_64_answers(
    far: Far, figures: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.graphql.OPERATION_SECONDS", 60.0)  # a busy machine
    await far.proxy.slow(0.001)
    grant_id = (await far.town.grant("citizen-1", key="pool"))["grant"]["id"]
    granted = "query($q: GrantedQueryInput!) { granted(query: $q) { subject { name } } }"
    look = {"q": {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "甲"}}
    offer, notice = await far.town.open_offer(), await far.town.notice("CLAIM")
    claim = "mutation($i: ClaimCreateInput!) { claimCreate(input: $i) { __typename } }"

    def ask(round_: int, n: int) -> "asyncio.Future[Answered]":
        asks = (
            lambda: far.town.ask("citizen-1", _LOOK),
            lambda: far.town.ask("bank-1", granted, look),
            lambda: far.town.ask(None, "{ offers { edges { node { id stores { name } } } } }"),
            lambda: far.town.ask(
                "citizen-2", claim, {"i": {"offerId": offer, "noticeHash": notice, "idempotencyKey": f"{round_} {n}"}}
            ),
        )
        return asyncio.ensure_future(asks[n % 4]())

    rounds = scaled(1, 20)
    for round_ in range(rounds):
        # Four at a time in the pool: everyone else waits a little, and nobody for ever.
        answers = await asyncio.gather(*(ask(round_, n) for n in range(64)))
        assert Counter(answer.status for answer in answers) == {200: 64}
    figures["operations over a pool of 4"] = 64 * rounds


@pytest.mark.usefixtures("impatient")
async def test_a_commit_whose_answer_is_lost_is_replayed_under_its_key(
    far: Far, monkeypatch: pytest.MonkeyPatch, figures: dict[str, int]
) -> None:
    """The outcome is unknown and said so: 503. The key then says what became of it, and does nothing twice."""
    offer, notice = await far.town.open_offer(), await far.town.notice("CLAIM")
    document = f"mutation($i: ClaimCreateInput!) {{ claimCreate(input: $i) {{ {_REPLAYED} }} }}"
    dialect = far.town.house.database.engine.sync_engine.dialect
    commit, rounds = dialect.do_commit, scaled(1, 5)

    def lost(connection: Any) -> None:
        await_only(far.proxy.mute())
        commit(connection)

    for round_ in range(rounds):
        input_ = {"i": {"offerId": offer, "noticeHash": notice, "idempotencyKey": f"lost {round_}"}}
        with monkeypatch.context() as patch:
            patch.setattr(dialect, "do_commit", lost)
            first = await far.town.ask("citizen-2", document, input_)
        assert (first.status, first.code) == (503, "OUTCOME_UNKNOWN")
        assert "Retry-After" in first.response.headers
        assert "同一请求编号" in first["errors"][0]["message"]
        await far.proxy.heal()
        await _recovers(far.town)
        assert await far.beside.count("SELECT count(*) FROM claim") == round_ + 1
        again = (await far.town.ask("citizen-2", document, input_))["data"]["claimCreate"]
        assert again == {"__typename": "ClaimCreatePayload", "replayed": True}
        assert await far.beside.count("SELECT count(*) FROM claim") == round_ + 1
    figures["commits whose answer was lost"] = rounds


async def _give_up(url: str, token: str, body: bytes, patience: float) -> bool:
    """Send a request and close the socket after a while; whether an answer had begun to come."""
    port = int(url.rsplit(":", 1)[1])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
    try:
        return bool(await asyncio.wait_for(reader.read(1), patience))
    except TimeoutError:
        return False
    finally:
        writer.transport.abort()


async def test_a_client_that_hangs_up_finds_its_outcome_under_its_key(
    town: Town, backend: str, figures: dict[str, int]
) -> None:
    offer, notice = await town.open_offer(), await town.notice("CLAIM")
    document = f"mutation($i: ClaimCreateInput!) {{ claimCreate(input: $i) {{ {_REPLAYED} }} }}"
    token, rounds = await town.token("citizen-2"), scaled(12, 200)
    async with town.house.database.writing() as unit:  # one person takes as many as there are rounds
        await unit.run(text("UPDATE offer SET per_person = 1000 WHERE id = :o"), {"o": offer})
        await unit.run(text("UPDATE stock SET left_over = 1000 WHERE offer_id = :o"), {"o": offer})
    outcomes: Counter[str] = Counter()
    with Server(town.house.settings, f"hung-up-{backend}") as server:
        for round_ in range(rounds):
            stock = await town.count("SELECT left_over FROM stock WHERE offer_id = :o", o=offer)
            input_ = {"offerId": offer, "noticeHash": notice, "idempotencyKey": f"gone {round_}"}
            body = orjson.dumps({"query": document, "variables": {"i": input_}})
            begun = await _give_up(server.url, token, body, round_ % 12 / 300)
            # The replay waits for whoever holds the key: by its answer the first one has ended either way.
            payload = (await town.ask("citizen-2", document, {"i": input_}))["data"]["claimCreate"]
            assert payload["__typename"] == "ClaimCreatePayload"
            assert payload["replayed"] or not begun, "answered, and not done"
            outcomes["done" if payload["replayed"] else "not done"] += 1
            keys = "SELECT count(*) FROM idempotency WHERE operation = 'claimCreate'"
            assert await town.count(keys) == round_ + 1
            assert await town.count("SELECT left_over FROM stock WHERE offer_id = :o", o=offer) == stock - 1
        figures["clients that hung up"] = rounds
    assert await town.count("SELECT count(*) FROM claim") == rounds
