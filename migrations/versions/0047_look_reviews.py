"""What is unusual in staff's looks, who looks into it, and how far the log has been watched.

Revision 0047, after 0052.

Locks: two new tables; the new index of `access` is built under a lock that stops writes (on a large table create it
CONCURRENTLY first, under the same name, and this one finds it). An older build goes on beside them.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0047"
down_revision = "0052"
branch_labels = None
depends_on = None

_OFFICERS = sa.text("officer_id IS NOT NULL")


def upgrade():
    """Create the tables and the index."""
    op.create_index(
        "ix_access_officer_id_at",
        "access",
        ["officer_id", "at"],
        postgresql_where=_OFFICERS,
        sqlite_where=_OFFICERS,
        if_not_exists=True,
    )
    op.create_table(
        "watched",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
    )
    op.create_table(
        "look_review",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("key", sa.String(160), nullable=False, unique=True),
        sa.Column("rule", sa.String(16), nullable=False),
        sa.Column("basis", sa.String(30), nullable=False),
        sa.Column("looker_id", sa.String(40)),
        sa.Column("party_id", sa.String(40)),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("most", sa.Integer, nullable=False),
        sa.Column("limits", sa.Integer, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("looks", sa.JSON, nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("taken_by", sa.String(40)),
        sa.Column("taken_at", Instant),
        sa.Column("outcome", sa.String(20)),
        sa.Column("reason", sa.String(500)),
        sa.Column("decided_at", Instant),
        sa.Column("confirmed_by", sa.String(40)),
        sa.Column("closed_at", Instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("state IN ('OPEN', 'TAKEN', 'DECIDED', 'CLOSED')", name="state"),
        sa.CheckConstraint("outcome IN ('JUSTIFIED', 'MISTAKE', 'MISUSE', 'RULE_TOO_STRICT')", name="outcome"),
        sa.CheckConstraint("(state = 'OPEN') = (taken_by IS NULL)", name="owned"),
        sa.CheckConstraint("(state IN ('DECIDED', 'CLOSED')) = (outcome IS NOT NULL)", name="decided"),
        sa.CheckConstraint("(state = 'CLOSED') = (closed_at IS NOT NULL)", name="closed"),
        sa.CheckConstraint("state <> 'DECIDED' OR outcome = 'MISUSE'", name="waits_for_a_second"),
        sa.CheckConstraint(
            "state <> 'CLOSED' OR (outcome = 'MISUSE') = (confirmed_by IS NOT NULL)", name="misuse_takes_two"
        ),
        sa.CheckConstraint("taken_by <> looker_id", name="by_another"),
        sa.CheckConstraint(
            "confirmed_by <> taken_by AND (looker_id IS NULL OR confirmed_by <> looker_id)", name="third"
        ),
    )
    op.create_index("ix_look_review_state_opened_at_id", "look_review", ["state", "opened_at", "id"])
    op.create_index("ix_look_review_opened_at_id", "look_review", ["opened_at", "id"])


def downgrade():
    """Drop them: what was found is found again, what was said of it is lost."""
    op.drop_table("look_review")
    op.drop_table("watched")
    op.drop_index("ix_access_officer_id_at", table_name="access")
