"""Who supervises which area.

Revision 0051, after 0044.

Locks: none that anybody waits for: a new table. An older build goes on beside it and knows no supervisor.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0051"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade():
    """Create the table."""
    op.create_table(
        "supervised_area",
        sa.Column("party_id", sa.String(40), primary_key=True),
        sa.Column("code", sa.String(12)),
        sa.Column("name", sa.String(60)),
        sa.Column("entered_at", Instant, nullable=False),
        sa.CheckConstraint("(code IS NULL) = (name IS NULL)", name="district"),
    )


def downgrade():
    """Drop it: the list is loaded again."""
    op.drop_table("supervised_area")
