"""Several processes over one database: what is frozen through one is silent in another, with Redis and without it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from api.house import House
from api.settings import DEMONSTRATION_ISSUER
from core import ids
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind
from schema import streams
from tests.harness.callers import Town
from tests.harness.redis import RedisServer
from tests.harness.servers import Server, running
from tests.harness.sockets import PATIENCE
from tests.harness.tuned import TunedServer
from tests.harness.wires import WAYS, Listener
from tests.parties.test_oauth import Client

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
# A process that asks for nobody by itself: only a hint ends a stream that has nothing to say.
_NEVER = {"schema.streams:CHECK_SECONDS": 600.0}
# What a machine may be late by that has other things to do.
_LATE_SECONDS = 10.0
_FREEZE = "mutation($i: PartyFreezeInput!) { partyFreeze(input: $i) { __typename ... on Refusal { code } } }"
_CURSOR = "{ viewer { changesCursor } }"


class _Frozen:
    """One who listens, what of theirs is frozen, and whose changes they hear."""

    def __init__(self, token: str, owner_id: str, **named: str) -> None:
        self.token, self.owner_id, self.named = token, owner_id, named


class _Teller:
    """Tells an owner of one change after another: `begun` is the last that it has begun to tell of."""

    def __init__(self, house: House, owner_id: str) -> None:
        self._house, self._owner_id = house, owner_id
        self.about, self.begun = ids.new_id("grt"), 0

    async def one(self) -> None:
        self.begun += 1
        told = Change(self._owner_id, ChangeKind.GRANT, self.about, self.begun)
        async with self._house.database.writing() as unit:
            await changes.tell(unit, told, at=datetime.now(UTC))

    @asynccontextmanager
    async def without_rest(self) -> AsyncIterator[None]:
        over = asyncio.Event()

        async def tell() -> None:
            while not over.is_set():
                await self.one()

        telling = asyncio.create_task(tell())
        try:
            yield
            assert not telling.done(), telling.exception()
        finally:
            over.set()
            await telling  # a write that is cancelled half-way leaves its connection to the garbage collector


async def _freezables(town: Town) -> dict[str, _Frozen]:
    """The three things that can be frozen under somebody who listens. The bank is the last: its key goes with it."""
    client = await Client(town).register()
    me = (await town.data("citizen-1", "{ me { id } }"))["me"]["id"]
    citizen, banker = await town.token("citizen-1"), await town.token("bank-1")
    return {
        "a sign-in": _Frozen(citizen, me, target="LINK", id="citizen-1", issuer=DEMONSTRATION_ISSUER),
        "a key": _Frozen(await client.token(), client.party_id, target="CLIENT_KEY", id=client.key_id),
        "an organisation": _Frozen(banker, client.party_id, target="PARTY", id=client.party_id),
    }


async def _check_frozen(town: Town, through: Server, held_by: Server, one: _Frozen, within: float) -> None:
    """What is frozen through one process ends what another holds, and nothing told later is delivered."""

    async def ask(url: str, token: str, document: str, **variables: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, headers=headers) as http:
            return (await http.post("/graphql", json={"query": document, "variables": variables})).json()

    officer = await town.token("officer-1")
    after = (await ask(held_by.url, one.token, _CURSOR))["data"]["viewer"]["changesCursor"]
    teller = _Teller(town.house, one.owner_id)
    listeners = [Listener(way, held_by.url, one.token, after) for way in WAYS]
    await teller.one()
    for listener in listeners:
        await listener.begun()
    input_ = {**one.named, "reason": "查实"}
    if one.named["target"] == "LINK":  # has nothing to hear of: it is the hint, or the question every few seconds
        frozen = await ask(through.url, officer, _FREEZE, i=input_)
        ends = await _ends(listeners, within)
    else:
        async with teller.without_rest():
            frozen = await ask(through.url, officer, _FREEZE, i=input_)
            acknowledged = teller.begun
            ends = await _ends(listeners, within)
            await teller.one()  # they may have ended before anything later was told
        told = [change["version"] for one in listeners for change in one.heard if change["id"] == teller.about]
        assert [version for version in told if version > acknowledged] == []
    assert frozen["data"]["partyFreeze"] == {"__typename": "PartyFreezePayload"}
    assert ends == ["4403 FORBIDDEN", "FORBIDDEN complete"]
    assert (await ask(held_by.url, one.token, _CURSOR))["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def _ends(listeners: list[Listener], within: float) -> list[str]:
    async with asyncio.timeout(within):
        return [await listener.ended for listener in listeners]


async def test_a_freeze_through_one_process_ends_what_another_holds(town: Town, redis_server: RedisServer) -> None:
    """A sign-in, a key and an organisation: by the hint alone, and, with Redis killed, by the question that each
    stream puts every few seconds."""
    house = town.house
    shared = house.settings.model_copy(update={"redis_url": redis_server.url})
    asking, hinted = Server(shared, "asking"), TunedServer(shared, "hinted", _NEVER)
    freezables = await _freezables(town)
    with running(asking, hinted):
        for one in freezables.values():
            await _check_frozen(town, asking, hinted, one, PATIENCE)
        async with house.database.writing() as unit:
            for table in ("identity_link", "client_key", "party"):
                await unit.run(text(f"UPDATE {table} SET state = 'ACTIVE' WHERE state = 'FROZEN'"))
        redis_server.stop()
        for one in freezables.values():
            await _check_frozen(town, hinted, asking, one, streams.CHECK_SECONDS + _LATE_SECONDS)
