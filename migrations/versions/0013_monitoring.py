"""Monitoring of loans: its term and notice, what its events say, its monthly lines; corrections and who was told.

Revision 0013, after 0012.

Locks: the columns added to consent_grant and outbox have constant defaults or none, so each ALTER is a moment's ACCESS
EXCLUSIVE lock and no rewrite; their new indexes are partial and empty, built under a lock that stops writes while the
table is read once (on a large table create them CONCURRENTLY first, under the same names). New tables lock nothing. An
older build goes on beside it: what it issues is not monitored, what it loads is told to nobody.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_OF_EVENTS = (
    ("category", sa.String(length=24)),
    ("until", _INSTANT),
    ("withdrawn_at", _INSTANT),
    ("look_id", sa.String(length=40)),
    ("looked_at", _INSTANT),
)


def _partial(name, table, column, where):
    op.create_index(op.f(name), table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    flag = sa.Column("monitoring", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("consent_grant", flag)
    op.add_column("consent_grant", sa.Column("monitoring_notice_hash", sa.String(length=64), nullable=True))
    _partial("ix_grant_monitored", "consent_grant", "subject_id", "monitoring")
    for name, kind in _OF_EVENTS:
        op.add_column("outbox", sa.Column(name, kind, nullable=True))
    _partial("ix_outbox_monitored_about", "outbox", "about", "until IS NOT NULL")
    op.create_table(
        "feed_month",
        sa.Column("grant_id", sa.String(length=40), nullable=False),
        sa.Column("party_id", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=24), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("access_id", sa.String(length=40), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("grant_id", "party_id", "category", "month", name=op.f("pk_feed_month")),
        sa.UniqueConstraint("access_id", name=op.f("uq_feed_month_access_id")),
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=24), nullable=False),
        sa.Column("publicity", sa.String(length=20), nullable=False),
        sa.Column("sorted_on", sa.Date(), nullable=False),
        sa.Column("query_until", sa.Date(), nullable=True),
        sa.Column("wrong_since", _INSTANT, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("noticed_at", _INSTANT, nullable=True),
        sa.Column("told_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_subject_id_at_id"), "correction", ["subject_id", "at", "id"])
    _partial("ix_correction_untold", "correction", "at", "told_at IS NULL")
    op.create_table(
        "correction_told",
        sa.Column("correction_id", sa.String(length=40), nullable=False),
        sa.Column("look_id", sa.String(length=40), nullable=False),
        sa.Column("party_id", sa.String(length=40), nullable=False),
        sa.Column("grant_id", sa.String(length=40), nullable=True),
        sa.Column("looked_at", _INSTANT, nullable=False),
        sa.Column("event_id", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("correction_id", "look_id", name=op.f("pk_correction_told")),
        sa.ForeignKeyConstraint(["correction_id"], ["correction.id"], name=op.f("fk_correction_told_correction_id")),
    )


def downgrade() -> None:
    for table in ("correction_told", "correction", "feed_month"):
        op.drop_table(table)
    op.drop_index(op.f("ix_outbox_monitored_about"), "outbox")
    for name, _ in reversed(_OF_EVENTS):
        op.drop_column("outbox", name)
    op.drop_index(op.f("ix_grant_monitored"), "consent_grant")
    op.drop_column("consent_grant", "monitoring_notice_hash")
    op.drop_column("consent_grant", "monitoring")
