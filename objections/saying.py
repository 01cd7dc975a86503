"""What an applicant does in an open case of their own: says something, and brings papers. The clock runs on."""

from collections.abc import Sequence
from datetime import datetime

from audit.lens import Lens
from core.database import WriteUnit
from core.errors import Invalid
from core.uploads import Owner
from notices import outbox
from notices.kinds import EventKind
from objections import cases, evidence, messages, rules, steps
from objections.kinds import Side
from objections.states import ObjectionAct


async def say(unit: WriteUnit, lens: Lens, id_: str, text: str, *, at: datetime) -> str:
    """Say something in one's own case; its id. Raises `Invalid`, `NotAvailable`, `CaseClosed`."""
    broken = list(rules.faults_of_text("text", text))
    if broken:
        raise Invalid(*broken)
    row = await cases.held_own(unit, lens, id_, ObjectionAct.SAY)
    await cases.change(unit, row, at=at)
    await messages.add(unit, id_, text, Side.APPLICANT, thread=Side.APPLICANT, at=at)
    await steps.append(unit, id_, ObjectionAct.SAY, Side.APPLICANT, at=at)
    await outbox.tell_party(unit, row.institution_id, EventKind.OBJECTION_SAID, about=id_, at=at)
    return id_


async def supplement(
    unit: WriteUnit, lens: Lens, id_: str, evidence_ids: Sequence[str], text: str | None, *, owner: Owner, at: datetime
) -> str:
    """补交: bring papers to one's own case, though the day has passed; its id. Raises `Invalid`, `NotAvailable`,
    `CaseClosed`, and `WrongStep` once it is decided."""
    broken = [*rules.faults_of_evidence(evidence_ids, least=1)]
    broken += [] if text is None else rules.faults_of_text("text", text)
    if broken:
        raise Invalid(*broken)
    row = await cases.held_own(unit, lens, id_, ObjectionAct.SUPPLEMENT)
    await cases.change(unit, row, at=at, supplement_by=None)
    await evidence.bring(unit, id_, evidence_ids, owner=owner, side=Side.APPLICANT, at=at)
    if text is not None:
        await messages.add(unit, id_, text, Side.APPLICANT, thread=Side.APPLICANT, at=at)
    await steps.append(unit, id_, ObjectionAct.SUPPLEMENT, Side.APPLICANT, at=at, papers=len(evidence_ids))
    await outbox.tell_party(unit, row.institution_id, EventKind.OBJECTION_SAID, about=id_, at=at)
    return id_
