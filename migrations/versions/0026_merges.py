"""Subjects that turned out to be one.

Revision 0026, after 0025.

Locks: new tables, and nullable columns without a default, each an instant's ACCESS EXCLUSIVE lock on its table. An older
build beside it merges nothing; once something is merged it would find the absorbed subject's records under the other,
and show them to a grant that did not cover them, so it must be gone before the first 合并 is sent.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("subject", "merged_into", sa.String(40)),
    ("subject", "absorbed", sa.JSON()),
    ("former_identity", "first_of", sa.String(40)),
    ("record", "strand", sa.String(40)),
    ("correction", "strand", sa.String(40)),
    ("evaluation", "strand", sa.String(40)),
    ("consent_grant", "strands", sa.JSON()),
)


def upgrade():
    """Add the columns and tables."""
    for table, name, type_ in _COLUMNS:
        op.add_column(table, sa.Column(name, type_))
    op.create_table(
        "subject_merge",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("absorbed_id", sa.String(40), nullable=False),
        sa.Column("kept_id", sa.String(40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(120), nullable=False),
        sa.Column("source_id", sa.String(40), nullable=False),
        sa.Column("source_name", sa.String(120), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("absorbed_id <> kept_id", name=op.f("ck_subject_merge_two")),
        sa.ForeignKeyConstraint(["absorbed_id"], ["subject.id"], name=op.f("fk_subject_merge_absorbed_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["subject.id"], name=op.f("fk_subject_merge_kept_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_merge")),
        sa.UniqueConstraint("absorbed_id", name=op.f("uq_subject_merge_absorbed_id")),
    )
    op.create_index(op.f("ix_subject_merge_kept_id"), "subject_merge", ["kept_id"])
    op.create_table(
        "subject_merge_row",
        sa.Column("merge_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("row_key", sa.JSON(), nullable=False),
        sa.Column("was", sa.JSON()),
        sa.ForeignKeyConstraint(["merge_id"], ["subject_merge.id"], name=op.f("fk_subject_merge_row_merge_id")),
        sa.PrimaryKeyConstraint("merge_id", "number", name=op.f("pk_subject_merge_row")),
    )
    op.create_table(
        "trail_joined",
        sa.Column("absorbed_id", sa.String(40), nullable=False),
        sa.Column("kept_id", sa.String(40), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("absorbed_id", name=op.f("pk_trail_joined")),
    )


def downgrade():
    """Drop them. What was merged stays so."""
    op.drop_table("trail_joined")
    op.drop_table("subject_merge_row")
    op.drop_table("subject_merge")
    for table, name, _ in reversed(_COLUMNS):
        op.drop_column(table, name)
