"""The sealed log: who and by which document in a look's row, orders to withhold, and the tree over the rows.

Revision 0009, after 0008.

Locks: `access` for as long as it takes to add columns without a default: no time. An older build goes on beside it: it
leaves the new columns null, and its looks are sealed as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ADDED = ("officer_id", "client", "grant_version", "document", "withholding_id")


def upgrade() -> None:
    op.add_column("access", sa.Column("officer_id", sa.String(length=40)))
    op.add_column("access", sa.Column("client", sa.String(length=60)))
    op.add_column("access", sa.Column("grant_version", sa.Integer()))
    op.add_column("access", sa.Column("document", sa.String(length=64)))
    op.add_column("access", sa.Column("withholding_id", sa.String(length=40)))
    op.create_table(
        "withholding",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=60), nullable=False),
        sa.Column("ordered_by", sa.String(length=40), nullable=False),
        sa.Column("agreed_by", sa.String(length=40), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ordered_by <> agreed_by", name=op.f("ck_withholding_two_people")),
        sa.CheckConstraint("until > ordered_at", name=op.f("ck_withholding_has_an_end")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withholding")),
    )
    op.create_table(
        "log_leaf",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("access_id", sa.String(length=40)),
        sa.Column("secret", sa.LargeBinary()),
        sa.Column("subject_id", sa.String(length=40)),
        sa.Column("sequence", sa.Integer()),
        sa.Column("withheld", sa.BigInteger()),
        sa.CheckConstraint("(access_id IS NULL) = (secret IS NULL)", name=op.f("ck_log_leaf_whole_or_erased")),
        sa.CheckConstraint("(subject_id IS NULL) = (sequence IS NULL)", name=op.f("ck_log_leaf_counted")),
        sa.ForeignKeyConstraint(["access_id"], ["access.id"], name=op.f("fk_log_leaf_access_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_leaf")),
        sa.UniqueConstraint("access_id", name=op.f("uq_log_leaf_access_id")),
        sa.UniqueConstraint("subject_id", "sequence", name=op.f("uq_log_leaf_subject_id_sequence")),
        sa.UniqueConstraint("withheld", name=op.f("uq_log_leaf_withheld")),
    )
    op.create_table(
        "log_tile",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_log_tile")),
    )
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("withheld", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_log_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_head")),
    )


def downgrade() -> None:
    for table in ("log_head", "log_tile", "log_leaf", "withholding"):
        op.drop_table(table)
    for column in _ADDED:
        op.drop_column("access", column)
