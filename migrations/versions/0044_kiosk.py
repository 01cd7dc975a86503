"""Visits to kiosks, and what was printed there.

Revision 0044, after 0042.

Locks: none that anybody waits for: two new tables. An older build goes on beside them and knows no kiosk.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0044"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade():
    """Create the tables."""
    op.create_table(
        "kiosk_visit",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("party_id", sa.String(40), nullable=False),
        sa.Column("device_id", sa.String(40), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.String(40), nullable=False),
        sa.Column("document", sa.String(20), nullable=False),
        sa.Column("checked", sa.String(12), nullable=False),
        sa.Column("read_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("begun_at", Instant, nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("latest", Instant, nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("told_at", Instant),
        sa.Column("ended_at", Instant),
        sa.CheckConstraint("until <= latest", name="until"),
        sa.CheckConstraint("looks BETWEEN 0 AND 10", name="looks"),
        sa.CheckConstraint("looks = 0 OR told_at IS NOT NULL", name="told"),
    )
    op.create_index("ix_kiosk_visit_subject_id", "kiosk_visit", ["subject_id"])
    op.create_index("ix_kiosk_visit_device_id_begun_at", "kiosk_visit", ["device_id", "begun_at"])
    op.create_index(
        "uq_kiosk_visit_here",
        "kiosk_visit",
        ["device_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "kiosk_print",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("visit_id", sa.String(40), sa.ForeignKey("kiosk_visit.id"), nullable=False),
        sa.Column("report_id", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(12)),
        sa.Column("begun_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="outcome"),
    )
    op.create_index("ix_kiosk_print_visit_id", "kiosk_print", ["visit_id"])


def downgrade():
    """Drop them: a visit is over in half an hour."""
    op.drop_table("kiosk_print")
    op.drop_table("kiosk_visit")
