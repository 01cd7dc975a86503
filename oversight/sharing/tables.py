"""What sharing out keeps (Art. 5): what was asked for, by whom, and two people's word on it."""

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Date, Index, Integer, String, Table

from core.database import Instant, metadata

share = Table(
    "share",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("party_id", String(40), nullable=False),
    Column("need", String(200), nullable=False),
    Column("instrument", String(200), nullable=False),
    Column("article", String(60), nullable=False),
    Column("categories", JSON, nullable=False),
    Column("kinds", JSON, nullable=False),
    # By 行政区划代码; null is the whole city, which only organisations are shared of.
    Column("districts", JSON(none_as_null=True)),
    # The last day.
    Column("valid_until", Date, nullable=False),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("asked_by", String(40), nullable=False),
    Column("asked_label", String(60), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("approved_by", String(40)),
    Column("approved_at", Instant),
    Column("reviewed_by", String(40)),
    Column("reviewed_at", Instant),
    # The change after which its feed begins: what was before is not handed over.
    Column("position", BigInteger),
    # Refused, given back or ended; why, where it was refused.
    Column("ended_by", String(40)),
    Column("ended_at", Instant),
    Column("reason", String(200)),
    CheckConstraint("state IN ('REQUESTED', 'APPROVED', 'ACTIVE', 'REFUSED', 'ENDED')", name="state"),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved"),
    CheckConstraint("(reviewed_by IS NULL) = (reviewed_at IS NULL)", name="reviewed"),
    CheckConstraint("reviewed_by IS NULL OR reviewed_by <> approved_by", name="two_people"),
    CheckConstraint("state <> 'REQUESTED' OR approved_by IS NULL", name="requested"),
    CheckConstraint("state NOT IN ('APPROVED', 'ACTIVE') OR approved_by IS NOT NULL", name="agreed"),
    CheckConstraint("state <> 'ACTIVE' OR reviewed_by IS NOT NULL", name="active"),
    CheckConstraint("(position IS NULL) = (reviewed_by IS NULL)", name="begins"),
    CheckConstraint("(state IN ('REFUSED', 'ENDED')) = (ended_at IS NOT NULL)", name="over"),
    CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name="ended"),
    CheckConstraint("state <> 'REFUSED' OR reason IS NOT NULL", name="why"),
    Index("ix_share_party_id_asked_at", "party_id", "asked_at"),
    Index("ix_share_state_asked_at", "state", "asked_at"),
)
