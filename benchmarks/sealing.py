"""`python -m benchmarks.sealing`: how long a committed look waits for its seal, at rising load, on PostgreSQL.

Looks come at a steady rate whatever becomes of them, through the group writer; the sealer works as the duty does. Both
share one core with the database here, so a figure says what one core can do with all three.
"""

import asyncio
import statistics
import time
from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy import select

from api.house import House
from audit.lens import Audience, BasisKind, Lens
from audit.log import Shapes
from audit.looks import Look, Shape
from audit.sealing import Sealer
from audit.tables import log_leaf
from audit.writer import GroupWriter
from benchmarks import ground, reports
from core.principal import Channel

_SUBJECTS = 1000
_TICK = 0.02
_SHAPE = Shape.of({"CreditRecord.title", "CreditRecord.authority", "GrantedView.records", "RecordItem.value"})


@click.command()
@click.option("--rates", default="50,200,500,1000,2000", show_default=True, help="Looks a second, one after another.")
@click.option("--seconds", default=10, show_default=True)
@click.option("--promised", default=1.0, show_default=True, help="Seconds within which a look is to be sealed.")
def main(rates: str, seconds: int, promised: float) -> None:
    """A fresh database, loaded at each rate in turn."""
    head = reports.begin()
    with ground.filled(_SUBJECTS) as settings:
        found = asyncio.run(_measured(House(settings), [int(rate) for rate in rates.split(",")], seconds))
    reports.write("sealing", head, {"seconds": seconds, "promised_seconds": promised, "rates": found})
    print(reports.table(found))


async def _measured(house: House, rates: list[int], seconds: int) -> dict[str, dict[str, float]]:
    sealer, found = Sealer(house.database, house.rings, house.settings.log_origin), {}
    writer = GroupWriter(house.database, Shapes())
    try:
        while await sealer.run_once(datetime.now(UTC)) == 0.0:
            pass
        for rate in rates:
            found[str(rate)] = await _Load(house, writer, sealer).run(rate, seconds)
    finally:
        await writer.close()
        await house.database.close()
    return found


class _Load:
    """One rate: what was committed when, and sealed when."""

    def __init__(self, house: House, writer: GroupWriter, sealer: Sealer) -> None:
        self._house, self._writer, self._sealer = house, writer, sealer
        self._committed: dict[str, float] = {}
        self._lags: list[float] = []
        self._sealed = 0
        self._wanted = -1
        self._all_sealed = asyncio.Event()

    async def run(self, rate: int, seconds: int) -> dict[str, float]:
        async with self._house.database.reading() as unit:
            row = await unit.first(select(log_leaf.c.position).order_by(log_leaf.c.position.desc()).limit(1))
        self._sealed = row.position if row else 0
        sealing = asyncio.create_task(self._seal())
        async with asyncio.TaskGroup() as group:
            begun, sent = time.perf_counter(), 0
            while (passed := time.perf_counter() - begun) < seconds:
                for _ in range(int(passed * rate) - sent):
                    group.create_task(self._look(sent))
                    sent += 1
                await asyncio.sleep(_TICK)
        writing = time.perf_counter() - begun
        self._wanted = sent
        await self._all_sealed.wait()
        emptied = time.perf_counter() - begun
        sealing.cancel()
        ordered = sorted(self._lags)
        return {
            "written_per_second": round(sent / writing, 1),
            "sealed_per_second": round(sent / emptied, 1),
            "lag_p50_s": round(statistics.median(ordered), 3),
            "lag_p99_s": round(ordered[int(len(ordered) * 0.99)], 3),
            "lag_max_s": round(ordered[-1], 3),
        }

    async def _look(self, number: int) -> None:
        look = Look(
            Lens(Audience.RECIPIENT, BasisKind.GRANT, f"sub_{number * 7919 % _SUBJECTS}"),
            BasisKind.GRANT.value,
            _SHAPE,
            "FINANCING",
            Channel.API,
            actor_name="海津示例银行",
            document="0" * 64,
            record_count=3,
            categories={"ADMINISTRATIVE"},
            codes={"licence.certificate_number", "licence.content"},
        )
        await self._writer.write([look], at=datetime.now(UTC))
        self._committed[look.id] = time.perf_counter()

    async def _seal(self) -> None:
        while True:
            pause = await self._sealer.run_once(datetime.now(UTC))
            at, rows = time.perf_counter(), await self._fresh()
            for row in rows:
                # A look can be sealed before its own writer has been told.
                self._lags.append(max(0.0, at - self._committed.get(row.access_id, at)))
                self._sealed = row.position
            if len(self._lags) == self._wanted:
                self._all_sealed.set()
            await asyncio.sleep(pause)

    async def _fresh(self) -> Any:
        fresh = select(log_leaf.c.position, log_leaf.c.access_id).where(log_leaf.c.position > self._sealed)
        async with self._house.database.reading() as unit:
            return await unit.all(fresh.order_by(log_leaf.c.position))


if __name__ == "__main__":
    main()
