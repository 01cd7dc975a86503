"""Rectification orders of supervisors, and their steps.

Revision 0053, after 0047.

Locks: none that anybody waits for: new tables. An older build goes on beside it and shows no orders.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0053"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade():
    """Create both tables."""
    op.create_table(
        "rectification",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("area", sa.String(12)),
        sa.Column("party_id", sa.String(40), nullable=False),
        sa.Column("issued_by", sa.String(40), nullable=False),
        sa.Column("issued_at", Instant, nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("cited", sa.JSON(), nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.CheckConstraint(
            "state IN ('ISSUED', 'REPLIED', 'RETURNED', 'CLOSED', 'WITHDRAWN')", name="state"
        ),
    )
    op.create_index("ix_rectification_party_id_issued_at", "rectification", ["party_id", "issued_at"])
    op.create_table(
        "rectification_step",
        sa.Column("order_id", sa.String(40), sa.ForeignKey("rectification.id"), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True),
        sa.Column("act", sa.String(12), nullable=False),
        sa.Column("party_id", sa.String(40), nullable=False),
        sa.Column("staff_id", sa.String(40), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("at", Instant, nullable=False),
        sa.CheckConstraint("(act = 'ISSUE') = (text IS NULL)", name="said"),
    )


def downgrade():
    """Drop both: what was ordered is on paper too."""
    op.drop_table("rectification_step")
    op.drop_table("rectification")
