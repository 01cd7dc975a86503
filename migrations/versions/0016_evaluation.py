"""公共信用综合评价 of organisations, and the ones it replaced.

Revision 0016, after 0015.

Locks: two new tables; nothing that is there is touched, and an older build goes on beside them without knowing them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade():
    """Make the tables."""
    op.create_table(
        "evaluation",
        sa.Column("subject_id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(1), nullable=False),
        sa.Column("basis", sa.String(500), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("source_id", sa.String(40), nullable=False),
        sa.Column("source_name", sa.String(120), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("grade IN ('A', 'B', 'C', 'D')", name=op.f("ck_evaluation_grade")),
        sa.CheckConstraint("valid_until >= assessed_on", name=op.f("ck_evaluation_in_order")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_evaluation_subject_id")),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_evaluation")),
    )
    op.create_table(
        "evaluation_version",
        sa.Column("subject_id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["evaluation.subject_id"], name=op.f("fk_evaluation_version_subject_id")
        ),
        sa.PrimaryKeyConstraint("subject_id", "version", name=op.f("pk_evaluation_version")),
    )


def downgrade():
    """Drop them."""
    op.drop_table("evaluation_version")
    op.drop_table("evaluation")
