"""Wrong codes counted for each till.

Revision 0025, after 0024.

Locks: a new table only, which nobody uses before this build. An older build goes on beside it, and shows and takes codes
of the older form: a code made by one is not good at the other, for as long as both run.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade():
    """Add the table."""
    op.create_table(
        "till_tries",
        sa.Column("staff_id", sa.String(40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.CheckConstraint("wrong >= 0", name=op.f("ck_till_tries_wrong")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_till_tries")),
    )


def downgrade():
    """Drop it."""
    op.drop_table("till_tries")
