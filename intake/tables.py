"""What was loaded, by whom, and how it went."""

from sqlalchemy import Column, Index, Integer, String, Table

from core.database import Instant, metadata

intake_batch = Table(
    "intake_batch",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("provider_id", String(40), nullable=False),
    Column("layout", String(20), nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    # Of people who have not opened their score: counted, and not kept.
    Column("dropped", Integer, nullable=False, server_default="0"),
    Column("loaded_at", Instant, nullable=False),
    Index("ix_intake_batch_provider_id_loaded_at", "provider_id", "loaded_at"),
)
