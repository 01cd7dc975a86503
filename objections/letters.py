"""The letter of an answered case: set and signed by a duty (`credit.press`), kept as a blob, fetched once by a
ticket."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_, select

from audit import trail
from audit.lens import Audience, BasisKind, Lens
from core.blobs import Blobs
from core.database import Database, Unit, WriteUnit
from core.installation import Kind, kind_of
from core.statements import Row
from credit import contesting, subjects
from credit.kinds import SubjectKind
from credit.press import MEDIA_TYPE, Press
from credit.typeset.setter import Setter
from notices import outbox
from notices.kinds import EventKind
from objections import addresses, dates, filers, hearing, remedies, steps, wording
from objections.errors import LetterNotReady
from objections.kinds import (
    Delivery,
    ObjectionAddressee,
    ObjectionGround,
    ObjectionOutcome,
    ObjectionRequest,
    ObjectionStatus,
    ObjectionTarget,
    StopCause,
)
from objections.tables import objection
from objections.wording import Told
from parties import directory
from parties.kinds import MandateKind

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

# What somebody sent or made, and is no record.
_SENT = frozenset({ObjectionTarget.EVALUATION.value, ObjectionTarget.INDUSTRY_RESULT.value})
# On paper somebody has to hear that there is a letter; in the app it is just there.
_ON_PAPER = {Delivery.POST.value: EventKind.OBJECTION_TO_POST, Delivery.COUNTER.value: EventKind.OBJECTION_TO_COLLECT}


def _answered() -> ColumnElement[bool]:
    """The last word has been said, and there is no letter yet."""
    c = objection.c
    said = or_(
        c.outcome != ObjectionOutcome.NOT_CORRECTED.value,
        c.addressee == ObjectionAddressee.CREDIT_SERVICE_AGENCY.value,
        c.approved_at.is_not(None),
    )
    stands = or_(c.status == ObjectionStatus.DECIDED.value, c.status == ObjectionStatus.CLOSED.value)
    return and_(c.letter_id.is_(None), stands, said)


class Letterer(Press):
    """Sets letters. `signer` says who signs now."""

    def __init__(
        self, database: Database, blobs: Blobs, setter: Setter, *, signer: "Callable[[], SimpleSigner]"
    ) -> None:
        super().__init__(database, objection, waits=_answered(), since=objection.c.decided_at)
        self._blobs = blobs
        self._setter = setter
        self._signer = signer

    async def _print(self, row: Row) -> bytes:
        """Set in another process, signed in a thread: the key stays here."""
        async with self._database.reading() as unit:
            told = await told_of(unit, row)
        made = await self._setter.letter(wording.letter_of(told), at=told.decided_at)
        from credit.typeset import signing

        return await asyncio.to_thread(signing.signed, made, self._signer(), reason=wording.TITLE)

    async def _keep(self, row: Row, pdf: bytes, at: datetime) -> None:
        """Blob and case in one commit; of two that set the same letter, the second keeps nothing."""
        draft = await self._blobs.write_whole(pdf, at=at)
        async with self._database.writing() as unit:
            kept = await self._blobs.keep(unit, draft, media_type=MEDIA_TYPE, at=at)
            unprinted = objection.update().where(objection.c.id == row.id, _answered())
            if await unit.run(unprinted.values(letter_id=kept.id)) != 1:
                await self._blobs.remove(unit, kept.id)
                return
            await hearing.of_case(unit, row, row.version, at=at)
            kind = _ON_PAPER.get(row.delivery)
            if kind is not None:
                await outbox.tell_subject(unit, row.subject_id, kind, about=row.id, at=at, number=row.number)


async def told_of(unit: Unit, row: Row) -> Told:
    """What the letter of a decided case is made of. Raises `NotAvailable` for a subject that is gone."""
    decided = row.approved_at or row.decided_at
    return await preview(unit, row, ObjectionOutcome(row.outcome), row.reason, at=decided)


async def preview(unit: Unit, row: Row, outcome: ObjectionOutcome, reason: str, *, at: datetime) -> Told:
    """The same of a case that would be decided so."""
    agency = row.addressee == ObjectionAddressee.CREDIT_SERVICE_AGENCY.value
    lens = Lens(Audience.RECIPIENT if agency else Audience.ORGAN, BasisKind.OBJECTION, row.subject_id)
    contested = None
    if row.target == ObjectionTarget.RECORD.value:
        contested = await contesting.find(unit, lens, row.target_id, at=at)
    stops = (await dates.stops_of_several(unit, [row.id]))[row.id]
    parties = await directory.cards(unit, {row.institution_id, row.provider_id} - {None})
    subject = await subjects.behind(unit, lens)
    return Told(
        number=row.number,
        sender=parties[row.institution_id].name,
        addressee=subject.name,
        address=addresses.opened(unit, row),
        filed_at=row.filed_at,
        decided_at=at,
        target=ObjectionTarget(row.target),
        ground=ObjectionGround(row.ground),
        request=ObjectionRequest(row.request),
        outcome=outcome,
        reason=reason,
        about=row.described if contested is None else _named(contested),
        source=contested.source_name if contested is not None else _sent_by(row, outcome, parties),
        remedy=await remedies.in_force(unit, row.institution_id, at=at),
        stops=[(StopCause(stop.cause), _span(stop)) for stop in stops if stop.ended_on is not None],
        demonstration=await kind_of(unit) is Kind.DEMONSTRATION,
        of_agency=agency,
        on_paper=row.delivery in _ON_PAPER,
        organisation=subject.kind is not SubjectKind.NATURAL_PERSON,
        capacity=MandateKind(row.capacity),
        applicant=(await filers.names_of(unit, [row]))[row.id],
        joined=await steps.joined(unit, row.id),
        by_law=row.target == ObjectionTarget.ACCESS.value and await trail.organ(unit, lens, row.target_id) is not None,
    )


async def ticket(unit: WriteUnit, blobs: Blobs, row: Row, *, at: datetime) -> str:
    """A ticket to download a case's letter once. Raises `LetterNotReady`. Whoever calls this has to see whose it is."""
    if row.letter_id is None:
        raise LetterNotReady()
    return await blobs.ticket(unit, row.letter_id, at=at)


async def is_letter_of(unit: Unit, letter_id: str, number: str) -> bool:
    """Whether a blob is the letter of the case with this number."""
    c = objection.c
    return await unit.first(select(c.id).where(c.letter_id == letter_id, c.number == number)) is not None


def _sent_by(row: Row, outcome: ObjectionOutcome, parties: Mapping[str, Row]) -> str | None:
    """Who sent an evaluation, or made a result, or what was missing and is added now. An agency is shown neither."""
    sent = row.target in _SENT or outcome is ObjectionOutcome.ADDED
    of_agency = row.addressee == ObjectionAddressee.CREDIT_SERVICE_AGENCY.value
    sender = parties.get(row.provider_id) if sent and not of_agency else None
    return None if sender is None else str(sender.name)


def _named(record: Row) -> str:
    return f"{record.title}（{record.document_number}）" if record.document_number else str(record.title)


def _span(stop: Row) -> str:
    first, last = (f"{day.year}年{day.month}月{day.day}日" for day in (stop.started_on, stop.ended_on))
    return first if first == last else f"{first}至{last}"
