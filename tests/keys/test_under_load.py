"""Every ring is changed under a serving process, by one after another: nobody is refused, and what was made before
still works."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import pytest

from api import keeping
from api.app import create_app
from api.house import House
from core import keys
from core.installation import Kind
from core.keys import Purpose
from tests.harness.callers import Town
from tests.harness.scale import FULL, scaled
from tests.harness.servers import Server

_PAGE = "query($a: String) { me { name records(first: 1, after: $a) { edges { cursor } } } }"
_CODES = "{ me { claims(first: 1) { edges { node { codes { digits } } } } } }"


async def _change(house: House, server: Server, purposes: Collection[Purpose]) -> None:
    """As `haihe keys rotate` does it for each, with every wait replaced by what it waits for."""
    before = (await asyncio.to_thread(httpx.get, f"{server.url}/.well-known/jwks.json")).json()
    for purpose in purposes:
        keys.publish(house.settings.key_file, purpose, at=datetime.now(UTC))
    if Purpose.TOKEN in purposes:
        async with asyncio.timeout(10), httpx.AsyncClient() as client:
            while (await client.get(f"{server.url}/.well-known/jwks.json")).json() == before:
                await asyncio.sleep(0.1)
    await asyncio.sleep(2 * keeping.LOOK_SECONDS)
    for purpose in purposes:
        found = next(key for key in keys.load(house.settings.key_file).all(purpose).values() if key.state == "next")
        keys.promote(house.settings.key_file, purpose, found.kid, at=datetime.now(UTC))
    house.keys.look()


class _Load:
    """Somebody who reads their record with an old token and an old cursor and with fresh ones, and a shop whose till
    checks one code of a claim after another, until it is over."""

    def __init__(self, town: Town) -> None:
        self._town, self._over = town, asyncio.Event()
        self.answered, self.refused = 0, list[str]()
        self.old_token = self.old_cursor = ""

    async def cursor(self) -> str:
        """A fresh one, by a fresh token."""
        self._town.forget("citizen-1")
        found = await self._ask(await self._town.token("citizen-1"), None)
        return str(found.json()["data"]["me"]["records"]["edges"][0]["cursor"])

    async def _ask(self, bearer: str, after: str | None) -> httpx.Response:
        body, headers = {"query": _PAGE, "variables": {"a": after}}, {"Authorization": f"Bearer {bearer}"}
        return await self._town.http.post("/graphql", json=body, headers=headers)

    async def _look(self) -> None:
        while not self._over.is_set():
            self._town.forget("citizen-1")
            for bearer, after in ((self.old_token, self.old_cursor), (await self._town.token("citizen-1"), None)):
                answer = await self._ask(bearer, after)
                self._heard(answer.status_code == 200 and "errors" not in answer.json(), answer.text)

    async def _sell(self) -> None:
        while not self._over.is_set():
            (claim,) = (await self._town.data("citizen-2", _CODES))["me"]["claims"]["edges"]
            given = {"code": claim["node"]["codes"][0]["digits"]}
            checked = await self._town.act("till-1", "claimCheck", given, "offerTitle")
            self._heard("offerTitle" in checked, str(checked))

    def _heard(self, well: bool, said: str) -> None:
        self.answered += 1
        if not well:
            self.refused.append(said)

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """While the body runs."""
        self.old_cursor, self.old_token = await self.cursor(), await self._town.token("citizen-1")
        await self._town.code("citizen-2", key="shown again and again")
        tasks = [asyncio.create_task(work) for work in (self._look(), self._look(), self._look(), self._sell())]
        yield
        self._over.set()
        await asyncio.gather(*tasks)


@pytest.mark.parametrize("backend", ["postgresql", *(["sqlite"] if FULL else [])], indirect=True)
async def test_every_ring_is_changed_under_load_and_nobody_is_refused(own: House, backend: str) -> None:
    town = Town(own, create_app(own, Kind.DEMONSTRATION))
    load = _Load(town)
    with Server(own.settings, f"rotating-{backend}") as server:
        async with httpx.AsyncClient(base_url=server.url, timeout=20) as client:
            town.http = client
            async with load.going_on():
                for _ in range(scaled(1, 3)):
                    for purposes in [[purpose] for purpose in Purpose] if FULL else [list(Purpose)]:
                        await _change(own, server, purposes)
                await asyncio.sleep(2 * keeping.LOOK_SECONDS)
                new_cursor = await load.cursor()
            published = (await client.get("/.well-known/jwks.json")).json()["keys"]
            await _forget_token(own, client, load.old_token)
    assert load.refused == []
    assert load.answered > 2 * len(Purpose)
    assert new_cursor[:8] == own.vault.cursor_kid != load.old_cursor[:8]
    assert len(published) == 1 + scaled(1, 3)


async def _forget_token(own: House, client: httpx.AsyncClient, old_token: str) -> None:
    """A key that is dropped is refused within seconds, though its token is remembered."""
    for kid, key in own.rings.all(Purpose.TOKEN).items():
        if key.state == "retired":
            keys.drop(own.settings.key_file, Purpose.TOKEN, kid)
    async with asyncio.timeout(10):
        while True:
            answer = await client.post(
                "/graphql", json={"query": _PAGE}, headers={"Authorization": f"Bearer {old_token}"}
            )
            if answer.status_code == 401:
                return
            await asyncio.sleep(0.1)
