"""What is measured on: a PostgreSQL of its own, or the embedded file, filled with the invented population."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from api import personas
from api.demo import city
from api.demo.files import Plan
from api.house import House, ensure_keys
from api.migrating import migrate
from api.personas import PERSONAS
from api.settings import Settings
from benchmarks import filling
from core.moments import day_of
from tests.harness import postgres
from tests.harness.postgres import Cluster

HERE = Path(__file__).parent
SERVER_CORE, LOAD_CORE = 0, 1


@contextmanager
def filled(
    citizens: int,
    *,
    embedded: bool = False,
    records_each: int = filling.RECORDS_EACH,
    callers: int = filling.CALLERS,
) -> Iterator[Settings]:
    """A filled database with its keys, tokens and the body everyone sends; all of it is gone afterwards.

    From here on this process, PostgreSQL and the load share one core, and leave the other to the server.
    """
    if not embedded and not postgres.available():
        sys.exit("PostgreSQL's binaries are missing (Debian: apt-get install postgresql)")
    os.sched_setaffinity(0, {LOAD_CORE})  # PostgreSQL and the load inherit it
    folder = Path(tempfile.mkdtemp(prefix="haihe-bench-"))
    cluster = None if embedded else Cluster(postgres.DURABLE)
    try:
        if cluster:
            asyncio.run(_create(cluster))
        settings = Settings(data=folder, database_url=cluster.url("bench") if cluster else "")
        ensure_keys(settings.key_file)
        print(f"filling the database with {citizens} citizens …", flush=True)
        asyncio.run(_fill(settings, citizens, records_each, callers))
        (folder / "body").write_text(json.dumps({"query": (HERE / "home.graphql").read_text("utf-8")}))
        yield settings
    finally:
        if cluster:
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def tokens(settings: Settings, callers: int = filling.CALLERS) -> list[str]:
    """Every caller's fresh token, also in a file for the load: they live a quarter of an hour, less than a long run."""
    house, persona = House(settings), PERSONAS["citizen-1"]
    made = [
        personas.sign(house.rings, persona, filling.caller(n), None, audience=settings.audience, at=datetime.now(UTC))
        for n in range(callers)
    ]
    (settings.data / "tokens").write_text("\n".join(made) + "\n")
    return made


async def _create(cluster: Cluster) -> None:
    connection = await asyncpg.connect(cluster.url("postgres").replace("+asyncpg", ""))
    await connection.execute("CREATE DATABASE bench")
    await connection.close()


async def _fill(settings: Settings, citizens: int, records_each: int, callers: int) -> None:
    house = House(settings)
    at = datetime.now(UTC)
    try:
        await migrate(house.database)
        await city.build(
            house.database,
            settings.data / "files",
            Plan(20, 4, 1, day_of(at)),
            at=at,
            writing=lambda _: None,
            loading=lambda _: None,
        )
        await filling.fill(house, citizens, records_each, callers)
    finally:
        await house.database.close()
