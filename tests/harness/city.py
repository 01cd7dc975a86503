"""The small city every test begins with: built once a run on each database, copied for each test."""

import asyncio
import multiprocessing
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import asyncpg

from api import appconfig, documents
from api.demo import cases, city, keeping, sharing
from api.demo.files import Plan
from api.house import House, ensure_keys
from api.migrating import migrate
from api.settings import Settings
from core.installation import Kind
from core.moments import day_of
from tests.harness.scale import scaled

CITIZENS, ORGANISATIONS, SEED = 60, 20, 7
_BUILT_ON = "HAIHE_TEST_BUILT_ON"
TEMPLATE, _MIGRATED = "haihe_template", "haihe_migrated"
ORIGIN = "http://haihe.test"


@dataclass(frozen=True)
class Templates:
    """Where the built cities are. `server` is PostgreSQL's address, or empty when this machine has none."""

    folder: Path
    server: str

    @property
    def keys(self) -> Path:
        return self.folder / "keys.json"

    @property
    def sqlite(self) -> Path:
        return self.folder / f"{TEMPLATE}.db"

    def settings(self, url: str) -> Settings:
        """Settings for a copy of a city. A proof at full scale asks as nobody more often than anybody may."""
        return Settings(
            data=self.folder,
            database_url=url,
            keys=self.keys,
            redis_url="",
            pool=16,
            origin=ORIGIN,
            anonymous_per_minute=scaled(600, 1_000_000),
            person_per_minute=scaled(10_000, 1_000_000),
        )


def build(templates: Templates) -> None:
    """Build the city on every database there is, on each at the same time."""
    os.environ[_BUILT_ON] = day_of(datetime.now(UTC)).isoformat()
    ensure_keys(templates.keys)
    beside = multiprocessing.get_context("fork").Process(target=_build, args=(templates, "postgresql"))
    if templates.server:
        beside.start()
    _build(templates, "sqlite")
    if templates.server:
        beside.join()
        assert beside.exitcode == 0, "the city was not built on PostgreSQL"


def built_on() -> date:
    """The city's day on which this run built it: who is who hangs on it, also when midnight has passed since."""
    return date.fromisoformat(os.environ[_BUILT_ON])


def _build(templates: Templates, backend: str) -> None:
    asyncio.run(_built(templates, backend))


async def _built(templates: Templates, backend: str) -> None:
    url = await empty(templates, backend, _MIGRATED)
    house = House(templates.settings(url))
    await migrate(house.database)
    await house.database.close()
    house = House(templates.settings(await _copied(templates, backend, _MIGRATED, TEMPLATE)))
    at = datetime.now(UTC)
    try:
        await city.build(
            house.database,
            templates.folder / ("files" if backend == "sqlite" else f"files-{backend}"),
            plan(),
            at=at,
            writing=lambda _: None,
            loading=lambda _: None,
        )
        config = appconfig.of(house.settings, Kind.DEMONSTRATION)
        await documents.remember(house.database, list(documents.own(house.settings, config)), at)
    finally:
        await house.database.close()


async def copy(templates: Templates, backend: str, name: str) -> str:
    """A fresh copy of the city under a name; its URL."""
    return await _copied(templates, backend, TEMPLATE, name)


async def migrated(templates: Templates, backend: str, name: str) -> str:
    """A database with every table and nothing in them, as the migrations leave it; its URL."""
    return await _copied(templates, backend, _MIGRATED, name)


async def _copied(templates: Templates, backend: str, of: str, name: str) -> str:
    if backend == "sqlite":
        shutil.copyfile(templates.folder / f"{of}.db", templates.folder / f"{name}.db")
        return f"sqlite+aiosqlite:///{templates.folder / name}.db"
    # Where there is a choice (15 and later), files are copied by the system and not page by page through the log.
    how = "STRATEGY FILE_COPY"
    async with _administering(templates.server) as connection:
        chosen = how if connection.get_server_version().major >= 15 else ""
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {of} {chosen}")
    return f"{templates.server}/{name}"


def plan() -> Plan:
    """What every city of the tests is built by."""
    return Plan(CITIZENS, ORGANISATIONS, SEED, built_on())


async def tell(settings: Settings) -> None:
    """The cases of the story and a department's run, in a copy."""
    house = House(settings)
    await sharing.agree(house.database, at=datetime.now(UTC))
    await cases.tell(house.database, house.blobs, at=datetime.now(UTC))
    await keeping.tell(house.database, house.blobs, plan(), at=datetime.now(UTC))
    await house.close()


async def empty(templates: Templates, backend: str, name: str) -> str:
    """A database with nothing in it; its URL."""
    if backend == "sqlite":
        return f"sqlite+aiosqlite:///{templates.folder / name}.db"
    async with _administering(templates.server) as connection:
        await connection.execute(f"CREATE DATABASE {name}")
    return f"{templates.server}/{name}"


async def drop(templates: Templates, backend: str, name: str) -> None:
    """Remove a copy."""
    if backend == "sqlite":
        for beside in ("", "-wal", "-shm", "-journal"):  # by name: the folder holds the log of every test
            (templates.folder / f"{name}.db{beside}").unlink(missing_ok=True)
        return
    async with _administering(templates.server) as connection:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@asynccontextmanager
async def _administering(server: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    connection = await asyncpg.connect(server.replace("+asyncpg", "") + "/postgres")
    try:
        yield connection
    finally:
        await connection.close()
