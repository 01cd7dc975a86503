"""What every process of an installation holds: its settings, keys and database, and what it is stamped.

Commands open a house too, and most of them neither serve nor wake anybody: Redis' client is imported when it is first
asked for, and nothing here knows the API's schema (tests/house/test_starting.py).
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from api import appconfig, card_readers, origin
from api.keeping import KeyFile
from api.settings import DEMONSTRATION_ISSUER, EXAMPLE_LOG, NotConfigured, Settings
from audit import tree
from core import installation, keys
from core.blobs import Blobs
from core.database import Database
from core.installation import Kind
from core.keys import Purpose
from core.replica import Replica
from parties import clients

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from api.waking import Waking


class House:
    """Everything a running service holds: settings, keys, database, stamp."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.keys = KeyFile(settings.key_file)
        self.rings, self.vault = self.keys.rings, self.keys.vault
        self.database = Database(settings.database, self.vault, pool=settings.pool)
        self.replica = (
            Replica(self.database, Database(settings.replica_url, self.vault, pool=settings.pool))
            if settings.replica_url
            else None
        )
        self.blobs = Blobs(self.database, settings.data / "blobs")
        # Where a provider's file stands while it is loaded.
        self.loading = settings.data / "loading"

    @cached_property
    def redis(self) -> "Redis":
        """The configured Redis, or its stand-in; opened when something first asks for it."""
        from api import limits

        return limits.connect(self.settings.redis_url)

    @cached_property
    def waking(self) -> "Waking":
        """Hints that something waits to be told."""
        from api.waking import Waking

        return Waking(self.redis)

    async def close(self) -> None:
        """Close what is open."""
        if "redis" in self.__dict__:
            await self.redis.aclose()
        if self.replica is not None:
            await self.replica.close()
        await self.database.close()

    async def kind(self) -> Kind:
        """The database's stamp; raises `NotConfigured` when the service must not start on it."""
        async with self.database.reading() as unit:
            kind = await installation.kind_of(unit)
            log = await tree.head(unit)
        if kind is None:
            raise NotConfigured("the database bears no stamp: run `haihe demo` or `haihe migrate`")
        if log is not None and log.origin != self.settings.log_origin:
            raise NotConfigured(f"HAIHE_LOG_ORIGIN is not {log.origin}, by which this database's log is known outside")
        if kind is Kind.REAL and self.settings.log_origin == EXAMPLE_LOG:
            raise NotConfigured("HAIHE_LOG_ORIGIN is missing: by it everybody who checks the log knows whose it is")
        if kind is Kind.REAL and not self.settings.issuers:
            raise NotConfigured("HAIHE_ISSUERS is missing: a real database needs an issuer of its own")
        if kind is Kind.REAL and any(i.issuer == DEMONSTRATION_ISSUER for i in self.settings.issuers):
            raise NotConfigured("HAIHE_ISSUERS names the demonstration's issuer, which is barred from real databases")
        if any(issuer.issuer == clients.ISSUER for issuer in self.settings.issuers):
            raise NotConfigured("HAIHE_ISSUERS names the built-in issuer, whose keys are our own")
        if self.replica is not None and self.database.dialect.name != "postgresql":
            raise NotConfigured("HAIHE_REPLICA_URL is set, and the database is none that has replicas")
        appconfig.of(self.settings, kind)
        card_readers.of(self.settings, kind)
        origin.of(self.settings, kind)
        origin.others(self.settings)
        origin.proxies(self.settings)
        return kind


def ensure_keys(path: Path) -> None:
    """Make the key file of a demonstration when there is none, and give an older one the rings that came later."""
    if path.exists():
        complete_keys(path)
    else:
        keys.create(path)


def complete_keys(path: Path) -> Sequence[Purpose]:
    """Give an existing key file the rings that came after it; which they were."""
    return keys.complete(path) if path.exists() else ()
