"""What staff's duty leaves behind: the quarterly word on every post (Art. 13)."""

from sqlalchemy import CheckConstraint, Column, Index, String, Table, UniqueConstraint

from core.database import Instant, metadata

# One post that was held on the day a quarter's review was opened, and what somebody said of it.
post_review = Table(
    "post_review",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("party_id", String(40), nullable=False),
    Column("staff_id", String(40), nullable=False),
    # Such as 2026Q4.
    Column("quarter", String(6), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("outcome", String(12)),
    Column("decided_by", String(40)),
    Column("decided_at", Instant),
    UniqueConstraint("staff_id", "quarter"),
    CheckConstraint("outcome IN ('CONFIRMED', 'ENDED', 'LAPSED', 'KEPT')", name="outcome"),
    CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
    # What nobody said a word on has nobody's name.
    CheckConstraint(
        "(outcome IN ('CONFIRMED', 'ENDED') AND decided_by IS NOT NULL)"
        " OR ((outcome IS NULL OR outcome IN ('LAPSED', 'KEPT')) AND decided_by IS NULL)",
        name="somebody",
    ),
    CheckConstraint("decided_by IS NULL OR decided_by <> staff_id", name="another"),
    Index("ix_post_review_party_id_until", "party_id", "until"),
)
