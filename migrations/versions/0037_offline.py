"""Offers that are used at tills without a network: the term, the code that is out, and what tills bring of it.

Revision 0037, after 0040.

Locks: the new columns take a moment's ACCESS EXCLUSIVE lock on `offer`, `offer_version` and `claim`, without rewriting
them; one new table, which nobody uses before this build. An older build goes on beside it: it knows no code that is
out, and would give a claim back that a till may still bring. So no such offer is approved while one runs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0040"
branch_labels = None
depends_on = None

_TABLE = "offline_upload"
_OUT = ("offline_store_id", "offline_cycle", "offline_issued_at", "offline_until", "offline_settles_at")


def upgrade():
    """Add the columns and the table."""
    for table in ("offer", "offer_version"):
        op.add_column(table, sa.Column("works_offline", sa.Boolean(), nullable=False, server_default=sa.false()))
    instant = sa.DateTime(timezone=True)
    for name, kind in zip(_OUT, (sa.String(40), sa.Integer(), instant, instant, instant), strict=True):
        op.add_column("claim", sa.Column(name, kind))
    op.create_table(
        _TABLE,
        sa.Column("claim_id", sa.String(40), nullable=False),
        sa.Column("cycle", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("acceptance", sa.String(64), nullable=False),
        sa.Column("party_id", sa.String(40), nullable=False),
        sa.Column("store_id", sa.String(40), nullable=False),
        sa.Column("staff_id", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("accepted_at", instant, nullable=False),
        sa.Column("uploaded_at", instant, nullable=False),
        sa.Column("redemption_id", sa.String(40)),
        sa.CheckConstraint(
            "(outcome = 'REDEEMED') = (redemption_id IS NOT NULL)", name=op.f("ck_offline_upload_honoured")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_offline_upload_claim_id")),
        sa.ForeignKeyConstraint(["redemption_id"], ["redemption.id"], name=op.f("fk_offline_upload_redemption_id")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_offline_upload_store_id")),
        sa.PrimaryKeyConstraint("claim_id", "cycle", "acceptance", name=op.f("pk_offline_upload")),
        sa.UniqueConstraint("redemption_id", name=op.f("uq_offline_upload_redemption_id")),
    )
    honoured = sa.text("outcome = 'REDEEMED'")
    op.create_index(
        "uq_offline_upload_honoured",
        _TABLE,
        ["claim_id", "cycle"],
        unique=True,
        sqlite_where=honoured,
        postgresql_where=honoured,
    )


def downgrade():
    """Drop them: what counts is in `redemption`."""
    op.drop_table(_TABLE)
    for name in reversed(_OUT):
        op.drop_column("claim", name)
    for table in ("offer_version", "offer"):
        op.drop_column(table, "works_offline")
