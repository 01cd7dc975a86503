"""Ending monitoring beside loads: whoever has acknowledged its end is told of no more, and nothing is half told."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.relaying import relay_of
from core.database import WriteUnit
from core.installation import Kind
from core.moments import day_of
from credit import changes
from credit.changes import Face
from tests.harness.callers import Town
from tests.harness.monitoring import end, monitored, record_of, report
from tests.harness.receiver import Receiver
from tests.harness.scale import scaled

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_LOADERS = 4
_WRITTEN = "SELECT count(*) FROM outbox WHERE about = :g AND kind = 'RECORDS_CHANGED'"
_STANDING = _WRITTEN + " AND withdrawn_at IS NULL"


async def _face(town: Town, tmp_path: Path) -> Face:
    await report(town, tmp_path)
    await record_of(town)
    async with town.house.database.reading() as unit:
        from sqlalchemy import text

        row = await unit.first(text("SELECT subject_id FROM record WHERE document_number = '监1号'"))
    assert row is not None
    return Face(row.subject_id, "ADMINISTRATIVE", "CURRENT", "PUBLIC", None, day_of(datetime.now(UTC)))


class _Loads:
    """Loads that never rest, until each has begun three after the acknowledgement."""

    def __init__(self, town: Town, grant_id: str, face: Face) -> None:
        self._town, self._grant_id, self._face = town, grant_id, face
        self.told = asyncio.Event()
        self.acknowledged = asyncio.Event()

    async def load(self) -> None:
        late = 0
        while late < 3:
            begun_after = self.acknowledged.is_set()
            async with self._town.house.database.writing() as unit:
                await self._change(unit)
            late += begun_after
            self.told.set()

    async def _change(self, unit: WriteUnit) -> None:
        await changes.tell(unit, [self._face], at=datetime.now(UTC))
        await asyncio.sleep(0)


@pytest.mark.parametrize("by", ["grantRevoke", "grantMonitoringEnd", "grantPause"])
async def test_nothing_is_told_after_the_acknowledgement_of_its_end(
    town: Town, tmp_path: Path, by: str, figures: dict[str, int]
) -> None:
    face = await _face(town, tmp_path)
    for round_ in range(scaled(2, 30)):
        grant_id = await monitored(town, key=f"{by} {round_}")
        loads = _Loads(town, grant_id, face)

        async def stop(grant_id: str = grant_id, loads: _Loads = loads) -> int:
            await loads.told.wait()
            input_ = {"grantId": grant_id} | ({"expectedVersion": 1} if by == "grantPause" else {})
            ended = await town.act("citizen-2", by, input_, "replayed")
            assert ended["replayed"] is False
            standing = await town.count(_STANDING, g=grant_id)
            loads.acknowledged.set()
            assert standing == 0
            return await town.count(_WRITTEN, g=grant_id)

        ending = asyncio.create_task(stop())
        await asyncio.gather(ending, *(loads.load() for _ in range(_LOADERS)))
        written = ending.result()
        assert await town.count(_WRITTEN, g=grant_id) == written > 0
        assert (
            await town.count("SELECT count(*) FROM access WHERE basis = 'MONITORING' AND grant_id = :g", g=grant_id)
            == written
        )
        assert await town.count("SELECT told FROM feed_month WHERE grant_id = :g", g=grant_id) == written
        figures["events written beside an end"] = figures.get("events written beside an end", 0) + written


async def test_no_call_begins_after_the_acknowledgement(town: Town, tmp_path: Path, figures: dict[str, int]) -> None:
    """Relays at work on many events, and the end in their midst: what arrives after the acknowledgement had begun."""
    face = await _face(town, tmp_path)
    relay, hooks = relay_of(town.house, Kind.DEMONSTRATION, jitter=lambda: 0.0)
    async with Receiver() as receiver:
        set_ = {"url": receiver.url, "idempotencyKey": "hook"}
        await town.act("bank-1", "webhookSet", set_, "replayed")
        grant_id = await monitored(town)
        for _ in range(scaled(60, 400)):
            async with town.house.database.writing() as unit:
                await changes.tell(unit, [face], at=datetime.now(UTC))
        arrived = asyncio.Event()
        receiver.on_request = arrived.set
        relaying = asyncio.create_task(relay.run_once(datetime.now(UTC)))
        await arrived.wait()
        await end(town, grant_id)
        await relaying
        begun = sum(b"RECORDS_CHANGED" in sent.body for sent in receiver.received)
        while await relay.run_once(datetime.now(UTC)) == 0.0:
            pass
        assert sum(b"RECORDS_CHANGED" in sent.body for sent in receiver.received) == begun
        figures["calls before an end"] = begun
    await hooks.close()
