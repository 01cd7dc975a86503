"""Who gave a post and who linked its sign-in; the quarterly word on every post.

Revision 0045, after 0051.

Locks: two columns without a default (the tables for a moment, without reading them) and a new table. An older build goes
on beside them: what it gives and links meanwhile has nobody's name, and is reviewed by any other approver.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0045"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade():
    """Add the columns and the table."""
    op.add_column("staff", sa.Column("given_by", sa.String(40)))
    op.add_column("identity_link", sa.Column("linked_by", sa.String(40)))
    op.create_table(
        "post_review",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("party_id", sa.String(40), nullable=False),
        sa.Column("staff_id", sa.String(40), nullable=False),
        sa.Column("quarter", sa.String(6), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("outcome", sa.String(12)),
        sa.Column("decided_by", sa.String(40)),
        sa.Column("decided_at", Instant),
        sa.UniqueConstraint("staff_id", "quarter"),
        sa.CheckConstraint("outcome IN ('CONFIRMED', 'ENDED', 'LAPSED', 'KEPT')", name="outcome"),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
        sa.CheckConstraint(
            "(outcome IN ('CONFIRMED', 'ENDED') AND decided_by IS NOT NULL)"
            " OR ((outcome IS NULL OR outcome IN ('LAPSED', 'KEPT')) AND decided_by IS NULL)",
            name="somebody",
        ),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> staff_id", name="another"),
    )
    op.create_index("ix_post_review_party_id_until", "post_review", ["party_id", "until"])


def downgrade():
    """Drop them: who may act stands in the posts themselves."""
    op.drop_table("post_review")
    op.drop_column("identity_link", "linked_by")
    op.drop_column("staff", "given_by")
