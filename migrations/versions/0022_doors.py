"""Files that arrive over HTTP, what was nothing to report, and how much of a load was late.

Revision 0022, after 0021.

Locks: the columns have constant defaults, so each ALTER is a moment's ACCESS EXCLUSIVE lock and no rewrite. The tables
are new. An older build goes on beside it: what it loads counts no row as late or set aside.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade():
    """Add the columns and make the tables."""
    op.add_column("intake_batch", sa.Column("set_aside", sa.Integer(), server_default="0", nullable=False))
    op.add_column("intake_batch", sa.Column("late", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "sent_batch",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("provider_id", sa.String(40), nullable=False),
        sa.Column("provider_code", sa.String(40), nullable=False),
        sa.Column("sent_by", sa.String(40), nullable=False),
        sa.Column("checks_only", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("length", sa.BigInteger()),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("twin_key", sa.String(64)),
        sa.Column("same_as", sa.String(40)),
        sa.Column("layout", sa.String(20)),
        sa.Column("row_count", sa.Integer()),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer()),
        sa.Column("changed", sa.Integer()),
        sa.Column("unchanged", sa.Integer()),
        sa.Column("dropped", sa.Integer()),
        sa.Column("rejected", sa.Integer()),
        sa.Column("set_aside", sa.Integer()),
        sa.Column("findings", sa.JSON(none_as_null=True)),
        sa.Column("reason_sealed", sa.LargeBinary()),
        sa.Column("rejected_id", sa.String(40)),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "state IN ('ARRIVING', 'RECEIVED', 'LOADING', 'DONE', 'REFUSED', 'REPEATED')",
            name=op.f("ck_sent_batch_state"),
        ),
        sa.ForeignKeyConstraint(
            ["rejected_id"], ["blob.id"], name=op.f("fk_sent_batch_rejected_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_batch")),
        sa.UniqueConstraint("twin_key", name=op.f("uq_sent_batch_twin_key")),
    )
    op.create_index(op.f("ix_sent_batch_rejected_id"), "sent_batch", ["rejected_id"])
    op.create_index(op.f("ix_sent_batch_until"), "sent_batch", ["until"])
    op.create_index("ix_sent_batch_provider_id_opened_at_id", "sent_batch", ["provider_id", "opened_at", "id"])
    op.create_index("ix_sent_batch_state_arrived_at", "sent_batch", ["state", "arrived_at"])
    op.create_table(
        "sent_part",
        sa.Column("batch_id", sa.String(40), nullable=False),
        sa.Column("start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("blob_id", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["sent_batch.id"], name=op.f("fk_sent_part_batch_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name=op.f("fk_sent_part_blob_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("batch_id", "start", name=op.f("pk_sent_part")),
    )
    op.create_index(op.f("ix_sent_part_blob_id"), "sent_part", ["blob_id"])
    op.create_table(
        "nothing_sent",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("provider_id", sa.String(40), nullable=False),
        sa.Column("layout", sa.String(20), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("said_by", sa.String(40), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nothing_sent")),
        sa.UniqueConstraint("provider_id", "layout", "month", name=op.f("uq_nothing_sent_provider_id_layout_month")),
    )
    op.create_index("ix_nothing_sent_provider_id_said_at_id", "nothing_sent", ["provider_id", "said_at", "id"])


def downgrade():
    """Drop them."""
    op.drop_table("nothing_sent")
    op.drop_table("sent_part")
    op.drop_table("sent_batch")
    op.drop_column("intake_batch", "late")
    op.drop_column("intake_batch", "set_aside")
