"""Since when a webhook has been failing.

Revision 0015, after 0013.

Locks: the column has no default, so the ALTER is a moment's ACCESS EXCLUSIVE lock and no rewrite. An older build goes on
beside it and pauses by number alone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    """Add the column."""
    op.add_column("webhook", sa.Column("failing_since", sa.DateTime(timezone=True)))


def downgrade():
    """Drop it."""
    op.drop_column("webhook", "failing_since")
