"""The catalogue's version of a record; what providers may send; rows that wait for a person.

Revision 0020, after 0019.

Locks: the column has a constant default, so the ALTER is a moment's ACCESS EXCLUSIVE lock and no rewrite. The tables are
new. An older build goes on beside it: what it enters is of the first version, which is all that it knows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    """Add the column and make the tables."""
    op.add_column("record", sa.Column("catalogue", sa.String(12), server_default="2026-1", nullable=False))
    op.create_table(
        "provider_terms",
        sa.Column("party_id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("districts", sa.JSON(none_as_null=True)),
        sa.Column("responsible", sa.String(60), nullable=False),
        sa.Column("contact", sa.String(60), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("party_id", "version", name=op.f("pk_provider_terms")),
    )
    op.create_table(
        "row_set_aside",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("provider_id", sa.String(40), nullable=False),
        sa.Column("provider_code", sa.String(40), nullable=False),
        sa.Column("layout", sa.String(20), nullable=False),
        sa.Column("row_hash", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(10)),
        sa.Column("reason", sa.String(200)),
        sa.Column("decided_by", sa.String(40)),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("decision IN ('TAKEN', 'DROPPED')", name=op.f("ck_row_set_aside_decision")),
        sa.CheckConstraint(
            "(decision IS NULL) = (sealed IS NOT NULL)", name=op.f("ck_row_set_aside_gone_when_decided")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_set_aside")),
        sa.UniqueConstraint("row_hash", name=op.f("uq_row_set_aside_row_hash")),
    )
    op.create_index(op.f("ix_row_set_aside_until"), "row_set_aside", ["until"])
    op.create_index("ix_row_set_aside_set_aside_at_id", "row_set_aside", ["set_aside_at", "id"])


def downgrade():
    """Drop them."""
    op.drop_table("row_set_aside")
    op.drop_table("provider_terms")
    op.drop_column("record", "catalogue")
