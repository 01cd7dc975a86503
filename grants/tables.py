"""Consent as it was given: the notice that was read, and the grant made after reading it."""

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from core.database import Instant, metadata

consent_notice = Table(
    "consent_notice",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("version", String(20), nullable=False),
    Column("language", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("retention", Text, nullable=False),
    Column("withdrawal_effect", Text, nullable=False),
)

grant = Table(
    "consent_grant",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("subject_id", String(40), nullable=False),
    Column("recipient_id", String(40), nullable=False, index=True),
    Column("purpose", String(30), nullable=False),
    Column("stages", JSON, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("includes_evaluation", Boolean, nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_until", Instant, nullable=False),
    Column("uses_left", Integer),
    Column("retention_days", Integer, nullable=False),
    Column("notice_hash", ForeignKey("consent_notice.hash"), nullable=False),
    Column("reference", String(80)),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", String(12)),
    Column("end_reason", String(200)),
    CheckConstraint("uses_left >= 0", name="uses_left"),
    Index("ix_grant_subject_id_created_at_id", "subject_id", "created_at", "id"),
)

# A recipient's retry under the same attempt id spends no further use for ten minutes.
grant_attempt = Table(
    "grant_attempt",
    metadata,
    Column("grant_id", ForeignKey("consent_grant.id"), primary_key=True),
    Column("attempt", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
)
