"""Who supervises which area, and what was published of the city."""

from sqlalchemy import CheckConstraint, Column, String, Table, Text

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
