"""Records that were opened in an emergency and the second person's word; releases; how the channels fared.

Revision 0046, after 0045.

Locks: none that anybody waits for: new tables. An older build goes on beside them.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade():
    """Create the tables."""
    op.create_table(
        "broken_glass",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("party_id", sa.String(40), nullable=False),
        sa.Column("staff_id", sa.String(40), nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("subject_id", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("confirm_by", Instant, nullable=False),
        sa.Column("reads_until", Instant, nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("told_at", Instant),
        sa.Column("outcome", sa.String(12)),
        sa.Column("answered_by", sa.String(40)),
        sa.Column("answered_at", Instant),
        sa.Column("answer", sa.String(200)),
        sa.Column("reviewed_by", sa.String(40)),
        sa.Column("reviewed_at", Instant),
        sa.Column("finding", sa.String(200)),
        sa.CheckConstraint("outcome IN ('CONFIRMED', 'CONTESTED', 'UNCONFIRMED')", name="outcome"),
        sa.CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered"),
        sa.CheckConstraint("answered_by IS NULL OR answered_by <> staff_id", name="second_person"),
        sa.CheckConstraint("outcome <> 'UNCONFIRMED' OR answered_by IS NULL", name="nobody"),
        sa.CheckConstraint("reviewed_by IS NULL OR reviewed_by <> staff_id", name="reviewed_by_another"),
        sa.CheckConstraint("(reviewed_at IS NULL) = (finding IS NULL)", name="reviewed"),
        sa.CheckConstraint("looks = 0 OR told_at IS NOT NULL", name="told"),
    )
    op.create_index("ix_broken_glass_subject_id", "broken_glass", ["subject_id"])
    op.create_index(
        "uq_broken_glass_waits",
        "broken_glass",
        ["staff_id"],
        unique=True,
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("party_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("about", sa.String(60), nullable=False),
        sa.Column("holds", sa.String(200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("recipient", sa.String(200), nullable=False),
        sa.Column("requested_by", sa.String(40), nullable=False),
        sa.Column("requested_at", Instant, nullable=False),
        sa.Column("outcome", sa.String(12)),
        sa.Column("decided_by", sa.String(40)),
        sa.Column("decided_at", Instant),
        sa.Column("reason", sa.String(200)),
        sa.UniqueConstraint("kind", "about", "sha256"),
        sa.CheckConstraint("outcome IN ('RELEASED', 'REFUSED')", name="outcome"),
        sa.CheckConstraint("(outcome IS NULL) = (decided_by IS NULL)", name="decided"),
        sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_at"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> requested_by", name="two_people"),
    )
    op.create_index("ix_release_party_id_requested_at", "release", ["party_id", "requested_at"])
    op.create_table(
        "channel_hour",
        sa.Column("hour", Instant, primary_key=True),
        sa.Column("channel", sa.String(12), primary_key=True),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
    )
    op.create_table(
        "ready_hour",
        sa.Column("hour", Instant, primary_key=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("unready", sa.Integer(), nullable=False),
    )


def downgrade():
    """Drop them: the looks themselves stand in the log."""
    op.drop_table("ready_hour")
    op.drop_table("channel_hour")
    op.drop_table("release")
    op.drop_table("broken_glass")
