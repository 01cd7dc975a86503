"""What was loaded, by whom, and how it went; what each provider may send; rows that wait for a person; files that
arrive over HTTP."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from core.database import Instant, metadata

intake_batch = Table(
    "intake_batch",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("provider_id", String(40), nullable=False),
    Column("layout", String(20), nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    # Of people who have not opened their score: counted, and not kept.
    Column("dropped", Integer, nullable=False, server_default="0"),
    Column("set_aside", Integer, nullable=False, server_default="0"),
    # Rows that were taken, and reported later than they should have been.
    Column("late", Integer, nullable=False, server_default="0"),
    Column("loaded_at", Instant, nullable=False),
    Index("ix_intake_batch_provider_id_loaded_at", "provider_id", "loaded_at"),
)

# What a provider may send (Art. 2), in versions: the last one is in force, the others say what was.
provider_terms = Table(
    "provider_terms",
    metadata,
    Column("party_id", String(40), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("kinds", JSON, nullable=False),
    # Null is the whole city.
    Column("districts", JSON(none_as_null=True)),
    Column("responsible", String(60), nullable=False),
    Column("contact", String(60), nullable=False),
    # By which working day from receipt it answers what is asked of a contested record; null is as everybody does.
    Column("answer_workdays", Integer),
    Column("entered_at", Instant, nullable=False),
)

# Rows about people of sixteen or seventeen, until a person has decided or the term is over. The row is sealed, and gone
# with the decision; its keyed hash stays until `until`, so that the same row sent again is answered, not asked again.
row_set_aside = Table(
    "row_set_aside",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("provider_id", String(40), nullable=False),
    Column("provider_code", String(40), nullable=False),
    Column("layout", String(20), nullable=False),
    Column("row_hash", String(64), nullable=False, unique=True),
    Column("sealed", LargeBinary),
    Column("line", Integer, nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("set_aside_at", Instant, nullable=False),
    Column("until", Instant, nullable=False, index=True),
    Column("decision", String(10)),
    Column("reason", String(200)),
    Column("decided_by", String(40)),
    Column("decided_at", Instant),
    CheckConstraint("decision IN ('TAKEN', 'DROPPED')", name="decision"),
    CheckConstraint("(decision IS NULL) = (sealed IS NOT NULL)", name="gone_when_decided"),
    Index("ix_row_set_aside_set_aside_at_id", "set_aside_at", "id"),
)

# A file that a provider sends over HTTP, from its first byte to what became of it. Its bytes are in `sent_part` until
# then.
sent_batch = Table(
    "sent_batch",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("provider_id", String(40), nullable=False),
    Column("provider_code", String(40), nullable=False),
    Column("sent_by", String(40), nullable=False),
    Column("checks_only", Boolean, nullable=False),
    Column("state", String(10), nullable=False),
    # What its sender said that it would have, and what has come.
    Column("length", BigInteger),
    Column("received", BigInteger, nullable=False),
    Column("sha256", String(64)),
    # Provider and hash, for as long as the same file again is answered with this batch.
    Column("twin_key", String(64), unique=True),
    Column("same_as", String(40)),
    Column("layout", String(20)),
    Column("row_count", Integer),
    Column("rows_done", Integer, nullable=False),
    Column("added", Integer),
    Column("changed", Integer),
    Column("unchanged", Integer),
    Column("dropped", Integer),
    Column("rejected", Integer),
    Column("set_aside", Integer),
    Column("findings", JSON(none_as_null=True)),
    # By code, the first lines at which a check found something; null where a build before this one loaded it.
    Column("finding_lines", JSON(none_as_null=True)),
    # Why the whole file was refused: it may quote what stands in its first line.
    Column("reason_sealed", LargeBinary),
    Column("rejected_id", ForeignKey("blob.id", ondelete="SET NULL"), index=True),
    # Who loads it, by the number of the try, and until when nobody else may.
    Column("tries", Integer, nullable=False),
    Column("lease_until", Instant),
    Column("opened_at", Instant, nullable=False),
    Column("touched_at", Instant, nullable=False),
    Column("arrived_at", Instant),
    Column("ended_at", Instant),
    # When its rejected rows go, or what never arrived whole.
    Column("until", Instant, index=True),
    CheckConstraint("state IN ('ARRIVING', 'RECEIVED', 'LOADING', 'DONE', 'REFUSED', 'REPEATED')", name="state"),
    Index("ix_sent_batch_provider_id_opened_at_id", "provider_id", "opened_at", "id"),
    Index("ix_sent_batch_state_arrived_at", "state", "arrived_at"),
)
sent_part = Table(
    "sent_part",
    metadata,
    Column("batch_id", ForeignKey("sent_batch.id", ondelete="CASCADE"), primary_key=True),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("blob_id", ForeignKey("blob.id", ondelete="CASCADE"), nullable=False, index=True),
)

# 零报送: that a provider had nothing of a kind to report in a month of the city, said by whom.
nothing_sent = Table(
    "nothing_sent",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("provider_id", String(40), nullable=False),
    Column("layout", String(20), nullable=False),
    Column("month", String(7), nullable=False),
    Column("said_by", String(40), nullable=False),
    Column("said_at", Instant, nullable=False),
    UniqueConstraint("provider_id", "layout", "month"),
    Index("ix_nothing_sent_provider_id_said_at_id", "provider_id", "said_at", "id"),
)
