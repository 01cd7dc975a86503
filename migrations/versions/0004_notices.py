"""Outbox, notices, webhooks.

Revision 0004, after 0003.

Locks: new tables only.
"""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
