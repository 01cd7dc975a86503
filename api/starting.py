"""What has to be true of an installation before a process of it serves or works."""

from sqlalchemy import text

from api.house import House
from api.migrating import is_current
from api.settings import NotConfigured
from core.installation import Kind
from core.statements import Statement

# As this user meets them in this database: each can be set for either alone.
_FORGETFUL = Statement(
    text("SELECT name FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit') AND setting = 'off' ORDER BY name")
)


async def ready(house: House) -> Kind:
    """The database's stamp, once nothing is missing; raises `NotConfigured` with what is.

    A real database keeps what it has acknowledged: objections, looks and claims are answered on its word.
    """
    await migrated(house)
    kind = await house.kind()
    if kind is Kind.REAL and house.database.engine.dialect.name == "postgresql":
        async with house.database.reading() as unit:
            off = [row.name for row in await unit.all(_FORGETFUL)]
        if off:
            raise NotConfigured(f"PostgreSQL would forget what it has acknowledged: {', '.join(off)} must not be off")
    return kind


async def migrated(house: House) -> None:
    """Raise `NotConfigured` for a database that lacks a migration."""
    if not await is_current(house.database):
        raise NotConfigured("migrations are missing: run `haihe migrate`")
