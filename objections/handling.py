"""The handler's desk: what waits, opening a case with a statement of no conflict, giving it back or taking it away."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, not_, select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from core.waiting import Second, entry
from objections import conflicts, dates, moving, steps
from objections.kinds import ObjectionOutcome, ObjectionStatus, Side
from objections.moving import Officer, Read
from objections.states import ObjectionAct
from objections.tables import objection

# What is due next comes first.
_BY_DUE = Order(objection.c.due_at, objection.c.id, rfc3339, datetime.fromisoformat, ascending=True)
_WAITS = (
    objection.c.status == ObjectionStatus.DECIDED.value,
    objection.c.outcome == ObjectionOutcome.NOT_CORRECTED.value,
    objection.c.approved_at.is_(None),
)


@dataclass(frozen=True)
class Wanted:
    """Which cases: with `mine` those one has opened, with `overdue` those that are late, or those that are not."""

    mine: bool = False
    overdue: bool | None = None


async def cases(unit: Unit, officer: Officer, request: PageRequest, wanted: Wanted, *, at: datetime) -> Page[Row]:
    """The organisation's open cases."""
    c = objection.c
    query = select(objection).where(c.institution_id == officer.party_id, c.ended_at.is_(None))
    if wanted.mine:
        query = query.where(c.handler_id == officer.staff_id)
    if wanted.overdue is not None:
        query = query.where(dates.late_by(at) if wanted.overdue else not_(dates.late_by(at)))
    return await _BY_DUE.read_page(unit, query, request)


async def refusals(unit: Unit, officer: Officer, request: PageRequest) -> Page[Row]:
    """The institution's refusals that nobody has approved yet."""
    waiting = select(objection).where(objection.c.institution_id == officer.party_id, *_WAITS)
    return await _BY_DUE.read_page(unit, waiting, request)


def words_wanted(of: Second) -> Select[Any]:
    """Of these, what another than who decided it agrees to or returns. Who had a hand in what is contested is told at
    the act that they cannot agree; they may return it."""
    c = objection.c
    listed = entry("REFUSAL", c.id, c.number, since=c.decided_at, due=c.due_at, asked_by=c.decided_by)
    return listed.where(c.institution_id == of.party_id, *_WAITS, c.decided_by != of.staff_id)


async def refused(unit: Unit, officer: Officer, case_id: str) -> Row:
    """One of them. Raises `NotAvailable` for every other case, and for who decided it."""
    c = objection.c
    this = (c.id == case_id, c.institution_id == officer.party_id, c.decided_by != officer.staff_id)
    row = await unit.first(select(objection).where(*this, *_WAITS))
    if row is None:
        raise NotAvailable()
    return row


async def opened(unit: Unit, officer: Officer, case_id: str) -> Row:
    """A case that the officer has opened. Raises `NotAvailable` for every other one: its existence is not said here."""
    row = await moving.find(unit, officer, case_id)
    if row.handler_id != officer.staff_id:
        raise NotAvailable()
    return row


async def open_(
    unit: WriteUnit, officer: Officer, read: Read, *, no_conflict: bool, others: Collection[str] = (), at: datetime
) -> bool:
    """Take a case that nobody has, stating that nothing ties one to it. False when one has it already.

    Raises `NotAvailable`, `Invalid` without the statement, `Conflicted` for who had a hand in what is contested, and as
    `moving.move`.
    """
    row = await moving.find(unit, officer, read.id)
    if row.handler_id == officer.staff_id:
        return False
    if not no_conflict:
        raise Invalid(Detail(("noConflict",), "STATEMENT_NEEDED"))
    await conflicts.check(unit, row, officer.staff_id, others)
    taken = {"handler_id": officer.staff_id, "opened_at": at}
    await moving.move(unit, officer, read, ObjectionAct.OPEN, taken, at=at)
    await steps.append(unit, read.id, ObjectionAct.OPEN, Side.HANDLER, at=at, staff_id=officer.staff_id)
    return True


async def reassign(unit: WriteUnit, officer: Officer, read: Read, reason: str, *, at: datetime) -> None:
    """Let a case go, so that another handler may open it: its handler gives it back, or an approver takes it away."""
    why, before = moving.said(reason, "reason"), await moving.find(unit, officer, read.id)
    held, free = (objection.c.handler_id.is_not(None),), {"handler_id": None, "opened_at": None}
    log: dict[str, object] = {"reason": why, "taken_from": before.handler_id}
    act = ObjectionAct.REASSIGN
    await moving.move(unit, officer, read, act, free, at=at, only=held)
    await steps.append(unit, read.id, act, officer.side, at=at, staff_id=officer.staff_id, **log)
