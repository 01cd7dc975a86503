"""Who supervises which area, what was published of the city, what was ordered, which samples were drawn, and what was
complained of."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from core.database import Instant, metadata

# Art. 4: 发展改革部门 of the city, or of one district. A department without a row supervises nothing.
supervised_area = Table(
    "supervised_area",
    metadata,
    Column("party_id", String(40), primary_key=True),
    # 行政区划代码 and name of the district: institutions and records are known by the one, stores by the other. Both
    # null: the whole city.
    Column("code", String(12)),
    Column("name", String(60)),
    Column("entered_at", Instant, nullable=False),
    CheckConstraint("(code IS NULL) = (name IS NULL)", name="district"),
)

# A month's table of who stands where, as it was published, once (`publishing`): no row is ever changed.
people_figures = Table(
    "people_figures",
    metadata,
    Column("kind", String(24), primary_key=True),
    Column("month", String(7), primary_key=True),
    # JSON: [[row or null, column or null, number or null], …].
    Column("content", Text, nullable=False),
    Column("published_at", Instant, nullable=False),
)

# 整改: an order to an institution, as it stands. Its history is in `rectification_step`.
rectification = Table(
    "rectification",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    # The district of the institution that was ordered; null for the city's.
    Column("area", String(12)),
    Column("party_id", String(40), nullable=False),
    Column("issued_by", String(40), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("findings", Text, nullable=False),
    Column("cited", JSON, nullable=False),
    Column("due_at", Instant, nullable=False),
    CheckConstraint("state IN ('ISSUED', 'REPLIED', 'RETURNED', 'CLOSED', 'WITHDRAWN')", name="state"),
    Index("ix_rectification_party_id_issued_at", "party_id", "issued_at"),
)
rectification_step = Table(
    "rectification_step",
    metadata,
    Column("order_id", ForeignKey("rectification.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("act", String(12), nullable=False),
    Column("party_id", String(40), nullable=False),
    Column("staff_id", String(40), nullable=False),
    Column("text", Text),
    Column("at", Instant, nullable=False),
    CheckConstraint("(act = 'ISSUE') = (text IS NULL)", name="said"),
)

# A sample of the institutions' work that a supervisor asked for, and by which leaf of the log its lot falls.
supervision_sample = Table(
    "supervision_sample",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("party_id", String(40), nullable=False),
    Column("staff_id", String(40), nullable=False),
    # 行政区划代码 of the area as it was then; null: the whole city.
    Column("district", String(12)),
    Column("work", String(12), nullable=False),
    Column("month", String(7), nullable=False),
    Column("size", Integer, nullable=False),
    Column("reason", String(200), nullable=False),
    # Such as 2026Q4, and the how many-eth of it: who asks for one takes a slot.
    Column("quarter", String(6), nullable=False),
    Column("slot", Integer, nullable=False),
    # The position of the leaf that decides: not sealed yet when it was asked for.
    Column("seed_position", BigInteger, nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("drawn_at", Instant),
    # How many there were to draw from, and which (`lots.digest`).
    Column("population", Integer),
    Column("population_hash", String(64)),
    UniqueConstraint("party_id", "quarter", "slot"),
    CheckConstraint("slot BETWEEN 1 AND 12", name="slot"),
    CheckConstraint("size BETWEEN 1 AND 20", name="size"),
    CheckConstraint("(drawn_at IS NULL) = (population IS NULL)", name="drawn"),
    CheckConstraint("(drawn_at IS NULL) = (population_hash IS NULL)", name="hashed"),
    Index("ix_supervision_sample_party_id_requested_at", "party_id", "requested_at"),
)

# One drawn look. Whom it was at stands in the log alone.
supervision_sample_item = Table(
    "supervision_sample_item",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("sample_id", ForeignKey("supervision_sample.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("access_id", String(40), nullable=False),
    Column("read_at", Instant),
    UniqueConstraint("sample_id", "ordinal"),
    UniqueConstraint("sample_id", "position"),
)

# One drawn case. Whose it is stands in the case alone.
supervision_sample_case = Table(
    "supervision_sample_case",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("sample_id", ForeignKey("supervision_sample.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("number", String(24), nullable=False),
    Column("objection_id", String(40), nullable=False),
    Column("read_at", Instant),
    UniqueConstraint("sample_id", "ordinal"),
    UniqueConstraint("sample_id", "number"),
)

# 投诉: what somebody complains of about themselves, as a department took it in, and how it stands.
complaint = Table(
    "complaint",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("party_id", String(40), nullable=False),
    # 行政区划代码 of the area as it was then; null: the whole city.
    Column("district", String(12)),
    # Who took it in, and alone looks into it.
    Column("staff_id", String(40), nullable=False),
    # Whose number and name were written down; null: nobody's.
    Column("subject_id", String(40), index=True),
    # In which capacity somebody complains for them; null: themselves, or nobody who may.
    Column("capacity", String(24)),
    Column("matter", String(12), nullable=False),
    # The record or the case; null of looks, and where what was named is not theirs.
    Column("about_id", String(40)),
    # Of looks: the days, both counted.
    Column("looks_since", Date),
    Column("looks_until", Date),
    # Whether there is something to look into, and whoever complains may. Said to nobody before it is confirmed.
    Column("opens", Boolean, nullable=False),
    Column("words", String(200), nullable=False),
    Column("received_on", Date, nullable=False),
    Column("registered_at", Instant, nullable=False),
    # The first instant that is too late: to confirm it, and from then on to look.
    Column("until", Instant, nullable=False),
    Column("confirmed_by", String(40)),
    Column("confirmed_at", Instant),
    Column("looks", Integer, nullable=False),
    Column("outcome", String(12)),
    Column("closed_by", String(40)),
    Column("finding", String(500)),
    # Closed, or ended by itself when its term was over.
    Column("ended_at", Instant),
    CheckConstraint("matter IN ('RECORD', 'OBJECTION', 'LOOKS')", name="matter"),
    CheckConstraint("NOT opens OR subject_id IS NOT NULL", name="opens"),
    CheckConstraint("looks BETWEEN 0 AND 20", name="looks"),
    CheckConstraint("looks = 0 OR confirmed_at IS NOT NULL", name="confirmed_first"),
    CheckConstraint("confirmed_by <> staff_id", name="two_people"),
    CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
    CheckConstraint("(outcome IS NULL) = (closed_by IS NULL)", name="closed"),
    CheckConstraint("(outcome IS NULL) = (finding IS NULL)", name="finding"),
    CheckConstraint("outcome IS NULL OR ended_at IS NOT NULL", name="ended"),
    Index("ix_complaint_party_id_registered_at_id", "party_id", "registered_at", "id"),
    Index(
        "ix_complaint_open_until",
        "until",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)
