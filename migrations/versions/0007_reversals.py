"""Reversals, and what a benefit was worth.

Revision 0007, after 0006.

Locks: `claim` and `redemption` are locked for an instant while columns are added, without a rewrite. An older build goes on
beside it: it reverses nothing, leaves `benefit_amount_yuan` null, and its every redemption is of the first cycle.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reversal",
        sa.Column("redemption_id", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["redemption_id"], ["redemption.id"], name=op.f("fk_reversal_redemption_id")),
        sa.PrimaryKeyConstraint("redemption_id", name=op.f("pk_reversal")),
    )
    op.add_column("claim", sa.Column("reversals", sa.Integer(), server_default="0", nullable=False))
    op.add_column("claim", sa.Column("consent_ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("redemption", sa.Column("benefit_amount_yuan", sa.Numeric(precision=12, scale=2), nullable=True))


def downgrade() -> None:
    op.drop_column("redemption", "benefit_amount_yuan")
    op.drop_column("claim", "consent_ended_at")
    op.drop_column("claim", "reversals")
    op.drop_table("reversal")
