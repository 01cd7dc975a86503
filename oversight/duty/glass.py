"""Break-glass (Art. 13): one record opened in an emergency, without a case; a second person speaks within the hour.

The statement comes first, then the look under it. Nobody is searched for: opening answers alike for a number that is
somebody's and for one that is nobody's. What nobody confirmed within the hour is read no more, whether or not a duty
has written that down yet: every look is taken by one statement, which asks the clock.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import structlog
from sqlalchemy import ColumnElement, and_, func, or_, select

from audit.lens import Audience, BasisKind, Lens
from core.database import Database, Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.identity import mask_numbers_in
from core.ids import new_id, new_number
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from grants.errors import ConflictOfInterest
from notices import outbox
from notices.kinds import EventKind
from oversight.duty.errors import GlassClosed, GlassWaits
from oversight.duty.tables import broken_glass
from parties import links
from parties.errors import SecondPerson

HOUR = timedelta(hours=1)
# CHOICE: an emergency that lasts longer than a shift has a case by then.
READS = timedelta(hours=8)
# CHOICE: pages of one record, read and read again.
MOST_LOOKS = 20
PURPOSE = "BREAK_GLASS"
PAUSE_SECONDS = 30.0
_LONGEST, _BATCH = 200, 50
_log = structlog.get_logger("haihe.duty")
_c = broken_glass.c
_NEWEST = Order(_c.opened_at, _c.id, write=rfc3339, read=datetime.fromisoformat)


class GlassState(Enum):
    """How it stands: OPEN for an hour, then by the second person's word, or without one."""

    OPEN = "OPEN"
    CONFIRMED = "CONFIRMED"
    CONTESTED = "CONTESTED"
    UNCONFIRMED = "UNCONFIRMED"


@dataclass(frozen=True)
class Hand:
    """Who breaks the glass or speaks of it, and at which institution; the city's speaks for districts too."""

    party_id: str
    staff_id: str
    label: str
    is_city: bool

    @property
    def sees(self) -> ColumnElement[bool]:
        """What is this person's business."""
        return _c.party_id.is_not(None) if self.is_city else _c.party_id == self.party_id


def state_of(row: Any, *, at: datetime) -> GlassState:
    """How it stands; the hour's end is computed, and written down later."""
    if row.outcome is None:
        return GlassState.OPEN if row.confirm_by > at else GlassState.UNCONFIRMED
    return GlassState(row.outcome)


def nobody() -> str:
    """An id that is nobody's."""
    return new_id("sub")


async def open_(unit: WriteUnit, by: Hand, subject_id: str, reason: str, *, no_conflict: bool, at: datetime) -> str:
    """The statement; its id. `subject_id` is whose the number and name are, or `nobody`'s.

    Raises `Invalid`, `ConflictOfInterest`, and `GlassWaits` when the last one has nobody's word yet.
    """
    said = mask_numbers_in(reason.strip())
    rules = (
        (("reason",), "LENGTH", f"1..{_LONGEST}", not 1 <= len(said) <= _LONGEST),
        (("noConflict",), "STATEMENT_NEEDED", None, not no_conflict),
    )
    broken = [Detail(path, code, limit) for path, code, limit, is_broken in rules if is_broken]
    if broken:
        raise Invalid(*broken)
    people = {subject_id, *await links.acting_for(unit, subject_id)}
    if await links.is_same_person(unit, by.staff_id, people):
        raise ConflictOfInterest()
    await lapse(unit, at=at)
    made = unit.insert(broken_glass).values(
        id=new_id("bgl"),
        number=new_number("BG"),
        party_id=by.party_id,
        staff_id=by.staff_id,
        label=by.label,
        subject_id=subject_id,
        reason=said,
        opened_at=at,
        confirm_by=at + HOUR,
        reads_until=at + READS,
        looks=0,
    )
    row = await unit.first(made.on_conflict_do_nothing().returning(_c.id))
    if row is None:
        raise GlassWaits()
    await outbox.tell_party(unit, by.party_id, EventKind.GLASS_BROKEN, about=row.id, at=at)
    return str(row.id)


async def admit(unit: WriteUnit, by: Hand, glass_id: str, *, at: datetime) -> Row:
    """One's own statement, and one look the less; the first look tells whom it is at.

    One statement decides. Raises `NotAvailable` and `GlassClosed`.
    """
    unanswered = and_(_c.outcome.is_(None), _c.confirm_by > at)
    agreed = and_(_c.outcome == GlassState.CONFIRMED.value, _c.reads_until > at)
    mine = (_c.id == glass_id, _c.staff_id == by.staff_id, _c.party_id == by.party_id)
    taken = broken_glass.update().where(*mine, or_(unanswered, agreed), _c.looks < MOST_LOOKS)
    counted = await unit.run(taken.values(told_at=func.coalesce(_c.told_at, at), looks=_c.looks + 1))
    row = await unit.first(select(broken_glass).where(*mine))
    if row is None:
        raise NotAvailable()
    if counted != 1:
        raise GlassClosed()
    if row.looks == 1:
        said = {"number": row.number, "reason": row.reason}
        await outbox.tell_subject(unit, row.subject_id, EventKind.GLASS_BROKEN, about=row.id, at=at, **said)
    return row


def lens_of(row: Any) -> Lens:
    """How it sees its subject: the records, and nothing that a record is not."""
    return Lens(Audience.ORGAN, BasisKind.BREAK_GLASS, row.subject_id, grant_id=row.id)


async def answer(unit: WriteUnit, by: Hand, glass_id: str, *, stands: bool, reason: str | None, at: datetime) -> bool:
    """The second person's word within the hour: it was an emergency, or it was not, and why. False when this person had
    said the same before. A contested one is read no more, and its subject is told.

    Raises `Invalid` for a contest without a reason, `NotAvailable`, `SecondPerson` and `GlassClosed`.
    """
    said = mask_numbers_in((reason or "").strip()) or None
    if (not stands and said is None) or len(said or "") > _LONGEST:
        raise Invalid(Detail(("reason",), "LENGTH", f"1..{_LONGEST}"))
    row = await find(unit, by, glass_id)
    if row.staff_id == by.staff_id:
        raise SecondPerson()
    outcome = GlassState.CONFIRMED if stands else GlassState.CONTESTED
    if (row.outcome, row.answered_by) == (outcome.value, by.staff_id):
        return False
    waits = (_c.id == glass_id, _c.outcome.is_(None), _c.confirm_by > at)
    values = {"outcome": outcome.value, "answered_by": by.staff_id, "answered_at": at, "answer": said}
    if await unit.run(broken_glass.update().where(*waits).values(**values)) != 1:
        raise GlassClosed()
    if not stands:
        await _tell_after(unit, row, EventKind.GLASS_CONTESTED, at)
    return True


async def review(unit: WriteUnit, by: Hand, glass_id: str, finding: str, *, at: datetime) -> bool:
    """What came of looking into one that was contested, or that nobody confirmed; False when it was said before.

    Raises `Invalid`, `NotAvailable`, `SecondPerson`, and `GlassClosed` for one that needs no review, or has another.
    """
    said = mask_numbers_in(finding.strip())
    if not 1 <= len(said) <= _LONGEST:
        raise Invalid(Detail(("finding",), "LENGTH", f"1..{_LONGEST}"))
    row = await find(unit, by, glass_id)
    if row.staff_id == by.staff_id:
        raise SecondPerson()
    if (row.reviewed_by, row.finding) == (by.staff_id, said):
        return False
    to_review = (GlassState.CONTESTED.value, GlassState.UNCONFIRMED.value)
    waits = (_c.id == glass_id, _c.outcome.in_(to_review), _c.reviewed_at.is_(None))
    values = {"reviewed_by": by.staff_id, "reviewed_at": at, "finding": said}
    if await unit.run(broken_glass.update().where(*waits).values(**values)) != 1:
        raise GlassClosed()
    return True


async def lapse(unit: WriteUnit, *, at: datetime) -> int:
    """Write down that nobody confirmed within the hour, and tell whoever was looked at; how many, at most a batch."""
    over = (_c.outcome.is_(None), _c.confirm_by <= at)
    rows = await unit.all(select(broken_glass).where(*over).order_by(_c.confirm_by, _c.id).limit(_BATCH))
    lapsed = 0
    for row in rows:
        values = {"outcome": GlassState.UNCONFIRMED.value, "answered_at": at}
        if await unit.run(broken_glass.update().where(_c.id == row.id, *over).values(**values)) == 1:
            lapsed += 1
            await _tell_after(unit, row, EventKind.GLASS_UNCONFIRMED, at)
    return lapsed


async def find(unit: Unit, by: Hand, glass_id: str) -> Row:
    """One of the person's own institution, or any for the city's; raises `NotAvailable`."""
    row = await unit.first(select(broken_glass).where(_c.id == glass_id, by.sees))
    if row is None:
        raise NotAvailable()
    return row


async def named(unit: Unit, party_id: str, glass_id: str) -> Row | None:
    """Anybody's of an institution, or None: for an attempt's line."""
    return await unit.first(select(broken_glass).where(_c.id == glass_id, _c.party_id == party_id))


async def by_ids(unit: Unit, ids: Collection[str]) -> Mapping[str, Row]:
    """Those behind the lines of a trail."""
    if not ids:
        return {}
    return {row.id: row for row in await unit.all(select(broken_glass).where(_c.id.in_(list(ids))))}


async def page(unit: Unit, by: Hand, request: PageRequest, *, waiting: bool) -> Page[Row]:
    """Newest first; only what waits for a word or for its review, or all."""
    unreviewed = and_(_c.outcome != GlassState.CONFIRMED.value, _c.reviewed_at.is_(None))
    query = select(broken_glass).where(by.sees)
    return await _NEWEST.read_page(
        unit, query.where(or_(_c.outcome.is_(None), unreviewed)) if waiting else query, request
    )


async def _tell_after(unit: WriteUnit, row: Row, kind: EventKind, at: datetime) -> None:
    """Whoever was looked at hears what became of it; nobody, when nothing was looked at."""
    await outbox.tell_party(unit, row.party_id, kind, about=row.id, at=at)
    if row.told_at is not None:
        await outbox.tell_subject(unit, row.subject_id, kind, about=row.id, at=at, number=row.number)


class GlassHours:
    """The duty that writes down which hours went by without a word."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self, at: datetime) -> float:
        """Do what is due; in how many seconds to look again."""
        async with self._database.reading() as unit:
            due = await unit.first(select(_c.id).where(_c.outcome.is_(None), _c.confirm_by <= at).limit(1))
        if due is None:
            return PAUSE_SECONDS
        async with self._database.writing() as unit:
            lapsed = await lapse(unit, at=at)
        _log.warning("glass_unconfirmed", count=lapsed)
        return 0.0
