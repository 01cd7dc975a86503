"""Somebody who asks again and again while things fall, and remembers what they were told."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import asyncpg
import httpx
from sqlalchemy import text

from tests.harness import peopling
from tests.harness.postgres import Cluster
from tests.harness.standing import Standing

# Longer than anybody is let wait for a database that hangs.
PATIENCE = 25.0
_LOOK = "{ me { name } }"
_TAKE = """mutation($i: ClaimCreateInput!) { claimCreate(input: $i) { __typename
  ... on ClaimCreatePayload { replayed claim { id } } ... on Refusal { code } } }"""


class Caller:
    """Somebody who looks and takes, again and again, and remembers what they were told."""

    def __init__(self, city: Standing, http: httpx.AsyncClient) -> None:
        self._city, self._http = city, http
        self._tokens: Mapping[str, str] = {}
        self._given: list[str] = []
        self._offer_id = self._notice = ""
        self.told: dict[str, Any] = {}
        self.looks = 0

    async def begin(self, many: int) -> None:
        """So many people, and an offer for all of them."""
        self._tokens = await peopling.settle(self._city.house, many)
        self._offer_id, self._notice = await self._city.town.open_offer(), await self._city.town.notice("CLAIM")

    def beside(self, http: httpx.AsyncClient) -> "Caller":
        """The same people at another process."""
        other = Caller(self._city, http)
        other._tokens, other._given, other.told = self._tokens, self._given, self.told
        other._offer_id, other._notice = self._offer_id, self._notice
        return other

    def headers(self) -> Mapping[str, str]:
        """What the first of them shows."""
        return {"Authorization": f"Bearer {next(iter(self._tokens.values()))}"}

    async def look(self) -> str:
        """The status of a look at oneself; – when nothing answers."""
        answer = await self._ask(next(iter(self._tokens)), _LOOK)
        self.looks += answer is not None and answer.status_code == 200
        return "–" if answer is None else str(answer.status_code)

    def another(self) -> str:
        """Somebody who has asked for nothing yet."""
        person = next(one for one in self._tokens if one not in self._given)
        self._given.append(person)
        return person

    async def take(self, person: str) -> str:
        """The status of somebody's claim, always under the same key; what they were told first they are told again."""
        input_ = {"offerId": self._offer_id, "noticeHash": self._notice, "idempotencyKey": person}
        answer = await self._ask(person, _TAKE, {"i": input_})
        if answer is None or answer.status_code != 200:
            return "–" if answer is None else str(answer.status_code)
        made = answer.json()["data"]["claimCreate"]
        first = self.told.setdefault(person, made)
        assert made["claim"] == first["claim"]
        return "200"

    async def ready(self) -> str | None:
        """What the process says of itself; None when it says nothing."""
        with suppress(httpx.TimeoutException):
            return str((await self._http.get("/readyz")).json()["state"])
        return None

    async def lives(self) -> bool:
        """Whether the process answers at all."""
        with suppress(httpx.TimeoutException):
            return (await self._http.get("/livez", timeout=2)).status_code == 200
        return False

    async def _ask(self, person: str, document: str, variables: Any = None) -> httpx.Response | None:
        headers = {"Authorization": f"Bearer {self._tokens[person]}"}
        body = {"query": document, "variables": variables or {}}
        with suppress(httpx.TimeoutException):
            return await self._http.post("/graphql", json=body, headers=headers)
        return None

    async def recovers(self, person: str) -> None:
        """Return when everything answers again."""
        async with asyncio.timeout(PATIENCE):
            while (await self.look(), await self.take(person), await self.ready()) != ("200", "200", "ready"):
                await asyncio.sleep(0.05)

    async def check(self) -> None:
        """What was acknowledged is stored once, and nothing else is; every answered look is in the log."""
        for person in self._given:
            assert await self.take(person) == "200"
        count = self._city.town.count
        async with self._city.house.database.reading() as unit:
            stored = await unit.all(text("SELECT id, subject_id FROM claim WHERE subject_id LIKE 'sub_many%'"))
        assert {row.subject_id: row.id for row in stored} == {p: made["claim"]["id"] for p, made in self.told.items()}
        looked = "SELECT count(*) FROM access WHERE subject_id = :s"
        assert await count(looked, s=next(iter(self._tokens))) >= self.looks


async def until_taken(caller: Caller) -> None:
    """Take for another one, however often it needs asking."""
    person = caller.another()
    while await caller.take(person) != "200":
        await asyncio.sleep(0.05)


async def set_(cluster: Cluster, what: str) -> None:
    """Change a setting of the whole cluster, at once."""
    connection = await asyncpg.connect(cluster.plain("postgres"))
    try:
        before = await connection.fetchval("SELECT pg_conf_load_time()")
        await connection.execute(f"ALTER SYSTEM {what}")
        await connection.execute("SELECT pg_reload_conf()")
        async with asyncio.timeout(PATIENCE):  # its sessions hear of it one by one
            while await connection.fetchval("SELECT pg_conf_load_time()") == before:
                await asyncio.sleep(0.01)
    finally:
        await connection.close()
