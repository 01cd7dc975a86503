"""Duties go on: beside each other, after failures, in one process at a time, and stop when they are told to."""

import asyncio
import os
import signal
from contextlib import AbstractAsyncContextManager
from datetime import datetime

import asyncpg
import pytest

from api import duties
from api.duties import Duty
from api.house import House
from core.database import Database
from core.leader import Leadership
from tests.harness import forking
from tests.harness.postgres import wait_until
from tests.harness.servers import surroundings


class _Counted:
    """A duty that counts its runs and fails the first few."""

    def __init__(self, name: str, *, failures: int = 0, leader_only: bool = False) -> None:
        self.runs, self.failures, self.stopped = 0, failures, False
        self.enough = asyncio.Event()
        self.duty = Duty(name, self._run, leader_only)

    async def _run(self, at: datetime) -> float:
        assert at.tzinfo is not None
        self.runs += 1
        if self.runs <= self.failures:
            raise ValueError("no")
        if self.runs >= self.failures + 3:
            self.enough.set()
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                self.stopped = True
                raise
        return 0.01


async def test_a_failing_duty_is_tried_again_and_holds_up_no_other(house: House) -> None:
    good, bad, led = _Counted("good"), _Counted("bad", failures=2), _Counted("led", leader_only=True)
    async with duties.carried(house.database, [good.duty, bad.duty, led.duty]):
        async with asyncio.timeout(20):
            await good.enough.wait()
            assert not bad.enough.is_set()
            await asyncio.gather(bad.enough.wait(), led.enough.wait())
    assert (good.stopped, bad.stopped, led.stopped) == (True, True, True)


async def test_a_cancellation_that_was_not_the_dutys_own_does_not_end_it(house: House) -> None:
    """Something that it waited for was cancelled (a driver's future, a sibling of a gather): the duty goes on."""
    runs = 0
    again = asyncio.Event()

    async def stray(_at: datetime) -> float:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise asyncio.CancelledError
        again.set()
        return 60

    async with duties.carried(house.database, [Duty("stray", stray, leader_only=False)]):
        async with asyncio.timeout(20):
            await again.wait()


async def test_whatever_goes_wrong_with_the_lead_it_is_stood_for_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    led, through, asked = _Counted("led", leader_only=True), duties.leader, 0

    def broken_once(database: Database, name: str) -> AbstractAsyncContextManager[Leadership]:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise asyncpg.InternalClientError("got result for unknown protocol state")
        return through(database, name)

    monkeypatch.setattr(duties, "leader", broken_once)
    async with duties.carried(house.database, [led.duty]):
        async with asyncio.timeout(20):
            await led.enough.wait()


async def test_only_the_leader_does_what_one_may_do(house: House) -> None:
    first, second = _Counted("first", leader_only=True), _Counted("second", leader_only=True)
    async with duties.carried(house.database, [first.duty]):
        await asyncio.wait_for(first.enough.wait(), 20)
        async with duties.carried(house.database, [second.duty]):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(second.enough.wait(), 1.5)
        assert second.runs == 0
    async with duties.carried(house.database, [second.duty]):
        await asyncio.wait_for(second.enough.wait(), 20)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_lost_lead_stops_the_leaders_duties_and_is_won_again(house: House) -> None:
    led = _Counted("led", leader_only=True)
    async with duties.carried(house.database, [led.duty]):
        await asyncio.wait_for(led.enough.wait(), 20)
        before = led.runs
        connection = await asyncpg.connect(house.settings.database_url.replace("+asyncpg", ""))
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'haihe-leader' AND datname = current_database()"
        )
        await connection.close()
        async with asyncio.timeout(20):
            while led.runs == before:
                await asyncio.sleep(0.05)
        assert led.stopped


async def test_work_is_a_process_that_stops_when_told(house: House) -> None:
    settings = house.settings
    log = settings.data / f"work-{os.urandom(4).hex()}.log"
    with log.open("w", encoding="utf-8") as stream:
        process = forking.start(["-m", "api", "work"], surroundings(settings), stdout=stream, stderr=stream)
        try:
            wait_until(lambda: process.poll() is not None or "lead_won" in log.read_text("utf-8"), seconds=60)
            assert process.poll() is None
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.wait()
    assert "Traceback" not in log.read_text("utf-8")
