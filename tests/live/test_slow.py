"""Whoever does not read costs the server a bounded memory for a bounded time, and nobody else anything."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from websockets.frames import Opcode

from api.house import House
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind
from tests.harness.callers import Town
from tests.harness.deaf import Deaf, connections, resident, wait_for_connections
from tests.harness.scale import scaled
from tests.harness.sockets import PATIENCE, cursor
from tests.harness.tuned import TunedServer
from tests.harness.wires import WAYS, Listener

pytestmark = [
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
    pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="/proc says what a process holds"),
]
_SOON = {"api.sockets:SLOW_SECONDS": 0.5, "api.events:SLOW_SECONDS": 0.5, "api.connections:STILL_SECONDS": 0.5}
_MOST = 64 * 1024 * 1024
_CHANGES = scaled(1000, 20_000)


async def _told(house: House, owner: str, count: int) -> None:
    told = [Change(owner, ChangeKind.CLAIM, "clm_x", version) for version in range(1, count + 1)]
    async with house.database.writing() as unit:
        await changes.tell(unit, *told, at=datetime.now(UTC))


async def _subject(town: Town, persona: str) -> str:
    return str((await town.data(persona, "{ me { id } }"))["me"]["id"])


async def test_whoever_does_not_read_is_cut_off_and_leaves_nothing_behind(town: Town) -> None:
    """Four who do not read: two are told more than fits, one says `ping` and one sends ping frames without end. Each
    is gone soon, with all that was kept for it, and somebody who reads has heard everything meanwhile."""
    house = town.house
    slow, quick = await town.token("citizen-1"), await town.token("citizen-2")
    after, reading_after = await cursor(town, "citizen-1"), await cursor(town, "citizen-2")
    with TunedServer(house.settings, "slow", _SOON) as server:
        pid = server.process.pid
        readers = [Listener(way, server.url, quick, reading_after) for way in WAYS]
        await _told(house, await _subject(town, "citizen-2"), 1)
        for reader in readers:
            await reader.begun()
        await _told(house, await _subject(town, "citizen-1"), _CHANGES)
        held, memory = connections(pid), resident(pid)
        with Deaf(server.url) as told, Deaf(server.url) as posted, Deaf(server.url) as asks, Deaf(server.url) as pings:
            told.upgrade(slow)
            told.listen(after)
            posted.post(slow, after)
            for one in (asks, pings):
                one.upgrade(slow)
            for one, opcode, data in (
                (asks, Opcode.TEXT, b'{"type":"ping"}'),
                (pings, Opcode.PING, b"x" * 125),
            ):
                assert await asyncio.to_thread(one.flood, opcode, data, _MOST) < _MOST, opcode
            assert await asyncio.to_thread(wait_for_connections, pid, held, PATIENCE) == held
            assert resident(pid) - memory < _MOST
        await _told(house, await _subject(town, "citizen-2"), 50)
        async with asyncio.timeout(PATIENCE):
            while not all(len(reader.heard) == 51 for reader in readers):
                assert not any(reader.ended.done() for reader in readers)
                await asyncio.sleep(0.01)
        for reader in readers:
            reader.ended.cancel()
