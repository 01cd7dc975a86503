"""One statement moves a case: it names whose case it is, as it was read, and where the act may begin.

Who loses hears why, read again afterwards; whoever has nothing to do with the case hears that there is none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, Refused, VersionChanged
from core.identity import mask_numbers_in
from core.statements import Row
from objections import hearing
from objections.errors import ApprovalNeeded, CaseClosed, NotOpened, TakenByAnother, WrongStep
from objections.kinds import Side
from objections.states import STEPS, ObjectionAct
from objections.tables import objection

LONGEST_REASON = 1000


@dataclass(frozen=True)
class Officer:
    """A staff member of the organisation that a case is addressed to, and on which side of it they stand."""

    party_id: str
    staff_id: str
    side: Side = Side.HANDLER


@dataclass(frozen=True)
class Read:
    """Which case, and the version in which it was read."""

    id: str
    version: int


async def find(unit: Unit, officer: Officer, case_id: str) -> Row:
    """A case of the officer's organisation, whoever handles it; raises `NotAvailable`."""
    c = objection.c
    row = await unit.first(select(objection).where(c.id == case_id, c.institution_id == officer.party_id))
    if row is None:
        raise NotAvailable()
    return row


async def move(
    unit: WriteUnit,
    officer: Officer,
    read: Read,
    act: ObjectionAct,
    values: Mapping[str, Any],
    *,
    at: datetime,
    only: Sequence[ColumnElement[bool]] = (),
) -> Row:
    """The case with these values, as it stands now. A handler moves what they have opened, and opens what nobody has.

    Raises `NotAvailable`, `CaseClosed`, `NotOpened`, `TakenByAnother`, `WrongStep`, `ApprovalNeeded` or
    `VersionChanged`.
    """
    c = objection.c
    starts = c.status.in_([status.value for status in STEPS[act].starts])
    theirs = (c.id == read.id, c.institution_id == officer.party_id, c.version == read.version, starts)
    held: Sequence[ColumnElement[bool]] = ()
    if officer.side is Side.HANDLER:
        held = (c.handler_id.is_(None) if act is ObjectionAct.OPEN else c.handler_id == officer.staff_id,)
    moved = objection.update().where(*theirs, *held, *only).values(version=read.version + 1, **values)
    row = await unit.first(moved.returning(objection))
    if row is None:
        raise await _why_not(unit, officer, read, act)
    await hearing.of_case(unit, row, row.version, at=at)
    return row


async def _why_not(unit: Unit, officer: Officer, read: Read, act: ObjectionAct) -> Refused:
    row = await find(unit, officer, read.id)
    handles = officer.side is Side.HANDLER
    if row.ended_at is not None:
        return CaseClosed()
    if handles and row.handler_id != officer.staff_id:
        return NotOpened() if row.handler_id is None and act is not ObjectionAct.OPEN else TakenByAnother()
    if row.status not in {status.value for status in STEPS[act].starts}:
        return WrongStep()
    if row.version != read.version:
        return VersionChanged()
    return ApprovalNeeded() if not handles and row.decided_by == officer.staff_id else WrongStep()


def said(text: str, path: str, longest: int = LONGEST_REASON) -> str:
    """What somebody wrote, with identity numbers masked. Raises `Invalid`."""
    wanted = text.strip()
    if not 1 <= len(wanted) <= longest:
        raise Invalid(Detail((path,), "LENGTH", f"1..{longest}"))
    if not all(character.isprintable() or character == "\n" for character in wanted):
        raise Invalid(Detail((path,), "PRINTABLE"))
    return mask_numbers_in(wanted)
