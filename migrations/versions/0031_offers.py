"""An offer's life: versions, steps, what is in review; and of which version each claim is.

Revision 0031, after 0030.

Locks: two new tables, which nobody uses before this build; the new columns take a moment's ACCESS EXCLUSIVE lock on `offer`,
`stock` and `claim`, without rewriting them; `offer_store` gets another primary key, which is built under that lock (a
few rows an offer). What is published is entered as its first version, with the condition of 0029: one short statement.
An older build goes on beside it, and ought not to publish: what it would enter has no first version. `offer.min_tier`
is written for builds before 0029, and stands in no version.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_TERMS = (
    "title, sector, benefit_kind, benefit_text, benefit_figure, benefit_days, condition, terms, starts_at, ends_at, "
    "per_person, per_person_period, stock_total"
)
_ONLY_ADDED = ("offer_version", "offer_step")


def _only_added(table):
    """Nobody changes or removes a row: not this service, and not whoever has its password."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_only_added() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} is only ever added to'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_only_added()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
        )


def upgrade():
    """Add the columns and the tables; what stands is its offer's first version."""
    op.add_column("offer", sa.Column("benefit_days", sa.Integer()))
    op.add_column("offer", sa.Column("per_person_period", sa.String(8)))
    op.add_column("offer", sa.Column("standing", sa.Integer(), server_default="1"))
    op.add_column("offer", sa.Column("latest", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("offer", sa.Column("review", sa.String(12)))
    op.add_column("offer", sa.Column("submitted_at", sa.DateTime(timezone=True)))
    op.add_column("stock", sa.Column("standing", sa.Integer()))
    op.add_column("claim", sa.Column("offer_version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("offer_store") as change:
        change.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
        change.drop_constraint("pk_offer_store", type_="primary")
        change.create_primary_key("pk_offer_store", ["offer_id", "number", "store_id"])
    op.create_table(
        "offer_version",
        sa.Column("offer_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("sector", sa.String(24), nullable=False),
        sa.Column("benefit_kind", sa.String(16), nullable=False),
        sa.Column("benefit_text", sa.String(200), nullable=False),
        sa.Column("benefit_figure", sa.Numeric(10, 2)),
        sa.Column("benefit_days", sa.Integer()),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("per_person", sa.Integer(), nullable=False),
        sa.Column("per_person_period", sa.String(8)),
        sa.Column("stock_total", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(500)),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_version_offer_id")),
        sa.PrimaryKeyConstraint("offer_id", "number", name=op.f("pk_offer_version")),
    )
    op.create_table(
        "offer_step",
        sa.Column("offer_id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.String(12), nullable=False),
        sa.Column("side", sa.String(12), nullable=False),
        sa.Column("staff_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.String(500)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "act <> 'RETURN' OR (reasons IS NOT NULL AND reasons <> '')", name=op.f("ck_offer_step_reasons")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_step_offer_id")),
        sa.PrimaryKeyConstraint("offer_id", "version", name=op.f("pk_offer_step")),
    )
    words = sa.text("act IN ('AGREE', 'APPROVE')")
    op.create_index(
        "uq_offer_step_word",
        "offer_step",
        ["offer_id", "number", "staff_id"],
        unique=True,
        sqlite_where=words,
        postgresql_where=words,
    )
    op.execute(
        f"INSERT INTO offer_version (offer_id, number, {_TERMS}, drafted_at) SELECT id, 1, {_TERMS}, published_at FROM offer"
    )
    op.execute("UPDATE stock SET standing = 1 WHERE offer_id IN (SELECT id FROM offer WHERE status = 'LIVE')")
    for table in _ONLY_ADDED:
        _only_added(table)


def downgrade():
    """Drop them. An offer is what stands of it; a store is kept where it is one of the standing version's."""
    for table in _ONLY_ADDED:
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_only_added()")
    op.execute(
        "DELETE FROM offer_store WHERE number <> (SELECT coalesce(standing, latest) FROM offer WHERE id = offer_id)"
    )
    with op.batch_alter_table("offer_store") as change:
        change.drop_constraint("pk_offer_store", type_="primary")
        change.drop_column("number")
        change.create_primary_key("pk_offer_store", ["offer_id", "store_id"])
    op.drop_column("claim", "offer_version")
    op.drop_column("stock", "standing")
    for column in ("submitted_at", "review", "latest", "standing", "per_person_period", "benefit_days"):
        op.drop_column("offer", column)
