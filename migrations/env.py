"""Runs migrations on the connection it is handed. Imports every context's tables, so that metadata is whole."""

import importlib
from typing import Any

from alembic import context
from sqlalchemy import text
from sqlalchemy.engine import Connection

from core.database import Instant, metadata

for name in (
    "core.editions",
    "core.backfill",
    "core.blobs",
    "core.calendar",
    "core.idempotency",
    "core.installation",
    "core.uploads",
    "parties.tables",
    "notices.tables",
    "audit.tables",
    "grants.tables",
    "credit.tables",
    "intake.tables",
    "incentives.tables",
    "objections.tables",
    "oversight.duty.tables",
    "oversight.industry.tables",
):
    importlib.import_module(name)

LOCK_TIMEOUT = "5s"


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Migrations name plain types: a later change of `Instant` must not change an old migration."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


def run(connection: Connection) -> None:
    """Upgrade inside the caller's transaction; on PostgreSQL, wait for no lock longer than `LOCK_TIMEOUT`."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    context.configure(connection=connection, target_metadata=metadata, render_item=render_item, render_as_batch=False)
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
