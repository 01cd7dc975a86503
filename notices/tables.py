"""What is to be told, by which way, and where parties want to hear it."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from core.database import Instant, metadata

# One row for each one who is told, written in the transaction of what happened.
outbox = Table(
    "outbox",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("at", Instant, nullable=False),
    # A subject reads it as a notice, a party as an event; never both.
    Column("subject_id", String(40)),
    Column("party_id", String(40)),
    # The id of the thing it is about: all that a party is ever told.
    Column("about", String(40), nullable=False),
    # What a notice's sentence needs, sealed; null where it needs nothing.
    Column("params_sealed", LargeBinary),
    Column("read_at", Instant),
    # Of an event about records: which kind of information, and no more of it.
    Column("category", String(24)),
    # 贷后提示 is told only before its grant is over, and never once its authority has ended.
    Column("until", Instant),
    Column("withdrawn_at", Instant),
    # Of a correction: the look that may have shown what was wrong.
    Column("look_id", String(40)),
    Column("looked_at", Instant),
    # Given by one leader after the commit: the only cursor of the feed. Null until then.
    Column("position", BigInteger, unique=True),
    CheckConstraint("(subject_id IS NULL) <> (party_id IS NULL)", name="one_recipient"),
    CheckConstraint("party_id IS NULL OR params_sealed IS NULL", name="ids_only_to_parties"),
    Index("ix_outbox_subject_id_at_id", "subject_id", "at", "id"),
    Index("ix_outbox_party_id_position", "party_id", "position"),
    # What is still to be told of a grant is found by it when its authority ends.
    Index(
        "ix_outbox_monitored_about",
        "about",
        sqlite_where=text("until IS NOT NULL"),
        postgresql_where=text("until IS NOT NULL"),
    ),
    # Each row stands in one of these two, by which the old ones are found.
    Index(
        "ix_outbox_events_at",
        "at",
        sqlite_where=text("party_id IS NOT NULL"),
        postgresql_where=text("party_id IS NOT NULL"),
    ),
    Index(
        "ix_outbox_notices_at",
        "at",
        sqlite_where=text("subject_id IS NOT NULL"),
        postgresql_where=text("subject_id IS NOT NULL"),
    ),
)

# What has changed, for whoever listens: ids and versions, never values. One row for each one who may hear of it.
change = Table(
    "change",
    metadata,
    # In the order in which the rows of one thing were written; never shown.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    # A subject, a party or a store.
    Column("owner_id", String(40), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("about", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    # Given by one leader after the commit, without a gap: the only cursor. Null until then.
    Column("position", BigInteger, unique=True),
    # Nobody asks for what has no position yet, and a load writes thousands: they enter it when they are numbered.
    Index(
        "ix_change_owner_id_position",
        "owner_id",
        "position",
        sqlite_where=text("position IS NOT NULL"),
        postgresql_where=text("position IS NOT NULL"),
    ),
    Index(
        "ix_change_fresh",
        "id",
        sqlite_where=text("position IS NULL"),
        postgresql_where=text("position IS NULL"),
    ),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("outbox_id", ForeignKey("outbox.id"), nullable=False),
    Column("way", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    # Counted when a try begins: it also says whose try it is when two overlap.
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("error", String(24)),
    Column("ended_at", Instant),
    UniqueConstraint("outbox_id", "way", name="uq_delivery_outbox_way"),
    CheckConstraint("(state = 'DUE') = (ended_at IS NULL)", name="ended_at"),
    Index("ix_delivery_state_due_at", "state", "due_at"),
)

webhook = Table(
    "webhook",
    metadata,
    Column("party_id", String(40), primary_key=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("url", String(500), nullable=False),
    Column("secret_sealed", LargeBinary, nullable=False),
    # After a rotation both secrets sign, until this instant.
    Column("previous_sealed", LargeBinary),
    Column("previous_until", Instant),
    Column("state", String(12), nullable=False),
    Column("failures", Integer, nullable=False),
    # The first of the failures in a row.
    Column("failing_since", Instant),
    Column("paused_at", Instant),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("(state = 'PAUSED') = (paused_at IS NOT NULL)", name="paused_at"),
    CheckConstraint("(previous_sealed IS NULL) = (previous_until IS NULL)", name="previous"),
)
