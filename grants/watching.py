"""贷后提示 (Art. 10): whoever monitors a loan is told that a kind of record has changed; not what, nor which way.

It is decided in the transaction that changes the record. The grant's row is held against every act on it until that
commits: what is revoked before the commit is not told, and what was told is withdrawn by the act that ends it.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from audit import feeds
from audit.lens import Audience, BasisKind, Lens
from audit.looks import Look, Shape
from core.database import WriteUnit
from core.moments import day_of
from core.principal import Channel
from core.statements import Row
from grants import rules, use
from grants.errors import PurposeLimit
from grants.scope import GrantStatus, LendingStage
from grants.tables import grant
from notices import outbox
from notices.kinds import EventKind
from notices.outbox import AboutRecords
from parties import directory

_SHAPE = Shape.of(f"Event.{name}" for name in ("id", "kind", "at", "about", "category"))


class Change(NamedTuple):
    """A record that a recipient might see, before the change or after it: whose, of which kind, of which day."""

    subject_id: str
    category: str
    day: date
    strand: str | None = None


async def tell(unit: WriteUnit, changes: Collection[Change], *, at: datetime) -> None:
    """Write one event, and its line in the trail, for each live monitoring and each kind that it covers.

    Last in its transaction, because grants are held from here on. As many statements for a thousand changes as for one.
    """
    if not changes:
        return
    of: dict[str, list[Change]] = {}
    for change in changes:
        of.setdefault(change.subject_id, []).append(change)
    theirs = unit.among(grant.c.subject_id, sorted(of))
    monitored = (grant.c.monitoring, grant.c.status == GrantStatus.ACTIVE.value, theirs)
    rows = await unit.all(select(grant).where(*monitored).order_by(grant.c.id).with_for_update(read=True))
    told = [(row, category) for row in rows for category in covered(row, of[row.subject_id], at=at)]
    cards = await directory.cards(unit, {party for row, _ in told for party in _parties(row)})
    due = [
        (row, category, cards[party])
        for row, category in told
        for party in _parties(row)
        if party in cards and cards[party].state == "ACTIVE"
    ]
    kind = EventKind.RECORDS_CHANGED
    events = [AboutRecords(card.id, kind, row.id, category, until=row.valid_until) for row, category, card in due]
    await outbox.tell_parties(unit, events, at=at)
    await feeds.append(unit, [_look(row, category, card) for row, category, card in due], at=at)


def covered(row: Any, changes: Collection[Change], *, at: datetime) -> list[str]:
    """The kinds of information of which this grant's recipient is told, out of its subject's changes. Pure."""
    alive = row.monitoring and rules.status_at(row, at=at) is GrantStatus.ACTIVE and row.valid_from <= at
    if not alive or not _within_ceilings(row, at):
        return []
    since = date.min if row.window_months is None else rules.window_start(row.window_months, on=day_of(at))
    told = {change.category for change in changes if change.day >= since and rules.reaches(row, change.strand)}
    return sorted(told & set(row.categories))


def _within_ceilings(row: Any, at: datetime) -> bool:
    try:
        use.hold_to_ceilings(row, at)
    except PurposeLimit:
        return False
    return True


def _parties(row: Row) -> Iterator[str]:
    """Who is told: the recipient, and the platform that handles it for them."""
    yield row.recipient_id
    if row.handled_by_id is not None:
        yield row.handled_by_id


def _look(row: Row, category: str, card: Row) -> Look:
    return Look(
        Lens(Audience.RECIPIENT, BasisKind.MONITORING, row.subject_id, frozenset([category]), row.id),
        BasisKind.MONITORING.value,
        _SHAPE,
        row.purpose,
        Channel.API,
        actor_party_id=card.id,
        actor_name=card.name,
        stage=LendingStage.POST_LOAN.value,
        grant_id=row.id,
        grant_version=row.version,
        categories={category},
    )
