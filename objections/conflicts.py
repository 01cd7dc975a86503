"""Who has had a hand in what is contested does not handle the objection to it, nor approve its refusal.

What rows can show is shown by rows: whose paper it was, who decided of the same thing before, whose sign-in is that of
the applicant or of somebody who acts for them. What they cannot (kin, friends, an old employer) is the handler's own
statement.
"""

from collections.abc import Collection

from sqlalchemy import or_, select

from core.database import Unit
from core.statements import Row
from credit import reviewing
from objections.errors import Conflicted
from objections.kinds import ObjectionTarget, Side
from objections.tables import objection, objection_step
from parties import links


async def check(unit: Unit, row: Row, staff_id: str, others: Collection[str]) -> None:
    """Raise `Conflicted`. `others` are staff members who entered the contested value, as other floors know them."""
    if staff_id in others or await _took_in(unit, row, staff_id):
        raise Conflicted()
    people = {row.subject_id, row.filed_by, *await links.acting_for(unit, row.subject_id)} - {None}
    if await links.is_same_person(unit, staff_id, people):
        raise Conflicted()
    if await _decided_before(unit, row, staff_id):
        raise Conflicted()
    if row.target == ObjectionTarget.SCORE.value and staff_id in await reviewing.answered_by(unit, row.subject_id):
        raise Conflicted()


async def _took_in(unit: Unit, row: Row, staff_id: str) -> bool:
    """Whether they wrote down what the applicant brought, when it was filed or when it was joined."""
    c = objection_step.c
    brought = (c.objection_id == row.id, c.side == Side.APPLICANT.value, c.staff_id == staff_id)
    return await unit.first(select(c.id).where(*brought).limit(1)) is not None


async def _decided_before(unit: Unit, row: Row, staff_id: str) -> bool:
    """Whether they decided, or approved, an earlier objection to the same thing: this one contests that answer."""
    if row.target_id is None:
        return False
    c = objection.c
    same = (c.target == row.target, c.target_id == row.target_id, c.id != row.id)
    by_them = or_(c.decided_by == staff_id, c.approved_by == staff_id)
    return await unit.first(select(c.id).where(*same, by_them).limit(1)) is not None
