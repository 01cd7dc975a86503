"""Looks wait to be sealed in a table of their own, and are numbered in the tree alone.

Revision 0021, after 0020.

Locks: a moment's ACCESS EXCLUSIVE lock each for the dropped column, indexes and keys; the new index on `log_leaf` reads
the table once under a lock that stops the sealer. An older build cannot go on beside it: it names the column when it
writes a look, and is refused (503, nothing answered). Stop it first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_WITHHELD = sa.text("withheld IS NOT NULL")
_WAITS = sa.text("position IS NULL")
_BEYOND = "position IS NULL OR position > (SELECT coalesce(max(size), 0) FROM log_head)"


def upgrade() -> None:
    """What is not sealed yet waits; then the column goes."""
    op.create_table(
        "access_unsealed",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("access_ids", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_unsealed")),
    )
    array = "json_build_array(id)" if op.get_bind().dialect.name == "postgresql" else "json_array(id)"
    op.execute(f"INSERT INTO access_unsealed (access_ids) SELECT {array} FROM access WHERE {_BEYOND} ORDER BY at, id")
    op.drop_index("ix_access_unnumbered", "access")
    op.drop_index("uq_access_position", "access")
    op.drop_column("access", "position")
    with op.batch_alter_table("log_leaf") as leaf:
        leaf.drop_constraint("fk_log_leaf_access_id", type_="foreignkey")
        leaf.drop_constraint("uq_log_leaf_withheld", type_="unique")
    op.create_index(
        "uq_log_leaf_withheld",
        "log_leaf",
        ["withheld"],
        unique=True,
        postgresql_where=_WITHHELD,
        sqlite_where=_WITHHELD,
    )


def downgrade() -> None:
    """Positions are the leaves' again; what waits has none."""
    op.drop_index("uq_log_leaf_withheld", "log_leaf")
    with op.batch_alter_table("log_leaf") as leaf:
        leaf.create_unique_constraint("uq_log_leaf_withheld", ["withheld"])
        leaf.create_foreign_key("fk_log_leaf_access_id", "access", ["access_id"], ["id"])
    op.add_column("access", sa.Column("position", sa.BigInteger()))
    op.execute(
        "UPDATE access SET position = (SELECT position FROM log_leaf WHERE log_leaf.access_id = access.id)"
        " WHERE id IN (SELECT access_id FROM log_leaf)"
    )
    op.create_index("uq_access_position", "access", ["position"], unique=True)
    op.create_index("ix_access_unnumbered", "access", ["at", "id"], postgresql_where=_WAITS, sqlite_where=_WAITS)
    op.drop_table("access_unsealed")
