"""Objections, the stops of their clocks, what was asked of a provider, what was said and brought, and every step."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    false,
    text,
)

from core.database import Instant, metadata

objection = Table(
    "objection",
    metadata,
    Column("id", String(40), primary_key=True),
    # What is written on letters: random, as the id is.
    Column("number", String(24), nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("subject_id", String(40), nullable=False),
    # Who filed it: the person who acted and in which capacity; or the staff member who took it in on paper.
    Column("filed_by", String(40)),
    Column("capacity", String(24), nullable=False),
    Column("received_by", String(40)),
    # On paper: the name of who came for somebody else, sealed.
    Column("applicant_sealed", LargeBinary),
    Column("channel", String(20), nullable=False),
    Column("target", String(16), nullable=False),
    # The record or the look; of a score or an evaluation its subject; null of what is missing.
    Column("target_id", String(40)),
    # What is missing, in the applicant's words: title, authority, day.
    Column("described", Text),
    Column("ground", String(24), nullable=False),
    Column("request", String(12), nullable=False),
    Column("phase", String(12)),
    Column("text", Text, nullable=False),
    # To whom: which rules, which organisation, and the area that led there (null: the city).
    Column("addressee", String(24), nullable=False),
    Column("institution_id", String(40), nullable=False),
    Column("district", String(12)),
    # The case whose record was withheld, and is heard again in this one.
    Column("rehears", String(40)),
    # Who sent the contested record; null when nobody did.
    Column("provider_id", String(40)),
    Column("filed_at", Instant, nullable=False),
    Column("status", String(12), nullable=False),
    Column("track", String(24), nullable=False),
    # The date in force: the day, the first instant that is too late, and what it was counted by.
    Column("due_on", Date, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("calendar", Text, nullable=False),
    # A stop holds the clock: the date above is the earliest possible, and has not passed.
    Column("held", Boolean, nullable=False),
    # When the institution was told that it is overdue: once.
    Column("overdue_told_at", Instant),
    # Evidence is still to come until the end of this day.
    Column("supplement_by", Date),
    Column("handler_id", String(40)),
    Column("opened_at", Instant),
    Column("forwarded_at", Instant),
    # The answer. A refusal waits for its approver; telling the applicant is inside the term.
    Column("outcome", String(24)),
    Column("reason", Text),
    Column("decided_at", Instant),
    Column("decided_by", String(40)),
    Column("approved_at", Instant),
    Column("approved_by", String(40)),
    Column("delivery", String(8), nullable=False),
    # Where a letter goes, sealed; null unless one is wanted.
    Column("address_sealed", LargeBinary),
    Column("letter_id", ForeignKey("blob.id"), unique=True),
    Column("notified_at", Instant),
    # Closed and told, or withdrawn: from then on the mark is gone.
    Column("ended_at", Instant),
    CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="outcome"),
    # Reasons always (Art. 12(3), 个人信息保护法 50).
    CheckConstraint("outcome IS NULL OR (reason IS NOT NULL AND reason <> '')", name="reasons"),
    CheckConstraint("approved_by IS NULL OR decided_by IS NULL OR approved_by <> decided_by", name="two_people"),
    CheckConstraint("(status IN ('CLOSED', 'WITHDRAWN')) = (ended_at IS NOT NULL)", name="ended"),
    CheckConstraint("status <> 'CLOSED' OR notified_at IS NOT NULL", name="told"),
    Index("ix_objection_subject_id_filed_at_id", "subject_id", "filed_at", "id"),
    # One open objection to one thing at one place: a second filing joins it. The institution's and an agency's are two,
    # for each has rules of its own.
    Index(
        "uq_objection_open",
        "target",
        "target_id",
        "institution_id",
        unique=True,
        sqlite_where=text("ended_at IS NULL AND target_id IS NOT NULL"),
        postgresql_where=text("ended_at IS NULL AND target_id IS NOT NULL"),
    ),
    Index(
        "ix_objection_open_due_at",
        "due_at",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index(
        "ix_objection_institution_open",
        "institution_id",
        "due_at",
        "id",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

# What a provider is asked about its own record, and what it says. One for each time it is asked.
verification = Table(
    "verification",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("objection_id", ForeignKey("objection.id"), nullable=False, index=True),
    Column("provider_id", String(40), nullable=False),
    Column("question", Text, nullable=False),
    # Whether the handler passes the applicant's own words on.
    Column("with_text", Boolean, nullable=False),
    Column("asked_at", Instant, nullable=False),
    # The inner date: the provider's, before the institution's own; counted as so many working days from receipt.
    Column("workdays", Integer, nullable=False, server_default="7"),
    Column("due_on", Date, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("answer", String(12)),
    Column("reason", Text),
    # What it should say instead: values by the catalogue's codes, or whose it is; sealed.
    Column("right_sealed", LargeBinary),
    Column("answered_at", Instant),
    Column("answered_by", String(40)),
    Column("version", Integer, nullable=False),
    CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer"),
    CheckConstraint("answer IS NULL OR (reason IS NOT NULL AND reason <> '')", name="reasons"),
    Index("ix_verification_provider_id_asked_at_id", "provider_id", "asked_at", "id"),
)

# 检验 检测 检疫 鉴定 专家评审: days that do not count, both named days included; open while the last day is null.
clock_stop = Table(
    "clock_stop",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("objection_id", ForeignKey("objection.id"), nullable=False, index=True),
    Column("cause", String(16), nullable=False),
    Column("started_on", Date, nullable=False),
    Column("ended_on", Date),
    Column("proof_id", ForeignKey("blob.id"), nullable=False),
    Column("opened_by", String(40), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_by", String(40)),
    Column("closed_at", Instant),
    CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="in_order"),
    CheckConstraint("(ended_on IS NULL) = (closed_at IS NULL)", name="closed"),
    Index(
        "uq_clock_stop_open",
        "objection_id",
        "cause",
        unique=True,
        sqlite_where=text("ended_on IS NULL"),
        postgresql_where=text("ended_on IS NULL"),
    ),
)

# Which date was in force from when on: lateness counts by the one of that day.
due_date = Table(
    "due_date",
    metadata,
    Column("objection_id", ForeignKey("objection.id"), primary_key=True),
    Column("since", Instant, primary_key=True),
    Column("due_on", Date, nullable=False),
    # The clock stands: the day is the earliest possible, and binds nobody.
    Column("held", Boolean, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("calendar", Text, nullable=False),
    # Why it is another one: RECEIVED, FORWARDED, STOPPED, RESUMED, CALENDAR.
    Column("cause", String(12), nullable=False),
)

# What was said in a case: between applicant and institution, or between institution and provider. The clock runs on.
objection_message = Table(
    "objection_message",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("objection_id", ForeignKey("objection.id"), nullable=False),
    # With whom: APPLICANT or PROVIDER. Neither reads what the other says.
    Column("thread", String(12), nullable=False),
    Column("side", String(12), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("staff_id", String(40)),
    Index("ix_objection_message_objection_id_at_id", "objection_id", "at", "id"),
)

objection_evidence = Table(
    "objection_evidence",
    metadata,
    Column("blob_id", ForeignKey("blob.id"), primary_key=True),
    Column("objection_id", ForeignKey("objection.id"), nullable=False, index=True),
    Column("side", String(12), nullable=False),
    Column("brought_at", Instant, nullable=False),
    # Whether the provider that is asked may see it too: the handler says so, paper by paper.
    Column("passed_on", Boolean, nullable=False, server_default=false()),
)

# Every step, by whom: what each of them did stands here, and a case's history is read from it.
objection_step = Table(
    "objection_step",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("objection_id", ForeignKey("objection.id"), nullable=False),
    Column("act", String(20), nullable=False),
    Column("side", String(12), nullable=False),
    Column("staff_id", String(40)),
    Column("at", Instant, nullable=False),
    Column("detail", JSON, nullable=False),
    Index("ix_objection_step_objection_id_at_id", "objection_id", "at", "id"),
)

# 救济途径, as an institution words it: the last version that began by then is what a letter says.
remedy = Table(
    "remedy",
    metadata,
    Column("institution_id", String(40), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("sentence", Text, nullable=False),
    Column("since", Instant, nullable=False),
    CheckConstraint("version > 0", name="version"),
)
