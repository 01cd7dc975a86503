"""Conditions of offers, the ways to meet them, and where people say they live.

Revision 0029, after 0028.

Every tier that an offer asks for becomes a condition with its one way, in two statements over `offer`, which has a few
rows a merchant. `min_tier` stays, for an older build beside this one, until the next release.

Locks: new tables, which nobody uses before this build; the foreign keys take a moment's SHARE ROW EXCLUSIVE lock on
`offer` and `subject`, the new column a moment's ACCESS EXCLUSIVE lock on `offer`, without rewriting it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# A set of everything, with the lowest bit for what is absent.
_WHATEVER = 2**31 - 1


def upgrade():
    """Add the column and the tables, and say in them what the offers ask already."""
    op.add_column(
        "offer",
        sa.Column("condition", sa.Text(), nullable=False, server_default='{"version":1,"when":{"all":[]}}'),
    )
    op.create_table(
        "offer_way",
        sa.Column("offer_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tiers", sa.Integer(), nullable=False),
        sa.Column("ages", sa.Integer(), nullable=False),
        sa.Column("districts", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("barred", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_way_offer_id")),
        sa.PrimaryKeyConstraint("offer_id", "number", name=op.f("pk_offer_way")),
    )
    op.create_table(
        "residence",
        sa.Column("subject_id", sa.String(40), nullable=False),
        sa.Column("residence_district", sa.String(12), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_residence_subject_id")),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_residence")),
    )
    offer = sa.table("offer", sa.column("id"), sa.column("min_tier", sa.Integer), sa.column("condition", sa.Text))
    way = sa.table("offer_way", *(sa.column(name) for name in _WAY))
    tier = offer.c.min_tier
    said = sa.literal('{"version":1,"when":{"tier":', sa.Text) + sa.cast(tier, sa.Text) + sa.literal("}}", sa.Text)
    op.execute(offer.update().where(tier.is_not(None)).values(condition=said))
    # A tier's bit is its number: the one that is asked for, and all higher ones.
    tiers = sa.case(*((tier == n, 2**31 - 2**n) for n in range(1, 6)), else_=_WHATEVER)
    fixed = (sa.literal(number, sa.Integer) for number in (_WHATEVER, _WHATEVER, 0, 0))
    ways = sa.select(offer.c.id, sa.literal(1, sa.Integer), tiers, *fixed)
    op.execute(way.insert().from_select(_WAY, ways))


_WAY = ["offer_id", "number", "tiers", "ages", "districts", "wanted", "barred"]


def downgrade():
    """Drop them; what asked for more than a tier asks an older build for the highest."""
    op.drop_table("residence")
    op.drop_table("offer_way")
    op.drop_column("offer", "condition")
