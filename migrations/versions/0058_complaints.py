"""Complaints that a supervisor looks into.

Revision 0058, after 0056.

Locks: none that anybody waits for: a new table. An older build goes on beside it and takes no complaint in.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0058"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade():
    """Create the table."""
    op.create_table(
        "complaint",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("party_id", sa.String(40), nullable=False),
        sa.Column("district", sa.String(12)),
        sa.Column("staff_id", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(40), index=True),
        sa.Column("capacity", sa.String(24)),
        sa.Column("matter", sa.String(12), nullable=False),
        sa.Column("about_id", sa.String(40)),
        sa.Column("looks_since", sa.Date()),
        sa.Column("looks_until", sa.Date()),
        sa.Column("opens", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("registered_at", Instant, nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("confirmed_by", sa.String(40)),
        sa.Column("confirmed_at", Instant),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(12)),
        sa.Column("closed_by", sa.String(40)),
        sa.Column("finding", sa.String(500)),
        sa.Column("ended_at", Instant),
        sa.CheckConstraint("matter IN ('RECORD', 'OBJECTION', 'LOOKS')", name="matter"),
        sa.CheckConstraint("NOT opens OR subject_id IS NOT NULL", name="opens"),
        sa.CheckConstraint("looks BETWEEN 0 AND 20", name="looks"),
        sa.CheckConstraint("looks = 0 OR confirmed_at IS NOT NULL", name="confirmed_first"),
        sa.CheckConstraint("confirmed_by <> staff_id", name="two_people"),
        sa.CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        sa.CheckConstraint("(outcome IS NULL) = (closed_by IS NULL)", name="closed"),
        sa.CheckConstraint("(outcome IS NULL) = (finding IS NULL)", name="finding"),
        sa.CheckConstraint("outcome IS NULL OR ended_at IS NOT NULL", name="ended"),
    )
    op.create_index("ix_complaint_party_id_registered_at_id", "complaint", ["party_id", "registered_at", "id"])
    op.create_index(
        "ix_complaint_open_until",
        "complaint",
        ["until"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade():
    """Drop it: what was complained of is on paper too."""
    op.drop_table("complaint")
