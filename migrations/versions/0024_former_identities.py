"""Who a subject was before.

Revision 0024, after 0023.

Locks: a new table only, which nobody uses before this build; the foreign key takes a moment's SHARE ROW EXCLUSIVE lock
on `subject`. An older build beside it does not find a subject by a number that it had.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade():
    """Add the table."""
    op.create_table(
        "former_identity",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(40), nullable=False),
        sa.Column("act", sa.String(12), nullable=False),
        sa.Column("identity_type", sa.String(24), nullable=False),
        sa.Column("identity_hash", sa.String(64), nullable=False),
        sa.Column("identity_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("name_hash", sa.String(64), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(120), nullable=False),
        sa.Column("source_id", sa.String(40), nullable=False),
        sa.Column("source_name", sa.String(120), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_former_identity_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_identity")),
    )
    op.create_index(op.f("ix_former_identity_identity_hash"), "former_identity", ["identity_hash"])
    op.create_index(op.f("ix_former_identity_name_hash"), "former_identity", ["name_hash"])
    op.create_index(
        "ix_former_identity_subject_id_replaced_at_id", "former_identity", ["subject_id", "replaced_at", "id"]
    )


def downgrade():
    """Drop it."""
    op.drop_table("former_identity")
