"""What departments' models leave behind: each version of a scorecard, who wrote it and who reviewed it (Art. 9)."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, Text, UniqueConstraint

from core.database import Instant, metadata

# One version of a department's scorecard. Its content is canonical JSON, and fixed once it is handed in.
industry_model = Table(
    "industry_model",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("party_id", String(40), nullable=False),
    # The department's own word for the model, and which version of it this is.
    Column("code", String(20), nullable=False),
    Column("edition", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("drafted_by", String(40), nullable=False),
    Column("drafted_at", Instant, nullable=False),
    Column("submitted_at", Instant),
    Column("reviewed_by", String(40)),
    Column("reviewed_at", Instant),
    Column("reason", String(500)),
    Column("version", Integer, nullable=False),
    UniqueConstraint("party_id", "code", "edition"),
    CheckConstraint("state IN ('DRAFT', 'IN_REVIEW', 'RETURNED', 'REVIEWED')", name="state"),
    CheckConstraint("(state IN ('RETURNED', 'REVIEWED')) = (reviewed_by IS NOT NULL)", name="reviewed"),
    CheckConstraint("(reviewed_by IS NULL) = (reviewed_at IS NULL)", name="reviewed_at"),
    CheckConstraint("(reviewed_by IS NULL) = (reason IS NULL)", name="with_a_reason"),
    CheckConstraint("reviewed_by <> drafted_by", name="two_people"),
    CheckConstraint("(state = 'DRAFT') = (submitted_at IS NULL)", name="submitted"),
    Index("ix_industry_model_party_id_drafted_at_id", "party_id", "drafted_at", "id"),
)
