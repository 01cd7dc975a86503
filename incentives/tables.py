"""What merchants offer and what people take: stores, offers, stock, claims and redemptions."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from core.database import Instant, metadata

store = Table(
    "store",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("party_id", String(40), nullable=False, index=True),
    Column("name", String(120), nullable=False),
    Column("district", String(12), nullable=False),
    Column("address", String(200), nullable=False),
)

offer = Table(
    "offer",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("party_id", String(40), nullable=False, index=True),
    Column("party_name", String(120), nullable=False),
    Column("status", String(12), nullable=False),
    Column("title", String(120), nullable=False),
    Column("sector", String(24), nullable=False),
    Column("benefit_kind", String(16), nullable=False),
    Column("benefit_text", String(200), nullable=False),
    # Percent off, yuan waived or days granted, by kind; null where the kind has no figure.
    Column("benefit_figure", Numeric(10, 2)),
    Column("min_tier", Integer),
    Column("terms", Text, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("per_person", Integer, nullable=False),
    Column("stock_total", Integer, nullable=False),
    Column("published_at", Instant, nullable=False),
    CheckConstraint("per_person >= 1", name="per_person"),
    CheckConstraint("ends_at > starts_at", name="window"),
    Index("ix_offer_published_at_id", "published_at", "id"),
)

# The one hot row of an offer, kept apart so that nothing else waits for it.
stock = Table(
    "stock",
    metadata,
    Column("offer_id", ForeignKey("offer.id"), primary_key=True),
    Column("left_over", Integer, nullable=False),
    CheckConstraint("left_over >= 0", name="never_oversold"),
)

offer_store = Table(
    "offer_store",
    metadata,
    Column("offer_id", ForeignKey("offer.id"), primary_key=True),
    Column("store_id", ForeignKey("store.id"), primary_key=True),
)

claim = Table(
    "claim",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("offer_id", ForeignKey("offer.id"), nullable=False),
    Column("subject_id", String(40), nullable=False),
    # slot 1…per_person: the unique key below is the per-person limit, and no counter can be raced. Null gives it back.
    Column("slot", Integer),
    Column("status", String(12), nullable=False),
    # The part of the shown code that finds the claim again; random, and said to nobody but the till.
    Column("handle", String(9), nullable=False, unique=True),
    Column("notice_hash", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("redeemed_at", Instant),
    # How often a redemption of it was undone; the next redemption's cycle is one more.
    Column("reversals", Integer, nullable=False, server_default="0"),
    # Set when the consent behind it ends: what is redeemed then does not come back to life by being undone.
    Column("consent_ended_at", Instant),
    CheckConstraint("(status = 'REDEEMED') = (redeemed_at IS NOT NULL)", name="redeemed_at"),
    UniqueConstraint("offer_id", "subject_id", "slot", name="uq_claim_person_slot"),
    Index("ix_claim_subject_id_created_at_id", "subject_id", "created_at", "id"),
)

redemption = Table(
    "redemption",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("number", String(24), nullable=False, unique=True),
    Column("claim_id", ForeignKey("claim.id"), nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("party_id", String(40), nullable=False),
    Column("store_id", ForeignKey("store.id"), nullable=False),
    Column("staff_id", String(40), nullable=False),
    Column("offer_title", String(120), nullable=False),
    Column("benefit_text", String(200), nullable=False),
    Column("order_number", String(64)),
    Column("order_amount_yuan", Numeric(12, 2)),
    # What the benefit was worth on that day; null where it has no sum.
    Column("benefit_amount_yuan", Numeric(12, 2)),
    Column("redeemed_at", Instant, nullable=False),
    Column("reversible_until", Instant, nullable=False),
    # The belt: whatever the code above it does, a claim is redeemed once a cycle.
    UniqueConstraint("claim_id", "cycle", name="uq_redemption_claim_cycle"),
    Index("ix_redemption_party_id_redeemed_at_id", "party_id", "redeemed_at", "id"),
)

# One for a redemption, for good: the key never expires.
reversal = Table(
    "reversal",
    metadata,
    Column("redemption_id", ForeignKey("redemption.id"), primary_key=True),
    Column("staff_id", String(40), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("reversed_at", Instant, nullable=False),
)
