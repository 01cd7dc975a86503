"""How a file arrives: opened, appended to where it ends, complete. In parts, each a blob with a row of its own.

Whoever is cut off goes on where the file ends: a part that has its row is on disk. Two who append at once are told
apart by one statement over what has come so far.
"""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from core.blobs import Blobs, Draft
from core.database import Database, Unit, WriteUnit
from core.errors import NotAvailable
from core.ids import new_id
from core.statements import Row
from intake import batches
from intake.batches import UNFINISHED, IntakeState
from intake.errors import AlreadyArrived, LengthMismatch, OffsetMismatch, TooManyBatches
from intake.tables import sent_batch, sent_part

# CHOICE: several times the largest file that any provider has; a larger one is sent in two.
LARGEST = 2 * 1024 * 1024 * 1024
# CHOICE: what is lost at most when a sender is cut off, and how often a transaction is paid for.
PART = 16 * 1024 * 1024
# CHOICE: as many layouts as there are, and as many corrections again.
MOST_WAITING = 32
# CHOICE: until tomorrow, for whoever sends by night and looks in the morning.
ARRIVES_WITHIN = timedelta(days=1)
MEDIA_TYPE = "application/octet-stream"
_b = sent_batch.c


@dataclass(frozen=True)
class By:
    """For which provider, and who, sends."""

    provider_id: str
    provider_code: str
    staff_id: str


async def open_(unit: WriteUnit, by: By, *, checks_only: bool, length: int | None, at: datetime) -> str:
    """A batch without a byte; its id. Raises `TooManyBatches`."""
    await unit.alone(f"batches of {by.provider_id}")
    unfinished = _b.state.in_([state.value for state in UNFINISHED])
    counted = select(func.count()).select_from(sent_batch).where(_b.provider_id == by.provider_id, unfinished)
    row = await unit.first(counted)
    if row is not None and row[0] >= MOST_WAITING:
        raise TooManyBatches(limit=str(MOST_WAITING))
    made = new_id("bat")
    values = {
        "id": made,
        "provider_id": by.provider_id,
        "provider_code": by.provider_code,
        "sent_by": by.staff_id,
        "checks_only": checks_only,
        "state": IntakeState.ARRIVING.value,
        "length": length,
        "received": 0,
        "rows_done": 0,
        "tries": 0,
        "opened_at": at,
        "touched_at": at,
        "until": at + ARRIVES_WITHIN,
    }
    await unit.run(sent_batch.insert().values(**values))
    return made


def check_offset(row: Row, start: int | None) -> None:
    """Raise `AlreadyArrived` for a whole file, and `OffsetMismatch` for a place at which this one does not end."""
    if row.state != IntakeState.ARRIVING.value:
        raise AlreadyArrived()
    if start != row.received:
        raise OffsetMismatch(offset=str(row.received))


async def append(
    unit: WriteUnit, blobs: Blobs, batch_id: str, by: By, draft: Draft, *, start: int, at: datetime
) -> int:
    """Put a part behind what has come; where the file ends now. Raises as `check_offset`, when another was first."""
    ends = start + draft.size
    grown = sent_batch.update().where(
        _b.id == batch_id,
        _b.provider_id == by.provider_id,
        _b.state == IntakeState.ARRIVING.value,
        _b.received == start,
    )
    if await unit.run(grown.values(received=ends, touched_at=at, until=at + ARRIVES_WITHIN)) != 1:
        check_offset(await batches.own(unit, batch_id, by.provider_id), start)
        raise OffsetMismatch(offset=str(start))
    kept = await blobs.keep(unit, draft, media_type=MEDIA_TYPE, at=at)
    part = {"batch_id": batch_id, "start": start, "size": draft.size, "blob_id": kept.id}
    await unit.run(sent_part.insert().values(**part))
    return ends


async def complete(database: Database, blobs: Blobs, batch_id: str, by: By, *, at: datetime) -> str:
    """The whole file is here: whose batch it is loaded as, this or the earlier one that had the same bytes.

    Raises `AlreadyArrived`, `OffsetMismatch` when it grew meanwhile, `LengthMismatch` and `NotAvailable`.
    """
    async with database.reading() as unit:
        row = await batches.own(unit, batch_id, by.provider_id)
        check_offset(row, row.received)
        if row.length is not None and row.length != row.received:
            raise LengthMismatch(limit=str(row.length))
    digest = hashlib.sha256()
    async for chunk in content(database, blobs, batch_id):
        digest.update(chunk)
    async with database.writing() as unit:
        await unit.alone(f"batches of {by.provider_id}")
        return await _received(unit, blobs, row, digest.hexdigest(), at)


async def _received(unit: WriteUnit, blobs: Blobs, row: Row, sha256: str, at: datetime) -> str:
    """One of two equal files is loaded, whichever was whole first. What is only checked is checked each time."""
    key = None if row.checks_only else hashlib.sha256(f"{row.provider_id}\x1f{sha256}".encode()).hexdigest()
    twin = await unit.first(select(_b.id).where(_b.twin_key == key)) if key else None
    values = {"sha256": sha256, "arrived_at": at, "until": None}
    if twin is None:
        values |= {"state": IntakeState.RECEIVED.value, "twin_key": key}
    else:
        values |= {"state": IntakeState.REPEATED.value, "same_as": twin.id}
    whole = sent_batch.update().where(
        _b.id == row.id, _b.state == IntakeState.ARRIVING.value, _b.received == row.received
    )
    if await unit.run(whole.values(**values)) != 1:
        check_offset(await batches.own(unit, row.id, row.provider_id), row.received)
        raise OffsetMismatch(offset=str(row.received))
    if twin is None:
        return str(row.id)
    await batches.drop_parts(unit, blobs, row.id)
    return str(twin.id)


async def give_up(unit: WriteUnit, blobs: Blobs, batch_id: str, by: By) -> None:
    """Take back what has not arrived whole. Raises `NotAvailable` and `AlreadyArrived`."""
    row = await batches.own(unit, batch_id, by.provider_id)
    if not await batches.discard(unit, blobs, row.id):
        raise AlreadyArrived()


async def content(database: Database, blobs: Blobs, batch_id: str) -> AsyncIterator[bytes]:
    """A batch's bytes, a frame at a time. Raises `NotAvailable` when a part has gone meanwhile, and `Tampered`."""
    async with database.reading() as unit:
        parts = await _parts(unit, batch_id)
    ends = 0
    for part in parts:
        if part.start != ends:
            raise NotAvailable()
        async for chunk in blobs.read(part.blob_id):
            yield chunk
        ends += part.size


async def _parts(unit: Unit, batch_id: str) -> list[Row]:
    c = sent_part.c
    return list(await unit.all(select(sent_part).where(c.batch_id == batch_id).order_by(c.start)))
