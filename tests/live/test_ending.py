"""Whoever may hear no more hears no more: expiry, freeze, and the end of a post, a key or a mandate."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api import personas
from api.house import House
from notices import changes, freezing
from notices.changes import Change
from notices.kinds import ChangeKind
from parties.freezing import Named
from parties.kinds import Target
from schema import streams
from schema.errors import Answer
from tests.harness.callers import Town, inhabited
from tests.harness.sockets import PATIENCE, Client, Closed, cursor, listening, number, opened


async def _freeze(house: House, named: Named) -> None:
    async with house.database.writing() as unit:
        assert await freezing.freeze(unit, named, by="sta_test", reason="测试", at=datetime.now(UTC))


async def _link(town: Town, persona: str) -> Named:
    from sqlalchemy import text

    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT issuer FROM identity_link WHERE name = :n"), {"n": persona})
    assert row is not None
    return Named(Target.LINK, persona, row.issuer)


async def _tell(house: House, owner: str, version: int) -> None:
    async with house.database.writing() as unit:
        await changes.tell(unit, Change(owner, ChangeKind.GRANT, "grt_x", version), at=datetime.now(UTC))


async def _settled(client: Client) -> None:
    """Its subscription has begun."""
    client.say({"type": "ping"})
    assert await client.hear() == {"type": "pong"}


async def test_a_freeze_reaches_a_stream_by_its_hint(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "CHECK_SECONDS", 600.0)
    bank = await town.party("海津示例银行")
    async with listening(town, "bank-1") as heard, listening(town, "citizen-1") as other:
        await _settled(heard)
        input_ = {"target": "PARTY", "id": bank, "reason": "令牌外泄"}
        assert "replayed" in await town.act("officer-1", "partyFreeze", input_, "replayed")
        closed = await heard.closed()
        assert (closed.code, closed.reason) == (4403, "FORBIDDEN")
        await _settled(other)
    async with opened(town) as again:
        with pytest.raises(Closed) as refused:
            await again.begin(f"Bearer {await town.token('bank-1')}")
        assert (refused.value.code, refused.value.reason) == (4403, "FORBIDDEN")


async def test_a_freeze_without_any_hint_is_noticed_in_time_and_lets_nothing_pass(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "CHECK_SECONDS", 0.1)
    async with listening(town, "citizen-1") as phone:
        await _settled(phone)
        await _freeze(town.house, await _link(town, "citizen-1"))
        assert (await phone.closed()).code == 4403


async def test_a_token_that_expires_ends_the_socket_and_its_successor_goes_on(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = await cursor(town, "citizen-1")
    old = personas.mint(
        town.house.rings, "citizen-1", None, audience=town.house.settings.audience,
        at=datetime.now(UTC) - timedelta(minutes=14, seconds=58),
    )  # fmt: skip
    async with opened(town) as phone:
        await phone.begin(f"Bearer {old}")
        phone.subscribe("1", after=start)
        closed = await phone.closed()
        assert (closed.code, closed.reason) == (4403, "TOKEN_EXPIRED")
    found = await town.data("citizen-1", "{ me { id } }")
    await _tell(town.house, found["me"]["id"], 7)
    await number(town)
    async with listening(town, "citizen-1", after=start) as phone:
        assert (await phone.change())["version"] == 7


async def test_a_key_that_is_withdrawn_ends_what_it_signed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "CHECK_SECONDS", 0.1)
    async with listening(town, "citizen-1") as phone:
        await _settled(phone)
        monkeypatch.setattr("api.issuers.Issuers.key", lambda *_: None)
        assert (await phone.closed()).reason == "TOKEN_EXPIRED"


def _noting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When each event that was sent had begun."""
    began: list[float] = []
    event = streams.Stream.event

    async def noted(self: streams.Stream, change: Any) -> Answer:
        at = asyncio.get_running_loop().time()
        answer = await event(self, change)
        began.append(at)  # it leaves
        return answer

    monkeypatch.setattr(streams.Stream, "event", noted)
    return began


async def _told(house: House, owner: str, count: int) -> None:
    """So many changes of the owner's, waiting to be heard."""
    told = [Change(owner, ChangeKind.GRANT, "grt_x", version) for version in range(1, count + 1)]
    async with house.database.writing() as unit:
        await changes.tell(unit, *told, at=datetime.now(UTC))


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_frozen_under_load_no_event_begins_after_the_acknowledgement(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two applications over one database, eight listeners with 3,000 changes each before them, no hint of the freeze:
    whatever was sent had begun before it was acknowledged."""
    began = _noting(monkeypatch)
    monkeypatch.setattr(streams, "CHECK_SECONDS", 600.0)
    async with AsyncExitStack() as stack:
        towns = []
        for one in (house, House(house.settings)):
            towns.append(await stack.enter_async_context(inhabited(one)))
        after, bank = await cursor(towns[0], "bank-1"), await towns[0].party("海津示例银行")
        await _told(house, bank, 3000)
        await number(towns[0])
        clients = [await stack.enter_async_context(listening(towns[n % 2], "bank-1", after=after)) for n in range(8)]
        async with asyncio.timeout(PATIENCE):
            while len(began) < 100:
                await asyncio.sleep(0)
        await _freeze(house, Named(Target.PARTY, bank))
        acknowledged = asyncio.get_running_loop().time()
        for client in clients:
            assert (await client.closed()).code == 4403
        for town in towns:
            await town.http.aclose()
    assert [at - acknowledged for at in began if at > acknowledged] == []
