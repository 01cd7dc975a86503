"""A second filing about the same thing at the same place: its words and papers join the open case, and none is lost.

Its ground and request stand on the step that it is. Where a letter should go another way than the case says, the later
wish counts; that nothing was said of it (the app, where every letter is in any case) takes no letter off the post.
"""

from datetime import datetime

from sqlalchemy import select

from audit.lens import Lens
from core.database import WriteUnit
from core.statements import Row
from objections import addresses, cases, evidence, messages, steps
from objections.applicants import Applicant
from objections.kinds import Delivery, Side
from objections.rules import Said
from objections.states import ObjectionAct
from objections.tables import objection


async def open_case(unit: WriteUnit, lens: Lens, said: Said, target_id: str | None, institution_id: str) -> Row | None:
    """The open case about this thing at this place, held to the end of this unit; None when it has ended meanwhile."""
    c = objection.c
    same = (c.target == said.target.value, c.target_id == target_id, c.institution_id == institution_id)
    open_ = select(objection).where(*same, c.subject_id == lens.subject_id, c.ended_at.is_(None))
    return await unit.first(open_.with_for_update())


async def join(unit: WriteUnit, row: Row, said: Said, by: Applicant, *, at: datetime) -> None:
    """Add what a second filing says to a held case. Raises `WrongStep` once it is decided: then its answer comes
    first, and a new case can be filed after it."""
    cases.check(row, ObjectionAct.JOIN)
    side = Side.APPLICANT
    await messages.add(unit, row.id, said.text, side, thread=side, at=at, staff_id=by.received_by)
    await evidence.bring(unit, row.id, said.evidence_ids, owner=by.owner, side=side, at=at)
    asked = {"ground": said.ground.value, "request": said.request.value}
    await steps.append(unit, row.id, ObjectionAct.JOIN, side, at=at, staff_id=by.received_by, **asked)
    changed: dict[str, object] = {"supplement_by": None} if said.evidence_ids else {}
    if said.delivery is not Delivery.APP:
        address = addresses.sealed(unit, row.id, said.address)
        changed |= {"delivery": said.delivery.value, "address_sealed": address}
    await cases.change(unit, row, at=at, **changed)
