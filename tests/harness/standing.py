"""A city that stands by itself: a PostgreSQL, a Redis and a served process of its own, each of which may fall."""

import asyncio
import shutil
import subprocess
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from api.house import House
from api.settings import Settings
from tests.harness import proxy, scratch
from tests.harness.binaries import find
from tests.harness.callers import Town, inhabited
from tests.harness.city import TEMPLATE, Templates
from tests.harness.postgres import KILLABLE, Cluster
from tests.harness.proxy import Proxy
from tests.harness.redis import RedisServer
from tests.harness.servers import Server

DATABASE = "standing"


class Standing:
    """The processes, the ways between them, and the town as whoever operates it sees it, beside those ways."""

    def __init__(self, house: House, town: Town, cluster: Cluster, redis: RedisServer) -> None:
        self.house, self.town, self.cluster, self.redis = house, town, cluster, redis
        self.to_database: Proxy
        self.to_redis: Proxy
        self.server: Server

    @asynccontextmanager
    async def served(self, **how: Any) -> AsyncIterator[httpx.AsyncClient]:
        """A process that reaches its database and its Redis through a proxy each, and a caller of it."""
        async with proxy.before(self.cluster.port) as self.to_database, proxy.before(self.redis.port) as self.to_redis:
            database = self.house.settings.database_url.replace(f":{self.cluster.port}/", f":{self.to_database.port}/")
            given = {"database_url": database, "redis_url": f"redis://127.0.0.1:{self.to_redis.port}/0"}
            self.server = Server(
                self.house.settings.model_copy(update=given), f"standing-{uuid.uuid4().hex[:6]}", **how
            )
            try:
                while not await asyncio.to_thread(self.server.ready):
                    await asyncio.sleep(0.02)
                async with httpx.AsyncClient(base_url=self.server.url, timeout=60) as http:
                    yield http
            finally:
                await asyncio.to_thread(self.server.stop)


@asynccontextmanager
async def standing(
    templates: Templates, redis: RedisServer, folder: Path | None = None, **options: str
) -> AsyncIterator[Standing]:
    """A copy of the city on a PostgreSQL of its own, which may be started with further options, in a folder."""
    folder = folder or scratch.folder("standing")
    cluster = await asyncio.to_thread(Cluster, {**KILLABLE, **options}, folder)
    try:
        await _copy(templates.server, cluster)
        house = House(_settings(templates, cluster, redis))
        try:
            async with inhabited(house) as town:
                yield Standing(house, town, cluster, redis)
        finally:
            await house.close()
    finally:
        await asyncio.to_thread(cluster.stop)
        shutil.rmtree(folder, ignore_errors=True)


def _settings(templates: Templates, cluster: Cluster, redis: RedisServer) -> Settings:
    given: Mapping[str, Any] = {"redis_url": redis.url, "data": templates.folder}
    return templates.settings(cluster.url(DATABASE)).model_copy(update=given)


async def _copy(server: str, cluster: Cluster) -> None:
    """The built city, in another cluster."""
    connection = await asyncpg.connect(cluster.url("postgres").replace("+asyncpg", ""))
    await connection.execute(f"CREATE DATABASE {DATABASE}")
    await connection.close()
    await asyncio.to_thread(_pour, server, cluster)


def _pour(server: str, cluster: Cluster) -> None:
    dump, psql = find("pg_dump"), find("psql")
    assert dump is not None
    assert psql is not None
    source, target = [url.replace("+asyncpg", "") for url in (f"{server}/{TEMPLATE}", cluster.url(DATABASE))]
    with subprocess.Popen([dump, source], stdout=subprocess.PIPE) as dumping:
        subprocess.run([psql, "-q", "-d", target], stdin=dumping.stdout, stdout=subprocess.DEVNULL, check=True)
    assert dumping.returncode == 0
