"""`python -m benchmarks.soak`: two processes at seven tenths of their peak, one of them restarted again and again.

The peak is what so many callers get who each ask again at once; then calls come at a steady rate, whatever becomes of
them. The load shares the machine with the servers and PostgreSQL, so the peak is this machine's and says nothing; what
counts is that no call fails, that the last fifth is answered as fast as the first, that the process which was never
restarted grows no more, and that every answered look is in the log.
"""

import asyncio
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy import text

from api.house import House
from api.settings import Settings
from benchmarks import ground, reports
from tests.harness.balancing import Balancer
from tests.harness.redis import RedisServer
from tests.harness.servers import Server, running

_SHARE, _ASKING, _WARM, _PEAK_SECONDS, _TICK = 0.7, 16, 200, 10, 0.02
_GRACE = 1.0
_TOKEN_SECONDS = 600
_FIFTHS = 5
_BEHIND_SECONDS = 30


@click.command()
@click.option("--citizens", default=10_000, show_default=True)
@click.option("--minutes", default=10.0, show_default=True)
@click.option("--every", default=30.0, show_default=True, help="Seconds between restarts.")
def main(citizens: int, minutes: float, every: float) -> None:
    """Find the peak, then go on at a share of it."""
    head = reports.begin()
    with ground.filled(citizens) as settings:
        os.sched_setaffinity(0, range(os.cpu_count() or 1))  # the servers take what there is
        redis = RedisServer()
        try:
            often = {"redis_url": redis.url, "person_per_minute": 10**8, "anonymous_per_minute": 10**8}
            found = asyncio.run(_Soak(settings.model_copy(update=often), minutes * 60, every).run())
        finally:
            redis.stop()
    reports.write("soak", head, {"citizens": citizens, "minutes": minutes, "restart_every_s": every, **found})
    print(*(f"{name:24} {figure}" for name, figure in found.items()), sep="\n")


class _Soak:
    """One run: a process that stays, one that comes and goes, and calls at a steady rate."""

    def __init__(self, settings: Settings, seconds: float, every: float) -> None:
        self._settings, self._seconds, self._every = settings, seconds, every
        self._balancer = Balancer(ground.tokens(settings), (ground.HERE / "home.graphql").read_text("utf-8"))
        self._restarts = 0

    async def run(self) -> dict[str, Any]:
        """The figures."""
        steady, house = self._server("steady"), House(self._settings)
        with running(steady):
            followed = [asyncio.create_task(work) for work in (self._balancer.check(steady), self._come_and_go())]
            rate = _SHARE * await self._peak(steady)
            answered, looks = len(self._balancer.seconds), await _looks(house)
            sizes = await self._keep_on(rate, steady.process.pid)
            for task in followed:
                task.cancel()
            await asyncio.gather(*followed, return_exceptions=True)
            seconds, looks = self._balancer.seconds[answered:], await _looks(house) - looks
        await house.close()
        return {**self._told(rate, seconds), "looks": looks, "mib_first": sizes[0], "mib_last": sizes[-1]}

    def _server(self, name: str) -> Server:
        return Server(self._settings, f"soak-{name}", environment={"HAIHE_GRACE": str(_GRACE)})

    async def _come_and_go(self) -> None:
        """A process that is stopped in good order every so often, and followed by another one."""
        while True:
            server = self._server(f"other-{self._restarts}")
            try:
                checking = asyncio.create_task(self._balancer.check(server))
                await asyncio.sleep(self._every)
                server.process.send_signal(signal.SIGTERM)
                if await asyncio.to_thread(server.process.wait) != 0:
                    raise RuntimeError("it did not end well")
                checking.cancel()
                self._restarts += 1
            finally:
                await asyncio.to_thread(server.stop)

    async def _peak(self, steady: Server) -> float:
        """Calls a second when nobody rests."""
        async with self._balancer.asked_without_rest(_ASKING):
            await self._balancer.more(steady.url, _WARM)
            begun, before = time.perf_counter(), len(self._balancer.seconds)
            await asyncio.sleep(_PEAK_SECONDS)
            return (len(self._balancer.seconds) - before) / (time.perf_counter() - begun)

    async def _keep_on(self, rate: float, pid: int) -> Sequence[float]:
        """Calls at a rate; how large the process that stays was after each fifth, in MiB."""
        sizes, sent, begun, fresh = list[float](), 0, time.perf_counter(), time.perf_counter()
        before = len(self._balancer.seconds)
        async with asyncio.TaskGroup() as group:
            while (passed := time.perf_counter() - begun) < self._seconds:
                for _ in range(int(passed * rate) - sent):
                    group.create_task(self._balancer.ask())
                    sent += 1
                if sent - (len(self._balancer.seconds) - before) > rate * _BEHIND_SECONDS:
                    raise RuntimeError(f"{_BEHIND_SECONDS} s of calls wait: this is no share of a peak")
                if passed >= (len(sizes) + 1) * self._seconds / _FIFTHS:
                    sizes.append(_resident(pid))
                if time.perf_counter() - fresh > _TOKEN_SECONDS:
                    self._balancer.tokens, fresh = ground.tokens(self._settings), time.perf_counter()
                await asyncio.sleep(_TICK)
        return [*sizes, _resident(pid)]

    def _told(self, rate: float, seconds: Sequence[float]) -> dict[str, Any]:
        fifth = len(seconds) // _FIFTHS
        first, last = sorted(seconds[:fifth]), sorted(seconds[-fifth:])
        failed = {str(heard): count for heard, count in self._balancer.answers.items() if heard is not True}
        return {
            "calls": len(seconds),
            "a_second": round(rate, 1),
            "failed": sum(failed.values()),
            "failed_as": failed,
            "restarts": self._restarts,
            "p50_last_to_first": round(last[fifth // 2] / first[fifth // 2], 2),
            "p99_last_to_first": round(last[fifth * 99 // 100] / first[fifth * 99 // 100], 2),
        }


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20), 1)


async def _looks(house: House) -> int:
    """How many looks are in the log."""
    async with house.database.reading() as unit:
        row = await unit.first(text("SELECT count(*) AS looks FROM access"))
    return int(row.looks) if row is not None else 0


if __name__ == "__main__":
    main()
