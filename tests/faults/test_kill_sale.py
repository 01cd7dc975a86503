"""A sale while one after another is killed, as by kill -9: a server, PostgreSQL, Redis, a till; or Redis forgets.

Everybody asks under a key of their own until they are answered, and once more at the end. What was acknowledged is
stored, nothing else is, all of the stock is sold and no more, and every repeat is told the same.
"""

import asyncio
import json
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import httpx
import pytest
from redis import Redis
from sqlalchemy import text

from api.house import House
from tests.conftest import need_postgres
from tests.harness import peopling
from tests.harness.callers import Town
from tests.harness.city import Templates
from tests.harness.postgres import Cluster
from tests.harness.redis import RedisServer
from tests.harness.scale import scaled
from tests.harness.servers import Server
from tests.harness.standing import standing

_ROUNDS = scaled(1, 20)
# So many are taken before each kill, which then meets so many who are waiting; one in six finds nothing left.
_BEFORE, _AT_ONCE = 3, 8
_KINDS = ("server", "postgresql", "till", "redis", "FLUSHALL")
_STOCK = _ROUNDS * (len(_KINDS) + 1) * (_BEFORE + _AT_ONCE)
_PEOPLE = _STOCK + _STOCK // 6
_TAKE = """mutation($i: ClaimCreateInput!) { claimCreate(input: $i) { __typename
  ... on ClaimCreatePayload { replayed claim { id } } ... on Refusal { code } } }"""
_REDEEM = """mutation($i: ClaimRedeemInput!) { claimRedeem(input: $i) { __typename
  ... on ClaimRedeemPayload { replayed redemption { id } } ... on Refusal { code } } }"""
_CODE = "{ me { claims(first: 1) { edges { node { codes(first: 1) { digits } } } } } }"
# A till that sends what it was given, says so, and never reads the answer.
_TILL = """import socket, sys, time
host, port, request = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode()
line = socket.create_connection((host, port))
line.sendall(request)
print("sent", flush=True)
time.sleep(600)
"""


class _Sale:
    """One offer, everybody who wants it, and all that can be killed."""

    def __init__(self, house: House, town: Town, cluster: Cluster, redis: RedisServer) -> None:
        self.house, self.town, self.cluster, self.redis = house, town, cluster, redis
        self.offer_id = ""
        self.notice = ""
        self.till_token = ""
        self.tokens: Mapping[str, str] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.redeemed: dict[str, str] = {}
        self.kills: Counter[str] = Counter()
        self._told = asyncio.Condition()
        self._turns = asyncio.Semaphore(0)
        self._begun = 0
        self._http = httpx.AsyncClient(timeout=20)
        self._serve()

    def _serve(self) -> None:
        self.server = Server(self.house.settings, f"sale-{uuid.uuid4().hex[:6]}")

    async def ready(self) -> None:
        """Return when the server answers."""
        while not await asyncio.to_thread(self.server.ready):
            await asyncio.sleep(0.02)

    async def close(self) -> None:
        """End what this started."""
        await self._http.aclose()
        await asyncio.to_thread(self.server.stop)

    async def prepare(self) -> None:
        """The people, and an offer with its stock."""
        self.tokens = await peopling.settle(self.house, _PEOPLE)
        self.offer_id, self.notice = await self.town.open_offer(), await self.town.notice("CLAIM")
        self.till_token = await self.town.token("till-1")
        async with self.house.database.writing() as unit:
            await unit.run(
                text("UPDATE stock SET left_over = :n WHERE offer_id = :o"), {"n": _STOCK, "o": self.offer_id}
            )

    # ---------------------------------------------------------------------------------------------------- buying
    async def take(self, person: str) -> dict[str, Any]:
        """What somebody is answered under their key, asked until they are."""
        input_ = {"offerId": self.offer_id, "noticeHash": self.notice, "idempotencyKey": f"sale {person}"}
        return dict((await self.asked(self.tokens[person], _TAKE, input_))["claimCreate"])

    async def asked(self, token: str, document: str, input_: Mapping[str, Any] | None = None) -> Any:
        """The data of an answer; the same request again while nobody answers, or says that they cannot."""
        body = {"query": document, "variables": {"i": input_} if input_ else {}}
        while True:
            try:
                headers = {"Authorization": f"Bearer {token}"}
                answer = await self._http.post(f"{self.server.url}/graphql", json=body, headers=headers)
            except httpx.TransportError:
                await asyncio.sleep(0.05)
                continue
            if answer.status_code == 200:
                return answer.json()["data"]
            assert answer.status_code == 503, answer.text
            await asyncio.sleep(0.05)

    async def buy(self) -> None:
        """Everybody, some at once."""
        waiting = list(self.tokens)

        async def buyer() -> None:
            while True:
                await self._turns.acquire()
                if not waiting:
                    return
                person = waiting.pop()
                answer = await self.take(person)
                async with self._told:
                    self.answers[person] = answer
                    self._told.notify_all()

        await asyncio.gather(*(buyer() for _ in range(_AT_ONCE)))

    async def sold(self, many: int) -> str:
        """Return when so many more have taken one, and others are about to; the last of them."""
        until = len(self.holders()) + many
        self._let_go(len(self.answers) + many + _AT_ONCE)
        async with self._told:
            await self._told.wait_for(lambda: len(self.holders()) >= until)
            return self.holders()[-1]

    def _let_go(self, many: int) -> None:
        """So many in all may have asked."""
        for _ in range(self._begun, many):
            self._turns.release()
        self._begun = max(self._begun, many)

    def holders(self) -> list[str]:
        """Who has one, in the order in which they heard of it."""
        return [person for person, answer in self.answers.items() if "claim" in answer]

    # --------------------------------------------------------------------------------------------------- killing
    async def kill(self) -> None:
        """One after another, while the sale goes on."""
        acts: Mapping[str, Callable[[str], Awaitable[None]]] = {
            "server": self._kill_server,
            "postgresql": self._kill_postgresql,
            "till": self._kill_till,
            "redis": self._kill_redis,
            "FLUSHALL": self._flush,
        }
        for kind in _KINDS * _ROUNDS:
            await acts[kind](await self.sold(_BEFORE))
            self.kills[kind] += 1
        self._let_go(_PEOPLE + _AT_ONCE)

    async def _kill_server(self, _last: str) -> None:
        await asyncio.to_thread(self.server.stop)
        self._serve()
        await self.ready()

    async def _kill_postgresql(self, _last: str) -> None:
        await asyncio.to_thread(self.cluster.kill)
        await asyncio.to_thread(self.cluster.start)

    async def _kill_redis(self, _last: str) -> None:
        await asyncio.to_thread(self.redis.stop)
        await self.sold(1)  # nobody waits for it
        await asyncio.to_thread(self.redis.start)

    async def _flush(self, _last: str) -> None:
        with Redis.from_url(self.redis.url) as client:
            await asyncio.to_thread(client.flushall)

    async def _kill_till(self, holder: str) -> None:
        """A till dies between sending and reading. The same request from its next start, twice, is one redemption."""
        shown = await self.asked(self.tokens[holder], _CODE)
        code = shown["me"]["claims"]["edges"][0]["node"]["codes"][0]["digits"]
        input_ = {"code": code, "idempotencyKey": f"till {holder}"}
        body = json.dumps({"query": _REDEEM, "variables": {"i": input_}})
        request = (
            f"POST /graphql HTTP/1.1\r\nHost: haihe.test\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {self.till_token}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        )
        await asyncio.to_thread(_send_and_die, "127.0.0.1", str(self.server.port), request)
        first, second = [(await self.asked(self.till_token, _REDEEM, input_))["claimRedeem"] for _ in range(2)]
        assert second == {**first, "replayed": True}
        self.redeemed[holder] = first["redemption"]["id"]


def _send_and_die(*said: str) -> None:
    with subprocess.Popen([sys.executable, "-S", "-c", _TILL, *said], stdout=subprocess.PIPE) as till:
        assert till.stdout is not None
        assert till.stdout.readline() == b"sent\n"
        till.kill()


@pytest.fixture
async def sale(templates: Templates, redis_server: RedisServer) -> AsyncIterator[_Sale]:
    """A copy of the city on a PostgreSQL of its own, served by a process of its own."""
    need_postgres(templates)
    async with standing(templates, redis_server) as city:
        found = _Sale(city.house, city.town, city.cluster, city.redis)
        try:
            await found.prepare()
            await found.ready()
            yield found
        finally:
            await found.close()


async def test_a_sale_is_whole_whatever_is_killed(sale: _Sale, figures: dict[str, int]) -> None:
    await asyncio.gather(sale.buy(), sale.kill())
    assert sale.kills == dict.fromkeys(_KINDS, _ROUNDS)
    said = Counter(answer.get("code", "CLAIMED") for answer in sale.answers.values())
    assert said == {"CLAIMED": _STOCK, "SOLD_OUT": _PEOPLE - _STOCK}
    count = sale.town.count
    assert await count("SELECT left_over FROM stock WHERE offer_id = :o", o=sale.offer_id) == 0
    async with sale.house.database.reading() as unit:
        stored = {row.id for row in await unit.all(text("SELECT id FROM claim"))}
    assert stored == {sale.answers[person]["claim"]["id"] for person in sale.holders()}, "acknowledged is stored"
    assert await count("SELECT count(*) FROM access WHERE subject_id LIKE 'sub_many%'") >= _STOCK
    assert await count("SELECT count(*) FROM redemption") == len(sale.redeemed) == _ROUNDS
    for person, answer in sale.answers.items():
        expected = {**answer, "replayed": True} if "claim" in answer else answer
        assert await sale.take(person) == expected
    assert await count("SELECT count(*) FROM claim") == _STOCK
    figures["kills"] = sum(sale.kills.values())
    figures["claims"] = _STOCK
