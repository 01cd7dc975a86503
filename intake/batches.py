"""A file that a provider sends over HTTP, as a row: from its first byte to what became of it.

Each step is one conditional statement over the state. Who loads a batch holds a lease, by the number of the try, and
renews it; a batch whose lease is over is taken up by another, and what the first one still says of it is not heard.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from core.blobs import Blobs
from core.database import Unit, WriteUnit
from core.errors import NotAvailable
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from intake.tables import sent_batch, sent_part

# CHOICE: rejected rows are kept for thirty days to be corrected, and as long the same file again is this batch.
TERM = timedelta(days=30)
# CHOICE: what is small goes past what is large, which would hold a few rows up for many minutes.
SMALL = 4 * 1024 * 1024
LEASE = timedelta(seconds=30)
# A file that has been begun so often will not be finished: it kills whoever loads it.
MOST_TRIES = 10
_PLACE = "sent_batch.reason_sealed"
_SWEEP_BATCH = 50
_b = sent_batch.c
_NEWEST = Order(_b.opened_at, _b.id, write=rfc3339, read=datetime.fromisoformat)


class IntakeState(Enum):
    """How far a file has come."""

    ARRIVING = "ARRIVING"
    RECEIVED = "RECEIVED"
    LOADING = "LOADING"
    DONE = "DONE"
    REFUSED = "REFUSED"  # none of it was taken; the reason says why
    REPEATED = "REPEATED"  # it is an earlier batch's file, and that one is shown


UNFINISHED = (IntakeState.ARRIVING, IntakeState.RECEIVED, IntakeState.LOADING)
_WAITING = (IntakeState.RECEIVED.value, IntakeState.LOADING.value)


@dataclass(frozen=True)
class Claim:
    """One batch that this process loads, and by which try."""

    id: str
    provider_code: str
    checks_only: bool
    tries: int


async def find(unit: Unit, batch_id: str, provider_id: str) -> Row | None:
    """A provider's own batch, or the earlier one whose file it repeats; None for another's and for none."""
    row = await unit.first(select(sent_batch).where(_b.id == batch_id, _b.provider_id == provider_id))
    if row is None or row.same_as is None:
        return row
    return await unit.first(select(sent_batch).where(_b.id == row.same_as, _b.provider_id == provider_id))


async def own(unit: Unit, batch_id: str, provider_id: str) -> Row:
    """The same; raises `NotAvailable`."""
    row = await find(unit, batch_id, provider_id)
    if row is None:
        raise NotAvailable()
    return row


async def page(unit: Unit, provider_id: str, request: PageRequest) -> Page[Row]:
    """A provider's batches, newest first."""
    theirs = select(sent_batch).where(_b.provider_id == provider_id, _b.state != IntakeState.REPEATED.value)
    return await _NEWEST.read_page(unit, theirs, request)


def reason_of(unit: Unit, row: Row) -> str | None:
    """Why the whole file was refused, in Chinese."""
    return None if row.reason_sealed is None else unit.vault.open(_PLACE, row.id, row.reason_sealed)


def rejected_of(row: Row, *, at: datetime) -> str | None:
    """The blob of the rejected rows, as long as they are kept."""
    found: str | None = row.rejected_id
    return found if row.until is not None and row.until > at else None


async def due(unit: Unit, *, small: bool, at: datetime) -> Row | None:
    """The batch that is to be loaded next. A provider's files are loaded in the order in which they came; what is only
    checked waits for none."""
    earlier = sent_batch.alias("earlier")
    e = earlier.c
    before = or_(e.arrived_at < _b.arrived_at, and_(e.arrived_at == _b.arrived_at, e.id < _b.id))
    held_up = select(e.id).where(e.provider_id == _b.provider_id, e.state.in_(_WAITING), ~e.checks_only, before)
    free = or_(_b.state == IntakeState.RECEIVED.value, _is_abandoned(at))
    size = _b.received <= SMALL if small else _b.received > SMALL
    waits = select(sent_batch).where(free, size, or_(_b.checks_only, ~held_up.exists()))
    return await unit.first(waits.order_by(_b.arrived_at, _b.id).limit(1))


async def claim(unit: WriteUnit, row: Row, *, at: datetime) -> Claim | None:
    """Take a batch up as it was read; None when another was first."""
    mine = sent_batch.update().where(
        _b.id == row.id,
        _b.tries == row.tries,
        or_(_b.state == IntakeState.RECEIVED.value, _is_abandoned(at)),
    )
    values = {"state": IntakeState.LOADING.value, "tries": row.tries + 1, "lease_until": at + LEASE, "rows_done": 0}
    if await unit.run(mine.values(**values)) != 1:
        return None
    return Claim(row.id, row.provider_code, row.checks_only, row.tries + 1)


async def renew(unit: WriteUnit, claim: Claim, *, rows: int, at: datetime) -> bool:
    """Hold a batch for longer, and say how many rows are done; False when it is another's."""
    return await unit.run(_held(claim).values(lease_until=at + LEASE, rows_done=rows)) == 1


async def end(unit: WriteUnit, blobs: Blobs, claim: Claim, outcome: dict[str, Any], *, at: datetime) -> bool:
    """What became of a batch; its bytes go. False when it is another's: nothing is changed then."""
    values = {**outcome, "state": IntakeState.DONE.value, "ended_at": at, "until": at + TERM, "lease_until": None}
    if await unit.run(_held(claim).values(**values)) != 1:
        return False
    await drop_parts(unit, blobs, claim.id)
    return True


async def refuse(unit: WriteUnit, blobs: Blobs, claim: Claim, reason: str, *, at: datetime) -> bool:
    """Nothing of the file is taken; its bytes go, and the same file may be sent again. False as `end`."""
    values = {
        "state": IntakeState.REFUSED.value,
        "reason_sealed": unit.vault.seal(_PLACE, claim.id, reason),
        "twin_key": None,
        "ended_at": at,
        "until": at + TERM,
        "lease_until": None,
    }
    if await unit.run(_held(claim).values(**values)) != 1:
        return False
    await drop_parts(unit, blobs, claim.id)
    return True


async def drop_parts(unit: WriteUnit, blobs: Blobs, batch_id: str) -> None:
    """A batch's bytes go."""
    for part in await unit.all(select(sent_part.c.blob_id).where(sent_part.c.batch_id == batch_id)):
        await blobs.remove(unit, part.blob_id)


async def discard(unit: WriteUnit, blobs: Blobs, batch_id: str, *, over_at: datetime | None = None) -> bool:
    """Take away what has not arrived whole, bytes and row; at an instant, only if its time is over by then. Whether
    there was such a batch: one that grows meanwhile is waited for."""
    arriving = [_b.id == batch_id, _b.state == IntakeState.ARRIVING.value]
    if over_at is not None:
        arriving.append(_b.until <= over_at)
    if await unit.run(sent_batch.update().where(*arriving).values(length=0)) != 1:
        return False
    await drop_parts(unit, blobs, batch_id)
    await unit.run(sent_batch.delete().where(_b.id == batch_id))
    return True


async def sweep(unit: WriteUnit, blobs: Blobs, *, at: datetime) -> int:
    """Take away what never arrived whole, and the rejected rows and reasons whose term is over; how many batches. How
    many rows there were stays."""
    rows = await unit.all(select(sent_batch).where(_b.until <= at).limit(_SWEEP_BATCH))
    for row in rows:
        if row.state == IntakeState.ARRIVING.value:
            await discard(unit, blobs, row.id, over_at=at)
            continue
        if row.rejected_id is not None:
            await blobs.remove(unit, row.rejected_id)
        gone = {"rejected_id": None, "reason_sealed": None, "twin_key": None, "until": None}
        await unit.run(sent_batch.update().where(_b.id == row.id).values(**gone))
    return len(rows)


def _is_abandoned(at: datetime) -> ColumnElement[bool]:
    return and_(_b.state == IntakeState.LOADING.value, _b.lease_until <= at)


def _held(claim: Claim) -> Any:
    return sent_batch.update().where(_b.id == claim.id, _b.state == IntakeState.LOADING.value, _b.tries == claim.tries)
