"""Complaints (投诉, Art. 4): what somebody complains of about themselves is registered, confirmed by a second person,
and then looked at by whoever registered it, until it is closed or its term is over.

Registering searches for nobody: a number that is nobody's, a record or a case that is not theirs, a helper without a
mandate are taken in alike, and open nothing later. One statement asks the clock for each look, so no duty has to have
run.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from audit.lens import Audience, BasisKind, Lens
from core import calendar
from core.database import Database, Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.identity import mask_numbers_in
from core.ids import new_id, new_number
from core.moments import day_of, rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from core.waiting import Second, entry
from grants.errors import ConflictOfInterest
from notices import outbox
from notices.kinds import EventKind
from oversight.supervision.areas import Inspector
from oversight.supervision.errors import ComplaintStands, NotAsRegistered
from oversight.supervision.tables import complaint, supervised_area
from parties import links
from parties.errors import SecondPerson
from parties.kinds import MandateKind

# CHOICE: a second person is found within the week; what cannot be looked into in a month is registered again.
CONFIRM_WORKING_DAYS = 5
WORKING_DAYS = 20
# CHOICE: pages of one matter, read and read again.
MOST_LOOKS = 20
# CHOICE: whoever complains says about when; a quarter of a year of looks is what one person reads.
MOST_DAYS = 92
OLDEST_DAYS = 366
PURPOSE = "SUPERVISION_COMPLAINT"
PAUSE_SECONDS = 600.0
_LONGEST, _LONGEST_FINDING, _BATCH = 200, 500, 50
_c = complaint.c
_NEWEST = Order(_c.registered_at, _c.id, write=rfc3339, read=datetime.fromisoformat)


class ComplaintMatter(Enum):
    """What it is about: one record, one objection's case, or the institutions' looks of some days."""

    RECORD = "RECORD"
    OBJECTION = "OBJECTION"
    LOOKS = "LOOKS"


class ComplaintState(Enum):
    """REGISTERED waits for the second person, OPEN is looked into, CLOSED has an outcome, LAPSED ended by itself."""

    REGISTERED = "REGISTERED"
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    LAPSED = "LAPSED"


class ComplaintOutcome(Enum):
    """What came of it: it was right, or not; it was taken back; or the second person did not let it be opened."""

    FOUNDED = "FOUNDED"
    UNFOUNDED = "UNFOUNDED"
    WITHDRAWN = "WITHDRAWN"
    REFUSED = "REFUSED"


# From which states each outcome closes one.
CLOSES: Mapping[ComplaintOutcome, frozenset[ComplaintState]] = {
    ComplaintOutcome.FOUNDED: frozenset({ComplaintState.OPEN}),
    ComplaintOutcome.UNFOUNDED: frozenset({ComplaintState.OPEN}),
    ComplaintOutcome.WITHDRAWN: frozenset({ComplaintState.REGISTERED, ComplaintState.OPEN}),
    ComplaintOutcome.REFUSED: frozenset({ComplaintState.REGISTERED}),
}


@dataclass(frozen=True)
class Heard:
    """A complaint as it was received: `named` is what it names, a record's document number or a case's number."""

    matter: ComplaintMatter
    words: str
    received_on: date
    named: str | None = None
    since: date | None = None
    until: date | None = None

    def faults(self, today: date) -> list[Detail]:
        """Every rule it breaks."""
        said, is_looks = self.words.strip(), self.matter is ComplaintMatter.LOOKS
        spans = self.since is not None and self.until is not None
        wide = (
            self.since is not None
            and self.until is not None
            and not (self.since <= self.until <= min(today, self.since + timedelta(days=MOST_DAYS - 1)))
        )
        old = not today - timedelta(days=OLDEST_DAYS) <= self.received_on <= today
        rules = (
            ("words", "LENGTH", f"1..{_LONGEST}", not 1 <= len(said) <= _LONGEST),
            ("receivedOn", "OUT_OF_RANGE", f"-{OLDEST_DAYS}..0", old),
            (
                "named",
                "LENGTH",
                f"1..{_LONGEST}",
                not is_looks and not 1 <= len((self.named or "").strip()) <= _LONGEST,
            ),
            ("named", "NOT_WANTED", None, is_looks and self.named is not None),
            ("since", "NEEDED", None, is_looks and not spans),
            ("since", "NOT_WANTED", None, not is_looks and (self.since, self.until) != (None, None)),
            ("until", "OUT_OF_RANGE", f"1..{MOST_DAYS}", is_looks and wide),
        )
        return [Detail((path,), code, limit) for path, code, limit, is_broken in rules if is_broken]


@dataclass(frozen=True)
class Whose:
    """Whose it is: the subject whose number and name were given, None for nobody's; in which capacity somebody
    complains for them; and whether it opens anything: the matter is theirs and the area's, and who complains may."""

    subject_id: str | None
    capacity: MandateKind | None = None
    about_id: str | None = None
    opens: bool = False


def nobody() -> str:
    """An id that is nobody's."""
    return new_id("sub")


def state_of(row: Any, *, at: datetime) -> ComplaintState:
    """How it stands; a term's end is computed, and written down later."""
    if row.outcome is not None:
        return ComplaintState.CLOSED
    if row.ended_at is not None:
        return ComplaintState.LAPSED
    if row.until <= at:
        return ComplaintState.LAPSED
    return ComplaintState.OPEN if row.confirmed_at is not None else ComplaintState.REGISTERED


async def register(unit: WriteUnit, by: Inspector, heard: Heard, whose: Whose, *, at: datetime) -> str:
    """Take a complaint in; its id. Nothing can be looked at yet. Raises `Invalid` and `ConflictOfInterest`."""
    broken = heard.faults(day_of(at))
    if broken:
        raise Invalid(*broken)
    await _strangers(unit, by, whose.subject_id)
    made = complaint.insert().values(
        id=new_id("cpl"),
        number=new_number("TS"),
        party_id=by.party_id,
        district=by.area.code,
        staff_id=by.staff_id,
        subject_id=whose.subject_id,
        capacity=whose.capacity.value if whose.capacity is not None else None,
        matter=heard.matter.value,
        about_id=whose.about_id,
        looks_since=heard.since,
        looks_until=heard.until,
        opens=whose.opens,
        words=mask_numbers_in(heard.words.strip()),
        received_on=heard.received_on,
        registered_at=at,
        until=(await calendar.due(unit, at, CONFIRM_WORKING_DAYS)).until,
        looks=0,
    )
    row = await unit.first(made.returning(_c.id))
    assert row is not None  # an insert returns its row
    return str(row.id)


async def confirm(unit: WriteUnit, by: Inspector, complaint_id: str, subject_id: str | None, *, at: datetime) -> bool:
    """The second person's word: the complaint lies before them too, and it is this person's (None: nobody's). False
    when they had said so before. From now on it is looked into, and whom it is about is told.

    Raises `NotAvailable`, `SecondPerson`, `NotAsRegistered`, `ConflictOfInterest` and `ComplaintStands`.
    """
    row = await find(unit, by, complaint_id)
    if row.staff_id == by.staff_id:
        raise SecondPerson()
    if row.subject_id != subject_id:
        raise NotAsRegistered()
    if row.confirmed_by == by.staff_id:
        return False
    await _strangers(unit, by, subject_id)
    until = (await calendar.due(unit, at, WORKING_DAYS)).until
    said = complaint.update().where(_c.id == complaint_id, _stands(ComplaintState.REGISTERED, at))
    if await unit.run(said.values(confirmed_by=by.staff_id, confirmed_at=at, until=until)) != 1:
        raise ComplaintStands()
    await _tell(unit, row, EventKind.COMPLAINT_OPENED, at, words=row.words)
    return True


async def admit(unit: WriteUnit, by: Inspector, complaint_id: str, *, at: datetime) -> Row:
    """One's own complaint, and one look the less; one statement decides.

    Raises `ComplaintStands`, and `NotAvailable` for a colleague's, another department's, and one that opens nothing.
    """
    mine = (_c.id == complaint_id, _c.staff_id == by.staff_id, *_own(by), _c.opens)
    taken = complaint.update().where(*mine, _stands(ComplaintState.OPEN, at), _c.looks < MOST_LOOKS)
    counted = await unit.run(taken.values(looks=_c.looks + 1))
    row = await unit.first(select(complaint).where(*mine))
    if row is None:
        raise NotAvailable()
    if counted != 1:
        raise ComplaintStands()
    return row


async def close(
    unit: WriteUnit, by: Inspector, complaint_id: str, outcome: ComplaintOutcome, finding: str, *, at: datetime
) -> bool:
    """End it with an outcome, and tell whom it is about; False when the same person had said the same before.

    Raises `Invalid`, `NotAvailable`, `SecondPerson` for one's own refused, and `ComplaintStands`.
    """
    said = mask_numbers_in(finding.strip())
    if not 1 <= len(said) <= _LONGEST_FINDING:
        raise Invalid(Detail(("finding",), "LENGTH", f"1..{_LONGEST_FINDING}"))
    row = await find(unit, by, complaint_id)
    if outcome is ComplaintOutcome.REFUSED and row.staff_id == by.staff_id:
        raise SecondPerson()
    if (row.outcome, row.closed_by, row.finding) == (outcome.value, by.staff_id, said):
        return False
    starts = or_(*(_stands(state, at) for state in sorted(CLOSES[outcome], key=lambda state: state.value)))
    values = {"outcome": outcome.value, "closed_by": by.staff_id, "finding": said, "ended_at": at}
    if await unit.run(complaint.update().where(_c.id == complaint_id, starts).values(**values)) != 1:
        raise ComplaintStands()
    await _tell(unit, row, EventKind.COMPLAINT_CLOSED, at, finding=said)
    return True


async def lapse(unit: WriteUnit, *, at: datetime) -> int:
    """Write down whose term is over, and tell whom they are about; how many, at most a batch."""
    over = (_c.ended_at.is_(None), _c.until <= at)
    rows = await unit.all(select(complaint).where(*over).order_by(_c.until, _c.id).limit(_BATCH))
    lapsed = 0
    for row in rows:
        if await unit.run(complaint.update().where(_c.id == row.id, *over).values(ended_at=at)) == 1:
            lapsed += 1
            await _tell(unit, row, EventKind.COMPLAINT_LAPSED, at)
    return lapsed


def lens_of(row: Any) -> Lens:
    """Through what its matter is seen: as an organ sees a record, and no record where it is about something else."""
    is_record = row.matter == ComplaintMatter.RECORD.value
    basis, none = BasisKind.SUPERVISION_COMPLAINT, frozenset[str]()
    return Lens(Audience.ORGAN, basis, row.subject_id, categories=None if is_record else none, grant_id=row.id)


async def find(unit: Unit, by: Inspector, complaint_id: str) -> Row:
    """One of the department's own, of the area that it has now; raises `NotAvailable`."""
    row = await named(unit, by, complaint_id)
    if row is None:
        raise NotAvailable()
    return row


async def named(unit: Unit, by: Inspector, complaint_id: str) -> Row | None:
    """Anybody's of the department, or None: for an attempt's line."""
    return await unit.first(select(complaint).where(_c.id == complaint_id, *_own(by)))


def waiting(of: Second) -> Select[Any]:
    """What one of the department took in, of the area that it has, and nobody confirmed. Whether there is anything to
    look into is not said."""
    listed = entry("COMPLAINT", _c.id, _c.number, since=_c.registered_at, due=_c.until, asked_by=_c.staff_id)
    a, same = supervised_area.c, supervised_area.c.code.is_not_distinct_from(_c.district)
    mine = (_c.party_id == of.party_id, exists().where(a.party_id == _c.party_id, same))
    return listed.where(
        *mine, _c.confirmed_at.is_(None), _c.ended_at.is_(None), _c.until > of.at, _c.staff_id != of.staff_id
    )


async def by_ids(unit: Unit, ids: Collection[str]) -> Mapping[str, Row]:
    """Those behind the lines of a trail."""
    if not ids:
        return {}
    return {row.id: row for row in await unit.all(select(complaint).where(_c.id.in_(list(ids))))}


async def page(unit: Unit, by: Inspector, request: PageRequest, *, is_open: bool, at: datetime) -> Page[Row]:
    """The department's own, newest first; only those that nobody has closed and whose term runs, or all."""
    query = select(complaint).where(*_own(by))
    return await _NEWEST.read_page(
        unit, query.where(_c.ended_at.is_(None), _c.until > at) if is_open else query, request
    )


def _stands(state: ComplaintState, at: datetime) -> ColumnElement[bool]:
    """Whether it waits for the second person, or is looked into, now."""
    confirmed = _c.confirmed_at.is_not(None) if state is ComplaintState.OPEN else _c.confirmed_at.is_(None)
    return and_(_c.ended_at.is_(None), _c.until > at, confirmed)


def _own(by: Inspector) -> tuple[ColumnElement[bool], ...]:
    """A department whose area has changed has lost what it was told elsewhere."""
    return _c.party_id == by.party_id, _c.district.is_not_distinct_from(by.area.code)


async def _strangers(unit: Unit, by: Inspector, subject_id: str | None) -> None:
    whom = subject_id or nobody()
    if await links.is_same_person(unit, by.staff_id, {whom, *await links.acting_for(unit, whom)}):
        raise ConflictOfInterest()


async def _tell(unit: WriteUnit, row: Row, kind: EventKind, at: datetime, **said: str) -> None:
    """Whom it is about hears of it; nobody, where it is nobody's."""
    if row.subject_id is not None:
        await outbox.tell_subject(unit, row.subject_id, kind, about=row.id, at=at, number=row.number, **said)


class ComplaintTerms:
    """The duty that writes down which complaints' terms went by."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self, at: datetime) -> float:
        """Do what is due; in how many seconds to look again."""
        async with self._database.reading() as unit:
            due = await unit.first(select(_c.id).where(_c.ended_at.is_(None), _c.until <= at).limit(1))
        if due is None:
            return PAUSE_SECONDS
        async with self._database.writing() as unit:
            lapsed = await lapse(unit, at=at)
        return 0.0 if lapsed >= _BATCH else PAUSE_SECONDS
