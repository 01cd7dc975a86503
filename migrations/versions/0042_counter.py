"""Counter cases, their papers, and what was printed.

Revision 0042, after 0036.

Locks: none that anybody waits for: three new tables. An older build goes on beside them and knows no counter.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0042"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade():
    """Create the tables."""
    op.create_table(
        "counter_case",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("party_id", sa.String(40), nullable=False),
        sa.Column("clerk_id", sa.String(40), nullable=False),
        sa.Column("desk", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("subject_id", sa.String(40), nullable=False),
        sa.Column("people_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("categories", sa.JSON(none_as_null=True)),
        sa.Column("authorised_until", sa.Date()),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("supplement_at", Instant),
        sa.Column("lacking", sa.JSON(none_as_null=True)),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("told_at", Instant),
        sa.Column("ended_at", Instant),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(categories IS NULL) = (authorised_until IS NULL)", name="authorised"),
        sa.CheckConstraint("(supplement_at IS NULL) = (lacking IS NULL)", name="supplement"),
        sa.CheckConstraint("(state = 'ENDED') = (ended_at IS NOT NULL)", name="ended"),
        sa.CheckConstraint("looks BETWEEN 0 AND 10", name="looks"),
        sa.CheckConstraint("looks = 0 OR told_at IS NOT NULL", name="told"),
    )
    op.create_index("ix_counter_case_subject_id", "counter_case", ["subject_id"])
    op.create_index("ix_counter_case_clerk_id_opened_on", "counter_case", ["clerk_id", "opened_on"])
    op.create_table(
        "counter_paper",
        sa.Column("case_id", sa.String(40), sa.ForeignKey("counter_case.id"), primary_key=True),
        sa.Column("paper", sa.String(20), primary_key=True),
        sa.Column("form", sa.String(20), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("scan_id", sa.String(40), sa.ForeignKey("blob.id"), unique=True),
        sa.Column("noted_at", Instant, nullable=False),
    )
    op.create_table(
        "counter_print",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("case_id", sa.String(40), sa.ForeignKey("counter_case.id"), nullable=False),
        sa.Column("what", sa.String(12), nullable=False),
        sa.Column("report_id", sa.String(40)),
        sa.Column("outcome", sa.String(12)),
        sa.Column("begun_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.CheckConstraint("(what = 'REPORT') = (report_id IS NOT NULL)", name="report"),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="outcome"),
    )
    op.create_index("ix_counter_print_case_id", "counter_print", ["case_id"])


def downgrade():
    """Drop them: nobody has a case that stands over night."""
    op.drop_table("counter_print")
    op.drop_table("counter_paper")
    op.drop_table("counter_case")
