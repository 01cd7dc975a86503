"""What sharing out keeps (Art. 5): what was asked for, by whom, two people's word on it, and for thirty days what has
changed in it, by ids."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

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

# A share's feed, from its review on.
share_feed = Table(
    "share_feed",
    metadata,
    Column("share_id", ForeignKey("share.id"), primary_key=True),
    # The last place given, and the last that is kept no more.
    Column("told", BigInteger, nullable=False),
    Column("swept", BigInteger, nullable=False),
    # How many records were read on that day.
    Column("taken_on", Date),
    Column("taken", Integer, nullable=False),
    # When its organ was told that its last day is near.
    Column("warned_at", Instant),
    CheckConstraint("0 <= swept AND swept <= told", name="places"),
    CheckConstraint("taken >= 0", name="taken"),
)

# What changed inside a share, each record once and at the place of its last change. Places are the share's own and go
# up by one, so that nothing outside it is counted by them. An id, and never a value.
share_event = Table(
    "share_event",
    metadata,
    Column("share_id", ForeignKey("share_feed.share_id"), primary_key=True),
    Column("record_id", String(40), primary_key=True),
    Column("place", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("share_id", "place", name="uq_share_event_place"),
    CheckConstraint("place >= 1", name="place"),
)

# How far the numbered changes have been put into feeds. One row.
share_reached = Table(
    "share_reached",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
