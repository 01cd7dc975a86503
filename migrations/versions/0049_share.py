"""What state organs ask to be shared with them, and two people's word on it.

Revision 0049, after 0053.

Locks: none that anybody waits for: a new table. An older build goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0049"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade():
    """Create the table."""
    op.create_table(
        "share",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("party_id", sa.String(40), nullable=False),
        sa.Column("need", sa.String(200), nullable=False),
        sa.Column("instrument", sa.String(200), nullable=False),
        sa.Column("article", sa.String(60), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("districts", sa.JSON()),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(40), nullable=False),
        sa.Column("asked_label", sa.String(60), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("approved_by", sa.String(40)),
        sa.Column("approved_at", Instant),
        sa.Column("reviewed_by", sa.String(40)),
        sa.Column("reviewed_at", Instant),
        sa.Column("position", sa.BigInteger()),
        sa.Column("ended_by", sa.String(40)),
        sa.Column("ended_at", Instant),
        sa.Column("reason", sa.String(200)),
        sa.CheckConstraint("state IN ('REQUESTED', 'APPROVED', 'ACTIVE', 'REFUSED', 'ENDED')", name="state"),
        sa.CheckConstraint("version >= 1", name="version"),
        sa.CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved"),
        sa.CheckConstraint("(reviewed_by IS NULL) = (reviewed_at IS NULL)", name="reviewed"),
        sa.CheckConstraint("reviewed_by IS NULL OR reviewed_by <> approved_by", name="two_people"),
        sa.CheckConstraint("state <> 'REQUESTED' OR approved_by IS NULL", name="requested"),
        sa.CheckConstraint("state NOT IN ('APPROVED', 'ACTIVE') OR approved_by IS NOT NULL", name="agreed"),
        sa.CheckConstraint("state <> 'ACTIVE' OR reviewed_by IS NOT NULL", name="active"),
        sa.CheckConstraint("(position IS NULL) = (reviewed_by IS NULL)", name="begins"),
        sa.CheckConstraint("(state IN ('REFUSED', 'ENDED')) = (ended_at IS NOT NULL)", name="over"),
        sa.CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name="ended"),
        sa.CheckConstraint("state <> 'REFUSED' OR reason IS NOT NULL", name="why"),
    )
    op.create_index("ix_share_party_id_asked_at", "share", ["party_id", "asked_at"])
    op.create_index("ix_share_state_asked_at", "share", ["state", "asked_at"])


def downgrade():
    """Drop it: what was shared stands in the log."""
    op.drop_table("share")
