"""How many people and organisations stand where, as it was published.

Revision 0052, after 0046.

Locks: none that anybody waits for: a new table. An older build goes on beside it and publishes nothing.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0052"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade():
    """Create the table."""
    op.create_table(
        "people_figures",
        sa.Column("kind", sa.String(24), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("published_at", Instant, nullable=False),
    )


def downgrade():
    """Drop it: what was published of past months is not made again."""
    op.drop_table("people_figures")
