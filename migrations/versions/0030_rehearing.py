"""A case that hears another one's record again, and by when each provider answers.

Revision 0030, after 0029.

Locks: a moment's ACCESS EXCLUSIVE lock on `objection`, `verification` and `provider_terms` for the new columns, without
rewriting them. An older build goes on beside it: it asks by the seventh working day, as it did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade():
    """Add the columns."""
    op.add_column("objection", sa.Column("rehears", sa.String(40)))
    op.add_column("verification", sa.Column("workdays", sa.Integer(), nullable=False, server_default="7"))
    op.add_column("provider_terms", sa.Column("answer_workdays", sa.Integer()))


def downgrade():
    """Drop them."""
    for table, column in (("provider_terms", "answer_workdays"), ("verification", "workdays"), ("objection", "rehears")):
        op.drop_column(table, column)
