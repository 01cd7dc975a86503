"""Money of offers and of stores in them, what claims hold of it, and which offers combine in one order.

Revision 0032, after 0031.

Locks: two new tables, which nobody uses before this build; the new columns take a moment's ACCESS EXCLUSIVE lock on `offer`,
`offer_version`, `offer_store` and `claim`, without rewriting them. Two indexes are built under a lock that keeps writers
of `claim` and `redemption` waiting. An older build goes on beside it: what it takes holds no money, and of an offer that
has a budget nobody should take one through it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_TABLE = "budget_line"


def _only_added():
    """Nobody changes or removes a line: not this service, and not whoever has its password."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {_TABLE}_only_added() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_TABLE} is only ever added to'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {_TABLE}_only_added BEFORE UPDATE OR DELETE ON {_TABLE} "
            f"FOR EACH ROW EXECUTE FUNCTION {_TABLE}_only_added()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {_TABLE}_no_{act.lower()} BEFORE {act} ON {_TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{_TABLE} is only ever added to'); END"
        )


def upgrade():
    """Add the columns and the tables. No offer has a budget before one is approved."""
    for table in ("offer", "offer_version"):
        op.add_column(table, sa.Column("benefit_cap_yuan", sa.Numeric(10, 2)))
        op.add_column(table, sa.Column("budget_cents", sa.BigInteger()))
        op.add_column(table, sa.Column("taken_by_store", sa.Boolean(), nullable=False, server_default=sa.false()))
        op.add_column(table, sa.Column("combines", sa.Text()))
    op.add_column("offer_store", sa.Column("budget_cents", sa.BigInteger()))
    op.add_column("claim", sa.Column("held_cents", sa.BigInteger()))
    op.add_column("claim", sa.Column("held_store_id", sa.String(40)))
    unused = sa.text("status = 'CLAIMED'")
    op.create_index(
        "ix_claim_unused", "claim", ["offer_id", "expires_at"], sqlite_where=unused, postgresql_where=unused
    )
    op.create_index("ix_redemption_order", "redemption", ["store_id", "order_number"])
    op.create_table(
        "budget",
        sa.Column("offer_id", sa.String(40), nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("total_cents", sa.BigInteger(), nullable=False),
        sa.Column("held_cents", sa.BigInteger(), nullable=False),
        sa.Column("spent_cents", sa.BigInteger(), nullable=False),
        sa.Column("each_cents", sa.BigInteger()),
        sa.CheckConstraint("held_cents >= 0 AND spent_cents >= 0", name=op.f("ck_budget_never_negative")),
        sa.CheckConstraint("held_cents + spent_cents <= total_cents", name=op.f("ck_budget_never_overspent")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_budget_offer_id")),
        sa.PrimaryKeyConstraint("offer_id", "place", name=op.f("pk_budget")),
    )
    op.create_table(
        _TABLE,
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("offer_id", sa.String(40), nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("act", sa.String(8), nullable=False),
        sa.Column("claim_id", sa.String(40)),
        sa.Column("cycle", sa.Integer()),
        sa.Column("total_cents", sa.BigInteger(), nullable=False),
        sa.Column("held_cents", sa.BigInteger(), nullable=False),
        sa.Column("spent_cents", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_budget_line_claim_id")),
        sa.ForeignKeyConstraint(
            ["offer_id", "place"], ["budget.offer_id", "budget.place"], name=op.f("fk_budget_line_budget")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
        sa.UniqueConstraint("claim_id", "cycle", "place", "act", name="uq_budget_line_claim_cycle_place_act"),
    )
    resolved = sa.text("act IN ('SPEND', 'RELEASE')")
    op.create_index(
        "uq_budget_line_resolved",
        _TABLE,
        ["claim_id", "cycle", "place"],
        unique=True,
        sqlite_where=resolved,
        postgresql_where=resolved,
    )
    op.create_index("ix_budget_line_offer_id_place", _TABLE, ["offer_id", "place"])
    _only_added()


def downgrade():
    """Drop them. What was held and spent is forgotten; receipts say what they were worth."""
    op.drop_table(_TABLE)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {_TABLE}_only_added()")
    op.drop_table("budget")
    op.drop_index("ix_redemption_order", "redemption")
    op.drop_index("ix_claim_unused", "claim")
    op.drop_column("claim", "held_store_id")
    op.drop_column("claim", "held_cents")
    op.drop_column("offer_store", "budget_cents")
    for table in ("offer_version", "offer"):
        for column in ("combines", "taken_by_store", "budget_cents", "benefit_cap_yuan"):
            op.drop_column(table, column)
