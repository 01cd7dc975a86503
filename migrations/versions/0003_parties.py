"""Parties' life, client keys, terms, mandates.

Revision 0003, after 0002.

Locks: new tables lock nothing. On PostgreSQL the columns added to party, staff and identity_link have constant defaults or
none, so each ALTER is a moment's ACCESS EXCLUSIVE lock and no rewrite; changing party's CHECK reads the table once under
the same lock (parties are thousands, not millions). An older build goes on beside it: it writes none of the new columns,
and treats every state but ACTIVE as out. On SQLite nothing is copied:
see `_allow`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _held():
    return (
        sa.Column("state", sa.String(length=12), nullable=False, server_default="ACTIVE"),
        sa.Column("epoch", sa.Integer(), nullable=False, server_default="1"),
    )


_BEFORE = "state IN ('ACTIVE', 'FROZEN')"
_AFTER = "state IN ('REGISTERED', 'ACTIVE', 'SUSPENDED', 'FROZEN')"


def _allow(before, after):
    """Change party's CHECK. SQLite's only other way is to drop the table that staff refers to, which its foreign keys
    forbid; its manual (lang_altertable, 7) names this one for constraints that change nothing on disk."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_party_state"), "party", type_="check")
        op.create_check_constraint(op.f("ck_party_state"), "party", after)
        return
    version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.execute("PRAGMA writable_schema=ON")
    op.get_bind().exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'party'", (before, after)
    )
    op.execute(f"PRAGMA schema_version={version + 1}")
    op.execute("PRAGMA writable_schema=OFF")


def upgrade() -> None:
    op.add_column("party", sa.Column("institution", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("party", sa.Column("registered_by", sa.String(length=40)))
    op.add_column("party", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("party", sa.Column("epoch", sa.Integer(), nullable=False, server_default="1"))
    _allow(_BEFORE, _AFTER)
    op.add_column("staff", sa.Column("valid_from", sa.Date()))
    op.add_column("staff", sa.Column("valid_until", sa.Date()))
    for table in ("staff", "identity_link"):
        for column in _held():
            op.add_column(table, column)
    op.create_table(
        "mandate",
        sa.Column("id", sa.String(length=40), primary_key=True),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
        sa.CheckConstraint("person_id <> subject_id", name=op.f("ck_mandate_another")),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_mandate_term")),
        sa.CheckConstraint("kind IN ('GUARDIAN', 'HELPER')", name=op.f("ck_mandate_kind")),
    )
    op.create_index(op.f("ix_mandate_person_id"), "mandate", ["person_id"])
    op.create_index(
        "uq_mandate_live",
        "mandate",
        ["person_id", "subject_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "client",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("party_id", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_client_party_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_client_staff_id")),
    )
    op.create_table(
        "client_key",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("jwk", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        *_held(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_key")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_key_client_id")),
        sa.CheckConstraint("valid_until > valid_from", name=op.f("ck_client_key_term")),
        sa.UniqueConstraint("client_id", "kid", name=op.f("uq_client_key_client_id_kid")),
    )
    op.create_table(
        "client_assertion",
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("jti", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "jti", name=op.f("pk_client_assertion")),
    )
    op.create_index(op.f("ix_client_assertion_expires_at"), "client_assertion", ["expires_at"])
    op.create_table(
        "party_act",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("target", sa.String(length=12), nullable=False),
        sa.Column("target_id", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("moved_by", sa.String(length=40), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.String(length=40)),
        sa.Column("agreed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_act")),
        sa.CheckConstraint("agreed_by IS NULL OR agreed_by <> moved_by", name=op.f("ck_party_act_two_people")),
        sa.CheckConstraint("(agreed_by IS NULL) = (agreed_at IS NULL)", name=op.f("ck_party_act_agreed")),
        sa.UniqueConstraint("act", "target", "target_id", "epoch", name=op.f("uq_party_act_act_target_target_id_epoch")),
    )


def downgrade() -> None:
    for table in ("party_act", "client_assertion", "client_key", "client", "mandate"):
        op.drop_table(table)
    for table, names in (
        ("identity_link", ("epoch", "state")),
        ("staff", ("epoch", "state", "valid_until", "valid_from")),
        ("party", ("epoch", "version", "registered_by", "institution")),
    ):
        for name in names:
            op.drop_column(table, name)
    _allow(_AFTER, _BEFORE)
