"""How far an incident is told, round by round, since when its report waits, and when a post was given.

Revision 0061, after 0060.

Locks: `incident` and `staff` for an instant each, columns without a default. An older build goes on beside it, and tells
whom it told before; what it begins to tell is gone on with by a newer one.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade():
    """Add the columns."""
    op.add_column("incident", sa.Column("as_of", Instant))
    op.add_column("incident", sa.Column("before", Instant))
    op.add_column("incident", sa.Column("withheld", sa.Integer))
    op.add_column("incident", sa.Column("proposed_at", Instant))
    op.add_column("staff", sa.Column("given_at", Instant))


def downgrade():
    """Drop them: whoever waits for an order's end is not told."""
    op.drop_column("staff", "given_at")
    for name in ("proposed_at", "withheld", "before", "as_of"):
        op.drop_column("incident", name)
