"""What a merchant is told of people: a name of its own for a customer, and a month's table.

Revision 0033, after 0032.

Locks: a new table, which nobody uses before this build; the new column takes a moment's ACCESS EXCLUSIVE lock on
`redemption`, without rewriting it. An older build goes on beside it: receipts that it writes name no customer.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade():
    """Add the column and the table."""
    op.add_column("redemption", sa.Column("customer", sa.String(24)))
    op.create_table(
        "partner_figures",
        sa.Column("party_id", sa.String(40), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("party_id", "month", name=op.f("pk_partner_figures")),
    )


def downgrade():
    """Drop them: what was published is lost, and a later upgrade would publish it anew, rounded otherwise."""
    op.drop_table("partner_figures")
    op.drop_column("redemption", "customer")
