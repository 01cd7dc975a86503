"""Who supervises which area, what was published of the city, and what institutions were ordered to put right."""

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

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
