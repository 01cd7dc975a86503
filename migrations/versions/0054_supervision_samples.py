"""Random samples of the institutions' work, and what was drawn.

Revision 0054, after 0048.

Locks: none that anybody waits for: two new tables. An older build goes on beside it and draws nothing.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0054"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade():
    """Create the tables."""
    op.create_table(
        "supervision_sample",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("party_id", sa.String(40), nullable=False),
        sa.Column("staff_id", sa.String(40), nullable=False),
        sa.Column("district", sa.String(12)),
        sa.Column("work", sa.String(12), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("quarter", sa.String(6), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("seed_position", sa.BigInteger(), nullable=False),
        sa.Column("requested_at", Instant, nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("drawn_at", Instant),
        sa.Column("population", sa.Integer()),
        sa.Column("population_hash", sa.String(64)),
        sa.UniqueConstraint("party_id", "quarter", "slot"),
        sa.CheckConstraint("slot BETWEEN 1 AND 12", name="slot"),
        sa.CheckConstraint("size BETWEEN 1 AND 20", name="size"),
        sa.CheckConstraint("(drawn_at IS NULL) = (population IS NULL)", name="drawn"),
        sa.CheckConstraint("(drawn_at IS NULL) = (population_hash IS NULL)", name="hashed"),
    )
    op.create_index("ix_supervision_sample_party_id_requested_at", "supervision_sample", ["party_id", "requested_at"])
    op.create_table(
        "supervision_sample_item",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("sample_id", sa.String(40), sa.ForeignKey("supervision_sample.id"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("access_id", sa.String(40), nullable=False),
        sa.Column("read_at", Instant),
        sa.UniqueConstraint("sample_id", "ordinal"),
        sa.UniqueConstraint("sample_id", "position"),
    )


def downgrade():
    """Drop them: what was drawn is not drawn again."""
    op.drop_table("supervision_sample_item")
    op.drop_table("supervision_sample")
