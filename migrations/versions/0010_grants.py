"""Grants in full: requests, steps, marks, periods, cooling, connect codes.

Revision 0010, after 0009.

Locks: the columns added to consent_grant have constant defaults or none, so each ALTER is a moment's ACCESS EXCLUSIVE
lock and no rewrite; its new index is built under a lock that stops writes (on a large table create it CONCURRENTLY
first, under the same name). New tables lock nothing. An older build goes on beside it: what it issues has no template and
no steps, and it reads none of the new states as alive.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_ADDED = (
    ("handled_by_id", sa.String(length=40)),
    ("reason", sa.String(length=200)),
    ("lapses_at", _INSTANT),
    ("extends_id", sa.String(length=40)),
    ("template", sa.String(length=80)),
    ("window_months", sa.Integer()),
    ("per_period", sa.Integer()),
    ("period", sa.String(length=8)),
    ("documents", sa.JSON()),
    ("shown_status", sa.String(length=20)),
    ("shown_version", sa.Integer()),
    ("shown_ended_at", _INSTANT),
)
_FLAGS = ("asked", "unclaimed")


def _of_grant():
    return sa.Column("grant_id", sa.String(length=40), nullable=False)


def _to_grant(table):
    return sa.ForeignKeyConstraint(["grant_id"], ["consent_grant.id"], name=op.f(f"fk_{table}_grant_id"))


def _only_added():
    """Nobody changes or removes a step: not this service, and not whoever has its password."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION grant_step_only_added() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'grant_step is only ever added to'; END $$"
        )
        op.execute(
            "CREATE TRIGGER grant_step_only_added BEFORE UPDATE OR DELETE ON grant_step "
            "FOR EACH ROW EXECUTE FUNCTION grant_step_only_added()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER grant_step_no_{act.lower()} BEFORE {act} ON grant_step "
            "BEGIN SELECT RAISE(ABORT, 'grant_step is only ever added to'); END"
        )


def upgrade() -> None:
    for name, type_ in _ADDED:
        op.add_column("consent_grant", sa.Column(name, type_))
    for name in _FLAGS:
        op.add_column("consent_grant", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(op.f("ix_consent_grant_handled_by_id"), "consent_grant", ["handled_by_id"])
    op.create_table(
        "grant_step",
        _of_grant(),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("came_from", sa.String(length=20)),
        sa.Column("led_to", sa.String(length=20), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("actor_id", sa.String(length=40)),
        sa.Column("capacity", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=200)),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("grant_id", "version", name=op.f("pk_grant_step")),
        _to_grant("grant_step"),
    )
    _only_added()
    op.create_table(
        "grant_mark",
        _of_grant(),
        sa.Column("capacity", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("credential", sa.String(length=64), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("grant_id", "capacity", name=op.f("pk_grant_mark")),
        _to_grant("grant_mark"),
        sa.UniqueConstraint("grant_id", "credential", name=op.f("uq_grant_mark_grant_id_credential")),
        sa.CheckConstraint(
            "capacity IN ('SEAL_KEEPER', 'LEGAL_REPRESENTATIVE')", name=op.f("ck_grant_mark_capacity")
        ),
    )
    op.create_table(
        "marks_apart",
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("set_by", sa.String(length=40), nullable=False),
        sa.Column("set_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_marks_apart")),
    )
    op.create_table(
        "grant_period",
        _of_grant(),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("grant_id", "begins", name=op.f("pk_grant_period")),
        _to_grant("grant_period"),
    )
    op.create_table(
        "cooling",
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("party_id", sa.String(length=40), nullable=False),
        sa.Column("cause", sa.String(length=8), nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "party_id", "cause", name=op.f("pk_cooling")),
        sa.CheckConstraint("cause IN ('BLOCKED', 'REFUSED')", name=op.f("ck_cooling_cause")),
    )
    op.create_table(
        "connect_code",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("used_at", _INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connect_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_connect_code_digest")),
    )
    op.create_index(op.f("ix_connect_code_subject_id"), "connect_code", ["subject_id"])
    op.create_index(op.f("ix_connect_code_expires_at"), "connect_code", ["expires_at"])


def downgrade() -> None:
    for table in ("connect_code", "cooling", "grant_period", "marks_apart", "grant_mark", "grant_step"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION grant_step_only_added()")
    op.drop_index(op.f("ix_consent_grant_handled_by_id"), "consent_grant")
    for name in (*_FLAGS, *(name for name, _ in _ADDED)):
        op.drop_column("consent_grant", name)
