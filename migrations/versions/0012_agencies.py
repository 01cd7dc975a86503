"""State organs: mandates, batches, the case of a look, orders to withhold, and uploads of organisations.

Revision 0012, after 0011.

Locks: the columns added to `access` and `withholding` have no default, so each ALTER is a moment's ACCESS EXCLUSIVE lock; the
new index of `access` is built under a lock that stops writes (on a large table create it CONCURRENTLY first, under the same
name). `upload` and `withholding` lose a NOT NULL, which PostgreSQL does in a moment and SQLite by copying two small
tables. An older build goes on beside it: it writes what these allow, and it keeps a look from the trail under an order
that only one person has given yet.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_STATUTORY = sa.text("basis = 'STATUTE'")


def upgrade() -> None:
    op.create_table(
        "agency_mandate",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("party_id", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("purpose_text", sa.String(length=60)),
        sa.Column("instrument", sa.String(length=200), nullable=False),
        sa.Column("article", sa.String(length=60), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("proposed_by", sa.String(length=40), nullable=False),
        sa.Column("proposed_at", _INSTANT, nullable=False),
        sa.Column("approved_by", sa.String(length=40)),
        sa.Column("approved_at", _INSTANT),
        sa.Column("ended_by", sa.String(length=40)),
        sa.Column("ended_at", _INSTANT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(purpose = 'OTHER') = (purpose_text IS NOT NULL)", name=op.f("ck_agency_mandate_other_is_said")
        ),
        sa.CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name=op.f("ck_agency_mandate_approved")),
        sa.CheckConstraint("approved_by <> proposed_by", name=op.f("ck_agency_mandate_two_people")),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_agency_mandate_term")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_mandate")),
    )
    op.create_index(op.f("ix_agency_mandate_party_id"), "agency_mandate", ["party_id"])
    op.create_table(
        "agency_batch",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("party_id", sa.String(length=40), nullable=False),
        sa.Column("mandate_id", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=60), nullable=False),
        sa.Column("withholding_id", sa.String(length=40)),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("sheet_id", sa.String(length=40)),
        sa.Column("sheet_sha256", sa.String(length=64), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer()),
        sa.Column("answer_id", sa.String(length=40)),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("client", sa.String(length=60)),
        sa.Column("opened_by", sa.String(length=40), nullable=False),
        sa.Column("opened_label", sa.String(length=60), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.Column("decided_by", sa.String(length=40)),
        sa.Column("decided_label", sa.String(length=60)),
        sa.Column("decided_at", _INSTANT),
        sa.Column("reason", sa.String(length=200)),
        sa.Column("until", _INSTANT),
        sa.Column("answered_at", _INSTANT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'ANSWERED' OR (decided_by IS NOT NULL AND answered_at IS NOT NULL)",
            name=op.f("ck_agency_batch_answered"),
        ),
        sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name=op.f("ck_agency_batch_decided")),
        sa.CheckConstraint("decided_by <> opened_by", name=op.f("ck_agency_batch_two_people")),
        sa.CheckConstraint("row_count BETWEEN 1 AND 2000", name=op.f("ck_agency_batch_row_count")),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["blob.id"], name=op.f("fk_agency_batch_answer_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["mandate_id"], ["agency_mandate.id"], name=op.f("fk_agency_batch_mandate_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["blob.id"], name=op.f("fk_agency_batch_sheet_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_batch")),
    )
    op.create_index("ix_agency_batch_party_id_opened_at_id", "agency_batch", ["party_id", "opened_at", "id"])
    op.create_index("ix_agency_batch_state_until", "agency_batch", ["state", "until"])
    op.add_column("access", sa.Column("case_number", sa.String(length=60)))
    op.create_index(
        "ix_access_statute",
        "access",
        ["actor_party_id", "at", "id"],
        postgresql_where=_STATUTORY,
        sqlite_where=_STATUTORY,
    )
    with op.batch_alter_table("withholding") as change:
        change.add_column(sa.Column("party_id", sa.String(length=40)))
        change.add_column(sa.Column("agreed_at", _INSTANT))
        change.alter_column("agreed_by", existing_type=sa.String(length=40), nullable=True)
        change.create_index(op.f("ix_withholding_party_id"), ["party_id"])
    with op.batch_alter_table("upload") as change:
        change.add_column(sa.Column("party_id", sa.String(length=40)))
        change.alter_column("subject_id", existing_type=sa.String(length=40), nullable=True)
        change.create_index(op.f("ix_upload_party_id"), ["party_id"])
        change.create_check_constraint(op.f("ck_upload_whose"), "(subject_id IS NULL) <> (party_id IS NULL)")


def downgrade() -> None:
    with op.batch_alter_table("upload") as change:
        change.drop_constraint(op.f("ck_upload_whose"), type_="check")
        change.drop_index(op.f("ix_upload_party_id"))
        change.drop_column("party_id")
        change.alter_column("subject_id", existing_type=sa.String(length=40), nullable=False)
    with op.batch_alter_table("withholding") as change:
        change.drop_index(op.f("ix_withholding_party_id"))
        change.alter_column("agreed_by", existing_type=sa.String(length=40), nullable=False)
        change.drop_column("agreed_at")
        change.drop_column("party_id")
    op.drop_index("ix_access_statute", table_name="access")
    op.drop_column("access", "case_number")
    op.drop_table("agency_batch")
    op.drop_table("agency_mandate")
