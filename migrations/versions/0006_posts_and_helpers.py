"""One sign-in a post, helpers found by whom they help, what was told found by its age, and uploads.

Revision 0006, after 0005.

Locks: `identity_link`, `mandate` and `outbox` take no writes while their indexes are built. Two sign-ins of one post would stop
it; nothing before this revision made them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OF_AGE = {"ix_outbox_events_at": "party_id IS NOT NULL", "ix_outbox_notices_at": "subject_id IS NOT NULL"}


def upgrade() -> None:
    op.create_index(op.f("uq_identity_link_staff_id"), "identity_link", ["staff_id"], unique=True)
    op.create_index(op.f("ix_mandate_subject_id"), "mandate", ["subject_id"])
    for name, rows in _OF_AGE.items():
        op.create_index(name, "outbox", ["at"], sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))


    op.create_table(
        "upload",
        sa.Column("blob_id", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name=op.f("fk_upload_blob_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("blob_id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_subject_id"), "upload", ["subject_id"])
    op.create_index(op.f("ix_upload_created_at"), "upload", ["created_at"])


def downgrade() -> None:
    op.drop_table("upload")
    for name in _OF_AGE:
        op.drop_index(name, "outbox")
    op.drop_index(op.f("ix_mandate_subject_id"), "mandate")
    op.drop_index(op.f("uq_identity_link_staff_id"), "identity_link")
