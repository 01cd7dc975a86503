"""Objections (Art. 12), their clocks, what providers are asked, what is said and brought, and every step.

Revision 0028, after 0027.

Locks: new tables, which nobody uses before this build; the foreign keys take a moment's SHARE ROW EXCLUSIVE lock on
`blob`, the new columns a moment's ACCESS EXCLUSIVE lock on `party`, `subject`, `record` and `score`, without rewriting
them. An older build goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade():
    """Add the columns, and the tables."""
    op.add_column("party", sa.Column("district", sa.String(12)))
    op.add_column("subject", sa.Column("omissions", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("subject", sa.Column("omissions_version", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("record", sa.Column("district", sa.String(12)))
    op.add_column("score", sa.Column("last_favourable", sa.Integer()))
    op.add_column("evaluation", sa.Column("withdrawn_at", sa.DateTime(timezone=True)))
    op.create_table(
        "objection",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.String(40), nullable=False),
        sa.Column("filed_by", sa.String(40)),
        sa.Column("capacity", sa.String(24), nullable=False),
        sa.Column("received_by", sa.String(40)),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("target", sa.String(16), nullable=False),
        sa.Column("target_id", sa.String(40)),
        sa.Column("described", sa.Text()),
        sa.Column("ground", sa.String(24), nullable=False),
        sa.Column("request", sa.String(12), nullable=False),
        sa.Column("phase", sa.String(12)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("addressee", sa.String(24), nullable=False),
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("district", sa.String(12)),
        sa.Column("provider_id", sa.String(40)),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("track", sa.String(24), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("overdue_told_at", sa.DateTime(timezone=True)),
        sa.Column("supplement_by", sa.Date()),
        sa.Column("handler_id", sa.String(40)),
        sa.Column("opened_at", sa.DateTime(timezone=True)),
        sa.Column("forwarded_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.String(24)),
        sa.Column("reason", sa.Text()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by", sa.String(40)),
        sa.Column("approved_at", sa.DateTime(timezone=True)),
        sa.Column("approved_by", sa.String(40)),
        sa.Column("delivery", sa.String(8), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary()),
        sa.Column("letter_id", sa.String(40)),
        sa.Column("notified_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "(status IN ('CLOSED', 'WITHDRAWN')) = (ended_at IS NOT NULL)", name=op.f("ck_objection_ended")
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR (reason IS NOT NULL AND reason <> '')", name=op.f("ck_objection_reasons")
        ),
        sa.CheckConstraint("status <> 'CLOSED' OR notified_at IS NOT NULL", name=op.f("ck_objection_told")),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_objection_outcome")),
        sa.CheckConstraint(
            "approved_by IS NULL OR decided_by IS NULL OR approved_by <> decided_by",
            name=op.f("ck_objection_two_people"),
        ),
        sa.ForeignKeyConstraint(["letter_id"], ["blob.id"], name=op.f("fk_objection_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("letter_id", name=op.f("uq_objection_letter_id")),
        sa.UniqueConstraint("number", name=op.f("uq_objection_number")),
    )
    op.create_index(
        "ix_objection_institution_open",
        "objection",
        ["institution_id", "due_at", "id"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_objection_open_due_at",
        "objection",
        ["due_at"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_objection_subject_id_filed_at_id", "objection", ["subject_id", "filed_at", "id"])
    op.create_index(
        "uq_objection_open",
        "objection",
        ["target", "target_id", "institution_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL AND target_id IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND target_id IS NOT NULL"),
    )
    op.create_table(
        "clock_stop",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("objection_id", sa.String(40), nullable=False),
        sa.Column("cause", sa.String(16), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("proof_id", sa.String(40), nullable=False),
        sa.Column("opened_by", sa.String(40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(40)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("(ended_on IS NULL) = (closed_at IS NULL)", name=op.f("ck_clock_stop_closed")),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name=op.f("ck_clock_stop_in_order")),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_clock_stop_objection_id")),
        sa.ForeignKeyConstraint(["proof_id"], ["blob.id"], name=op.f("fk_clock_stop_proof_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_stop")),
    )
    op.create_index(op.f("ix_clock_stop_objection_id"), "clock_stop", ["objection_id"])
    op.create_index(
        "uq_clock_stop_open",
        "clock_stop",
        ["objection_id", "cause"],
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "due_date",
        sa.Column("objection_id", sa.String(40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(12), nullable=False),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_due_date_objection_id")),
        sa.PrimaryKeyConstraint("objection_id", "since", name=op.f("pk_due_date")),
    )
    op.create_table(
        "objection_evidence",
        sa.Column("blob_id", sa.String(40), nullable=False),
        sa.Column("objection_id", sa.String(40), nullable=False),
        sa.Column("side", sa.String(12), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed_on", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name=op.f("fk_objection_evidence_blob_id")),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_objection_evidence_objection_id")),
        sa.PrimaryKeyConstraint("blob_id", name=op.f("pk_objection_evidence")),
    )
    op.create_index(op.f("ix_objection_evidence_objection_id"), "objection_evidence", ["objection_id"])
    op.create_table(
        "objection_message",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("objection_id", sa.String(40), nullable=False),
        sa.Column("thread", sa.String(12), nullable=False),
        sa.Column("side", sa.String(12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.String(40)),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_objection_message_objection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_message")),
    )
    op.create_index("ix_objection_message_objection_id_at_id", "objection_message", ["objection_id", "at", "id"])
    op.create_table(
        "objection_step",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("objection_id", sa.String(40), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("side", sa.String(12), nullable=False),
        sa.Column("staff_id", sa.String(40)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_objection_step_objection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_step")),
    )
    op.create_index("ix_objection_step_objection_id_at_id", "objection_step", ["objection_id", "at", "id"])
    op.create_table(
        "verification",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("objection_id", sa.String(40), nullable=False),
        sa.Column("provider_id", sa.String(40), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("with_text", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(12)),
        sa.Column("reason", sa.Text()),
        sa.Column("right_sealed", sa.LargeBinary()),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("answered_by", sa.String(40)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "answer IS NULL OR (reason IS NOT NULL AND reason <> '')", name=op.f("ck_verification_reasons")
        ),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_verification_answer")),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_verification_objection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )
    op.create_index(op.f("ix_verification_objection_id"), "verification", ["objection_id"])
    op.create_index("ix_verification_provider_id_asked_at_id", "verification", ["provider_id", "asked_at", "id"])
    op.create_table(
        "remedy",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_remedy_version")),
        sa.PrimaryKeyConstraint("institution_id", "version", name=op.f("pk_remedy")),
    )


def downgrade():
    """Drop them."""
    for table, column in (
        ("evaluation", "withdrawn_at"),
        ("score", "last_favourable"),
        ("record", "district"),
        ("subject", "omissions_version"),
        ("subject", "omissions"),
        ("party", "district"),
    ):
        op.drop_column(table, column)
    for table in (
        "remedy",
        "verification",
        "objection_step",
        "objection_message",
        "objection_evidence",
        "due_date",
        "clock_stop",
        "objection",
    ):
        op.drop_table(table)
