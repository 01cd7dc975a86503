"""What has changed, for whoever listens.

Revision 0027, after 0026.

Locks: a new table only, which nobody uses before this build. What an older build beside it changes is told to nobody.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade():
    """Add the table."""
    op.create_table(
        "change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("about", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sa.UniqueConstraint("position", name=op.f("uq_change_position")),
    )
    op.create_index("ix_change_owner_id_position", "change", ["owner_id", "position"])
    fresh = sa.text("position IS NULL")
    op.create_index("ix_change_fresh", "change", ["id"], sqlite_where=fresh, postgresql_where=fresh)


def downgrade():
    """Drop it."""
    op.drop_table("change")
