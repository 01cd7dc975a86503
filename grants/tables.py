"""Consent as it was asked for and given: the notice that was read, the grant, its steps, its marks, and its uses."""

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
    UniqueConstraint,
    false,
    text,
)

from core.database import Instant, metadata

consent_notice = Table(
    "consent_notice",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("version", String(20), nullable=False),
    Column("language", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("retention", Text, nullable=False),
    Column("withdrawal_effect", Text, nullable=False),
)

grant = Table(
    "consent_grant",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    # Of a request that nobody answers to (an unknown number, a cooled-down recipient, a code nobody scanned yet) an id
    # that is nobody's: such a request lapses like any other, and nothing about it has to be told apart.
    Column("subject_id", String(40), nullable=False),
    Column("recipient_id", String(40), nullable=False, index=True),
    Column("purpose", String(30), nullable=False),
    Column("stages", JSON, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("includes_evaluation", Boolean, nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_until", Instant, nullable=False),
    Column("uses_left", Integer),
    Column("retention_days", Integer, nullable=False),
    Column("notice_hash", ForeignKey("consent_notice.hash"), nullable=False),
    Column("reference", String(80)),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", String(12)),
    Column("end_reason", String(200)),
    Column("handled_by_id", String(40), index=True),
    # Asked for by the recipient, and why; `unclaimed` until whoever scans it makes it theirs.
    Column("asked", Boolean, nullable=False, server_default=false()),
    Column("unclaimed", Boolean, nullable=False, server_default=false()),
    Column("reason", String(200)),
    Column("lapses_at", Instant),
    Column("extends_id", String(40)),
    # The ceilings it was made under; null in a grant that is older than ceilings.
    Column("template", String(80)),
    Column("window_months", Integer),
    Column("per_period", Integer),
    Column("period", String(8)),
    Column("documents", JSON(none_as_null=True)),
    # Art. 10: whether changes are told, and the notice read before that was agreed to, apart from the grant's own.
    Column("monitoring", Boolean, nullable=False, server_default=false()),
    Column("monitoring_notice_hash", String(64)),
    # What the recipient goes on reading of a refusal that the subject did not want told.
    Column("shown_status", String(20)),
    Column("shown_version", Integer),
    Column("shown_ended_at", Instant),
    # Of a merged subject's records those alone that the grant covered before; null in one that was made since, and
    # wherever nobody was merged. What was entered after the merge is everybody's.
    Column("strands", JSON(none_as_null=True)),
    CheckConstraint("uses_left >= 0", name="uses_left"),
    Index("ix_grant_subject_id_created_at_id", "subject_id", "created_at", "id"),
    # Every load asks which of its subjects are monitored: few are.
    Index("ix_grant_monitored", "subject_id", sqlite_where=text("monitoring"), postgresql_where=text("monitoring")),
)

# A recipient's retry under the same attempt id spends no further use for ten minutes.
grant_attempt = Table(
    "grant_attempt",
    metadata,
    Column("grant_id", ForeignKey("consent_grant.id"), primary_key=True),
    Column("attempt", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
)

# Every edge a grant has gone along. Rows are only ever added: the database itself refuses to change or remove one.
grant_step = Table(
    "grant_step",
    metadata,
    Column("grant_id", ForeignKey("consent_grant.id"), primary_key=True),
    # The version that the step made.
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("act", String(12), nullable=False),
    Column("came_from", String(20)),
    Column("led_to", String(20), nullable=False),
    Column("side", String(12), nullable=False),
    Column("actor_id", String(40)),
    Column("capacity", String(24), nullable=False),
    Column("reason", String(200)),
    Column("at", Instant, nullable=False),
)

# An organisation's two marks (Art. 8(3)): each capacity once, and each by a credential of its own.
grant_mark = Table(
    "grant_mark",
    metadata,
    Column("grant_id", ForeignKey("consent_grant.id"), primary_key=True),
    Column("capacity", String(24), primary_key=True),
    Column("person_id", String(40), nullable=False),
    Column("credential", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("grant_id", "credential"),
    CheckConstraint("capacity IN ('SEAL_KEEPER', 'LEGAL_REPRESENTATIVE')", name="capacity"),
)

# Organisations that want their two marks from two people. Without a row one person may hold both.
marks_apart = Table(
    "marks_apart",
    metadata,
    Column("subject_id", String(40), primary_key=True),
    Column("set_by", String(40), nullable=False),
    Column("set_at", Instant, nullable=False),
)

# Uses in one calendar period of the city, counted where the look is.
grant_period = Table(
    "grant_period",
    metadata,
    Column("grant_id", ForeignKey("consent_grant.id"), primary_key=True),
    Column("begins", Date, primary_key=True),
    Column("used", Integer, nullable=False),
)

# From whom a subject hears no requests until then: blocked, or refused a while ago.
cooling = Table(
    "cooling",
    metadata,
    Column("subject_id", String(40), primary_key=True),
    Column("party_id", String(40), primary_key=True),
    Column("cause", String(8), primary_key=True),
    Column("until", Instant, nullable=False),
    CheckConstraint("cause IN ('BLOCKED', 'REFUSED')", name="cause"),
)

# A code by which a subject lets one recipient ask without typing a number: minutes long, used once, kept as a hash.
connect_code = Table(
    "connect_code",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("subject_id", String(40), nullable=False, index=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("used_at", Instant),
)

# By which instrument and article a state organ looks for one purpose (Art. 6(1)). What it says never changes: it is
# ended, and another one is entered.
agency_mandate = Table(
    "agency_mandate",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("party_id", String(40), nullable=False, index=True),
    Column("purpose", String(40), nullable=False),
    Column("purpose_text", String(60)),
    Column("instrument", String(200), nullable=False),
    Column("article", String(60), nullable=False),
    Column("categories", JSON, nullable=False),
    # Both days count; no last day means until it is ended.
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("proposed_by", String(40), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("approved_by", String(40)),
    Column("approved_at", Instant),
    Column("ended_by", String(40)),
    Column("ended_at", Instant),
    Column("version", Integer, nullable=False),
    CheckConstraint("approved_by <> proposed_by", name="two_people"),
    CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved"),
    CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="term"),
    CheckConstraint("(purpose = 'OTHER') = (purpose_text IS NOT NULL)", name="other_is_said"),
)

# Up to 2,000 people or companies under one case (Art. 6(1)): one officer's sheet, another's approval, one answer.
agency_batch = Table(
    "agency_batch",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("party_id", String(40), nullable=False),
    Column("mandate_id", ForeignKey("agency_mandate.id"), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("case_number", String(60), nullable=False),
    Column("withholding_id", String(40)),
    Column("state", String(12), nullable=False),
    # The sheet that was brought, and the one that answers it; neither is kept longer than it is needed.
    Column("sheet_id", ForeignKey("blob.id", ondelete="SET NULL")),
    Column("sheet_sha256", String(64), nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("found", Integer),
    Column("answer_id", ForeignKey("blob.id", ondelete="SET NULL")),
    Column("channel", String(20), nullable=False),
    Column("client", String(60)),
    Column("opened_by", String(40), nullable=False),
    Column("opened_label", String(60), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("decided_by", String(40)),
    Column("decided_label", String(60)),
    Column("decided_at", Instant),
    Column("reason", String(200)),
    # Until then it waits: for a decision, for its answer to be fetched.
    Column("until", Instant),
    Column("answered_at", Instant),
    Column("version", Integer, nullable=False),
    CheckConstraint("decided_by <> opened_by", name="two_people"),
    CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided"),
    CheckConstraint("state <> 'ANSWERED' OR (decided_by IS NOT NULL AND answered_at IS NOT NULL)", name="answered"),
    CheckConstraint("row_count BETWEEN 1 AND 2000", name="row_count"),
    Index("ix_agency_batch_party_id_opened_at_id", "party_id", "opened_at", "id"),
    Index("ix_agency_batch_state_until", "state", "until"),
)

# What a clerk looks under for whoever stands at the counter (Art. 8(3)), until the day's end. Of a number that is
# nobody's it has an id that is nobody's: opening one tells nothing.
counter_case = Table(
    "counter_case",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("party_id", String(40), nullable=False),
    Column("clerk_id", String(40), nullable=False),
    Column("desk", String(20), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(12), nullable=False),
    Column("subject_id", String(40), nullable=False, index=True),
    # Who stands there and whom it is about, by name and masked number, as they were typed.
    Column("people_sealed", LargeBinary, nullable=False),
    # What the written authorisation covers, and its last day; null where the case rests on none.
    Column("categories", JSON(none_as_null=True)),
    Column("authorised_until", Date),
    Column("opened_at", Instant, nullable=False),
    Column("opened_on", Date, nullable=False),
    # The one notice of what is missing (补正), and what it named.
    Column("supplement_at", Instant),
    Column("lacking", JSON(none_as_null=True)),
    Column("looks", Integer, nullable=False),
    Column("told_at", Instant),
    Column("ended_at", Instant),
    Column("version", Integer, nullable=False),
    CheckConstraint("(categories IS NULL) = (authorised_until IS NULL)", name="authorised"),
    CheckConstraint("(supplement_at IS NULL) = (lacking IS NULL)", name="supplement"),
    CheckConstraint("(state = 'ENDED') = (ended_at IS NOT NULL)", name="ended"),
    CheckConstraint("looks BETWEEN 0 AND 10", name="looks"),
    CheckConstraint("looks = 0 OR told_at IS NOT NULL", name="told"),
    Index("ix_counter_case_clerk_id_opened_on", "clerk_id", "opened_on"),
)

# What was laid on the counter, each paper once, with its scan.
counter_paper = Table(
    "counter_paper",
    metadata,
    Column("case_id", ForeignKey("counter_case.id"), primary_key=True),
    Column("paper", String(20), primary_key=True),
    Column("form", String(20), nullable=False),
    Column("checks", JSON, nullable=False),
    Column("scan_id", ForeignKey("blob.id"), unique=True),
    Column("noted_at", Instant, nullable=False),
)

# What was meant to be handed over on paper, and whether it was printed; null until the clerk says.
counter_print = Table(
    "counter_print",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("case_id", ForeignKey("counter_case.id"), nullable=False, index=True),
    Column("what", String(12), nullable=False),
    Column("report_id", String(40)),
    Column("outcome", String(12)),
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
    CheckConstraint("(what = 'REPORT') = (report_id IS NOT NULL)", name="report"),
    CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="outcome"),
)

# Somebody at a kiosk for their own record, on the document that its reader read (Art. 8(2)). Who they are does not
# stand here: of a document that is nobody's it has an id that is nobody's.
kiosk_visit = Table(
    "kiosk_visit",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("party_id", String(40), nullable=False),
    Column("device_id", String(40), nullable=False),
    # How often the device had been put out when it began: one that is frozen meanwhile has no visit left.
    Column("epoch", Integer, nullable=False),
    Column("subject_id", String(40), nullable=False, index=True),
    Column("document", String(20), nullable=False),
    Column("checked", String(12), nullable=False),
    # A reading begins one visit.
    Column("read_hash", String(64), nullable=False, unique=True),
    Column("begun_at", Instant, nullable=False),
    # When it is over by itself, and when it is over however much longer somebody stays.
    Column("until", Instant, nullable=False),
    Column("latest", Instant, nullable=False),
    Column("looks", Integer, nullable=False),
    Column("told_at", Instant),
    Column("ended_at", Instant),
    CheckConstraint("until <= latest", name="until"),
    CheckConstraint("looks BETWEEN 0 AND 10", name="looks"),
    CheckConstraint("looks = 0 OR told_at IS NOT NULL", name="told"),
    Index("ix_kiosk_visit_device_id_begun_at", "device_id", "begun_at"),
    # One person stands at a kiosk.
    Index(
        "uq_kiosk_visit_here",
        "device_id",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

# A report that was to be printed at a kiosk, and whether it was; null until its page says.
kiosk_print = Table(
    "kiosk_print",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("visit_id", ForeignKey("kiosk_visit.id"), nullable=False, index=True),
    Column("report_id", String(40), nullable=False),
    Column("outcome", String(12)),
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
    CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="outcome"),
)
