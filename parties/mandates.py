"""For whom else a person may act: the organisations they represent, and the people they are guardian or helper of.

A guardian's and a helper's mandate is a row with a term and an end; the token names the row, and the row is read inside
every operation (`callers`).
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Update, and_, literal, or_, select, union_all

from core.cursors import Sealer
from core.database import Unit, WriteUnit
from core.errors import BadCall, Detail, Invalid, NotAvailable
from core.ids import new_id
from core.moments import day_of, rfc3339
from core.statements import Row
from core.vault import Vault
from parties.kinds import MandateKind
from parties.tables import mandate, party, representation

MOST = 100  # nobody holds more; a person who did would see the first hundred
# CHOICE: help is asked for anew after a year; a code that a helper shows holds while two people stand together.
LONGEST_HELP, OFFER_LIFE = timedelta(days=366), timedelta(minutes=10)
BETWEEN_PEOPLE = frozenset({MandateKind.GUARDIAN, MandateKind.HELPER})


async def live(unit: Unit, person_id: str, *, at: datetime) -> Sequence[Row]:
    """A person's live mandates of both sorts: id, kind, last day, the subject, and the party where there is one."""
    today = day_of(at)
    organisations = (
        select(
            representation.c.id,
            representation.c.kind,
            representation.c.valid_until,
            party.c.id.label("party_id"),
            party.c.subject_id,
        )
        .join(party, party.c.id == representation.c.party_id)
        .where(
            representation.c.person_id == person_id,
            party.c.state == "ACTIVE",
            party.c.subject_id.is_not(None),
            or_(representation.c.valid_until.is_(None), representation.c.valid_until >= today),
        )
    )
    people = select(
        mandate.c.id,
        mandate.c.kind,
        mandate.c.valid_until,
        literal(None, party.c.id.type).label("party_id"),
        mandate.c.subject_id,
    ).where(
        mandate.c.person_id == person_id,
        mandate.c.ended_at.is_(None),
        mandate.c.valid_from <= today,
        or_(mandate.c.valid_until.is_(None), mandate.c.valid_until >= today),
    )
    both = union_all(organisations, people).subquery()
    return await unit.all(select(both).order_by(both.c.id).limit(MOST))


async def holds(unit: Unit, person_id: str, party_id: str, kind: MandateKind, *, at: datetime) -> bool:
    """Whether a person represents an organisation in this capacity now, whatever else they are to it."""
    today = day_of(at)
    found = select(representation.c.id).where(
        representation.c.person_id == person_id,
        representation.c.party_id == party_id,
        representation.c.kind == kind.value,
        or_(representation.c.valid_until.is_(None), representation.c.valid_until >= today),
    )
    return await unit.first(found) is not None


async def give(
    unit: WriteUnit,
    *,
    person_id: str,
    subject_id: str,
    kind: MandateKind,
    valid_from: date,
    valid_until: date | None = None,
    at: datetime,
) -> str | None:
    """A person may act for another adult; the mandate's id, or None when a live one between them stands already.

    Whoever calls this has seen the paper: 监护 is proved, help is asked for. Raises `Invalid` for a kind that is not
    between people, for oneself, and for a term that ends before it begins.
    """
    broken = [
        Detail((path,), code)
        for path, code, wrong in (
            ("kind", "MANDATE_KIND", kind not in BETWEEN_PEOPLE),
            ("subjectId", "ANOTHER", person_id == subject_id),
            ("validUntil", "PAST", valid_until is not None and valid_until < valid_from),
        )
        if wrong
    ]
    if broken:
        raise Invalid(*broken)
    # One whose last day has passed stands in nobody's way.
    pair = and_(mandate.c.person_id == person_id, mandate.c.subject_id == subject_id)
    await unit.run(_ended(at).where(pair, mandate.c.valid_until < day_of(at)))
    given = await unit.first(
        unit.insert(mandate)
        .values(
            id=new_id("mdt"),
            person_id=person_id,
            subject_id=subject_id,
            kind=kind.value,
            valid_from=valid_from,
            valid_until=valid_until,
            given_at=at,
            version=1,
        )
        .on_conflict_do_nothing()
        .returning(mandate.c.id)
    )
    return str(given.id) if given else None


async def end(unit: WriteUnit, mandate_id: str, *, at: datetime) -> bool:
    """End a mandate between people, at once; False when it has ended before, or is none."""
    return await unit.run(_ended(at).where(mandate.c.id == mandate_id)) == 1


async def end_help(unit: WriteUnit, mandate_id: str, *, by: str, at: datetime) -> bool:
    """Either side ends a helper's mandate, at once; False when it has ended before.

    Raises `NotAvailable` when it is neither given by nor to `by`, and `Invalid` for a guardian's: what a court or the
    law has set up, no click ends.
    """
    ended = _ended(at).where(mandate.c.id == mandate_id, _of_either(by), mandate.c.kind == MandateKind.HELPER.value)
    if await unit.run(ended) == 1:
        return True
    if (await find(unit, mandate_id, by=by)).kind != MandateKind.HELPER.value:
        raise Invalid(Detail(("mandateId",), "GUARDIAN_BY_LAW"))
    return False


async def find(unit: Unit, mandate_id: str, *, by: str) -> Row:
    """One mandate between people, for either of the two; raises `NotAvailable`."""
    row = await unit.first(select(mandate).where(mandate.c.id == mandate_id, _of_either(by)))
    if row is None:
        raise NotAvailable()
    return row


async def over(unit: Unit, subject_id: str, *, at: datetime) -> Sequence[Row]:
    """Who may act for a person now or later: live mandates, oldest first."""
    today = day_of(at)
    return await unit.all(
        select(mandate)
        .where(
            mandate.c.subject_id == subject_id,
            mandate.c.ended_at.is_(None),
            or_(mandate.c.valid_until.is_(None), mandate.c.valid_until >= today),
        )
        .order_by(mandate.c.given_at, mandate.c.id)
        .limit(MOST)
    )


def offer(vault: Vault, person_id: str, *, at: datetime) -> tuple[str, datetime]:
    """What a person shows in order to be somebody's helper, and until when it holds.

    Nothing is stored: the text is sealed, so only this service makes one, and it says nothing of its maker.
    """
    until = (at + OFFER_LIFE).replace(microsecond=0)
    return _offers(vault).seal([person_id, rfc3339(until)]), until


def offered(vault: Vault, text: str, *, at: datetime) -> str:
    """Who offered to help; raises `NotAvailable` for any text that is no offer of now."""
    try:
        person_id, until = _offers(vault).open(text)
    except BadCall:
        raise NotAvailable() from None
    if datetime.fromisoformat(until) <= at:
        raise NotAvailable()
    return person_id


def _offers(vault: Vault) -> Sealer:
    return Sealer(vault, "helper offer")


def _ended(at: datetime) -> Update:
    return mandate.update().where(mandate.c.ended_at.is_(None)).values(ended_at=at, version=mandate.c.version + 1)


def _of_either(by: str) -> ColumnElement[bool]:
    return or_(mandate.c.person_id == by, mandate.c.subject_id == by)
