"""The record of acts upon parties: who moved them and who agreed. Between two who race, its rows decide.

An act belongs to one epoch of its target: what was moved before a freeze is not agreed to after it.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid
from core.ids import new_id
from parties.errors import SecondPerson
from parties.kinds import Target
from parties.states import PartyAct
from parties.tables import party_act

LONGEST_REASON = 200
# CHOICE: what nobody agreed to within a week is moved afresh, so that two people mean the same occasion.
WINDOW = timedelta(days=7)


def check_reason(reason: str) -> None:
    """Raise `Invalid` for a reason that says nothing or too much."""
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(Detail(("reason",), "LENGTH", f"1..{LONGEST_REASON}"))


async def note(
    unit: WriteUnit, act: PartyAct, target: Target, target_id: str, *, epoch: int, reason: str, by: str, at: datetime
) -> bool:
    """Write down an act, or its first half; False when this epoch has it already, agreed to or fresh."""
    moved = {"reason": reason.strip(), "moved_by": by, "moved_at": at}
    written = unit.insert(party_act).values(
        id=new_id("act"), act=act.value, target=target.value, target_id=target_id, epoch=epoch, **moved
    )
    stale = and_(party_act.c.agreed_by.is_(None), party_act.c.moved_at <= at - WINDOW)
    renewed = written.on_conflict_do_update(
        index_elements=["act", "target", "target_id", "epoch"], set_=moved, where=stale
    )
    return await unit.first(renewed.returning(party_act.c.id)) is not None


async def agree(
    unit: WriteUnit, act: PartyAct, target: Target, target_id: str, *, epoch: int, reason: str, by: str, at: datetime
) -> bool:
    """Move an act, or agree to the one that somebody else moved: True only for the one who completes it.

    Raises `SecondPerson` when the one who moved it comes again, or another has just agreed.
    """
    if await note(unit, act, target, target_id, epoch=epoch, reason=reason, by=by, at=at):
        return False
    c = party_act.c
    agreed = await unit.run(
        party_act.update()
        .where(
            c.act == act.value,
            c.target == target.value,
            c.target_id == target_id,
            c.epoch == epoch,
            c.agreed_by.is_(None),
            c.moved_by != by,
        )
        .values(agreed_by=by, agreed_at=at)
    )
    if agreed != 1:
        raise SecondPerson()
    return True


async def awaiting(unit: Unit, target: Target, target_id: str, *, epoch: int, at: datetime) -> list[PartyAct]:
    """The acts that wait for a second person in this epoch."""
    c = party_act.c
    rows = await unit.all(
        select(c.act)
        .where(
            c.target == target.value,
            c.target_id == target_id,
            c.epoch == epoch,
            c.agreed_by.is_(None),
            c.moved_at > at - WINDOW,
            c.act != PartyAct.FREEZE.value,
        )
        .order_by(c.act)
    )
    return [PartyAct(row.act) for row in rows]
