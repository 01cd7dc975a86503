"""Who came to the counter for somebody else, by name.

Revision 0034, after 0033.

Locks: a moment's ACCESS EXCLUSIVE lock on `objection` for the new column, without rewriting it. An older build goes on
beside it: what it takes in on paper has no name, and its letter says the capacity alone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade():
    """Add the column."""
    op.add_column("objection", sa.Column("applicant_sealed", sa.LargeBinary()))


def downgrade():
    """Drop it."""
    op.drop_column("objection", "applicant_sealed")
