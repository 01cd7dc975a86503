"""What auditors asked for."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Index, String, Table, text

from core.database import Instant, metadata

# The looks of a period, for whoever audits them. From the first position to the last every leaf is accounted for.
compliance_export = Table(
    "compliance_export",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("party_id", String(40), nullable=False),
    # Both days count.
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    # Only looks through this door, or for this purpose; null: all of them.
    Column("only_channel", String(20)),
    Column("only_purpose", String(40)),
    Column("requested_by", String(40), nullable=False),
    Column("client", String(60)),
    Column("channel", String(20), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("first", BigInteger),
    Column("last", BigInteger),
    # How many looks it shows, and the bytes that show them.
    Column("looks", BigInteger),
    Column("sha256", String(64)),
    Column("ready_at", Instant, index=True),
    Column("expires_at", Instant),
    # Null again once the file is gone.
    Column("zip_id", String(40)),
    CheckConstraint("until >= since", name="days"),
    CheckConstraint("last >= first", name="range"),
    CheckConstraint(
        "(CASE WHEN ready_at IS NULL THEN 0 ELSE 5 END) = (CASE WHEN first IS NULL THEN 0 ELSE 1 END)"
        " + (CASE WHEN last IS NULL THEN 0 ELSE 1 END) + (CASE WHEN looks IS NULL THEN 0 ELSE 1 END)"
        " + (CASE WHEN sha256 IS NULL THEN 0 ELSE 1 END) + (CASE WHEN expires_at IS NULL THEN 0 ELSE 1 END)",
        name="whole_when_ready",
    ),
    CheckConstraint("zip_id IS NULL OR ready_at IS NOT NULL", name="file"),
    # One is made at a time.
    Index(
        "uq_compliance_export_waits",
        "party_id",
        unique=True,
        sqlite_where=text("ready_at IS NULL"),
        postgresql_where=text("ready_at IS NULL"),
    ),
    Index("ix_compliance_export_party_id_requested_at_id", "party_id", "requested_at", "id"),
)
