"""Incidents: what went wrong, what was frozen, who was told, and the report.

Revision 0048, after 0049.

Locks: none that anybody waits for: two new tables. An older build goes on beside them and tells nobody.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0048"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade():
    """Create the tables."""
    op.create_table(
        "incident",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("what", sa.String(500), nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("looker_id", sa.String(40)),
        sa.Column("grant_id", sa.String(40)),
        sa.Column("party_id", sa.String(40)),
        sa.Column("recorded_by", sa.String(40), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("advice", sa.String(300)),
        sa.Column("told_through", sa.String(40), nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("told_at", Instant),
        sa.Column("report", sa.Text),
        sa.Column("proposed_by", sa.String(40)),
        sa.Column("closed_by", sa.String(40)),
        sa.Column("closed_at", Instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("state IN ('OPEN', 'TELLING', 'TOLD', 'PROPOSED', 'CLOSED')", name="state"),
        sa.CheckConstraint("until > since", name="takes_time"),
        sa.CheckConstraint(
            "(CASE WHEN looker_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN grant_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN party_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="whose",
        ),
        sa.CheckConstraint("(state = 'OPEN') = (advice IS NULL)", name="advised"),
        sa.CheckConstraint("(state IN ('PROPOSED', 'CLOSED')) = (report IS NOT NULL)", name="reported"),
        sa.CheckConstraint("(state = 'CLOSED') = (closed_by IS NOT NULL)", name="closed"),
        sa.CheckConstraint("closed_by <> proposed_by", name="two_people"),
    )
    op.create_index("ix_incident_recorded_at_id", "incident", ["recorded_at", "id"])
    op.create_table(
        "incident_freeze",
        sa.Column("incident_id", sa.String(40), sa.ForeignKey("incident.id"), primary_key=True),
        sa.Column("target", sa.String(12), primary_key=True),
        sa.Column("target_id", sa.String(64), primary_key=True),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", Instant, nullable=False),
    )


def downgrade():
    """Drop them: who was told stays told."""
    op.drop_table("incident_freeze")
    op.drop_table("incident")
