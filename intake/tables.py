"""What was loaded, by whom, and how it went; what each provider may send; rows that wait for a person."""

from sqlalchemy import JSON, CheckConstraint, Column, Index, Integer, LargeBinary, String, Table

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

# What a provider may send (Art. 2), in versions: the last one is in force, the others say what was.
provider_terms = Table(
    "provider_terms",
    metadata,
    Column("party_id", String(40), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("kinds", JSON, nullable=False),
    # Null is the whole city.
    Column("districts", JSON(none_as_null=True)),
    Column("responsible", String(60), nullable=False),
    Column("contact", String(60), nullable=False),
    Column("entered_at", Instant, nullable=False),
)

# Rows about people of sixteen or seventeen, until a person has decided or the term is over. The row is sealed, and gone
# with the decision; its keyed hash stays until `until`, so that the same row sent again is answered, not asked again.
row_set_aside = Table(
    "row_set_aside",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("provider_id", String(40), nullable=False),
    Column("provider_code", String(40), nullable=False),
    Column("layout", String(20), nullable=False),
    Column("row_hash", String(64), nullable=False, unique=True),
    Column("sealed", LargeBinary),
    Column("line", Integer, nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("set_aside_at", Instant, nullable=False),
    Column("until", Instant, nullable=False, index=True),
    Column("decision", String(10)),
    Column("reason", String(200)),
    Column("decided_by", String(40)),
    Column("decided_at", Instant),
    CheckConstraint("decision IN ('TAKEN', 'DROPPED')", name="decision"),
    CheckConstraint("(decision IS NULL) = (sealed IS NOT NULL)", name="gone_when_decided"),
    Index("ix_row_set_aside_set_aside_at_id", "set_aside_at", "id"),
)
