"""What was said when: versions with their interval, why a record was withdrawn.

Revision 0018, after 0017.

Locks: the columns have no default, so each ALTER is a moment's ACCESS EXCLUSIVE lock and no rewrite. An older build goes
on beside it: what it replaces meanwhile is kept without a beginning, and is not in an answer of what was said then.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_VERSION = (
    ("category", sa.String(length=24)),
    ("sorted_on", sa.Date()),
    ("status", sa.String(length=12)),
    ("query_until", sa.Date()),
    ("said_since", _INSTANT),
)


def upgrade() -> None:
    op.add_column("record", sa.Column("withdrawal", sa.String(length=12)))
    op.add_column("record", sa.Column("changed_at", _INSTANT))
    for name, type_ in _VERSION:
        op.add_column("record_version", sa.Column(name, type_))


def downgrade() -> None:
    for name, _ in reversed(_VERSION):
        op.drop_column("record_version", name)
    op.drop_column("record", "changed_at")
    op.drop_column("record", "withdrawal")
