"""The versions of departments' scorecards.

Revision 0055, after 0054.

Locks: none that anybody waits for: a new table. An older build goes on beside it and has no such desk.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade():
    """Create the table."""
    op.create_table(
        "industry_model",
        sa.Column("id", sa.String(40), primary_key=True),
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
        sa.UniqueConstraint("party_id", "code", "edition"),
        sa.CheckConstraint("state IN ('DRAFT', 'IN_REVIEW', 'RETURNED', 'REVIEWED')", name="state"),
        sa.CheckConstraint("(state IN ('RETURNED', 'REVIEWED')) = (reviewed_by IS NOT NULL)", name="reviewed"),
        sa.CheckConstraint("(reviewed_by IS NULL) = (reviewed_at IS NULL)", name="reviewed_at"),
        sa.CheckConstraint("(reviewed_by IS NULL) = (reason IS NULL)", name="with_a_reason"),
        sa.CheckConstraint("reviewed_by <> drafted_by", name="two_people"),
        sa.CheckConstraint("(state = 'DRAFT') = (submitted_at IS NULL)", name="submitted"),
    )
    op.create_index("ix_industry_model_party_id_drafted_at_id", "industry_model", ["party_id", "drafted_at", "id"])


def downgrade():
    """Drop it, with every scorecard in it."""
    op.drop_table("industry_model")
