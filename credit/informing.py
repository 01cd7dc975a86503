"""After a correction those who may have seen the wrong value are told, and its subject is told who was.

A look is logged after it has read: when a correction commits, looks that saw the wrong face may not be in the log yet.
So the duty first notes that it has seen the correction committed, and tells a while later, when every look that began
before that is written or was never answered.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from audit import lookers
from core.database import Database, Unit, WriteUnit
from core.drivers import READ_SECONDS, WRITE_SECONDS
from core.statements import Row, Statement
from credit import seeing
from credit.seeing import Merge
from credit.tables import correction, correction_told, subject_merge
from grants import listing
from notices import outbox
from notices.kinds import EventKind
from notices.outbox import AboutRecords
from parties import directory

AT_ONCE = 200
# Longer than any operation reads and its look takes to be written.
SETTLES = timedelta(seconds=3 * (READ_SECONDS + WRITE_SECONDS))
REST_SECONDS = 5.0
_UNTOLD = Statement(select(correction.c.id).where(correction.c.told_at.is_(None)).limit(1))


@dataclass(frozen=True)
class Seen:
    """One organisation's last look, by one authority, at what one correction put right."""

    correction: Row
    look: Row

    @property
    def event(self) -> tuple[str, str, str, str]:
        """What is told once, however many records of this kind were put right: to whom, about which authority."""
        return self.correction.subject_id, self.look.actor_party_id, self.about, self.correction.category

    @property
    def about(self) -> str:
        """What the organisation knows it by: the grant, or the look itself."""
        return str(self.look.grant_id or self.look.id)


class Informer:
    """Tells of corrections. One at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self, at: datetime) -> float:
        """Do what is due now; seconds until there may be more. Raises `DependencyDown`."""
        async with self._database.reading() as unit:
            if await unit.first(_UNTOLD) is None:
                return REST_SECONDS
        async with self._database.writing() as unit:
            fresh = (correction.c.told_at.is_(None), correction.c.noticed_at.is_(None))
            await unit.run(update(correction).where(*fresh).values(noticed_at=at))
        async with self._database.writing() as unit:
            done = await _tell(unit, at)
        return 0.0 if done == AT_ONCE else REST_SECONDS


async def _tell(unit: WriteUnit, at: datetime) -> int:
    await unit.alone("corrections")
    c = correction.c
    settled = (c.told_at.is_(None), c.noticed_at <= at - SETTLES)
    due = await unit.all(select(correction).where(*settled).order_by(c.at, c.id).limit(AT_ONCE))
    if not due:
        return 0
    seen = list(await _seen(unit, due, at))
    events = await _events(unit, seen, at)
    if seen:
        await unit.run(correction_told.insert(), [_told(one, events[one.event]) for one in seen])
        await _tell_subjects(unit, seen, at)
    informed = {one.correction.id for one in seen}
    # A correction that nobody had to be told of is nobody's business any more.
    others = [row.id for row in due if row.id not in informed]
    await unit.run(update(correction).where(c.id.in_(sorted(informed))).values(told_at=at))
    await unit.run(correction.delete().where(c.id.in_(others)))
    return len(due)


async def _seen(unit: Unit, due: Sequence[Row], at: datetime) -> Iterator[Seen]:
    first, last = min(row.wrong_since for row in due), max(row.noticed_at for row in due)
    subjects = {row.subject_id for row in due}
    merges = await _merges(unit, subjects)
    every = {one for merge in merges for one in (merge.absorbed, merge.kept)} | subjects
    looks = await lookers.of(unit, every, since=first - seeing.SKEW, until=last + seeing.SKEW, now=at)
    grants = await listing.terms_of(unit, {look.grant_id for look in looks if look.grant_id})
    present: dict[str, str] = {}
    for merge in reversed(merges):
        present[merge.absorbed] = present.get(merge.kept, merge.kept)
    of: dict[str, list[Row]] = defaultdict(list)
    for look in looks:
        of[present.get(look.subject_id, look.subject_id)].append(look)
    return (one for row in due for one in _last_of_each(row, of[row.subject_id], grants, merges, at))


async def _merges(unit: Unit, subject_ids: Set[str]) -> Sequence[Merge]:
    """The merges that led to these subjects, oldest first."""
    m = subject_merge.c
    into: dict[str, Row] = {}
    ids = set(subject_ids)
    while ids:
        rows = await unit.all(select(subject_merge).where(m.kept_id.in_(sorted(ids))))
        ids = {row.absorbed_id for row in rows} - into.keys()
        into |= {row.absorbed_id: row for row in rows}
    rows = sorted(into.values(), key=lambda row: (row.merged_at, row.id))
    return [Merge(row.id, row.absorbed_id, row.kept_id, row.merged_at) for row in rows]


def _last_of_each(
    row: Row, looks: Sequence[Row], grants: Mapping[str, Row], merges: Sequence[Merge], at: datetime
) -> list[Seen]:
    found: dict[Any, Seen] = {}
    for look in looks:  # oldest first: the last one stays
        grant = grants.get(look.grant_id)
        if seeing.may_have_seen(row, look, grant, merges) and seeing.may_hold(look, grant, at=at):
            found[look.actor_party_id, look.grant_id] = Seen(row, look)
    return list(found.values())


async def _events(unit: WriteUnit, seen: Sequence[Seen], at: datetime) -> Mapping[Any, str]:
    """One event for each that is told; its id by what it tells."""
    last = {one.event: one for one in sorted(seen, key=lambda one: (one.look.at, one.look.id))}
    events = [
        AboutRecords(
            one.look.actor_party_id,
            EventKind.RECORD_CORRECTED,
            one.about,
            one.correction.category,
            look_id=one.look.id,
            looked_at=one.look.at,
        )
        for one in last.values()
    ]
    return dict(zip(last, await outbox.tell_parties(unit, events, at=at), strict=True))


async def _tell_subjects(unit: WriteUnit, seen: Sequence[Seen], at: datetime) -> None:
    """Each subject hears once who was told; of whoever looked under an order to withhold they do not."""
    seen = [one for one in seen if one.look.is_shown]
    cards = await directory.cards(unit, {one.look.actor_party_id for one in seen})
    told: dict[str, dict[str, str]] = defaultdict(dict)
    about = {one.correction.subject_id: one.correction.id for one in seen}
    for one in seen:
        told[one.correction.subject_id][one.look.actor_party_id] = cards[one.look.actor_party_id].name
    for subject_id, names in told.items():
        kind, recipients = EventKind.RECORD_CORRECTED, "、".join(names.values())
        await outbox.tell_subject(unit, subject_id, kind, about=about[subject_id], at=at, recipients=recipients)


def _told(one: Seen, event_id: str) -> dict[str, object]:
    return {
        "correction_id": one.correction.id,
        "look_id": one.look.id,
        "party_id": one.look.actor_party_id,
        "grant_id": one.look.grant_id,
        "looked_at": one.look.at,
        "event_id": event_id,
    }
