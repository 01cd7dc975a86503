"""Who takes part, who works for them, whose token is whose, and who may act for whom."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from core.database import Instant, metadata


def _held() -> tuple[Column[str], Column[int]]:
    """What anything has that can be frozen: a state, and an epoch that every freeze raises."""
    return (
        Column("state", String(12), nullable=False, server_default="ACTIVE"),
        Column("epoch", Integer, nullable=False, server_default="1"),
    )


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
    # The public credit institution itself: only its staff takes others in and puts them out.
    Column("institution", Boolean, nullable=False, server_default=false()),
    # 行政区划代码 of a district's institution; null for the city's, and for everybody else.
    Column("district", String(12)),
    Column("registered_by", String(40)),
    Column("version", Integer, nullable=False, server_default="1"),
    # Raised whenever the party is put out: whatever outlives a request is bound to it.
    Column("epoch", Integer, nullable=False, server_default="1"),
    CheckConstraint("state IN ('REGISTERED', 'ACTIVE', 'SUSPENDED', 'FROZEN')", name="state"),
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
    # Both days count; no last day means until further notice.
    Column("valid_from", Date),
    Column("valid_until", Date),
    # Which staff member gave the post, and when; null where none did.
    Column("given_by", String(40)),
    Column("given_at", Instant),
    *_held(),
)

identity_link = Table(
    "identity_link",
    metadata,
    Column("issuer", String(200), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("subject_id", String(40)),
    Column("staff_id", ForeignKey("staff.id")),
    # Which staff member linked it to a post; null where none did.
    Column("linked_by", String(40)),
    *_held(),
    CheckConstraint("(subject_id IS NULL) <> (staff_id IS NULL)", name="person_or_staff"),
    # A post is one sign-in's: whoever linked a second one to it would act as somebody else.
    Index("uq_identity_link_staff_id", "staff_id", unique=True),
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

# A person acts for a person: a guardian for an adult ward, a helper for somebody who asked for one.
mandate = Table(
    "mandate",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("person_id", String(40), nullable=False, index=True),
    Column("subject_id", String(40), nullable=False, index=True),
    Column("kind", String(30), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("given_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("version", Integer, nullable=False),
    CheckConstraint("person_id <> subject_id", name="another"),
    CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="term"),
    CheckConstraint("kind IN ('GUARDIAN', 'HELPER')", name="kind"),
    # One live mandate for a pair: whoever would be helper and guardian at once is one of them.
    Index(
        "uq_mandate_live",
        "person_id",
        "subject_id",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

client = Table(
    "client",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("party_id", ForeignKey("party.id"), nullable=False),
    # The system account it acts as: its terms, its freeze and its post hold for the client too.
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
)

client_key = Table(
    "client_key",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("client_id", ForeignKey("client.id"), nullable=False),
    Column("kid", String(64), nullable=False),
    Column("jwk", JSON, nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_until", Instant, nullable=False),
    *_held(),
    CheckConstraint("valid_until > valid_from", name="term"),
    UniqueConstraint("client_id", "kid"),
)

# Each assertion's name, until the assertion itself has expired: none is taken twice.
client_assertion = Table(
    "client_assertion",
    metadata,
    Column("client_id", String(40), primary_key=True),
    Column("jti", String(64), primary_key=True),
    Column("expires_at", Instant, nullable=False, index=True),
)

# Documents that a client's builds send, by the name they send; each of its builds' versions names some of them.
stored_document = Table(
    "stored_document",
    metadata,
    Column("client", String(120), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("text", Text, nullable=False),
    # The last day on which it was registered or asked for.
    Column("used_on", Date, nullable=False),
    Column("retired_at", Instant),
)
document_version = Table(
    "document_version",
    metadata,
    Column("client", String(120), primary_key=True),
    Column("version", String(64), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("registered_at", Instant, nullable=False),
    ForeignKeyConstraint(["client", "name"], ["stored_document.client", "stored_document.name"]),
)

# Each proof of possession that came with a request, for as long as it could be spent again: none is good twice.
spent_proof = Table(
    "spent_proof",
    metadata,
    # Of the key and the name it gave the proof: nobody uses up another's.
    Column("name", String(64), primary_key=True),
    # The request that spent it: its own row, sent again, is no second showing.
    Column("showing", String(32), nullable=False),
    Column("until", Instant, nullable=False, index=True),
)

# Who is signed in at the built-in issuer (a demonstration's): by the hash of the key in the browser's cookie.
app_session = Table(
    "app_session",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("issuer", String(200), nullable=False),
    Column("name", String(200), nullable=False),
    Column("idle_at", Instant, nullable=False, index=True),
    Column("ends_at", Instant, nullable=False),
)

# Codes that nobody has taken yet, by their hash.
app_code = Table(
    "app_code",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("session_id", String(64), nullable=False, index=True),
    Column("client_id", String(40), nullable=False),
    Column("redirect_uri", String(300), nullable=False),
    Column("challenge", String(43), nullable=False),
    Column("scope", String(400), nullable=False),
    Column("organisation", String(40)),
    Column("mandate", String(40)),
    Column("expires_at", Instant, nullable=False, index=True),
)

# Who put whom out or back, and who agreed. The row is the act's record, and decides between two who race.
party_act = Table(
    "party_act",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("act", String(12), nullable=False),
    Column("target", String(12), nullable=False),
    Column("target_id", String(64), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("moved_by", String(40), nullable=False),
    Column("moved_at", Instant, nullable=False),
    Column("agreed_by", String(40)),
    Column("agreed_at", Instant),
    CheckConstraint("agreed_by IS NULL OR agreed_by <> moved_by", name="two_people"),
    CheckConstraint("(agreed_by IS NULL) = (agreed_at IS NULL)", name="agreed"),
    UniqueConstraint("act", "target", "target_id", "epoch"),
)
