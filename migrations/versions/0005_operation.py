"""Attempts, positions, and the edition that caches are kept for.

Revision 0005, after 0004.

Locks: `access` is locked while its columns are added and its indexes built; on a large log build the indexes
CONCURRENTLY first. An older build goes on beside it: it leaves the new columns null, and its looks are numbered too.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_UNNUMBERED = sa.text("position IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("access") as table:
        table.add_column(sa.Column("refused", sa.String(length=40)))
        table.add_column(sa.Column("position", sa.BigInteger()))
        table.alter_column("subject_id", existing_type=sa.String(length=40), nullable=True)
        table.create_check_constraint(
            op.f("ck_access_answered_about_somebody"), "subject_id IS NOT NULL OR refused IS NOT NULL"
        )
    op.create_index("uq_access_position", "access", ["position"], unique=True)
    op.create_index(
        "ix_access_unnumbered", "access", ["at", "id"], postgresql_where=_UNNUMBERED, sqlite_where=_UNNUMBERED
    )
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_edition_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
    )
    op.execute("INSERT INTO edition (id, number) VALUES (1, 1)")


def downgrade() -> None:
    op.drop_table("edition")
    op.drop_index("ix_access_unnumbered", "access")
    op.drop_index("uq_access_position", "access")
    with op.batch_alter_table("access") as table:
        table.drop_constraint(op.f("ck_access_answered_about_somebody"), type_="check")
        table.alter_column("subject_id", existing_type=sa.String(length=40), nullable=False)
        table.drop_column("position")
        table.drop_column("refused")
