"""The answer: decided by the handler with reasons, a refusal approved by somebody else, and what then happens at once.

What is decided takes effect in the transaction of the last word that it needs. With an applicant who is told by the
app, that transaction tells them, closes the case and takes the mark away; on paper `close` does, once it has left.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from audit.lens import Audience, BasisKind, Lens
from core.database import WriteUnit
from core.errors import Detail, Invalid
from core.statements import Row
from notices import outbox
from notices.kinds import EventKind
from objections import clock, conflicts, hearing, moving, outcomes, steps, taking_effect, verifications, withdrawing
from objections.errors import WrongStep
from objections.kinds import (
    Delivery,
    ObjectionAddressee,
    ObjectionOutcome,
    ObjectionPhase,
    ObjectionRequest,
    ObjectionStatus,
    ObjectionTarget,
    Side,
    VerificationAnswer,
)
from objections.moving import Officer, Read
from objections.outcomes import Standing
from objections.rights import NOTHING, Right
from objections.states import ObjectionAct
from objections.tables import objection, verification

SILENCE = "信息提供单位未在法定期限内完成核查，该信息停止展示和使用。"
_TOLD_AT_ONCE = frozenset({Delivery.APP.value, Delivery.SMS.value})


@dataclass(frozen=True)
class Decision:
    """What a handler decides. `right` is what a record should say, or whose it is, where the institution itself made
    the fault."""

    outcome: ObjectionOutcome
    reason: str
    phase: ObjectionPhase | None = None
    right: Right = NOTHING


async def standing_of(unit: WriteUnit, row: Row) -> tuple[Standing, Row | None]:
    """What the answers to a case depend on, and what its provider was asked."""
    asked = await verifications.last(unit, row)
    answer = VerificationAnswer(asked.answer) if asked is not None and asked.answer else None
    requests = frozenset({ObjectionRequest(row.request), *(asks for _, asks in await steps.joined(unit, row.id))})
    kinds = (ObjectionAddressee(row.addressee), ObjectionTarget(row.target), requests)
    return Standing(*kinds, asked=asked is not None, answer=answer), asked


async def decide(unit: WriteUnit, officer: Officer, read: Read, decision: Decision, *, at: datetime) -> None:
    """Decide a case that the officer has opened. Raises `Invalid` for an outcome that this case cannot have, or one
    that lacks what it is made of; and as `moving.move`."""
    reason = moving.said(decision.reason, "reason")
    before = await moving.find(unit, officer, read.id)
    decided = {
        "status": ObjectionStatus.DECIDED.value,
        "outcome": decision.outcome.value,
        "reason": reason,
        "phase": decision.phase.value if decision.phase else before.phase,
        "decided_at": at,
        "decided_by": officer.staff_id,
    }
    row = await moving.move(unit, officer, read, ObjectionAct.DECIDE, decided, at=at)
    standing, asked = await standing_of(unit, row)
    may = outcomes.allowed(standing)
    if decision.outcome not in may:
        raise Invalid(Detail(("outcome",), "ONE_OF", ", ".join(sorted(one.value for one in may))))
    right = taking_effect.right_of(unit, asked, decision.right)
    await _log(unit, officer, row, ObjectionAct.DECIDE, at, outcome=decision.outcome.value)
    if not outcomes.needs_approval(standing.addressee, decision.outcome):
        await _conclude(unit, row, right, at)


async def approve(unit: WriteUnit, officer: Officer, read: Read, *, others: Collection[str] = (), at: datetime) -> None:
    """Somebody else agrees to a refusal. Raises `ApprovalNeeded` for who decided it, `Conflicted` for who had a hand in
    what is contested, and as `moving.move`."""
    await conflicts.check(unit, await moving.find(unit, officer, read.id), officer.staff_id, others)
    agreed = {"approved_at": at, "approved_by": officer.staff_id}
    row = await moving.move(unit, officer, read, ObjectionAct.APPROVE, agreed, at=at, only=_by_another(officer))
    await _log(unit, officer, row, ObjectionAct.APPROVE, at)
    await _conclude(unit, row, NOTHING, at)


async def send_back(unit: WriteUnit, officer: Officer, read: Read, reason: str, *, at: datetime) -> None:
    """Somebody else does not agree: the case is its handler's again, where it stood. Raises as `moving.move`."""
    why, before = moving.said(reason, "reason"), await moving.find(unit, officer, read.id)
    stood = ObjectionStatus.FILED if before.forwarded_at is None else ObjectionStatus.FORWARDED
    undone = {"status": stood.value, "outcome": None, "reason": None, "decided_at": None, "decided_by": None}
    row = await moving.move(unit, officer, read, ObjectionAct.RETURN, undone, at=at, only=_by_another(officer))
    await _log(unit, officer, row, ObjectionAct.RETURN, at, reason=why)


def _by_another(officer: Officer) -> tuple[ColumnElement[bool], ...]:
    """Of a refusal that waits, and that the officer did not decide."""
    c = objection.c
    refused = c.outcome == ObjectionOutcome.NOT_CORRECTED.value
    return (refused, c.decided_by != officer.staff_id, c.approved_at.is_(None))


async def _log(unit: WriteUnit, officer: Officer, row: Row, act: ObjectionAct, at: datetime, **detail: object) -> None:
    await steps.append(unit, row.id, act, officer.side, at=at, staff_id=officer.staff_id, **detail)


async def lapse(unit: WriteUnit, case_id: str, *, at: datetime) -> bool:
    """A provider was silent until business hours were over on the last day: its record stops being shown, and nothing
    is decided against anybody. False when something else came first. Of what is missing there is nothing to withhold:
    that stays open, and late."""
    c, unanswered = objection.c, verification.c.answer.is_(None)
    # Held first: a provider that is answering holds it too, and what it says counts.
    await unit.first(select(c.id).where(c.id == case_id).with_for_update())
    silent = verifications.exists_for(c.id, unanswered)
    over = c.due_at <= at + clock.SILENCE_BEFORE
    due = (c.id == case_id, c.status == ObjectionStatus.FORWARDED.value, over, silent)
    decided = {
        "status": ObjectionStatus.DECIDED.value,
        "outcome": ObjectionOutcome.UNVERIFIABLE_WITHHELD.value,
        "reason": SILENCE,
        "decided_at": at,
        "version": c.version + 1,
    }
    of_record = c.target == ObjectionTarget.RECORD.value
    fresh = await unit.first(objection.update().where(*due, of_record).values(decided).returning(objection))
    if fresh is None:
        return False
    await hearing.of_case(unit, fresh, fresh.version, at=at)
    await steps.append(unit, fresh.id, ObjectionAct.LAPSE, Side.CLOCK, at=at)
    await _conclude(unit, fresh, NOTHING, at)
    return True


async def close(unit: WriteUnit, row: Row, *, by: str | None = None, way: Delivery | None = None, at: datetime) -> None:
    """The applicant has been told, by whom and which way: the case is over, and its mark goes, in this one transaction.
    Raises `WrongStep` for one that is not decided, or whose refusal nobody has approved."""
    if row.outcome is None:
        raise WrongStep()
    c = objection.c
    waits = outcomes.needs_approval(ObjectionAddressee(row.addressee), ObjectionOutcome(row.outcome))
    ready = (
        c.id == row.id,
        c.status == ObjectionStatus.DECIDED.value,
        *((c.approved_at.is_not(None),) if waits else ()),
    )
    over = {"status": ObjectionStatus.CLOSED.value, "notified_at": at, "ended_at": at, "version": c.version + 1}
    closed = await unit.first(objection.update().where(*ready).values(over).returning(objection))
    if closed is None:
        raise WrongStep()
    await hearing.of_case(unit, closed, closed.version, at=at)
    await hearing.of_end(unit, row.id, at=at)
    told = (way or Delivery(row.delivery)).value
    await steps.append(unit, row.id, ObjectionAct.TELL, Side.HANDLER, at=at, staff_id=by, way=told)
    lens = Lens(Audience.ORGAN, BasisKind.OBJECTION, row.subject_id)
    await withdrawing.lift(unit, lens, row, at=at)


async def _conclude(unit: WriteUnit, row: Row, right: Right, at: datetime) -> None:
    """The last word has been said: it takes effect, and whoever is told by the app is told now."""
    await taking_effect.of(unit, row, right, at=at)
    texted = row.delivery == Delivery.SMS.value
    kind = EventKind.OBJECTION_ANSWERED_TEXT if texted else EventKind.OBJECTION_ANSWERED
    await outbox.tell_subject(unit, row.subject_id, kind, about=row.id, at=at, number=row.number)
    if row.delivery in _TOLD_AT_ONCE:
        await close(unit, row, at=at)
