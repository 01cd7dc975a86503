"""Copies of all that is kept about a subject (个人信息保护法 45): asked for, made by a duty, fetched once, deleted.

One commit writes down that one is asked for, another gives it its file and its look: whatever is killed between them,
it is made again. How it is put together stands in `schema.exporting`, which alone may know every context.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, select

from audit.lens import BasisKind, Lens
from core.blobs import Blobs
from core.database import Unit, WriteUnit
from core.errors import NotAvailable
from core.ids import new_id
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.principal import Channel
from core.statements import Row, Statement
from credit.errors import ExportExpired, ExportNotReady, ExportPending, ExportTooSoon
from credit.kinds import ExportState
from credit.tables import export
from notices import outbox
from notices.kinds import EventKind

# CHOICE: long enough to fetch it at the week's end, and no longer than a copy of everything should lie anywhere.
LIFE = timedelta(days=7)
# CHOICE: one a day, for making one reads everything; what has changed since stands in the app.
APART = timedelta(days=1)
_SWEEP_BATCH = 50
_NEWEST = Order(export.c.requested_at, export.c.id, write=rfc3339, read=datetime.fromisoformat)


@dataclass(frozen=True)
class Asked:
    """Whose act it is, as the trail will say it: through which lens, in which capacity where it is another's, by which
    sign-in, from which program and through which door."""

    lens: Lens
    capacity: str | None
    by: str | None
    client: str | None
    channel: Channel


def state_of(row: Row, *, at: datetime) -> ExportState:
    """How a copy stands. Its end is computed, never swept."""
    if row.ready_at is None:
        return ExportState.REQUESTED
    return ExportState.READY if at < row.expires_at else ExportState.EXPIRED


async def request(unit: WriteUnit, asked: Asked, *, at: datetime) -> str:
    """Ask for a copy of everything about the lens's subject; its id.

    Raises `ExportPending` while one is being made, and `ExportTooSoon` within a day of the last one.
    """
    subject_id = asked.lens.subject_id
    await unit.alone(f"exports of {subject_id}")
    last = await unit.first(
        select(export).where(export.c.subject_id == subject_id).order_by(export.c.requested_at.desc()).limit(1)
    )
    if last is not None and last.ready_at is None:
        raise ExportPending()
    if last is not None and at < last.requested_at + APART:
        raise ExportTooSoon(retry_at=last.requested_at + APART)
    id_ = new_id("exp")
    row = {
        "id": id_,
        "subject_id": subject_id,
        "basis": (asked.lens.basis or BasisKind.SELF).value,
        "capacity": asked.capacity,
        "requested_by": asked.by,
        "client": asked.client,
        "channel": asked.channel.value,
        "requested_at": at,
    }
    await unit.run(export.insert().values(row))
    await outbox.tell_subject(unit, subject_id, EventKind.EXPORT_REQUESTED, about=id_, at=at)
    return id_


async def page(unit: Unit, lens: Lens, request: PageRequest) -> Page[Row]:
    """One's own copies, newest first."""
    return await _NEWEST.read_page(unit, select(export).where(export.c.subject_id == lens.subject_id), request)


async def own(unit: Unit, lens: Lens, export_id: str) -> Row:
    """One of one's own; raises `NotAvailable`."""
    row = await unit.first(select(export).where(export.c.id == export_id, export.c.subject_id == lens.subject_id))
    if row is None:
        raise NotAvailable()
    return row


async def ticket(unit: WriteUnit, blobs: Blobs, row: Row, *, at: datetime) -> str:
    """A ticket to download one's own copy once. Raises `ExportNotReady`, and `ExportExpired` after its term."""
    state = state_of(row, at=at)
    if state is ExportState.REQUESTED:
        raise ExportNotReady()
    if state is ExportState.EXPIRED:
        raise ExportExpired()
    return await blobs.ticket(unit, row.zip_id, at=at)


async def is_zip_of(unit: Unit, zip_id: str, export_id: str, *, at: datetime) -> bool:
    """Whether a blob is the file of the copy with this id, within its term."""
    c = export.c
    return await unit.first(select(c.id).where(c.zip_id == zip_id, c.id == export_id, c.expires_at > at)) is not None


async def due(unit: Unit, but: Sequence[str]) -> Row | None:
    """The copy that has waited longest, but for some."""
    waiting = await unit.all(_WAITING, {"most": len(but) + 1})
    return next((row for row in waiting if row.id not in but), None)


_WAITING = Statement(
    select(export)
    .where(export.c.ready_at.is_(None))
    .order_by(export.c.requested_at, export.c.id)
    .limit(bindparam("most", type_=Integer))
)


async def made(unit: WriteUnit, row: Row, zip_id: str, *, at: datetime) -> bool:
    """The copy has its file from now on; False when another process was first, or its subject turned out to be another
    while it was being made: it is made again."""
    unmade = export.update().where(export.c.id == row.id, export.c.ready_at.is_(None))
    unmade = unmade.where(export.c.subject_id == row.subject_id)
    if await unit.run(unmade.values(zip_id=zip_id, ready_at=at, expires_at=at + LIFE)) != 1:
        return False
    await outbox.tell_subject(unit, row.subject_id, EventKind.EXPORT_READY, about=row.id, at=at)
    return True


async def sweep(unit: WriteUnit, blobs: Blobs, *, at: datetime) -> int:
    """Take away the files of copies whose term is over; how many. The blobs' own sweep takes the bytes."""
    over = select(export.c.id, export.c.zip_id).where(export.c.zip_id.is_not(None), export.c.expires_at <= at)
    rows = await unit.all(over.limit(_SWEEP_BATCH))
    for row in rows:
        let_go = export.update().where(export.c.id == row.id, export.c.zip_id == row.zip_id)
        if await unit.run(let_go.values(zip_id=None)) == 1:
            await blobs.remove(unit, row.zip_id)
    return len(rows)
