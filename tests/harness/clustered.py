"""A city on many processes: two that answer, one that does the duties, and of PostgreSQL and Redis a primary and a
replica each, which may take over."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx
from redis import Redis

from tests.harness import proxy, scratch
from tests.harness.city import Templates
from tests.harness.insisting import set_
from tests.harness.postgres import KILLABLE, Cluster
from tests.harness.proxy import Proxy
from tests.harness.redis import RedisServer
from tests.harness.servers import Server
from tests.harness.standing import DATABASE, Standing, standing


class Clustered:
    """Everything that runs. The two addresses lead to whoever is primary; processes know nothing else."""

    def __init__(self, city: Standing, replica: Cluster, redis_replica: RedisServer) -> None:
        self.city, self.replica, self.redis_replica = city, replica, redis_replica
        self.to_database: Proxy
        self.to_redis: Proxy
        self.servers: list[Server] = []
        self.working: Server
        self.callers: list[httpx.AsyncClient] = []
        self.fallen = False

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """The processes, and a caller of each that answers."""
        async with (
            proxy.before(self.city.cluster.port) as self.to_database,
            proxy.before(self.city.redis.port) as self.to_redis,
        ):
            begun = [self._server("serve"), self._server("serve"), self._server("work")]
            self.servers, self.working = begun[:2], begun[2]
            self.callers = [httpx.AsyncClient(base_url=server.url, timeout=60) for server in self.servers]
            try:
                while not all([await asyncio.to_thread(server.ready) for server in self.servers]):
                    await asyncio.sleep(0.02)
                yield
            finally:
                for caller in self.callers:
                    await caller.aclose()
                for server in begun:
                    await asyncio.to_thread(server.stop)

    def _server(self, duty: str) -> Server:
        own = self.city.house.settings
        given = {
            "database_url": own.database_url.replace(f":{self.city.cluster.port}/", f":{self.to_database.port}/"),
            "redis_url": f"redis://127.0.0.1:{self.to_redis.port}/0",
        }
        environment = {"HAIHE_DUTIES": "0", "HAIHE_REPLICA_URL": self.replica.url(DATABASE)}
        name = f"cluster-{duty}-{uuid.uuid4().hex[:6]}"
        return Server(own.model_copy(update=given), name, arguments=(duty,), environment=environment)

    async def fail_over(self) -> None:
        """Both primaries are killed in the middle of everything; both replicas take over, and the addresses follow."""
        self.fallen = True
        await asyncio.to_thread(self.city.cluster.kill)
        await asyncio.to_thread(self.city.redis.stop)
        await asyncio.gather(self.to_database.cut(), self.to_redis.cut())
        await asyncio.to_thread(self.replica.promote)
        with Redis.from_url(self.redis_replica.url) as client:
            client.execute_command("REPLICAOF", "NO", "ONE")
        self.to_database.lead_to(self.replica.port)
        self.to_redis.lead_to(self.redis_replica.port)

    async def stored(self, statement: str) -> list[asyncpg.Record]:
        """What the database that took over holds."""
        connection = await asyncpg.connect(self.replica.plain(DATABASE))
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()


@asynccontextmanager
async def clustered(templates: Templates) -> AsyncIterator[Clustered]:
    """Start all of it. What is acknowledged is on both databases."""
    redis = RedisServer()
    redis_replica = RedisServer(of=redis)
    try:
        async with standing(templates, redis) as city:
            replica = await asyncio.to_thread(Cluster, KILLABLE, scratch.folder("replica"), of=city.cluster)
            try:
                await set_(city.cluster, "SET synchronous_standby_names = '*'")
                found = Clustered(city, replica, redis_replica)
                async with found.serving():
                    yield found
                if found.fallen:
                    await asyncio.to_thread(city.cluster.start)
            finally:
                await asyncio.to_thread(replica.stop)
    finally:
        redis.stop()
        redis_replica.stop()
