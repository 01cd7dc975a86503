"""What a handler says to the applicant: kept in the case, and told. The clock runs on."""

from datetime import datetime

from core.database import WriteUnit
from core.errors import Invalid
from notices import outbox
from notices.kinds import EventKind
from objections import cases, handling, messages, rules, steps
from objections.kinds import Side
from objections.moving import Officer
from objections.states import ObjectionAct


async def reply(unit: WriteUnit, officer: Officer, case_id: str, text: str, *, at: datetime) -> str:
    """Say something in a case that the officer has opened; its id. Raises `Invalid`, `NotAvailable`, `CaseClosed`."""
    broken = list(rules.faults_of_text("text", text))
    if broken:
        raise Invalid(*broken)
    await handling.opened(unit, officer, case_id)
    row = await cases.held(unit, case_id, ObjectionAct.SAY)
    await cases.change(unit, row, at=at)
    await messages.add(unit, case_id, text, Side.HANDLER, thread=Side.APPLICANT, at=at, staff_id=officer.staff_id)
    await steps.append(unit, case_id, ObjectionAct.SAY, Side.HANDLER, at=at, staff_id=officer.staff_id)
    kind = EventKind.OBJECTION_SAID
    await outbox.tell_subject(unit, row.subject_id, kind, about=case_id, at=at, number=row.number)
    return case_id
