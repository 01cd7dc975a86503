"""Sessions and codes of the app's sign-in.

Revision 0006, after 0005.

Locks: new tables only.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "app_code",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("redirect_uri", sa.String(length=300), nullable=False),
        sa.Column("challenge", sa.String(length=43), nullable=False),
        sa.Column("scope", sa.String(length=400), nullable=False),
        sa.Column("organisation", sa.String(length=40), nullable=True),
        sa.Column("mandate", sa.String(length=40), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_code")),
    )
    op.create_index("ix_app_code_expires_at", "app_code", ["expires_at"])
    op.create_index("ix_app_code_session_id", "app_code", ["session_id"])
    op.create_table(
        "app_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("idle_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_session")),
    )
    op.create_index("ix_app_session_idle_at", "app_session", ["idle_at"])


def downgrade() -> None:
    op.drop_table("app_session")
    op.drop_table("app_code")
