"""What departments' models leave behind (Art. 9): each version of a scorecard, who wrote it and who reviewed it; a
department's own indicators, as it sent them; and runs over organisations, with their results."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
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

# One version of a department's scorecard. Its content is canonical JSON, and fixed once it is handed in.
industry_model = Table(
    "industry_model",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("party_id", String(40), nullable=False),
    # The department's own word for the model, and which version of it this is.
    Column("code", String(20), nullable=False),
    Column("edition", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("drafted_by", String(40), nullable=False),
    Column("drafted_at", Instant, nullable=False),
    Column("submitted_at", Instant),
    Column("reviewed_by", String(40)),
    Column("reviewed_at", Instant),
    Column("reason", String(500)),
    # Who set it live, after which simulation of exactly this content; and who ended it, or set its successor live.
    Column("simulation_id", String(40)),
    Column("live_by", String(40)),
    Column("live_at", Instant),
    Column("retired_by", String(40)),
    Column("retired_at", Instant),
    Column("version", Integer, nullable=False),
    UniqueConstraint("party_id", "code", "edition"),
    CheckConstraint("state IN ('DRAFT', 'IN_REVIEW', 'RETURNED', 'REVIEWED', 'LIVE', 'RETIRED')", name="state"),
    CheckConstraint(
        "(state IN ('RETURNED', 'REVIEWED', 'LIVE', 'RETIRED')) = (reviewed_by IS NOT NULL)", name="reviewed"
    ),
    CheckConstraint("(state IN ('LIVE', 'RETIRED')) = (live_by IS NOT NULL)", name="live"),
    CheckConstraint("(live_by IS NULL) = (live_at IS NULL)", name="live_at"),
    CheckConstraint("(live_by IS NULL) = (simulation_id IS NULL)", name="simulated"),
    CheckConstraint("live_by <> drafted_by", name="live_by_another"),
    CheckConstraint("(state = 'RETIRED') = (retired_by IS NOT NULL)", name="retired"),
    CheckConstraint("(retired_by IS NULL) = (retired_at IS NULL)", name="retired_at"),
    CheckConstraint("(reviewed_by IS NULL) = (reviewed_at IS NULL)", name="reviewed_at"),
    CheckConstraint("(reviewed_by IS NULL) = (reason IS NULL)", name="with_a_reason"),
    CheckConstraint("reviewed_by <> drafted_by", name="two_people"),
    CheckConstraint("(state = 'DRAFT') = (submitted_at IS NULL)", name="submitted"),
    Index("ix_industry_model_party_id_drafted_at_id", "party_id", "drafted_at", "id"),
)

# A department's own indicators as a sheet: under its own number, for one version of a model. Whom it names is whom the
# version is simulated on and run over. The file is kept until it has been read.
industry_sheet = Table(
    "industry_sheet",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("party_id", String(40), nullable=False),
    Column("model_id", ForeignKey("industry_model.id"), nullable=False, index=True),
    Column("number", String(40), nullable=False),
    # Of the file, as it came.
    Column("sha256", String(64), nullable=False),
    Column("blob_id", ForeignKey("blob.id"), unique=True),
    # Whether one row that cannot be taken refuses them all.
    Column("whole", Boolean, nullable=False),
    Column("state", String(10), nullable=False),
    # Why no row was taken, and of what, where it is the file or its header.
    Column("refused", String(40)),
    Column("refused_of", String(200)),
    Column("taken", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("uploaded_by", String(40), nullable=False),
    Column("uploaded_at", Instant, nullable=False),
    Column("read_at", Instant),
    UniqueConstraint("party_id", "number"),
    CheckConstraint("state IN ('WAITING', 'TAKEN', 'REFUSED')", name="state"),
    CheckConstraint("(state = 'WAITING') = (read_at IS NULL)", name="read"),
    CheckConstraint("(state = 'WAITING') = (blob_id IS NOT NULL)", name="file"),
    CheckConstraint("(state = 'REFUSED') = (refused IS NOT NULL)", name="refused"),
    CheckConstraint("taken >= 0 AND rejected >= 0", name="counted"),
    CheckConstraint("state <> 'REFUSED' OR taken = 0", name="nothing_taken"),
    Index("ix_industry_sheet_party_id_uploaded_at_id", "party_id", "uploaded_at", "id"),
    Index(
        "ix_industry_sheet_waiting",
        "uploaded_at",
        sqlite_where=text("state = 'WAITING'"),
        postgresql_where=text("state = 'WAITING'"),
    ),
)

# A row of a sheet that was not taken: its number in the file and why. Never what it says.
industry_sheet_reject = Table(
    "industry_sheet_reject",
    metadata,
    Column("sheet_id", ForeignKey("industry_sheet.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("code", String(40), nullable=False),
    # Which indicator's value; null where it is the row, or whom it is about.
    Column("indicator", String(20)),
)

# A row that was taken: whom it is about, and the values of the indicators that are the department's own, sealed.
industry_value = Table(
    "industry_value",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("sheet_id", ForeignKey("industry_sheet.id"), nullable=False),
    Column("subject_id", String(40), nullable=False, index=True),
    Column("values_sealed", LargeBinary, nullable=False),
    UniqueConstraint("sheet_id", "subject_id"),
)

# One bulk processing: a version over a sheet's organisations, as everything stood at one instant. A simulation keeps
# nothing but counts; a run keeps a result for each. Both go on from `position`, which moves in the commit of what was
# done.
industry_run = Table(
    "industry_run",
    metadata,
    Column("id", String(40), primary_key=True),
    # As those whom it touched read it in their trail.
    Column("number", String(20), nullable=False, unique=True),
    Column("kind", String(10), nullable=False),
    Column("party_id", String(40), nullable=False),
    Column("model_id", ForeignKey("industry_model.id"), nullable=False),
    # The content that was run, and the instrument that it rests on.
    Column("sha256", String(64), nullable=False),
    Column("instrument", String(200), nullable=False),
    Column("sheet_id", ForeignKey("industry_sheet.id"), nullable=False, index=True),
    Column("as_of", Instant, nullable=False),
    Column("asked_by", String(40), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("state", String(10), nullable=False),
    # Up to which subject, by id, everybody was done; null before the first.
    Column("position", String(40)),
    Column("population", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    # Who is in the sheet and no subject any more, having turned out to be another.
    Column("passed_over", Integer, nullable=False),
    # By class and by reason. Of a simulation that is done: only what may be said.
    Column("counts", JSON, nullable=False),
    # SHA-256 over all results in order: the same for the same version, values and instant.
    Column("digest", String(64), nullable=False),
    Column("finished_at", Instant),
    CheckConstraint("kind IN ('SIMULATION', 'RUN')", name="kind"),
    CheckConstraint("state IN ('RUNNING', 'DONE')", name="state"),
    CheckConstraint("(state = 'DONE') = (finished_at IS NOT NULL)", name="finished"),
    CheckConstraint("done >= 0 AND passed_over >= 0 AND done + passed_over <= population", name="counted"),
    CheckConstraint("state <> 'DONE' OR done + passed_over = population", name="whole"),
    CheckConstraint("as_of <= asked_at", name="of_what_was"),
    Index("ix_industry_run_party_id_asked_at_id", "party_id", "asked_at", "id"),
    # One at a time of a version and kind; the belt under that rule.
    Index(
        "uq_industry_run_running",
        "model_id",
        "kind",
        unique=True,
        sqlite_where=text("state = 'RUNNING'"),
        postgresql_where=text("state = 'RUNNING'"),
    ),
)

# What a run made of one organisation. Points and contributions are whole ten-thousandths, so that they are exact.
industry_result = Table(
    "industry_result",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("run_id", ForeignKey("industry_run.id"), nullable=False),
    Column("subject_id", String(40), nullable=False),
    Column("grade", String(20), nullable=False),
    Column("points", Integer, nullable=False),
    # The top class by its points, and barred from it by the grade D.
    Column("barred", Boolean, nullable=False),
    # In the scorecard's order: {indicator, reason, contribution, contested}; contested says that what it rests on was
    # under an objection then (Art. 12).
    Column("factors", JSON, nullable=False),
    # The marks of open objections to the result itself stand on its row.
    Column("marks", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("run_id", "subject_id"),
    Index("ix_industry_result_subject_id_id", "subject_id", "id"),
)
