"""docs/faults.md, row by row, on real processes: what is heard meanwhile, and that all is as it was afterwards."""

import asyncio
import re
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path

import asyncpg
import httpx
import pytest
from redis import Redis

from api.health import KEPT_SECONDS
from tests.conftest import need_postgres
from tests.harness import scratch, shifted
from tests.harness.city import Templates
from tests.harness.insisting import PATIENCE, Caller, set_, until_taken
from tests.harness.postgres import KILLABLE, Cluster
from tests.harness.redis import RedisServer
from tests.harness.scale import FULL
from tests.harness.servers import ROOT
from tests.harness.standing import Standing, standing

_LINE = re.compile(r"\| `(?P<fault>\w+)` \| (?P<look>\d+|–) \| (?P<claim>\d+|–) \| (`(?P<ready>\w+)`|–) \| .+ \|")
_PAGE = (ROOT / "docs" / "faults.md").read_text("utf-8").splitlines()
_ROWS = {found["fault"]: found for line in _PAGE if (found := _LINE.fullmatch(line))}
# Those that nobody waits long for.
_QUICK = (
    *("redis_is_full", "redis_has_no_connection_left", "redis_is_a_replica"),
    *("database_takes_no_writes", "clock_is_ahead", "clock_is_behind"),
)
_HELD = "60"


class _Faults:
    """How each is done to a standing city."""

    def __init__(self, city: Standing, clock: Path) -> None:
        self._city, self._clock = city, clock

    def __getitem__(self, name: str) -> AbstractAsyncContextManager[None]:
        made: AbstractAsyncContextManager[None] = getattr(self, name)()
        return made

    @asynccontextmanager
    async def redis_is_killed(self) -> AsyncIterator[None]:
        await asyncio.to_thread(self._city.redis.stop)
        yield
        await asyncio.to_thread(self._city.redis.start)

    @asynccontextmanager
    async def redis_hangs(self) -> AsyncIterator[None]:
        self._city.redis.process.send_signal(signal.SIGSTOP)
        yield
        self._city.redis.process.send_signal(signal.SIGCONT)

    @asynccontextmanager
    async def redis_is_slow(self) -> AsyncIterator[None]:
        await self._city.to_redis.slow(0.05)
        yield
        await self._city.to_redis.heal()

    @asynccontextmanager
    async def redis_is_full(self) -> AsyncIterator[None]:
        with Redis.from_url(self._city.redis.url) as client:
            client.config_set("maxmemory", "1")
            yield
            client.config_set("maxmemory", "0")

    @asynccontextmanager
    async def redis_has_no_connection_left(self) -> AsyncIterator[None]:
        with Redis.from_url(self._city.redis.url) as client:
            client.config_set("maxclients", "1")  # this one
            await self._city.to_redis.cut()
            yield
            client.config_set("maxclients", "1000")

    @asynccontextmanager
    async def redis_is_a_replica(self) -> AsyncIterator[None]:
        with Redis.from_url(self._city.redis.url) as client:
            client.execute_command("REPLICAOF", "127.0.0.1", "1")
            yield
            client.execute_command("REPLICAOF", "NO", "ONE")

    @asynccontextmanager
    async def database_is_killed(self) -> AsyncIterator[None]:
        await asyncio.to_thread(self._city.cluster.kill)
        yield
        await asyncio.to_thread(self._city.cluster.start)

    @asynccontextmanager
    async def database_hangs(self) -> AsyncIterator[None]:
        self._city.cluster.stall()
        yield
        self._city.cluster.go_on()

    @asynccontextmanager
    async def database_is_slow(self) -> AsyncIterator[None]:
        await self._city.to_database.slow(0.01)
        yield
        await self._city.to_database.heal()

    @asynccontextmanager
    async def database_has_no_connection_left(self) -> AsyncIterator[None]:
        await self._city.to_database.cut()
        async with AsyncExitStack() as held:
            with suppress(asyncpg.TooManyConnectionsError):
                while True:
                    connection = await asyncpg.connect(self._city.cluster.plain("postgres"))
                    held.push_async_callback(connection.close)
            yield

    @asynccontextmanager
    async def database_takes_no_writes(self) -> AsyncIterator[None]:
        await set_(self._city.cluster, "SET default_transaction_read_only = on")
        await self._city.to_database.cut()  # sessions that begin now have it from the start
        yield
        await set_(self._city.cluster, "RESET default_transaction_read_only")

    @asynccontextmanager
    async def clock_is_ahead(self) -> AsyncIterator[None]:
        self._clock.write_text("30", "ascii")
        yield
        self._clock.write_text("0", "ascii")

    @asynccontextmanager
    async def clock_is_behind(self) -> AsyncIterator[None]:
        self._clock.write_text("-7200", "ascii")
        yield
        self._clock.write_text("0", "ascii")

    @asynccontextmanager
    async def process_stands_still(self) -> AsyncIterator[None]:
        self._city.server.process.send_signal(signal.SIGSTOP)
        yield
        self._city.server.process.send_signal(signal.SIGCONT)


def test_every_row_is_done_and_nothing_else() -> None:
    assert set(_ROWS) == {name for name in vars(_Faults) if not name.startswith("_")}


async def test_whatever_falls_is_said_and_everything_comes_back(
    templates: Templates, redis_server: RedisServer, tmp_path: Path, figures: dict[str, int]
) -> None:
    need_postgres(templates)
    clock = tmp_path / "clock"
    clock.write_text("0", "ascii")
    rows = [row for name, row in _ROWS.items() if FULL or name in _QUICK]
    shift = {"module": "tests.harness.shifted", "environment": {shifted.FILE: str(clock)}}
    async with standing(templates, redis_server, max_connections=_HELD) as city, city.served(**shift) as http:
        caller, faults = Caller(city, http), _Faults(city, clock)
        await caller.begin(len(rows) * 2 + 1)
        for row in rows:
            stalled = row["look"] == "–"
            http.timeout = httpx.Timeout(1.0 if stalled else 60.0)
            assert await caller.take(caller.another()) == "200"
            meets = caller.another()
            async with faults[row["fault"]]:
                await asyncio.sleep(KEPT_SECONDS)  # what readiness was before the fault is told no more
                heard = {"look": await caller.look(), "claim": await caller.take(meets), "ready": await caller.ready()}
                assert await caller.lives() is not stalled, row["fault"]
            assert heard == {name: row[name] for name in heard}, row["fault"]
            await caller.recovers(meets)
        await caller.check()
    figures["faults"] = len(rows)


async def test_a_replica_takes_over_and_nothing_acknowledged_is_lost(
    templates: Templates, redis_server: RedisServer
) -> None:
    need_postgres(templates)
    folder = scratch.folder("replica")
    async with standing(templates, redis_server) as city:
        replica = await asyncio.to_thread(Cluster, KILLABLE, folder, of=city.cluster)
        try:
            await set_(city.cluster, "SET synchronous_standby_names = '*'")
            async with city.served() as http:
                caller = Caller(city, http)
                await caller.begin(40)
                taking = [asyncio.create_task(until_taken(caller)) for _ in range(30)]
                while len(caller.told) < 10:
                    await asyncio.sleep(0.01)
                await asyncio.to_thread(city.cluster.kill)
                await city.to_database.cut()
                assert (await caller.look(), await caller.ready()) == ("503", "database_down")
                await asyncio.to_thread(replica.promote)
                city.to_database.lead_to(replica.port)
                await asyncio.gather(*taking)
                await caller.recovers(caller.another())
                async with asyncio.timeout(PATIENCE):
                    stored = await asyncpg.connect(replica.url("standing").replace("+asyncpg", ""))
                rows = await stored.fetch("SELECT id FROM claim WHERE subject_id LIKE 'sub_many%'")
                await stored.close()
                assert {row["id"] for row in rows} == {made["claim"]["id"] for made in caller.told.values()}
        finally:
            await asyncio.to_thread(city.cluster.start)
            await asyncio.to_thread(replica.stop)


@contextmanager
def _small_disk(folder: Path, mebibytes: int) -> Iterator[Path]:
    """A file system of so many MiB; skips where nobody may mount one."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("no file system may be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def test_a_full_disk_is_503_until_there_is_room(
    templates: Templates, redis_server: RedisServer, tmp_path: Path
) -> None:
    need_postgres(templates)
    with _small_disk(scratch.folder("disk"), 400) as disk:
        (disk / "cluster").mkdir()
        async with standing(templates, redis_server, disk / "cluster") as city, city.served() as http:
            caller = Caller(city, http)
            await caller.begin(2000)
            assert await caller.take(caller.another()) == "200"
            filler = disk / "filler"
            with filler.open("wb") as file, suppress(OSError):
                while True:
                    file.write(bytes(1 << 20))
            for ask in (caller.look, lambda: caller.take(caller.another())):
                heard = "200"
                while heard == "200":  # what was allotted before is still written
                    heard = await ask()
                assert heard == "503"
            filler.unlink()
            await caller.recovers(caller.another())
            await caller.check()
