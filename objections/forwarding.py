"""Asking the provider of a record (Art. 12(2)): before the three working days are over, and ten from receipt replace
them. Later the case stays in the institution's own scope, and late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.database import WriteUnit
from core.errors import Detail, Invalid
from core.ids import new_id
from core.statements import Row
from notices import outbox
from notices.kinds import EventKind
from objections import clock, dates, evidence, hearing, moving, outcomes, steps
from objections.errors import ForwardedTooLate, WrongStep
from objections.kinds import DueCause, ObjectionAddressee, ObjectionStatus, ObjectionTarget, ObjectionTrack, Side
from objections.moving import Officer, Read
from objections.states import ObjectionAct
from objections.tables import objection, verification
from parties import directory


@dataclass(frozen=True)
class Question:
    """What a provider is asked, and what of the case it is shown: the applicant's words or not, which papers.
    `provider_id` names whom, of a record that is missing; `workdays` is that provider's term, from receipt."""

    text: str
    with_text: bool = False
    evidence_ids: Sequence[str] = ()
    provider_id: str | None = None
    workdays: int = clock.PROVIDER_DAYS


async def forward(unit: WriteUnit, officer: Officer, read: Read, question: Question, *, at: datetime) -> str:
    """Ask a case's provider; the verification's id. Raises `Invalid`, `WrongStep` for what no provider can answer,
    `ForwardedTooLate`, and as `moving.move`."""
    asked = moving.said(question.text, "question")
    await dates.hold_calendar(unit)
    before = await moving.find(unit, officer, read.id)
    provider_id = await _provider(unit, before, question)
    moved = {
        "status": ObjectionStatus.FORWARDED.value,
        "track": ObjectionTrack.PROVIDER_VERIFICATION.value,
        "provider_id": provider_id,
        "forwarded_at": at,
    }
    row = await moving.move(unit, officer, read, ObjectionAct.FORWARD, moved, at=at)
    if not await dates.forwardable(unit, before, at=at):
        raise ForwardedTooLate()
    track = ObjectionTrack.PROVIDER_VERIFICATION
    due = await dates.renewed(unit, before, DueCause.FORWARDED, track=track, at=at)
    if due:
        await unit.run(objection.update().where(objection.c.id == row.id).values(**due))
    verification_id = await _ask(unit, row, asked, question, at)
    await hearing.of_question(unit, provider_id, verification_id, 1, at=at)
    await evidence.pass_on(unit, row.id, question.evidence_ids)
    log = {"verification": verification_id, "papers": len(question.evidence_ids)}
    await steps.append(unit, row.id, ObjectionAct.FORWARD, Side.HANDLER, at=at, staff_id=officer.staff_id, **log)
    await outbox.tell_party(unit, provider_id, EventKind.OBJECTION_FORWARDED, about=verification_id, at=at)
    return verification_id


async def _provider(unit: WriteUnit, row: Row, question: Question) -> str:
    """Who sent the record; of a missing one, whom the handler names."""
    if not outcomes.may_forward(ObjectionAddressee(row.addressee), ObjectionTarget(row.target)):
        raise WrongStep()
    wanted = question.provider_id if row.target == ObjectionTarget.MISSING_RECORD.value else row.provider_id
    found = await directory.provider_of(unit, wanted) if wanted else None
    if found is None:
        raise Invalid(Detail(("providerId",), "NO_SUCH_PROVIDER"))
    return str(found.id)


async def _ask(unit: WriteUnit, row: Row, asked: str, question: Question, at: datetime) -> str:
    inner = await dates.inner_of(unit, row, question.workdays, at=at)
    columns = {
        "id": new_id("ver"),
        "objection_id": row.id,
        "provider_id": row.provider_id,
        "question": asked,
        "with_text": question.with_text,
        "asked_at": at,
        "workdays": question.workdays,
        "due_on": inner.day,
        "due_at": inner.until,
        "version": 1,
    }
    await unit.run(verification.insert().values(columns))
    return str(columns["id"])
