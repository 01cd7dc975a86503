"""A real database that would forget what it has acknowledged is not served."""

import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from api.house import House
from api.migrating import migrate
from api.settings import NotConfigured, Settings, TrustedIssuer
from api.starting import ready
from core import installation
from core.installation import Kind
from tests.conftest import need_postgres
from tests.harness import city, scratch
from tests.harness.city import Templates
from tests.harness.postgres import DURABLE, Cluster

_ISSUER = TrustedIssuer(issuer="https://id.example", jwks="http://127.0.0.1:9/jwks.json")


@asynccontextmanager
async def _stamped(templates: Templates, url: str, kind: Kind) -> AsyncIterator[House]:
    of_its_kind = {"issuers": (_ISSUER,), "origin": "https://credit.example", "log_origin": "credit.example/log"}
    given = of_its_kind if kind is Kind.REAL else {}
    house = House(Settings(data=templates.folder, database_url=url, keys=templates.keys, **given))
    async with house.database.writing() as unit:
        await installation.stamp(unit, kind, at=datetime.now(UTC))
    try:
        yield house
    finally:
        await house.close()


@pytest.fixture
def durable(templates: Templates) -> Iterator[Cluster]:
    """PostgreSQL as it is unless somebody turned something off."""
    need_postgres(templates)
    cluster = Cluster(DURABLE, scratch.folder("durable"))
    yield cluster
    cluster.stop()


@pytest.mark.parametrize(
    ("kind", "kept", "missing"),
    [
        (Kind.REAL, False, "acknowledged: fsync, synchronous_commit must not be off"),
        (Kind.REAL, True, "acknowledged: fsync must not be off"),
        (Kind.DEMONSTRATION, False, None),
    ],
)
async def test_a_forgetful_database_holds_a_demonstration_at_most(
    templates: Templates, kind: Kind, kept: bool, missing: str | None
) -> None:
    need_postgres(templates)
    name = f"t_{uuid.uuid4().hex[:12]}"
    url = await city.migrated(templates, "postgresql", name)
    async with _stamped(templates, url, kind) as house:
        if kept:
            async with house.database.writing() as unit:
                await unit.run(text(f"ALTER DATABASE {name} SET synchronous_commit = 'on'"))
        if missing is None:
            assert await ready(house) is kind
        else:
            with pytest.raises(NotConfigured, match=missing):
                await ready(house)
    await city.drop(templates, "postgresql", name)


async def test_one_that_keeps_its_word_is_served(templates: Templates, durable: Cluster) -> None:
    url = durable.url("postgres")
    empty = House(templates.settings(url))
    await migrate(empty.database)
    await empty.close()
    async with _stamped(templates, url, Kind.REAL) as house:
        assert await ready(house) is Kind.REAL
