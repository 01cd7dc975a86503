"""Documents that clients' builds send, and which of their versions send them.

Revision 0040, after 0039.

Locks: two new tables, nothing else. An older build goes on beside them and knows no stored document.
"""

import sqlalchemy as sa
from alembic import op

import core.database

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade():
    """Make the tables."""
    op.create_table(
        "stored_document",
        sa.Column("client", sa.String(120), primary_key=True),
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("retired_at", core.database.Instant()),
    )
    op.create_table(
        "document_version",
        sa.Column("client", sa.String(120), primary_key=True),
        sa.Column("version", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("registered_at", core.database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["client", "name"], ["stored_document.client", "stored_document.name"]),
    )


def downgrade():
    """Drop them: builds register again."""
    op.drop_table("document_version")
    op.drop_table("stored_document")
