"""A counter case (Art. 8(3)): opened for whoever stands there, completed paper by paper, looked under, ended.

Nobody is searched for: opening one answers alike for a number that is somebody's and for one that is nobody's, and what
is looked at names its case. A case is its clerk's own; another's, an absent one and a made-up one are the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, func, select

from audit.lens import Audience, BasisKind, Lens
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, VersionChanged
from core.identity import IdentityNumber, mask, mask_numbers_in
from core.ids import new_id, new_number
from core.moments import day_of
from core.statements import Row
from grants import papers
from grants.errors import ConflictOfInterest, CounterBusy, CounterCaseEnded, CounterCaseUsed, PapersMissing, WrongState
from grants.papers import Brought, CounterKind, CounterState, Paper, PaperCheck, PaperForm
from grants.tables import counter_case, counter_paper
from notices import outbox
from notices.kinds import EventKind
from parties import links

MOST_OPEN = 5  # CHOICE: one person stands there at a time, and some are away fetching a paper
MOST_LOOKS = 10  # CHOICE: a report, a certificate, the trail, and paper jams
_LONGEST_DESK = 20
TRAIL = "COUNTER_TRAIL"  # what the log says that reading a trail at the counter is for
_PEOPLE = "counter_case.people_sealed"
_c = counter_case.c


@dataclass(frozen=True)
class Clerk:
    """Who serves, at which institution."""

    party_id: str
    staff_id: str


@dataclass(frozen=True, repr=False)
class Visit:
    """Who has come to which desk, as what, about whom. `categories` and `until` are what a written authorisation says.

    The applicant is the subject themselves in a case of one's own: then no second name is given."""

    kind: CounterKind
    desk: str
    number: IdentityNumber
    name: str
    applicant: tuple[IdentityNumber, str] | None
    categories: frozenset[str] | None
    until: date | None

    def faults(self, today: date) -> list[Detail]:
        """Every rule it breaks; the same whoever it is about."""
        own, on_paper = self.kind is CounterKind.OWN, self.kind in papers.AUTHORISED
        is_company = self.number.type.value == "USCC"
        said, written = self.categories is not None, self.until is not None
        rules = (
            ("desk", "LENGTH", f"1..{_LONGEST_DESK}", not 1 <= len(self.desk) <= _LONGEST_DESK),
            ("desk", "IDENTITY_NUMBER", None, mask_numbers_in(self.desk) != self.desk),
            ("subject.type", "ONE_OF", None, is_company is not (self.kind is CounterKind.ORGANISATION)),
            ("applicant", "NOT_WANTED", None, own and self.applicant is not None),
            ("applicant", "NEEDED", None, not own and self.applicant is None),
            ("applicant.type", "ONE_OF", None, self.applicant is not None and self.applicant[0].type.value == "USCC"),
            ("categories", "NEEDED", None, on_paper and not self.categories),
            ("categories", "NOT_WANTED", None, said and not on_paper),
            ("authorisedUntil", "NEEDED", None, on_paper and not written),
            ("authorisedUntil", "NOT_WANTED", None, written and not on_paper),
            ("authorisedUntil", "PAST", None, self.until is not None and self.until < today),
        )
        return [Detail(tuple(path.split(".")), code, limit) for path, code, limit, broken in rules if broken]

    @property
    def people(self) -> Mapping[str, str]:
        """Who they are, as the desk reads it again: names, and numbers masked."""
        about = {"name": self.name, "masked": mask(self.number.number)}
        if self.applicant is None:
            return about
        number, name = self.applicant
        return {**about, "applicant": name, "applicantMasked": mask(number.number)}


async def open_(
    unit: WriteUnit, clerk: Clerk, visit: Visit, subject_id: str, *, no_conflict: bool, at: datetime
) -> str:
    """A case that waits for its papers; its id. `subject_id` is whose the number and name are, or `nobody`'s.

    Raises `Invalid` without the statement of no conflict, `ConflictOfInterest` and `CounterBusy`.
    """
    if not no_conflict:
        raise Invalid(Detail(("noConflict",), "STATEMENT_NEEDED"))
    people = {subject_id, *await links.acting_for(unit, subject_id)}
    if await links.is_same_person(unit, clerk.staff_id, people):
        raise ConflictOfInterest()
    await _hold_few(unit, clerk, at)
    made = new_id("ctr")
    row = {
        "id": made,
        "number": new_number("CK"),
        "party_id": clerk.party_id,
        "clerk_id": clerk.staff_id,
        "desk": visit.desk,
        "kind": visit.kind.value,
        "state": CounterState.OPEN.value,
        "subject_id": subject_id,
        "people_sealed": unit.vault.seal(_PEOPLE, made, orjson.dumps(visit.people).decode()),
        "categories": sorted(visit.categories) if visit.categories else None,
        "authorised_until": visit.until,
        "opened_at": at,
        "opened_on": day_of(at),
        "looks": 0,
        "version": 1,
    }
    await unit.run(counter_case.insert().values(**row))
    return made


def check(visit: Visit, *, at: datetime) -> None:
    """Raise `Invalid` for a visit that is none. Nobody has been looked up yet."""
    broken = visit.faults(day_of(at))
    if broken:
        raise Invalid(*broken)


def nobody() -> str:
    """An id that is nobody's."""
    return new_id("sub")


async def note(
    unit: WriteUnit,
    clerk: Clerk,
    case_id: str,
    brought: Mapping[Paper, tuple[Brought, str | None]],
    *,
    expected: int,
    at: datetime,
) -> Sequence[str]:
    """Write down what was laid on the counter, each with its scan; the case is READY with the last of it. Answers the
    scans that were replaced.

    Raises `NotAvailable`, `Invalid` for a paper that is not asked for, `CounterCaseEnded`, `VersionChanged`.
    """
    row = await own(unit, clerk, case_id)
    kind = CounterKind(row.kind)
    foreign = papers.unlisted(kind, [one for one, _scan in brought.values()])
    if foreign:
        raise Invalid(*foreign)
    before = {Paper(one.paper): one for one in await noted(unit, case_id)}
    replaced = []
    for paper, (one, scan_id) in brought.items():
        was = before.pop(paper, None)
        kept = scan_id or (was.scan_id if was is not None else None)
        if was is not None and was.scan_id not in (None, kept):
            replaced.append(was.scan_id)
        at_it = (counter_paper.c.case_id == case_id, counter_paper.c.paper == paper.value)
        await unit.run(counter_paper.delete().where(*at_it))
        said = {"form": one.form.value, "checks": sorted(check.value for check in one.checks), "scan_id": kept}
        await unit.run(counter_paper.insert().values(case_id=case_id, paper=paper.value, noted_at=at, **said))
    held = [as_brought(one) for one in await noted(unit, case_id)]
    state = papers.led_to(kind, held, is_told=row.supplement_at is not None)
    await _change(unit, clerk, case_id, expected, at, state=state.value)
    return replaced


async def tell_lacking(unit: WriteUnit, clerk: Clerk, case_id: str, *, expected: int, at: datetime) -> None:
    """The one notice of everything that is missing (一次性告知). Raises `NotAvailable`, `CounterCaseEnded`,
    `VersionChanged`, and `WrongState` for a second one and when nothing is missing."""
    row = await own(unit, clerk, case_id)
    lacks = papers.lacking(CounterKind(row.kind), [as_brought(one) for one in await noted(unit, case_id)])
    if row.supplement_at is not None or not lacks:
        raise WrongState()
    said = [lack.words for lack in lacks]
    state = CounterState.SUPPLEMENT.value
    await _change(
        unit, clerk, case_id, expected, at, _c.supplement_at.is_(None), state=state, supplement_at=at, lacking=said
    )


async def end(unit: WriteUnit, clerk: Clerk, case_id: str, *, at: datetime) -> bool:
    """From now on nothing is looked at under it; False when it was over before. Raises `NotAvailable`."""
    ending = counter_case.update().where(*_is(clerk, case_id), _c.state != CounterState.ENDED.value)
    if await unit.run(ending.values(state=CounterState.ENDED.value, ended_at=at, version=_c.version + 1)) == 1:
        return True
    await own(unit, clerk, case_id)
    return False


async def admit(unit: WriteUnit, clerk: Clerk, case_id: str, *, at: datetime) -> Row:
    """The clerk's own case, complete, today's, and one look the less; the first look tells whom it is at.

    One statement decides. Raises `NotAvailable`, `CounterCaseEnded`, `PapersMissing`, `CounterCaseUsed`.
    """
    ready = (*_is(clerk, case_id), _c.state == CounterState.READY.value, _c.opened_on == day_of(at))
    taken = counter_case.update().where(*ready, _c.looks < MOST_LOOKS)
    told = {"told_at": func.coalesce(_c.told_at, at), "looks": _c.looks + 1}
    if await unit.run(taken.values(**told)) != 1:
        raise await _why_not(unit, clerk, case_id, at)
    row = await own(unit, clerk, case_id)
    if row.looks == 1:
        await _tell(unit, row, at)
    return row


def lens_of(row: Row) -> Lens:
    """How a case sees its subject: what may be handed on, and of a written authorisation what it covers."""
    kinds = frozenset(row.categories) if row.categories is not None else None
    return Lens(Audience.RECIPIENT, BasisKind.COUNTER, row.subject_id, categories=kinds, grant_id=row.id)


def purpose_of(row: Row) -> str:
    """What the log says a look under this case is for."""
    return f"COUNTER_{row.kind}"


async def own(unit: Unit, clerk: Clerk, case_id: str) -> Row:
    """The clerk's own case, however it stands; raises `NotAvailable`."""
    row = await unit.first(select(counter_case).where(*_is(clerk, case_id)))
    if row is None:
        raise NotAvailable()
    return row


async def of_institution(unit: Unit, party_id: str, case_id: str) -> Row | None:
    """Any clerk's case of an institution, or None: for an attempt's line."""
    return await unit.first(select(counter_case).where(_c.id == case_id, _c.party_id == party_id))


async def today(unit: Unit, clerk: Clerk, *, at: datetime) -> Sequence[Row]:
    """The clerk's cases of the city's day, newest first."""
    mine = (_c.party_id == clerk.party_id, _c.clerk_id == clerk.staff_id, _c.opened_on == day_of(at))
    return await unit.all(select(counter_case).where(*mine).order_by(_c.opened_at.desc(), _c.id))


async def noted(unit: Unit, case_id: str) -> Sequence[Row]:
    """What was laid on the counter."""
    return await unit.all(
        select(counter_paper).where(counter_paper.c.case_id == case_id).order_by(counter_paper.c.paper)
    )


def people(unit: Unit, row: Row) -> Mapping[str, str]:
    """Who stands there and whom it is about, by name and masked number."""
    found: Mapping[str, str] = orjson.loads(unit.vault.open(_PEOPLE, row.id, row.people_sealed))
    return found


def as_brought(row: Row) -> Brought:
    """A noted paper in the rule's words."""
    checks = frozenset(PaperCheck(one) for one in row.checks)
    return Brought(Paper(row.paper), PaperForm(row.form), checks, scanned=row.scan_id is not None)


async def _hold_few(unit: WriteUnit, clerk: Clerk, at: datetime) -> None:
    await unit.alone(f"counter of {clerk.staff_id}")
    standing = (_c.clerk_id == clerk.staff_id, _c.opened_on == day_of(at), _c.state != CounterState.ENDED.value)
    row = await unit.first(select(func.count()).select_from(counter_case).where(*standing))
    if row is not None and row[0] >= MOST_OPEN:
        raise CounterBusy(limit=str(MOST_OPEN))


def _is(clerk: Clerk, case_id: str) -> tuple[ColumnElement[bool], ...]:
    return (_c.id == case_id, _c.clerk_id == clerk.staff_id, _c.party_id == clerk.party_id)


async def _change(
    unit: WriteUnit, clerk: Clerk, case_id: str, expected: int, at: datetime, *more: ColumnElement[bool], **values: Any
) -> None:
    """One statement for a case that stands. Raises `CounterCaseEnded` or `VersionChanged`."""
    stands = (*_is(clerk, case_id), _c.state != CounterState.ENDED.value, _c.opened_on == day_of(at))
    changed = counter_case.update().where(*stands, _c.version == expected, *more)
    if await unit.run(changed.values(version=_c.version + 1, **values)) != 1:
        row = await own(unit, clerk, case_id)
        stood = papers.state_of(row.state, row.opened_on, today=day_of(at))
        raise CounterCaseEnded() if stood is CounterState.ENDED else VersionChanged()


async def _why_not(unit: Unit, clerk: Clerk, case_id: str, at: datetime) -> Exception:
    row = await own(unit, clerk, case_id)
    state = papers.state_of(row.state, row.opened_on, today=day_of(at))
    if state is CounterState.ENDED:
        return CounterCaseEnded()
    if state is CounterState.READY:
        return CounterCaseUsed(limit=str(MOST_LOOKS))
    lacks = papers.lacking(CounterKind(row.kind), [as_brought(one) for one in await noted(unit, case_id)])
    return PapersMissing(*(Detail(("papers", one.needed.paper.value), one.code) for one in lacks))


async def _tell(unit: WriteUnit, row: Row, at: datetime) -> None:
    """Whoever is looked at hears of it at once, and who came: somebody could have come in their name."""
    who = people(unit, row).get("applicant", "")
    kind = EventKind.COUNTER_OWN if row.kind == CounterKind.OWN.value else EventKind.COUNTER_OTHER
    await outbox.tell_subject(unit, row.subject_id, kind, about=row.id, at=at, number=row.number, applicant=who)
