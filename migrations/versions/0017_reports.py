"""Reports.

Revision 0017, after 0016.

Locks: new tables only, which nobody uses before this build; the foreign keys take a moment's SHARE ROW EXCLUSIVE lock
on `subject` and `blob`. An older build goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade():
    """Add the tables."""
    op.create_table(
        "report",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("code_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("subject_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("grant_id", sa.String(40)),
        sa.Column("party_id", sa.String(40)),
        sa.Column("start_on", sa.Date()),
        sa.Column("end_on", sa.Date()),
        sa.Column("record_count", sa.Integer(), nullable=False),
        sa.Column("snapshot_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pdf_id", sa.String(40)),
        sa.CheckConstraint("(grant_id IS NULL) = (party_id IS NULL)", name=op.f("ck_report_grant_and_party")),
        sa.ForeignKeyConstraint(["pdf_id"], ["blob.id"], name=op.f("fk_report_pdf_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_report_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_report_code_hash")),
        sa.UniqueConstraint("number", name=op.f("uq_report_number")),
        sa.UniqueConstraint("pdf_id", name=op.f("uq_report_pdf_id")),
    )
    op.create_index("ix_report_subject_id_issued_at_id", "report", ["subject_id", "issued_at", "id"])
    unprinted = sa.text("pdf_id IS NULL")
    op.create_index(
        "ix_report_unprinted", "report", ["issued_at"], sqlite_where=unprinted, postgresql_where=unprinted
    )
    op.create_table(
        "report_record",
        sa.Column("report_id", sa.String(40), nullable=False),
        sa.Column("record_id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_record_report_id")),
        sa.PrimaryKeyConstraint("report_id", "record_id", name=op.f("pk_report_record")),
    )


def downgrade():
    """Drop them."""
    op.drop_table("report_record")
    op.drop_table("report")
