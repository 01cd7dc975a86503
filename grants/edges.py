"""Along an edge: the one statement that decides, and the step that is written down beside it.

A row is locked before it is judged, so whoever waits judges what the one before has made of it. The UPDATE names the
version and status it was judged by, and its row count is checked all the same: SQLite knows no row locks.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, VersionChanged
from core.identity import mask_numbers_in
from core.statements import Row
from grants import rules, states
from grants.errors import WrongState
from grants.scope import GrantStatus
from grants.states import Actor, GrantAct, No
from grants.tables import grant, grant_step
from notices import changes, outbox
from notices.changes import Change
from notices.kinds import ChangeKind

LONGEST_REASON = 200


async def locked(unit: WriteUnit, grant_id: str, mine: ColumnElement[bool]) -> Row:
    """The grant, held until this unit ends. Raises `NotAvailable` for one that is not the caller's."""
    row = await unit.first(select(grant).where(grant.c.id == grant_id, mine).with_for_update())
    if row is None:
        raise NotAvailable()
    return row


async def make(unit: WriteUnit, act: GrantAct, by: Actor, *, whole: bool = True, at: datetime, **values: Any) -> None:
    """A new grant and its first step."""
    led_to = states.leads(act, None, by.side, whole=whole)
    assert isinstance(led_to, GrantStatus)  # a grant is made by its own side's act
    await unit.run(grant.insert().values(version=1, status=led_to.value, created_at=at, **values))
    await _write_down(unit, values["id"], 1, act, None, led_to.value, by, values.get("reason"), at)
    await changes.tell(unit, Change(values["subject_id"], ChangeKind.GRANT, values["id"], 1), at=at)


def check(row: Row, act: GrantAct, by: Actor, *, expected: int | None, whole: bool = True, at: datetime) -> GrantStatus:
    """Where the act leads from here. Raises `NotAvailable`, `WrongState` or `VersionChanged`."""
    led_to = states.leads(act, rules.status_at(row, at=at), by.side, whole=whole)
    if led_to is No.NOT_AVAILABLE:
        raise NotAvailable()
    if not isinstance(led_to, GrantStatus):
        raise WrongState()
    if expected is not None and row.version != expected:
        raise VersionChanged()
    return led_to


async def go(
    unit: WriteUnit,
    row: Row,
    act: GrantAct,
    by: Actor,
    *,
    expected: int | None,
    whole: bool = True,
    reason: str | None = None,
    at: datetime,
    **values: Any,
) -> GrantStatus:
    """Do the act to a row that `locked` gave: the next version, and its step. Raises as `check` does."""
    check_reason(reason)
    reason = mask_numbers_in(reason) if reason is not None else None  # the other side reads it
    led_to = check(row, act, by, expected=expected, whole=whole, at=at)
    ended = {}
    if led_to in states.TERMINAL:
        who = states.STEPS[act].ended_by
        ended = {"ended_at": at, "ended_by": who.value if who else None, "end_reason": reason}
    judged = (grant.c.id == row.id, grant.c.version == row.version, grant.c.status == row.status)
    moved = {**values, **ended, "status": led_to.value, "version": row.version + 1}
    if await unit.run(grant.update().where(*judged).values(moved)) != 1:
        raise VersionChanged()
    if row.monitoring and row.status == GrantStatus.ACTIVE.value:  # every act from here ends it, or interrupts it
        await outbox.withdraw(unit, row.id, at=at)
    await _write_down(unit, row.id, row.version + 1, act, row.status, led_to.value, by, reason, at)
    owner = values.get("subject_id", row.subject_id)
    await changes.tell(unit, Change(owner, ChangeKind.GRANT, row.id, row.version + 1), at=at)
    return led_to


def check_reason(reason: str | None) -> None:
    """Raises `Invalid` for a reason that is too long."""
    if reason is not None and len(reason) > LONGEST_REASON:
        raise Invalid(Detail(("reason",), "LENGTH", f"0..{LONGEST_REASON}"))


async def steps(unit: Unit, grant_id: str) -> Sequence[Row]:
    """Every step of a grant, in order."""
    return await unit.all(select(grant_step).where(grant_step.c.grant_id == grant_id).order_by(grant_step.c.version))


async def _write_down(
    unit: WriteUnit,
    grant_id: str,
    version: int,
    act: GrantAct,
    came_from: str | None,
    led_to: str,
    by: Actor,
    reason: str | None,
    at: datetime,
) -> None:
    await unit.run(
        grant_step.insert().values(
            grant_id=grant_id,
            version=version,
            act=act.value,
            came_from=came_from,
            led_to=led_to,
            side=by.side.value,
            actor_id=by.id,
            capacity=by.capacity,
            reason=reason,
            at=at,
        )
    )
