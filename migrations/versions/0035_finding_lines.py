"""At which lines of a provider's file its checks found something.

Revision 0035, after 0034.

Locks: one new column, which takes a moment's ACCESS EXCLUSIVE lock on `sent_batch` without rewriting it. What was loaded
before has none; an older build goes on beside it and writes none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade():
    """Add the column."""
    op.add_column("sent_batch", sa.Column("finding_lines", sa.JSON(none_as_null=True)))


def downgrade():
    """Drop it: the counts stay."""
    op.drop_column("sent_batch", "finding_lines")
