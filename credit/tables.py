"""The public record as it is kept: subjects, records with their earlier versions, split-off third persons, scores."""

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
    text,
)

from core.database import Instant, metadata

subject = Table(
    "subject",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("identity_type", String(24), nullable=False),
    Column("identity_hash", String(64), nullable=False, unique=True),
    Column("identity_sealed", LargeBinary, nullable=False),
    Column("name_hash", String(64), nullable=False, index=True),
    Column("name_sealed", LargeBinary, nullable=False),
    # The day from which a natural person has full capacity (条例 2, 民法典 17); null for organisations.
    Column("adult_from", Date),
    # Marks of open objections that something is missing (Art. 12): they stand on whom it is missing of.
    Column("omissions", JSON, nullable=False, server_default="[]"),
    # Counts up with each of these marks that comes or goes: a report says which it was issued with.
    Column("omissions_version", Integer, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    # The subject that this one turned out to be. Its row stays, for the log names it; no number or name finds it.
    Column("merged_into", String(40)),
    # Those that turned out to be this one, the last of a chain: whoever reads the row knows whose looks are theirs.
    Column("absorbed", JSON(none_as_null=True)),
)

# Who a subject was before: number and name as they stood together until a day. They find the subject still, by hash.
former_identity = Table(
    "former_identity",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("subject_id", ForeignKey("subject.id"), nullable=False),
    # What changed: the name, or the number.
    Column("act", String(12), nullable=False),
    Column("identity_type", String(24), nullable=False),
    Column("identity_hash", String(64), nullable=False, index=True),
    Column("identity_sealed", LargeBinary, nullable=False),
    Column("name_hash", String(64), nullable=False, index=True),
    Column("name_sealed", LargeBinary, nullable=False),
    # From this day on the other one holds; on what it rests, and who said so.
    Column("until", Date, nullable=False),
    Column("basis", String(120), nullable=False),
    Column("source_id", String(40), nullable=False),
    Column("source_name", String(120), nullable=False),
    Column("replaced_at", Instant, nullable=False),
    # The subject that it was of before that one turned out to be this one; null for one's own.
    Column("first_of", String(40)),
    Index("ix_former_identity_subject_id_replaced_at_id", "subject_id", "replaced_at", "id"),
)

# Two subjects turned out to be one: which, from when on, on what that rests, and who said so.
subject_merge = Table(
    "subject_merge",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("absorbed_id", ForeignKey("subject.id"), nullable=False, unique=True),
    Column("kept_id", ForeignKey("subject.id"), nullable=False, index=True),
    Column("since", Date, nullable=False),
    Column("basis", String(120), nullable=False),
    Column("source_id", String(40), nullable=False),
    Column("source_name", String(120), nullable=False),
    Column("merged_at", Instant, nullable=False),
    CheckConstraint("absorbed_id <> kept_id", name="two"),
)

# What a merge did, row by row, so that one which was wrong can be taken apart: where, which row, and what stood there
# that its key does not say. Never a score.
subject_merge_row = Table(
    "subject_merge_row",
    metadata,
    Column("merge_id", ForeignKey("subject_merge.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("place", String(40), nullable=False),
    Column("row_key", JSON, nullable=False),
    Column("was", JSON(none_as_null=True)),
)

record = Table(
    "record",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("subject_id", ForeignKey("subject.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    # The version of the catalogue it was entered under: it keeps that version's meaning.
    Column("catalogue", String(12), nullable=False, server_default="2026-1"),
    Column("category", String(24), nullable=False),
    Column("nature", String(12), nullable=False),
    Column("title", String(200), nullable=False),
    Column("document_number", String(120)),
    Column("authority", String(120), nullable=False),
    Column("occurred_on", Date),
    Column("sorted_on", Date, nullable=False),
    Column("publicity", String(20), nullable=False),
    Column("publicity_until", Date),
    Column("query_until", Date),
    Column("score_until", Date),
    Column("status", String(12), nullable=False),
    Column("repair", String(12)),
    # Why it was withdrawn; null unless it is.
    Column("withdrawal", String(12)),
    Column("statement", Text),
    Column("source_id", String(40), nullable=False),
    Column("source_name", String(120), nullable=False),
    Column("source_kind", String(30), nullable=False),
    # 行政区划代码 of the area it is of, where its sender said one: it leads an objection to that area's institution.
    Column("district", String(12)),
    Column("items", JSON, nullable=False),
    # The marks of open objections stand on the value's own row (Art. 12): no statement can read one without the other.
    Column("marks", JSON, nullable=False),
    Column("content_hash", String(64), nullable=False),
    # When these words were recorded, and when status, mark or statement changed last; null: not since it was entered.
    Column("recorded_at", Instant, nullable=False),
    Column("changed_at", Instant),
    # Of which of two merged subjects it was; null of one that never was merged, and of what was entered since.
    Column("strand", String(40)),
    UniqueConstraint("source_id", "kind", "document_number", "subject_id", name="uq_record_natural_key"),
    CheckConstraint("version >= 1", name="version"),
    Index("ix_record_subject_id_sorted_on_id", "subject_id", "sorted_on", "id"),
)

record_version = Table(
    "record_version",
    metadata,
    Column("record_id", ForeignKey("record.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    # What a version is found by; null in those that were kept before their beginning was.
    Column("category", String(24)),
    Column("sorted_on", Date),
    Column("status", String(12)),
    Column("query_until", Date),
    Column("content", JSON, nullable=False),
    # It was said in [said_since, replaced_at).
    Column("said_since", Instant),
    Column("replaced_at", Instant, nullable=False),
)

# What was found wrong, written where it is put right; whoever may have seen it is told afterwards (`informing`).
correction = Table(
    "correction",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("subject_id", String(40), nullable=False),
    Column("record_id", String(40), nullable=False),
    # The face that was wrong, from when on it could be seen, and by whom.
    Column("category", String(24), nullable=False),
    Column("publicity", String(20), nullable=False),
    Column("sorted_on", Date, nullable=False),
    Column("query_until", Date),
    Column("wrong_since", Instant, nullable=False),
    Column("at", Instant, nullable=False),
    Column("strand", String(40)),
    # When its commit was first seen: no look that saw the wrong face is younger.
    Column("noticed_at", Instant),
    Column("told_at", Instant),
    Index("ix_correction_subject_id_at_id", "subject_id", "at", "id"),
    Index("ix_correction_untold", "at", sqlite_where=text("told_at IS NULL"), postgresql_where=text("told_at IS NULL")),
)

# Who was told of a correction, and by which event; the look is the last one of theirs.
correction_told = Table(
    "correction_told",
    metadata,
    Column("correction_id", ForeignKey("correction.id"), primary_key=True),
    Column("look_id", String(40), primary_key=True),
    Column("party_id", String(40), nullable=False),
    Column("grant_id", String(40)),
    Column("looked_at", Instant, nullable=False),
    Column("event_id", String(40), nullable=False),
)

# Identifiers of third persons in a record, such as a legal representative's number: sealed, and never an item.
third_person = Table(
    "third_person",
    metadata,
    Column("record_id", ForeignKey("record.id"), primary_key=True),
    Column("role", String(30), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

# A report as it was issued. What it says is sealed, and never changes; the PDF is set from it afterwards, once.
report = Table(
    "report",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("number", String(24), nullable=False, unique=True),
    # Number and code together, by whose hash alone a check finds it.
    Column("code_sealed", LargeBinary, nullable=False),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("subject_id", ForeignKey("subject.id"), nullable=False),
    Column("kind", String(24), nullable=False),
    # Through whose grant and for whom it was issued; null for one's own.
    Column("grant_id", String(40)),
    Column("party_id", String(40)),
    Column("start_on", Date),
    Column("end_on", Date),
    Column("record_count", Integer, nullable=False),
    Column("snapshot_sealed", LargeBinary, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("valid_until", Instant, nullable=False),
    Column("pdf_id", ForeignKey("blob.id"), unique=True),
    CheckConstraint("(grant_id IS NULL) = (party_id IS NULL)", name="grant_and_party"),
    Index("ix_report_subject_id_issued_at_id", "subject_id", "issued_at", "id"),
    Index(
        "ix_report_unprinted",
        "issued_at",
        sqlite_where=text("pdf_id IS NULL"),
        postgresql_where=text("pdf_id IS NULL"),
    ),
)

# Which version of which record a report shows: whether one has changed since is what a check asks.
report_record = Table(
    "report_record",
    metadata,
    Column("report_id", ForeignKey("report.id"), primary_key=True),
    Column("record_id", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
)

# A copy of all that is kept about a subject, asked for by them (个人信息保护法 45). Its file has a term.
export = Table(
    "export",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("subject_id", ForeignKey("subject.id"), nullable=False),
    # Whose act it was, as the look that making it is says it.
    Column("basis", String(30), nullable=False),
    Column("capacity", String(120)),
    Column("requested_by", String(40)),
    Column("client", String(60)),
    Column("channel", String(20), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("ready_at", Instant),
    Column("expires_at", Instant),
    Column("zip_id", ForeignKey("blob.id"), unique=True),
    CheckConstraint("(ready_at IS NULL) = (expires_at IS NULL)", name="term"),
    CheckConstraint("zip_id IS NULL OR ready_at IS NOT NULL", name="zip"),
    Index("ix_export_subject_id_requested_at_id", "subject_id", "requested_at", "id"),
    # One is made at a time; the belt under that rule.
    Index(
        "uq_export_pending",
        "subject_id",
        unique=True,
        sqlite_where=text("ready_at IS NULL"),
        postgresql_where=text("ready_at IS NULL"),
    ),
    Index(
        "ix_export_expires_at",
        "expires_at",
        sqlite_where=text("zip_id IS NOT NULL"),
        postgresql_where=text("zip_id IS NOT NULL"),
    ),
)

score = Table(
    "score",
    metadata,
    Column("subject_id", ForeignKey("subject.id"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("status", String(12), nullable=False),
    Column("value", Integer),
    Column("tier", Integer),
    Column("model_version", String(40)),
    Column("computed_at", Instant),
    Column("factors", JSON(none_as_null=True)),
    # The tier before it fell last: what holds while the score is contested. Null until it has fallen.
    Column("last_favourable", Integer),
    # From this day on it may be another one, by itself: a score date ends.
    Column("changes_on", Date),
    Column("marks", JSON, nullable=False),
    Column("notice_hash", String(64), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    # Closing deletes value and factors; the belt under that promise.
    CheckConstraint("(status = 'OPEN') = (value IS NOT NULL AND tier IS NOT NULL)", name="value_only_when_open"),
    CheckConstraint("status = 'OPEN' OR factors IS NULL", name="factors_only_when_open"),
    Index(
        "ix_score_changes_on",
        "changes_on",
        sqlite_where=text("status = 'OPEN'"),
        postgresql_where=text("status = 'OPEN'"),
    ),
    Index(
        "ix_score_model_version",
        "model_version",
        sqlite_where=text("status = 'OPEN'"),
        postgresql_where=text("status = 'OPEN'"),
    ),
)

# 人工复核: a human is asked to look at a score again, and answers with reasons.
score_review = Table(
    "score_review",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("subject_id", ForeignKey("score.subject_id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("answer", Text),
    Column("answered_at", Instant),
    Column("answered_by", String(40)),
    # When the score was closed before anybody answered.
    Column("ended_at", Instant),
    Column("version", Integer, nullable=False),
    CheckConstraint("(answered_at IS NULL) = (answer IS NULL OR answer = '')", name="reasons"),
    CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered_by"),
    CheckConstraint("answered_at IS NULL OR ended_at IS NULL", name="one_end"),
    Index("ix_score_review_subject_id_asked_at_id", "subject_id", "asked_at", "id"),
    Index(
        "uq_score_review_pending",
        "subject_id",
        unique=True,
        sqlite_where=text("answered_at IS NULL AND ended_at IS NULL"),
        postgresql_where=text("answered_at IS NULL AND ended_at IS NULL"),
    ),
)

# Whose open score is to be computed anew, written with what changed their records.
score_due = Table(
    "score_due",
    metadata,
    Column("subject_id", ForeignKey("score.subject_id"), primary_key=True),
    Column("since", Instant, nullable=False),
)

# Where a person says they live, for offers alone: nobody else's word, and gone when they take it back.
residence = Table(
    "residence",
    metadata,
    Column("subject_id", ForeignKey("subject.id"), primary_key=True),
    Column("residence_district", String(12), nullable=False),
    Column("stated_at", Instant, nullable=False),
)

# 公共信用综合评价 (Art. 9), of organisations only: the last one, and those it replaced.
evaluation = Table(
    "evaluation",
    metadata,
    Column("subject_id", ForeignKey("subject.id"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("grade", String(1), nullable=False),
    Column("basis", String(500), nullable=False),
    Column("assessed_on", Date, nullable=False),
    # The last day on which it holds.
    Column("valid_until", Date, nullable=False),
    Column("source_id", String(40), nullable=False),
    Column("source_name", String(120), nullable=False),
    # The marks of open objections stand on the value's own row (Art. 12).
    Column("marks", JSON, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("strand", String(40)),
    # Since when it stands for nothing (Art. 12); the next one from its source stands for itself.
    Column("withdrawn_at", Instant),
    # When an objection's answer last changed a record that it rests on; null of one that was assessed since.
    Column("basis_changed_at", Instant),
    CheckConstraint("grade IN ('A', 'B', 'C', 'D')", name="grade"),
    CheckConstraint("valid_until >= assessed_on", name="in_order"),
)

evaluation_version = Table(
    "evaluation_version",
    metadata,
    Column("subject_id", ForeignKey("evaluation.subject_id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("content", JSON, nullable=False),
    Column("replaced_at", Instant, nullable=False),
)
