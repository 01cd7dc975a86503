"""What auditors asked for.

Revision 0059, after 0061.

Locks: none that anybody waits for: a new table. An older build goes on beside it and makes no such exports.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0059"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade():
    """Create the table."""
    op.create_table(
        "compliance_export",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("party_id", sa.String(40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("only_channel", sa.String(20)),
        sa.Column("only_purpose", sa.String(40)),
        sa.Column("requested_by", sa.String(40), nullable=False),
        sa.Column("client", sa.String(60)),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("requested_at", Instant, nullable=False),
        sa.Column("first", sa.BigInteger()),
        sa.Column("last", sa.BigInteger()),
        sa.Column("looks", sa.BigInteger()),
        sa.Column("sha256", sa.String(64)),
        sa.Column("ready_at", Instant),
        sa.Column("expires_at", Instant),
        sa.Column("zip_id", sa.String(40)),
        sa.CheckConstraint("until >= since", name="days"),
        sa.CheckConstraint("last >= first", name="range"),
        sa.CheckConstraint(
            "(CASE WHEN ready_at IS NULL THEN 0 ELSE 5 END) = (CASE WHEN first IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN last IS NULL THEN 0 ELSE 1 END) + (CASE WHEN looks IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN sha256 IS NULL THEN 0 ELSE 1 END) + (CASE WHEN expires_at IS NULL THEN 0 ELSE 1 END)",
            name="whole_when_ready",
        ),
        sa.CheckConstraint("zip_id IS NULL OR ready_at IS NOT NULL", name="file"),
    )
    waits = sa.text("ready_at IS NULL")
    op.create_index(
        "uq_compliance_export_waits",
        "compliance_export",
        ["party_id"],
        unique=True,
        sqlite_where=waits,
        postgresql_where=waits,
    )
    op.create_index(
        "ix_compliance_export_party_id_requested_at_id", "compliance_export", ["party_id", "requested_at", "id"]
    )
    op.create_index("ix_compliance_export_ready_at", "compliance_export", ["ready_at"])


def downgrade():
    """Drop it, with the list of what was exported; the log keeps each one's look."""
    op.drop_table("compliance_export")
