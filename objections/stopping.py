"""Stopping an objection's clock (Art. 12(4)): for 检验 检测 检疫 鉴定 and 专家评审, and for nothing else.

Each has its proof. The days that it names do not count, however late it is noted; but a date that has passed stays.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from core import uploads
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.ids import new_id
from core.moments import day_of
from core.statements import Row
from core.uploads import Owner
from notices import outbox
from notices.kinds import EventKind
from objections import dates, moving, steps
from objections.errors import StopOverlaps, WrongStep
from objections.kinds import DueCause, ObjectionStatus, Side, StopCause
from objections.moving import Officer, Read
from objections.states import ObjectionAct
from objections.tables import clock_stop


@dataclass(frozen=True)
class Stopping:
    """What stops the clock, from which day on, and the officer's upload that proves it."""

    cause: StopCause
    started_on: date
    proof_id: str


async def open_(unit: WriteUnit, officer: Officer, read: Read, stop: Stopping, *, at: datetime) -> str:
    """Stop a case's clock; the stop's id. Raises `Invalid` for a day before receipt or after today and for a proof that
    is not theirs, `StopOverlaps` while one for this cause is open, and as `moving.move`."""
    await dates.hold_calendar(unit)
    row = await moving.find(unit, officer, read.id)
    _check("startedOn", stop.started_on, day_of(row.filed_at), day_of(at))
    try:
        await uploads.take(unit, stop.proof_id, owner=Owner(party_id=officer.party_id))
    except NotAvailable:
        raise Invalid(Detail(("proofId",), "NO_SUCH_UPLOAD")) from None
    values = {
        "id": new_id("stp"),
        "objection_id": row.id,
        "cause": stop.cause.value,
        "started_on": stop.started_on,
        "proof_id": stop.proof_id,
        "opened_by": officer.staff_id,
        "opened_at": at,
    }
    stopped = unit.insert(clock_stop).values(values).on_conflict_do_nothing().returning(clock_stop.c.id)
    made = await unit.first(stopped)
    if made is None:
        raise StopOverlaps()
    moved = await dates.renewed(unit, row, DueCause.STOPPED, at=at)
    await moving.move(unit, officer, read, ObjectionAct.STOP, {"status": ObjectionStatus.STOPPED.value, **moved}, at=at)
    said = {"cause": stop.cause.value, "started_on": stop.started_on.isoformat()}
    await steps.append(unit, row.id, ObjectionAct.STOP, Side.HANDLER, at=at, staff_id=officer.staff_id, **said)
    kind = EventKind.OBJECTION_STOPPED
    await outbox.tell_subject(unit, row.subject_id, kind, about=row.id, at=at, number=row.number)
    return str(made.id)


async def find(unit: Unit, officer: Officer, stop_id: str) -> Row:
    """A stop in a case of the officer's organisation; raises `NotAvailable`."""
    stop = await unit.first(select(clock_stop).where(clock_stop.c.id == stop_id))
    if stop is None:
        raise NotAvailable()
    await moving.find(unit, officer, stop.objection_id)
    return stop


async def close(
    unit: WriteUnit, officer: Officer, stop_id: str, ended_on: date, *, expected: int, at: datetime
) -> None:
    """Say on which day a stop ended. The clock goes on when it was the last one.

    Raises `NotAvailable`, `Invalid` for a day before its first or after today, `WrongStep` for one that is closed, and
    as `moving.move`.
    """
    await dates.hold_calendar(unit)
    stop = await find(unit, officer, stop_id)
    _check("endedOn", ended_on, stop.started_on, day_of(at))
    c = clock_stop.c
    ended = {"ended_on": ended_on, "closed_by": officer.staff_id, "closed_at": at}
    if await unit.run(clock_stop.update().where(c.id == stop.id, c.ended_on.is_(None)).values(ended)) != 1:
        raise WrongStep()
    row = await moving.find(unit, officer, stop.objection_id)
    stands = (await dates.term_of(unit, row)).held
    moved = await dates.renewed(unit, row, DueCause.STOPPED if stands else DueCause.RESUMED, at=at)
    running = ObjectionStatus.FILED if row.forwarded_at is None else ObjectionStatus.FORWARDED
    status = ObjectionStatus.STOPPED if stands else running
    case = Read(row.id, expected)
    await moving.move(unit, officer, case, ObjectionAct.RESUME, {"status": status.value, **moved}, at=at)
    said = {"cause": stop.cause, "ended_on": ended_on.isoformat()}
    await steps.append(unit, row.id, ObjectionAct.RESUME, Side.HANDLER, at=at, staff_id=officer.staff_id, **said)
    if not stands:
        kind = EventKind.OBJECTION_RESUMED
        await outbox.tell_subject(unit, row.subject_id, kind, about=row.id, at=at, number=row.number)


def _check(path: str, day: date, first: date, last: date) -> None:
    if not first <= day <= last:
        raise Invalid(Detail((path,), "OUT_OF_RANGE", f"{first}..{last}"))
