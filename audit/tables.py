"""The access log: append-only. What was looked at is kept apart, once per shape and not once per look."""

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, text

from core.database import Instant, metadata

# Which schema fields a document reaches through one lens. Thousands of looks share one shape.
look_shape = Table(
    "look_shape",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("fields", JSON, nullable=False),
)

access = Table(
    "access",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("at", Instant, nullable=False),
    # Null for an attempt that named nobody who exists.
    Column("subject_id", String(40)),
    Column("basis", String(30), nullable=False),
    Column("actor_party_id", String(40)),
    Column("actor_name", String(120)),
    Column("operator", String(120)),
    Column("channel", String(20), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("stage", String(30)),
    Column("grant_id", String(40)),
    Column("shape_id", ForeignKey("look_shape.id"), nullable=False),
    Column("categories", JSON, nullable=False),
    Column("codes", JSON, nullable=False),
    Column("record_count", Integer, nullable=False),
    # The code of the refusal, when it was only an attempt.
    Column("refused", String(40)),
    # Given to committed rows by one numberer, without gaps: the only cursor into the whole log (design §2).
    Column("position", BigInteger),
    CheckConstraint("record_count >= 0", name="record_count"),
    CheckConstraint("subject_id IS NOT NULL OR refused IS NOT NULL", name="answered_about_somebody"),
    Index("ix_access_subject_id_at_id", "subject_id", "at", "id"),
    Index("uq_access_position", "position", unique=True),
    Index(
        "ix_access_unnumbered",
        "at",
        "id",
        postgresql_where=text("position IS NULL"),
        sqlite_where=text("position IS NULL"),
    ),
)
