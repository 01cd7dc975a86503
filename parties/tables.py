"""Who takes part, who works for them, whose token is whose, and who may act for whom."""

from sqlalchemy import JSON, CheckConstraint, Column, Date, ForeignKey, Integer, String, Table, UniqueConstraint

from core.database import Instant, metadata

party = Table(
    "party",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("state", String(12), nullable=False),
    Column("contact", String(200), nullable=False),
    Column("purposes", JSON, nullable=False),
    Column("provider_kind", String(30)),
    # An organisation that also has a record: whoever represents it acts on this subject.
    Column("subject_id", String(40), unique=True),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("state IN ('ACTIVE', 'FROZEN')", name="state"),
)

staff = Table(
    "staff",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("party_id", ForeignKey("party.id"), nullable=False),
    Column("label", String(60), nullable=False),
    Column("post", String(20), nullable=False),
    # A till is bound to one store of its merchant; the store itself lives with the incentives.
    Column("store_id", String(40)),
)

identity_link = Table(
    "identity_link",
    metadata,
    Column("issuer", String(200), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("subject_id", String(40)),
    Column("staff_id", ForeignKey("staff.id")),
    CheckConstraint("(subject_id IS NULL) <> (staff_id IS NULL)", name="person_or_staff"),
)

representation = Table(
    "representation",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("person_id", String(40), nullable=False, index=True),
    Column("party_id", ForeignKey("party.id"), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("valid_until", Date),
    Column("version", Integer, nullable=False),
    UniqueConstraint("person_id", "party_id", "kind"),
)
