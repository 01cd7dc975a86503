"""Which open scores are to be computed anew, from which day one changes by itself, and requests that a
human look at one again.

Revision 0019, after 0018.

Locks: the column has no default, so its ALTER is a moment's ACCESS EXCLUSIVE lock and no rewrite. The two indexes are
built under a lock that stops writes to `score` while the table is read once (on a large table create them CONCURRENTLY
first, under the same names). The new table locks nothing. An older build goes on beside it: what changes through it
asks for no new score until the record changes again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_WAITS = "answered_at IS NULL AND ended_at IS NULL"
_OPEN = "status = 'OPEN'"


def upgrade() -> None:
    op.add_column("score", sa.Column("changes_on", sa.Date(), nullable=True))
    for column in ("changes_on", "model_version"):
        op.create_index(
            op.f(f"ix_score_{column}"), "score", [column], sqlite_where=sa.text(_OPEN), postgresql_where=sa.text(_OPEN)
        )
    op.create_table(
        "score_due",
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["score.subject_id"], name=op.f("fk_score_due_subject_id")),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_score_due")),
    )
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "score_review",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", instant, nullable=True),
        sa.Column("answered_by", sa.String(length=40), nullable=True),
        sa.Column("ended_at", instant, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL OR answer = '')", name=op.f("ck_score_review_reasons")
        ),
        sa.CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name=op.f("ck_score_review_answered_by")),
        sa.CheckConstraint("answered_at IS NULL OR ended_at IS NULL", name=op.f("ck_score_review_one_end")),
        sa.ForeignKeyConstraint(["subject_id"], ["score.subject_id"], name=op.f("fk_score_review_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_review")),
    )
    op.create_index(
        op.f("ix_score_review_subject_id_asked_at_id"), "score_review", ["subject_id", "asked_at", "id"]
    )
    op.create_index(
        op.f("uq_score_review_pending"), "score_review", ["subject_id"], unique=True,
        sqlite_where=sa.text(_WAITS), postgresql_where=sa.text(_WAITS),
    )
    op.add_column("intake_batch", sa.Column("dropped", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("intake_batch", "dropped")
    op.drop_table("score_review")
    op.drop_table("score_due")
    for column in ("model_version", "changes_on"):
        op.drop_index(op.f(f"ix_score_{column}"), "score")
    op.drop_column("score", "changes_on")
