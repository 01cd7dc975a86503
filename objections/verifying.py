"""What a provider says of its own record: confirmed, to be corrected, deleted, another's, or to be added; with reasons.

It sees what it is asked, the record it sent and what the handler passed on. Its answer changes nothing yet: the handler
decides, and an admission is what they then decide by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, not_, or_, select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, VersionChanged
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from core.uploads import Owner
from notices import outbox
from notices.kinds import EventKind
from objections import evidence, hearing, moving, outcomes, rehearing, rights, steps, verifications
from objections.errors import CaseClosed, WrongStep
from objections.kinds import ObjectionStatus, ObjectionTarget, Side, VerificationAnswer
from objections.moving import Officer, Read
from objections.rights import NOTHING, Right
from objections.states import STEPS, ObjectionAct
from objections.tables import objection, verification

_BY_DUE = Order(verification.c.due_at, verification.c.id, rfc3339, datetime.fromisoformat, ascending=True)
_ASKED = select(
    verification,
    *(objection.c.number, objection.c.subject_id, objection.c.target, objection.c.target_id, objection.c.ended_at),
    *(objection.c.status, objection.c.outcome, objection.c.text, objection.c.described, objection.c.institution_id),
).join(objection, objection.c.id == verification.c.objection_id)


@dataclass(frozen=True)
class Answer:
    """What it says, why, on which papers, and what should stand instead."""

    answer: VerificationAnswer
    reason: str
    evidence_ids: Sequence[str] = ()
    right: Right = NOTHING


async def page(unit: Unit, provider_id: str, request: PageRequest, *, open_: bool) -> Page[Row]:
    """What a provider was asked: what waits, the most urgent first; or what is over."""
    c, over = verification.c, and_(objection.c.ended_at.is_not(None), not_(rehearing.IS_LAPSED))
    rule = and_(c.answer.is_(None), not_(over)) if open_ else or_(c.answer.is_not(None), over)
    return await _BY_DUE.read_page(unit, _ASKED.where(c.provider_id == provider_id, rule), request)


async def find(unit: Unit, provider_id: str, verification_id: str) -> Row:
    """One of a provider's own, with what of the case goes with it; raises `NotAvailable`."""
    c = verification.c
    row = await unit.first(_ASKED.where(c.id == verification_id, c.provider_id == provider_id))
    if row is None:
        raise NotAvailable()
    return row


async def of_case(unit: Unit, officer: Officer, case_id: str) -> Row | None:
    """What was asked last in a case of the officer's organisation; None where nobody was asked."""
    bears = verifications.cases_of(await moving.find(unit, officer, case_id))
    mine = (verification.c.objection_id.in_(bears), objection.c.institution_id == officer.party_id)
    newest = (verification.c.asked_at.desc(), verification.c.id.desc())
    return await unit.first(_ASKED.where(*mine).order_by(*newest).limit(1))


async def answer(unit: WriteUnit, officer: Officer, read: Read, said: Answer, *, at: datetime) -> None:
    """Answer once. The case is held first, so that it does not end meanwhile; one that has ended because nobody
    answered is heard again in a new case.

    Raises `NotAvailable`, `Invalid`, `CaseClosed`, `WrongStep` for what is answered or past answering, and
    `VersionChanged`.
    """
    reason, asked = moving.said(said.reason, "reason"), await find(unit, officer.party_id, read.id)
    late = rehearing.has_lapsed(asked)
    if not late:
        await _hold(unit, asked, at)
    _check(asked, said)
    c = verification.c
    values = {
        "answer": said.answer.value,
        "reason": reason,
        "right_sealed": rights.sealed(unit.vault, asked.id, said.right),
        "answered_at": at,
        "answered_by": officer.staff_id,
        "version": read.version + 1,
    }
    waits = (c.id == asked.id, c.version == read.version, c.answer.is_(None))
    if await unit.run(verification.update().where(*waits).values(values)) != 1:
        raise WrongStep() if (await find(unit, officer.party_id, read.id)).answer is not None else VersionChanged()
    await hearing.of_question(unit, officer.party_id, asked.id, read.version + 1, at=at)
    owner = Owner(party_id=officer.party_id)
    case_id = await rehearing.begin(unit, asked.objection_id, at=at) if late else asked.objection_id
    await evidence.bring(unit, case_id, said.evidence_ids, owner=owner, side=Side.PROVIDER, at=at)
    log = {"answer": said.answer.value, "papers": len(said.evidence_ids)}
    act = ObjectionAct.VERIFY
    await steps.append(unit, case_id, act, Side.PROVIDER, at=at, staff_id=officer.staff_id, **log)
    await outbox.tell_party(unit, asked.institution_id, EventKind.OBJECTION_VERIFIED, about=case_id, at=at)


async def _hold(unit: WriteUnit, asked: Row, at: datetime) -> None:
    """The case's next version, if it still waits for this answer."""
    c = objection.c
    starts = c.status.in_([status.value for status in STEPS[ObjectionAct.VERIFY].starts])
    held = (c.id == asked.objection_id, starts, c.forwarded_at.is_not(None))
    fresh = await unit.first(objection.update().where(*held).values(version=c.version + 1).returning(objection))
    if fresh is None:
        over = {ObjectionStatus.CLOSED.value, ObjectionStatus.WITHDRAWN.value}
        now = await unit.first(select(c.status).where(c.id == asked.objection_id))
        raise CaseClosed() if now is not None and now.status in over else WrongStep()
    await hearing.of_case(unit, fresh, fresh.version, at=at)


def _check(asked: Row, said: Answer) -> None:
    """Raise `Invalid` for an answer that this question cannot have, or one that lacks what it is made of."""
    may = outcomes.ANSWERS[ObjectionTarget(asked.target)]
    if said.answer not in may:
        raise Invalid(Detail(("answer",), "ONE_OF", ", ".join(sorted(one.value for one in may))))
    a, right = VerificationAnswer, said.right
    made_of = {a.CORRECT: ("items", bool(right.items)), a.ADD: ("items", right.content is not None)}
    path, there = made_of.get(said.answer, ("", True))
    if not there:
        raise Invalid(Detail((path,), "EMPTY"))
