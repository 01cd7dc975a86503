"""Looks that their subjects do not recognise.

Revision 0014, after 0013.

Locks: a new table locks nothing. An older build goes on beside it: it asks no questions and shows none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_question",
        sa.Column("access_id", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("access_id", name=op.f("pk_access_question")),
    )
    for column in ("subject_id", "asked_at"):
        op.create_index(op.f(f"ix_access_question_{column}"), "access_question", [column])


def downgrade() -> None:
    op.drop_table("access_question")
