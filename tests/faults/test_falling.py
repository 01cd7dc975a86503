"""docs/faults.md, row by row, on real processes: what is heard meanwhile, and that all is as it was afterwards."""

import asyncio
import re
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from redis import Redis
from sqlalchemy import text

from tests.conftest import need_postgres
from tests.harness import peopling, scratch, shifted
from tests.harness.city import Templates
from tests.harness.postgres import KILLABLE, Cluster
from tests.harness.redis import RedisServer
from tests.harness.scale import FULL
from tests.harness.servers import ROOT
from tests.harness.standing import Standing, standing

_LINE = re.compile(r"\| `(?P<fault>\w+)` \| (?P<look>\d+|–) \| (?P<claim>\d+|–) \| (`(?P<ready>\w+)`|–) \| .+ \|")
_PAGE = (ROOT / "docs" / "faults.md").read_text("utf-8").splitlines()
_ROWS = {found["fault"]: found for line in _PAGE if (found := _LINE.fullmatch(line))}
# Those that nobody waits long for.
_QUICK = ("redis_is_full", "redis_is_a_replica", "database_takes_no_writes", "clock_is_ahead", "clock_is_behind")
# Longer than anybody is let wait for a database that hangs.
_PATIENCE = 25.0
_LOOK = "{ me { name } }"
_TAKE = """mutation($i: ClaimCreateInput!) { claimCreate(input: $i) { __typename
  ... on ClaimCreatePayload { replayed claim { id } } ... on Refusal { code } } }"""
_HELD = "60"


class _Caller:
    """Somebody who looks and takes, again and again, and remembers what they were told."""

    def __init__(self, city: Standing, http: httpx.AsyncClient) -> None:
        self._city, self._http = city, http
        self._tokens: Mapping[str, str] = {}
        self._given: list[str] = []
        self._offer_id = self._notice = ""
        self.told: dict[str, Any] = {}
        self.looks = 0

    async def begin(self, many: int) -> None:
        """So many people, and an offer for all of them."""
        self._tokens = await peopling.settle(self._city.house, many)
        self._offer_id, self._notice = await self._city.town.open_offer(), await self._city.town.notice("CLAIM")

    async def look(self) -> str:
        """The status of a look at oneself; – when nothing answers."""
        answer = await self._ask(next(iter(self._tokens)), _LOOK)
        self.looks += answer is not None and answer.status_code == 200
        return "–" if answer is None else str(answer.status_code)

    def another(self) -> str:
        """Somebody who has asked for nothing yet."""
        person = next(one for one in self._tokens if one not in self._given)
        self._given.append(person)
        return person

    async def take(self, person: str) -> str:
        """The status of somebody's claim, always under the same key; what they were told first they are told again."""
        input_ = {"offerId": self._offer_id, "noticeHash": self._notice, "idempotencyKey": person}
        answer = await self._ask(person, _TAKE, {"i": input_})
        if answer is None or answer.status_code != 200:
            return "–" if answer is None else str(answer.status_code)
        made = answer.json()["data"]["claimCreate"]
        first = self.told.setdefault(person, made)
        assert made["claim"] == first["claim"]
        return "200"

    async def ready(self) -> str | None:
        """What the process says of itself; None when it says nothing."""
        with suppress(httpx.TimeoutException):
            return str((await self._http.get("/readyz")).json()["state"])
        return None

    async def lives(self) -> bool:
        """Whether the process answers at all."""
        with suppress(httpx.TimeoutException):
            return (await self._http.get("/livez", timeout=2)).status_code == 200
        return False

    async def _ask(self, person: str, document: str, variables: Any = None) -> httpx.Response | None:
        headers = {"Authorization": f"Bearer {self._tokens[person]}"}
        body = {"query": document, "variables": variables or {}}
        with suppress(httpx.TimeoutException):
            return await self._http.post("/graphql", json=body, headers=headers)
        return None

    async def recovers(self, person: str) -> None:
        """Return when everything answers again."""
        async with asyncio.timeout(_PATIENCE):
            while (await self.look(), await self.take(person), await self.ready()) != ("200", "200", "ready"):
                await asyncio.sleep(0.05)

    async def check(self) -> None:
        """What was acknowledged is stored once, and nothing else is; every answered look is in the log."""
        for person in self._given:
            assert await self.take(person) == "200"
        count = self._city.town.count
        async with self._city.house.database.reading() as unit:
            stored = await unit.all(text("SELECT id, subject_id FROM claim WHERE subject_id LIKE 'sub_many%'"))
        assert {row.subject_id: row.id for row in stored} == {p: made["claim"]["id"] for p, made in self.told.items()}
        looked = "SELECT count(*) FROM access WHERE subject_id = :s"
        assert await count(looked, s=next(iter(self._tokens))) >= self.looks


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
                    connection = await asyncpg.connect(_url(self._city.cluster))
                    held.push_async_callback(connection.close)
            yield

    @asynccontextmanager
    async def database_takes_no_writes(self) -> AsyncIterator[None]:
        await _set(self._city.cluster, "SET default_transaction_read_only = on")
        await self._city.to_database.cut()  # sessions that begin now have it from the start
        yield
        await _set(self._city.cluster, "RESET default_transaction_read_only")

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


def _url(cluster: Cluster) -> str:
    return cluster.url("postgres").replace("+asyncpg", "")


async def _set(cluster: Cluster, what: str) -> None:
    """Change a setting of the whole cluster, at once."""
    connection = await asyncpg.connect(_url(cluster))
    try:
        before = await connection.fetchval("SELECT pg_conf_load_time()")
        await connection.execute(f"ALTER SYSTEM {what}")
        await connection.execute("SELECT pg_reload_conf()")
        async with asyncio.timeout(_PATIENCE):  # its sessions hear of it one by one
            while await connection.fetchval("SELECT pg_conf_load_time()") == before:
                await asyncio.sleep(0.01)
    finally:
        await connection.close()


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
        caller, faults = _Caller(city, http), _Faults(city, clock)
        await caller.begin(len(rows) * 2 + 1)
        for row in rows:
            stalled = row["look"] == "–"
            http.timeout = httpx.Timeout(1.0 if stalled else 60.0)
            assert await caller.take(caller.another()) == "200"
            meets = caller.another()
            async with faults[row["fault"]]:
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
            await _set(city.cluster, "SET synchronous_standby_names = '*'")
            async with city.served() as http:
                caller = _Caller(city, http)
                await caller.begin(40)
                taking = [asyncio.create_task(_until_taken(caller)) for _ in range(30)]
                while len(caller.told) < 10:
                    await asyncio.sleep(0.01)
                await asyncio.to_thread(city.cluster.kill)
                await city.to_database.cut()
                assert (await caller.look(), await caller.ready()) == ("503", "database_down")
                await asyncio.to_thread(replica.promote)
                city.to_database.lead_to(replica.port)
                await asyncio.gather(*taking)
                await caller.recovers(caller.another())
                async with asyncio.timeout(_PATIENCE):
                    stored = await asyncpg.connect(replica.url("standing").replace("+asyncpg", ""))
                rows = await stored.fetch("SELECT id FROM claim WHERE subject_id LIKE 'sub_many%'")
                await stored.close()
                assert {row["id"] for row in rows} == {made["claim"]["id"] for made in caller.told.values()}
        finally:
            await asyncio.to_thread(city.cluster.start)
            await asyncio.to_thread(replica.stop)


async def _until_taken(caller: _Caller) -> None:
    person = caller.another()
    while await caller.take(person) != "200":
        await asyncio.sleep(0.05)


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
            caller = _Caller(city, http)
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
