"""One leads; when it dies, hangs or loses its connection another does, within seconds."""

import asyncio
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process

import asyncpg
import pytest

from api.house import House
from core.leader import Leadership, _watch, leader
from tests.harness.servers import ROOT

_TAKEN_OVER_SECONDS = 5.0


async def _stand(house: House, name: str = "t") -> Process:
    """A process that stands for the lead."""
    settings = house.settings
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.harness.leading", settings.database_url, str(settings.key_file), name),
        cwd=ROOT,
        stdin=DEVNULL,
        stdout=PIPE,
    )


async def _says(process: Process, word: str, *, within: float = 30) -> None:
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), within)
    assert line.decode().strip() == word


async def _end(*processes: Process) -> None:
    for process in processes:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_killed_is_replaced_within_seconds(house: House) -> None:
    first = await _stand(house)
    await _says(first, "won")
    second = await _stand(house)
    try:
        assert second.stdout is not None
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(second.stdout.readline(), 3)
        first.kill()
        begun = time.monotonic()
        await _says(second, "won", within=_TAKEN_OVER_SECONDS)
        assert time.monotonic() - begun < 2.5
    finally:
        await _end(first, second)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_leader_that_hangs_loses_the_lead_and_learns_it(house: House) -> None:
    first = await _stand(house)
    await _says(first, "won")
    second = await _stand(house)
    try:
        first.send_signal(signal.SIGSTOP)
        await _says(second, "won", within=3 + _TAKEN_OVER_SECONDS)
        first.send_signal(signal.SIGCONT)
        await _says(first, "lost", within=_TAKEN_OVER_SECONDS)
    finally:
        await _end(first, second)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_leader_whose_connection_dies_learns_it(house: House) -> None:
    async with leader(house.database, "t") as held:
        connection = await asyncpg.connect(house.settings.database_url.replace("+asyncpg", ""))
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'haihe-leader' AND datname = current_database()"
        )
        await connection.close()
        await asyncio.wait_for(held.lost.wait(), _TAKEN_OVER_SECONDS)


async def test_the_lead_is_given_up_when_the_body_ends_and_each_name_has_its_own(house: House) -> None:
    async with leader(house.database, "a"), leader(house.database, "b"):
        pass
    async with asyncio.timeout(_TAKEN_OVER_SECONDS), leader(house.database, "a") as held:
        assert not held.lost.is_set()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_lock_file_that_is_taken_away_is_a_lost_lead(house: House) -> None:
    from pathlib import Path

    async with leader(house.database, "t") as held:
        Path(f"{house.database.engine.url.database}.t.lock").unlink()
        await asyncio.wait_for(held.lost.wait(), _TAKEN_OVER_SECONDS)


async def test_a_watch_that_breaks_is_a_lost_lead() -> None:
    """Whoever cannot prove the lead does not go on as if they had it."""

    async def broken() -> bool:
        raise PermissionError

    held = Leadership()
    with pytest.raises(PermissionError):
        await _watch(held, broken)
    assert held.lost.is_set()
