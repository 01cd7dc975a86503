"""A department's own indicators, runs over organisations and their results; a version of a scorecard goes live.

Revision 0056, after 0055.

Locks: `industry_model` for the moment in which five columns and six CHECKs are added and two CHECKs written anew, each
of which reads its few rows; the other tables are new. An older build goes on beside it: it knows no state beyond
REVIEWED, and its desk fails for a version that has gone further, so it is replaced before one is set live.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

_BEFORE = (
    ("state", "state IN ('DRAFT', 'IN_REVIEW', 'RETURNED', 'REVIEWED')"),
    ("reviewed", "(state IN ('RETURNED', 'REVIEWED')) = (reviewed_by IS NOT NULL)"),
)
_AFTER = (
    ("state", "state IN ('DRAFT', 'IN_REVIEW', 'RETURNED', 'REVIEWED', 'LIVE', 'RETIRED')"),
    ("reviewed", "(state IN ('RETURNED', 'REVIEWED', 'LIVE', 'RETIRED')) = (reviewed_by IS NOT NULL)"),
)
_NEW = (
    ("live", "(state IN ('LIVE', 'RETIRED')) = (live_by IS NOT NULL)"),
    ("live_at", "(live_by IS NULL) = (live_at IS NULL)"),
    ("simulated", "(live_by IS NULL) = (simulation_id IS NULL)"),
    ("live_by_another", "live_by <> drafted_by"),
    ("retired", "(state = 'RETIRED') = (retired_by IS NOT NULL)"),
    ("retired_at", "(retired_by IS NULL) = (retired_at IS NULL)"),
)
_SAME = (
    ("reviewed_at", "(reviewed_by IS NULL) = (reviewed_at IS NULL)"),
    ("with_a_reason", "(reviewed_by IS NULL) = (reason IS NULL)"),
    ("two_people", "reviewed_by <> drafted_by"),
    ("submitted", "(state = 'DRAFT') = (submitted_at IS NULL)"),
)
_STEPS = ("simulation_id", "live_by", "live_at", "retired_by", "retired_at")
_RUNNING = sa.text("state = 'RUNNING'")
_WAITING = sa.text("state = 'WAITING'")


def _checks(*rules):
    return [sa.CheckConstraint(rule, name=op.f(f"ck_industry_model_{name}")) for name, rule in rules]


def _steps():
    return [sa.Column(name, Instant if name.endswith("_at") else sa.String(40)) for name in _STEPS]


def _model(*more):
    """The table as it is found. SQLite makes it anew from this: it cannot be asked for its CHECKs."""
    return sa.Table(
        "industry_model",
        sa.MetaData(),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("party_id", sa.String(40), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("drafted_by", sa.String(40), nullable=False),
        sa.Column("drafted_at", Instant, nullable=False),
        sa.Column("submitted_at", Instant),
        sa.Column("reviewed_by", sa.String(40)),
        sa.Column("reviewed_at", Instant),
        sa.Column("reason", sa.String(500)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_industry_model")),
        sa.UniqueConstraint("party_id", "code", "edition", name=op.f("uq_industry_model_party_id_code_edition")),
        sa.Index("ix_industry_model_party_id_drafted_at_id", "party_id", "drafted_at", "id"),
        *_checks(*_SAME),
        *more,
    )


def upgrade():
    """Let a version go live; create the tables."""
    with op.batch_alter_table("industry_model", copy_from=_model(*_checks(*_BEFORE))) as model:
        for column in _steps():
            model.add_column(column)
        for name, rule in _AFTER:
            model.drop_constraint(op.f(f"ck_industry_model_{name}"), type_="check")
            model.create_check_constraint(op.f(f"ck_industry_model_{name}"), rule)
        for name, rule in _NEW:
            model.create_check_constraint(op.f(f"ck_industry_model_{name}"), rule)
    _create_sheets()
    _create_runs()


def _create_sheets():
    op.create_table(
        "industry_sheet",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("party_id", sa.String(40), nullable=False),
        sa.Column("model_id", sa.String(40), sa.ForeignKey("industry_model.id"), nullable=False, index=True),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("blob_id", sa.String(40), sa.ForeignKey("blob.id"), unique=True),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("refused", sa.String(40)),
        sa.Column("refused_of", sa.String(200)),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.String(40), nullable=False),
        sa.Column("uploaded_at", Instant, nullable=False),
        sa.Column("read_at", Instant),
        sa.UniqueConstraint("party_id", "number"),
        sa.CheckConstraint("state IN ('WAITING', 'TAKEN', 'REFUSED')", name="state"),
        sa.CheckConstraint("(state = 'WAITING') = (read_at IS NULL)", name="read"),
        sa.CheckConstraint("(state = 'WAITING') = (blob_id IS NOT NULL)", name="file"),
        sa.CheckConstraint("(state = 'REFUSED') = (refused IS NOT NULL)", name="refused"),
        sa.CheckConstraint("taken >= 0 AND rejected >= 0", name="counted"),
        sa.CheckConstraint("state <> 'REFUSED' OR taken = 0", name="nothing_taken"),
    )
    op.create_index("ix_industry_sheet_party_id_uploaded_at_id", "industry_sheet", ["party_id", "uploaded_at", "id"])
    op.create_index(
        "ix_industry_sheet_waiting", "industry_sheet", ["uploaded_at"], sqlite_where=_WAITING, postgresql_where=_WAITING
    )
    op.create_table(
        "industry_sheet_reject",
        sa.Column("sheet_id", sa.String(40), sa.ForeignKey("industry_sheet.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("indicator", sa.String(20)),
    )
    op.create_table(
        "industry_value",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("sheet_id", sa.String(40), sa.ForeignKey("industry_sheet.id"), nullable=False),
        sa.Column("subject_id", sa.String(40), nullable=False, index=True),
        sa.Column("values_sealed", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("sheet_id", "subject_id"),
    )


def _create_runs():
    op.create_table(
        "industry_run",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("party_id", sa.String(40), nullable=False),
        sa.Column("model_id", sa.String(40), sa.ForeignKey("industry_model.id"), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("instrument", sa.String(200), nullable=False),
        sa.Column("sheet_id", sa.String(40), sa.ForeignKey("industry_sheet.id"), nullable=False, index=True),
        sa.Column("as_of", Instant, nullable=False),
        sa.Column("asked_by", sa.String(40), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("position", sa.String(40)),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("passed_over", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("finished_at", Instant),
        sa.CheckConstraint("kind IN ('SIMULATION', 'RUN')", name="kind"),
        sa.CheckConstraint("state IN ('RUNNING', 'DONE')", name="state"),
        sa.CheckConstraint("(state = 'DONE') = (finished_at IS NOT NULL)", name="finished"),
        sa.CheckConstraint("done >= 0 AND passed_over >= 0 AND done + passed_over <= population", name="counted"),
        sa.CheckConstraint("state <> 'DONE' OR done + passed_over = population", name="whole"),
        sa.CheckConstraint("as_of <= asked_at", name="of_what_was"),
    )
    op.create_index("ix_industry_run_party_id_asked_at_id", "industry_run", ["party_id", "asked_at", "id"])
    op.create_index(
        "uq_industry_run_running",
        "industry_run",
        ["model_id", "kind"],
        unique=True,
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    )
    op.create_table(
        "industry_result",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("run_id", sa.String(40), sa.ForeignKey("industry_run.id"), nullable=False),
        sa.Column("subject_id", sa.String(40), nullable=False),
        sa.Column("grade", sa.String(20), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("barred", sa.Boolean(), nullable=False),
        sa.Column("factors", sa.JSON(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("run_id", "subject_id"),
    )
    op.create_index("ix_industry_result_subject_id_id", "industry_result", ["subject_id", "id"])


def downgrade():
    """Drop them with everything in them; what was live is reviewed, as before."""
    for name in ("industry_result", "industry_run", "industry_value", "industry_sheet_reject", "industry_sheet"):
        op.drop_table(name)
    op.execute(
        "UPDATE industry_model SET state = 'REVIEWED', simulation_id = NULL, live_by = NULL, live_at = NULL,"
        " retired_by = NULL, retired_at = NULL WHERE state IN ('LIVE', 'RETIRED')"
    )
    whole = _model(*_steps(), *_checks(*_AFTER, *_NEW))
    with op.batch_alter_table("industry_model", copy_from=whole) as model:
        for name, _ in (*_NEW, *_AFTER):
            model.drop_constraint(op.f(f"ck_industry_model_{name}"), type_="check")
        for name, rule in _BEFORE:
            model.create_check_constraint(op.f(f"ck_industry_model_{name}"), rule)
        for name in _STEPS:
            model.drop_column(name)
