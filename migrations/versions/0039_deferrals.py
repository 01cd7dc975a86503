"""What is put off at a till and finished later (免押, 先享后付); stores that are closed.

Revision 0039, after 0035.

Locks: a new table, which nobody uses before this build; the new column takes a moment's ACCESS EXCLUSIVE lock on `store`
without rewriting it. An older build goes on beside it: what it redeems puts nothing off that is remembered, and it knows
no closed store, whose staff it refuses all the same.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade():
    """Add the table and the column."""
    op.create_table(
        "deferral",
        sa.Column("redemption_id", sa.String(40), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("cents > 0", name=op.f("ck_deferral_cents")),
        sa.CheckConstraint("ended_at IS NULL OR ended_at <= due_at", name=op.f("ck_deferral_in_its_term")),
        sa.ForeignKeyConstraint(
            ["redemption_id"], ["redemption.id"], name=op.f("fk_deferral_redemption_id_redemption")
        ),
        sa.PrimaryKeyConstraint("redemption_id", name=op.f("pk_deferral")),
    )
    op.add_column("store", sa.Column("closed_at", sa.DateTime(timezone=True)))


def downgrade():
    """Drop them: what is open is forgotten, and what was closed is a store again."""
    op.drop_column("store", "closed_at")
    op.drop_table("deferral")
