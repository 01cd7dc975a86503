"""Proofs of possession that were shown: each is good for one request.

Revision 0011, after 0010.

Locks: a new table only.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spent_proof",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("showing", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_spent_proof")),
    )
    op.create_index("ix_spent_proof_until", "spent_proof", ["until"])


def downgrade() -> None:
    op.drop_table("spent_proof")
