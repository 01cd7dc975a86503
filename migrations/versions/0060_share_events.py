"""What has changed inside each share, for thirty days, and how far changes were put there.

Revision 0060, after 0058b.

Locks: none that anybody waits for: new tables. An older build goes on beside them. A share that began without a release
and a feed is read no more by this one, and is asked for anew.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0060"
down_revision = "0058b"
branch_labels = None
depends_on = None


def upgrade():
    """Create the tables."""
    op.create_table(
        "share_feed",
        sa.Column("share_id", sa.String(40), sa.ForeignKey("share.id"), primary_key=True),
        sa.Column("told", sa.BigInteger(), nullable=False),
        sa.Column("swept", sa.BigInteger(), nullable=False),
        sa.Column("taken_on", sa.Date()),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("warned_at", Instant),
        sa.CheckConstraint("0 <= swept AND swept <= told", name="places"),
        sa.CheckConstraint("taken >= 0", name="taken"),
    )
    op.create_table(
        "share_event",
        sa.Column("share_id", sa.String(40), sa.ForeignKey("share_feed.share_id"), primary_key=True),
        sa.Column("record_id", sa.String(40), primary_key=True),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.UniqueConstraint("share_id", "place", name="uq_share_event_place"),
        sa.CheckConstraint("place >= 1", name="place"),
    )
    op.create_table(
        "share_reached",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
    )


def downgrade():
    """Drop it: the log holds what was read."""
    op.drop_table("share_reached")
    op.drop_table("share_event")
    op.drop_table("share_feed")
