"""Copies of everything about oneself.

Revision 0023, after 0022.

Locks: a new table only, which nobody uses before this build; the foreign keys take a moment's SHARE ROW EXCLUSIVE lock
on `subject` and `blob`. An older build goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade():
    """Add the table."""
    op.create_table(
        "export",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(40), nullable=False),
        sa.Column("basis", sa.String(30), nullable=False),
        sa.Column("capacity", sa.String(120)),
        sa.Column("requested_by", sa.String(40)),
        sa.Column("client", sa.String(60)),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True)),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("zip_id", sa.String(40)),
        sa.CheckConstraint("(ready_at IS NULL) = (expires_at IS NULL)", name=op.f("ck_export_term")),
        sa.CheckConstraint("zip_id IS NULL OR ready_at IS NOT NULL", name=op.f("ck_export_zip")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_export_subject_id")),
        sa.ForeignKeyConstraint(["zip_id"], ["blob.id"], name=op.f("fk_export_zip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
        sa.UniqueConstraint("zip_id", name=op.f("uq_export_zip_id")),
    )
    op.create_index("ix_export_subject_id_requested_at_id", "export", ["subject_id", "requested_at", "id"])
    pending, kept = sa.text("ready_at IS NULL"), sa.text("zip_id IS NOT NULL")
    op.create_index(
        "uq_export_pending", "export", ["subject_id"], unique=True, sqlite_where=pending, postgresql_where=pending
    )
    op.create_index("ix_export_expires_at", "export", ["expires_at"], sqlite_where=kept, postgresql_where=kept)


def downgrade():
    """Drop it."""
    op.drop_table("export")
