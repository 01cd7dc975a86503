"""What merchants offer and what people take: stores, offers, stock, claims and redemptions."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
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
    # From when on nothing is used there, and nobody works there; for good.
    Column("closed_at", Instant),
)


def _terms(*, asks: str | None = None) -> tuple[Column[Any], ...]:
    """What an offer says: the same columns where it stands and in each of its versions. `asks` is the condition of an
    offer that an older build enters."""
    return (
        Column("title", String(120), nullable=False),
        Column("sector", String(24), nullable=False),
        Column("benefit_kind", String(16), nullable=False),
        Column("benefit_text", String(200), nullable=False),
        # Percent off, yuan waived or at most, by kind (`terms.Benefit`); null where the kind has no figure.
        Column("benefit_figure", Numeric(10, 2)),
        Column("benefit_days", Integer),
        # What a percentage off is at most.
        Column("benefit_cap_yuan", Numeric(10, 2)),
        # What it asks for, as `conditions` reads it; the ways of what stands are in `offer_way`.
        Column("condition", Text, nullable=False, server_default=asks),
        Column("terms", Text, nullable=False),
        Column("starts_at", Instant, nullable=False),
        Column("ends_at", Instant, nullable=False),
        Column("per_person", Integer, nullable=False),
        # DAY, WEEK or MONTH in which so many may be taken; null: in all.
        Column("per_person_period", String(8)),
        Column("stock_total", Integer, nullable=False),
        # The money for it; null: no limit of money. Where each store has its own part too (`offer_store`), it is taken
        # for one of them.
        Column("budget_cents", BigInteger),
        Column("taken_by_store", Boolean, nullable=False, server_default=false()),
        # Whether a claim may get a code that a till reads without a network (`offline`).
        Column("works_offline", Boolean, nullable=False, server_default=false()),
        # The offers that may be used with it in one order, as a list of ids (`combining`); null: any.
        Column("combines", Text),
    )


TERMS = tuple(str(column.name) for column in _terms())

# What stands of an offer, with the terms of that version beside it, so that lists are read from one table.
offer = Table(
    "offer",
    metadata,
    Column("id", String(40), primary_key=True),
    # Raised by every act; its step has the same number.
    Column("version", Integer, nullable=False),
    Column("party_id", String(40), nullable=False, index=True),
    Column("party_name", String(120), nullable=False),
    # DRAFT until it is first approved; then LIVE, PAUSED or ENDED. What time alone makes of it is computed.
    Column("status", String(12), nullable=False),
    *_terms(asks='{"version":1,"when":{"all":[]}}'),
    # For builds before 0029, which know no other condition; goes with the next release.
    Column("min_tier", Integer),
    # The approved version that it shows; null until the first one is, and then the latest is shown, to its merchant.
    Column("standing", Integer, server_default="1"),
    Column("latest", Integer, nullable=False, server_default="1"),
    # How far the latest version has come (DRAFT, IN_REVIEW, RETURNED); null when nothing is being changed.
    Column("review", String(12)),
    Column("submitted_at", Instant),
    Column("published_at", Instant, nullable=False),
    CheckConstraint("per_person >= 1", name="per_person"),
    CheckConstraint("ends_at > starts_at", name="window"),
    Index("ix_offer_published_at_id", "published_at", "id"),
)

# Every version that was ever written of an offer, as it was written: nobody changes or removes one (migration 0031).
offer_version = Table(
    "offer_version",
    metadata,
    Column("offer_id", ForeignKey("offer.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    *_terms(),
    # What its author says to whoever reviews it.
    Column("note", String(500)),
    Column("drafted_at", Instant, nullable=False),
)

# Who did what, one row for each version of the offer's row; only ever added to.
offer_step = Table(
    "offer_step",
    metadata,
    Column("offer_id", ForeignKey("offer.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("act", String(12), nullable=False),
    Column("side", String(12), nullable=False),
    Column("staff_id", String(40), nullable=False),
    # The version of the terms that it was done to.
    Column("number", Integer, nullable=False),
    Column("reasons", String(500)),
    Column("at", Instant, nullable=False),
    CheckConstraint("act <> 'RETURN' OR (reasons IS NOT NULL AND reasons <> '')", name="reasons"),
    # The belt: nobody gives both words on one version.
    Index(
        "uq_offer_step_word",
        "offer_id",
        "number",
        "staff_id",
        unique=True,
        sqlite_where=text("act IN ('AGREE', 'APPROVE')"),
        postgresql_where=text("act IN ('AGREE', 'APPROVE')"),
    ),
)

# The one hot row of an offer, kept apart so that nothing else waits for it. It decides who still takes one, and of
# which version: whoever pauses, ends or changes an offer meets those who take it here.
stock = Table(
    "stock",
    metadata,
    Column("offer_id", ForeignKey("offer.id"), primary_key=True),
    Column("left_over", Integer, nullable=False),
    # The version that can be taken; null while none can.
    Column("standing", Integer),
    CheckConstraint("left_over >= 0", name="never_oversold"),
)

# The money of an offer, and of each store in it: whole cents, which every database adds exactly. What is free is the
# rest. Its lines say how it came to this, and nobody changes one (migration 0032).
budget = Table(
    "budget",
    metadata,
    Column("offer_id", ForeignKey("offer.id"), primary_key=True),
    # A store's id; empty for the whole offer.
    Column("place", String(40), primary_key=True),
    Column("total_cents", BigInteger, nullable=False),
    # By claims that can be redeemed, or could until they were over.
    Column("held_cents", BigInteger, nullable=False),
    # By redemptions that stand.
    Column("spent_cents", BigInteger, nullable=False),
    # What one claim of what stands holds; null where that has no budget.
    Column("each_cents", BigInteger),
    CheckConstraint("held_cents >= 0 AND spent_cents >= 0", name="never_negative"),
    CheckConstraint("held_cents + spent_cents <= total_cents", name="never_overspent"),
)

# What each act did to a budget, as differences: their sums are its columns.
budget_line = Table(
    "budget_line",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("offer_id", String(40), nullable=False),
    Column("place", String(40), nullable=False),
    Column("act", String(8), nullable=False),
    # Whose money it is, and for which of the claim's redemptions; null where the budget itself was set.
    Column("claim_id", ForeignKey("claim.id")),
    Column("cycle", Integer),
    Column("total_cents", BigInteger, nullable=False),
    Column("held_cents", BigInteger, nullable=False),
    Column("spent_cents", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    ForeignKeyConstraint(["offer_id", "place"], ["budget.offer_id", "budget.place"], name="fk_budget_line_budget"),
    # The belts: what is held is held once a cycle, and either spent or let go, once; what was spent comes back once.
    UniqueConstraint("claim_id", "cycle", "place", "act", name="uq_budget_line_claim_cycle_place_act"),
    Index(
        "uq_budget_line_resolved",
        "claim_id",
        "cycle",
        "place",
        unique=True,
        sqlite_where=text("act IN ('SPEND', 'RELEASE')"),
        postgresql_where=text("act IN ('SPEND', 'RELEASE')"),
    ),
    Index("ix_budget_line_offer_id_place", "offer_id", "place"),
)

# The ways to meet what stands of an offer, as sets of bits (`ways`): what a list compares with a standing's.
offer_way = Table(
    "offer_way",
    metadata,
    Column("offer_id", ForeignKey("offer.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("tiers", Integer, nullable=False),
    Column("ages", Integer, nullable=False),
    Column("districts", Integer, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("barred", Integer, nullable=False),
)

# Where a version can be used.
offer_store = Table(
    "offer_store",
    metadata,
    Column("offer_id", ForeignKey("offer.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False, server_default="1"),
    Column("store_id", ForeignKey("store.id"), primary_key=True),
    # The store's own part of the money; null where there is none.
    Column("budget_cents", BigInteger),
)

claim = Table(
    "claim",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("offer_id", ForeignKey("offer.id"), nullable=False),
    # The version that was taken: its benefit, its stores and its words stay the claim's.
    Column("offer_version", Integer, nullable=False, server_default="1"),
    Column("subject_id", String(40), nullable=False),
    # One of the period's `per_person` slots (`incentives/slots.py`): the unique key below is the per-person limit, and
    # no counter can be raced. Null gives it back.
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
    # What it holds of its offer's budget while it can be redeemed, and held when it was; null: there was no budget.
    Column("held_cents", BigInteger),
    # In whose part of the budget too: the one store that it was taken for.
    Column("held_store_id", String(40)),
    # The offline code that is out: at which store it is good, for which redemption, and until when a till may bring it.
    # Together or not at all; they stay when it is over (`awaiting`).
    Column("offline_store_id", String(40)),
    Column("offline_cycle", Integer),
    Column("offline_issued_at", Instant),
    Column("offline_until", Instant),
    Column("offline_settles_at", Instant),
    CheckConstraint("(status = 'REDEEMED') = (redeemed_at IS NOT NULL)", name="redeemed_at"),
    UniqueConstraint("offer_id", "subject_id", "slot", name="uq_claim_person_slot"),
    Index("ix_claim_subject_id_created_at_id", "subject_id", "created_at", "id"),
    # What is over and was not used (`expiring`).
    Index(
        "ix_claim_unused",
        "offer_id",
        "expires_at",
        sqlite_where=text("status = 'CLAIMED'"),
        postgresql_where=text("status = 'CLAIMED'"),
    ),
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
    # Under what name this merchant knows the customer (`pseudonyms`); null on receipts from before there were such.
    Column("customer", String(24)),
    Column("redeemed_at", Instant, nullable=False),
    Column("reversible_until", Instant, nullable=False),
    # The belt: whatever the code above it does, a claim is redeemed once a cycle.
    UniqueConstraint("claim_id", "cycle", name="uq_redemption_claim_cycle"),
    Index("ix_redemption_party_id_redeemed_at_id", "party_id", "redeemed_at", "id"),
    Index("ix_redemption_order", "store_id", "order_number"),
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

# What a redemption put off: a deposit not left, a payment not made. Nothing says how it was settled (`deferrals`).
deferral = Table(
    "deferral",
    metadata,
    Column("redemption_id", ForeignKey("redemption.id"), primary_key=True),
    Column("cents", BigInteger, nullable=False),
    # From when on it is over by itself.
    Column("due_at", Instant, nullable=False),
    # Finished, or undone with its redemption; null while it is open, and where its day alone ended it.
    Column("ended_at", Instant),
    CheckConstraint("cents > 0", name="cents"),
    CheckConstraint("ended_at IS NULL OR ended_at <= due_at", name="in_its_term"),
)

# What a till brought that it had taken without a network, for good: each acceptance once, and of a claim's cycle one at
# most that counts.
offline_upload = Table(
    "offline_upload",
    metadata,
    Column("claim_id", ForeignKey("claim.id"), primary_key=True),
    Column("cycle", Integer, primary_key=True, autoincrement=False),
    # The till's own name for that it said yes.
    Column("acceptance", String(64), primary_key=True),
    Column("party_id", String(40), nullable=False),
    Column("store_id", ForeignKey("store.id"), nullable=False),
    Column("staff_id", String(40), nullable=False),
    Column("outcome", String(8), nullable=False),
    # By the till's clock.
    Column("accepted_at", Instant, nullable=False),
    Column("uploaded_at", Instant, nullable=False),
    Column("redemption_id", ForeignKey("redemption.id"), unique=True),
    CheckConstraint("(outcome = 'REDEEMED') = (redemption_id IS NOT NULL)", name="honoured"),
    Index(
        "uq_offline_upload_honoured",
        "claim_id",
        "cycle",
        unique=True,
        sqlite_where=text("outcome = 'REDEEMED'"),
        postgresql_where=text("outcome = 'REDEEMED'"),
    ),
)

# How many codes a till has shown in vain since when: counted against it, and never against a citizen.
till_tries = Table(
    "till_tries",
    metadata,
    Column("staff_id", String(40), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("wrong", Integer, nullable=False),
    CheckConstraint("wrong >= 0", name="wrong"),
)

# A month's table of people as it was published to its merchant, once (`figures`): no row is ever changed.
partner_figures = Table(
    "partner_figures",
    metadata,
    Column("party_id", String(40), primary_key=True),
    Column("month", String(7), primary_key=True),
    # JSON: [[offer or null, store, "" or null, number or null], …].
    Column("content", Text, nullable=False),
    Column("published_at", Instant, nullable=False),
)
