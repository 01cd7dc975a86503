"""The working-day calendar and blobs.

Revision 0002, after 0001.

Locks: new tables only.
"""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
