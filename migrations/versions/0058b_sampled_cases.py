"""Cases that a supervisor's sample drew.

Revision 0058b, after 0058.

Locks: none that anybody waits for: a new table. An older build goes on beside it and draws looks alone.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0058b"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade():
    """Create the table."""
    op.create_table(
        "supervision_sample_case",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("sample_id", sa.String(40), sa.ForeignKey("supervision_sample.id"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("objection_id", sa.String(40), nullable=False),
        sa.Column("read_at", Instant),
        sa.UniqueConstraint("sample_id", "ordinal"),
        sa.UniqueConstraint("sample_id", "number"),
    )


def downgrade():
    """Drop it: what was drawn is not drawn again."""
    op.drop_table("supervision_sample_case")
