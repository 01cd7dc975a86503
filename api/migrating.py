"""Migrations from the command line and for readiness. A build is ready at *or beyond* what it needs."""

from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from core import calendar
from core.database import Database

_MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, optionally on a connection that is already open."""
    made = Config()
    made.set_main_option("script_location", str(_MIGRATIONS))
    made.attributes["connection"] = connection
    return made


async def migrate(database: Database) -> None:
    """Bring the database to this build's migrations and its calendar; does nothing when it is there."""
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(config(sync), "head"))
    async with database.writing() as unit:
        await calendar.seed(unit)


async def is_current(database: Database) -> bool:
    """Whether the database is at this build's head, or at a later one that this build does not know."""
    return suffices(await database.inspect(_revision))


def suffices(revision: str | None) -> bool:
    """The same of a revision; None where there is none."""
    known, heads = _shipped()
    return revision is not None and (revision in heads or revision not in known)


@cache
def _shipped() -> tuple[frozenset[str], frozenset[str]]:
    """This build's migrations and its heads, read once: whoever asks for readiness must not cost us its files."""
    script = ScriptDirectory.from_config(config())
    return frozenset(found.revision for found in script.walk_revisions()), frozenset(script.get_heads())


def _revision(connection: Any) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found else None
