"""The small city every test begins with: built once a run on each database, copied for each test."""

import asyncio
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg

from api import appconfig, documents
from api.demo import cases, city, sharing
from api.demo.files import Plan
from api.house import House, ensure_keys
from api.migrating import migrate
from api.settings import Settings
from core.installation import Kind
from core.moments import day_of
from tests.harness.scale import scaled

CITIZENS, ORGANISATIONS, SEED = 60, 20, 7
_BUILT_ON = "HAIHE_TEST_BUILT_ON"
TEMPLATE = "haihe_template"
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
        return self.folder / "template.db"

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
    """Build the city on every database there is."""
    os.environ[_BUILT_ON] = day_of(datetime.now(UTC)).isoformat()
    ensure_keys(templates.keys)
    asyncio.run(_build(templates, f"sqlite+aiosqlite:///{templates.sqlite}"))
    if templates.server:
        asyncio.run(_administer(templates.server, f"CREATE DATABASE {TEMPLATE}"))
        asyncio.run(_build(templates, f"{templates.server}/{TEMPLATE}"))


def built_on() -> date:
    """The city's day on which this run built it: who is who hangs on it, also when midnight has passed since."""
    return date.fromisoformat(os.environ[_BUILT_ON])


async def _build(templates: Templates, url: str) -> None:
    house = House(templates.settings(url))
    at = datetime.now(UTC)
    plan = Plan(CITIZENS, ORGANISATIONS, SEED, built_on())
    try:
        await migrate(house.database)
        await city.build(
            house.database,
            templates.folder / "files",
            plan,
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
    if backend == "sqlite":
        path = templates.folder / f"{name}.db"
        shutil.copyfile(templates.sqlite, path)
        return f"sqlite+aiosqlite:///{path}"
    await _administer(templates.server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    return f"{templates.server}/{name}"


async def tell(settings: Settings) -> None:
    """The cases of the story, in a copy."""
    house = House(settings)
    await sharing.agree(house.database, at=datetime.now(UTC))
    await cases.tell(house.database, house.blobs, at=datetime.now(UTC))
    await house.close()


async def empty(templates: Templates, backend: str, name: str) -> str:
    """A database with nothing in it; its URL."""
    if backend == "sqlite":
        return f"sqlite+aiosqlite:///{templates.folder / name}.db"
    await _administer(templates.server, f"CREATE DATABASE {name}")
    return f"{templates.server}/{name}"


async def drop(templates: Templates, backend: str, name: str) -> None:
    """Remove a copy."""
    if backend == "sqlite":
        for path in templates.folder.glob(f"{name}.db*"):
            path.unlink()
    else:
        await _administer(templates.server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def _administer(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server.replace("+asyncpg", "") + "/postgres")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
