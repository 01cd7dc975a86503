"""The access log: append-only, and its sealed tree. What was looked at is kept apart, once per shape, not per look."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
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

# Which schema fields a document reaches through one lens. Thousands of looks share one shape.
look_shape = Table(
    "look_shape",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("fields", JSON, nullable=False),
)

# By which organ's order, with whose agreement, and until when looks are kept from the trail. Nothing is withheld before
# a second person has agreed. An order without an organ is older than organs' desks, and nobody can look under it.
withholding = Table(
    "withholding",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("party_id", String(40), index=True),
    Column("code", String(40), nullable=False),
    Column("case_number", String(60), nullable=False),
    Column("ordered_by", String(40), nullable=False),
    Column("agreed_by", String(40)),
    Column("ordered_at", Instant, nullable=False),
    # When the last second person agreed: to the order, or to prolonging it.
    Column("agreed_at", Instant),
    Column("until", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("version", Integer, nullable=False),
    CheckConstraint("ordered_by <> agreed_by", name="two_people"),
    CheckConstraint("until > ordered_at", name="has_an_end"),
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
    # The staff member, or whoever acted for the subject; `operator` is whom a recipient named.
    Column("officer_id", String(40)),
    Column("operator", String(120)),
    Column("client", String(60)),
    Column("channel", String(20), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("stage", String(30)),
    # The authority: a grant, or a state organ's mandate.
    Column("grant_id", String(40)),
    Column("grant_version", Integer),
    Column("document", String(64)),
    # The state organ's own case (Art. 6(1)).
    Column("case_number", String(60)),
    Column("withholding_id", String(40)),
    Column("shape_id", ForeignKey("look_shape.id"), nullable=False),
    Column("categories", JSON, nullable=False),
    Column("codes", JSON, nullable=False),
    Column("record_count", Integer, nullable=False),
    # The code of the refusal, when it was only an attempt.
    Column("refused", String(40)),
    CheckConstraint("record_count >= 0", name="record_count"),
    CheckConstraint("subject_id IS NOT NULL OR refused IS NOT NULL", name="answered_about_somebody"),
    Index("ix_access_subject_id_at_id", "subject_id", "at", "id"),
    # Of the looks that somebody had for another: whoever watches over staff counts each one's days again.
    Index(
        "ix_access_officer_id_at",
        "officer_id",
        "at",
        postgresql_where=text("officer_id IS NOT NULL"),
        sqlite_where=text("officer_id IS NOT NULL"),
    ),
    # Few looks are statutory: an organ's desk finds its own.
    Index(
        "ix_access_statute",
        "actor_party_id",
        "at",
        "id",
        postgresql_where=text("basis = 'STATUTE'"),
        sqlite_where=text("basis = 'STATUTE'"),
    ),
)

# Committed looks that are not in the tree yet, a row for each commit of them. Written in the looks' own commit, so that
# whatever is committed is waiting; a look is never written a second time to say that it is sealed.
access_unsealed = Table(
    "access_unsealed",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("access_ids", JSON, nullable=False),
)

# A bulk feed stands in the trail as one line a month (Art. 10): its first event's, with how many there were.
feed_month = Table(
    "feed_month",
    metadata,
    Column("grant_id", String(40), primary_key=True),
    Column("party_id", String(40), primary_key=True),
    Column("category", String(24), primary_key=True),
    Column("month", Date, primary_key=True),
    Column("access_id", String(40), nullable=False, unique=True),
    Column("told", Integer, nullable=False),
)

# 我不认识这次查询: a look that its subject does not recognise. Without a key to `access`, whose rows may be erased.
access_question = Table(
    "access_question",
    metadata,
    Column("access_id", String(40), primary_key=True),
    Column("subject_id", String(40), nullable=False, index=True),
    Column("asked_at", Instant, nullable=False, index=True),
)

# Subjects that turned out to be another. A look that was read under the old id is known by it, while its answer can
# still be kept back; their looks stay under the id that the sealed log has.
trail_joined = Table(
    "trail_joined",
    metadata,
    Column("absorbed_id", String(40), primary_key=True),
    Column("kept_id", String(40), nullable=False),
    Column("joined_at", Instant, nullable=False),
)

# The tree's leaves, at positions without gaps: the only cursor into the whole log (design §2). What a leaf says is made
# again from its row and its secret; when those are erased its hash stays. Without a key to `access`: to check one would
# lock, and so write, every look a second time.
log_leaf = Table(
    "log_leaf",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    Column("access_id", String(40), unique=True),
    Column("secret", LargeBinary),
    # The subject's own count, or for a withheld look everybody's.
    Column("subject_id", String(40)),
    Column("sequence", Integer),
    Column("withheld", BigInteger),
    UniqueConstraint("subject_id", "sequence"),
    CheckConstraint("(access_id IS NULL) = (secret IS NULL)", name="whole_or_erased"),
    CheckConstraint("(subject_id IS NULL) = (sequence IS NULL)", name="counted"),
    # Few looks are withheld.
    Index(
        "uq_log_leaf_withheld",
        "withheld",
        unique=True,
        postgresql_where=text("withheld IS NOT NULL"),
        sqlite_where=text("withheld IS NOT NULL"),
    ),
)

# Full tiles only: they never change. Partial ones are the last leaves, or the roots of the full tiles below.
log_tile = Table(
    "log_tile",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
    Column("root", LargeBinary, nullable=False),
)

# One row: the last checkpoint. Whoever moves its size on has sealed.
log_head = Table(
    "log_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("origin", String(120), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("withheld", BigInteger, nullable=False),
    Column("note", String(2000), nullable=False),
    Column("sealed_at", Instant, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
