"""An evaluation says when a record that it rests on was changed; and what has no position yet is in no index of positions.

Revision 0036, after 0037.

Locks: one new column, which takes a moment's ACCESS EXCLUSIVE lock on `evaluation` without rewriting it. The index of
`change` is built anew under a lock that stops its writes for as long as two days' changes are read once; the old one
goes in the same transaction. An older build goes on beside it: it marks no basis, and shows none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0037"
branch_labels = None
depends_on = None

_INDEX = "ix_change_owner_id_position"


def upgrade():
    """Add the column; leave out of the index what has no position."""
    op.add_column("evaluation", sa.Column("basis_changed_at", sa.DateTime(timezone=True)))
    op.drop_index(_INDEX, "change")
    numbered = sa.text("position IS NOT NULL")
    op.create_index(_INDEX, "change", ["owner_id", "position"], sqlite_where=numbered, postgresql_where=numbered)


def downgrade():
    """As before: no basis is marked any more."""
    op.drop_index(_INDEX, "change")
    op.create_index(_INDEX, "change", ["owner_id", "position"])
    op.drop_column("evaluation", "basis_changed_at")
