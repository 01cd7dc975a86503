"""A subject's notices. Below the caller's own subject id nothing here can be reached: another's notice is absent.

This floor lies below lenses, so the subject id comes from the lens that the schema holds.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from core.database import Unit, WriteUnit
from core.errors import NotAvailable
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind
from notices.tables import delivery, outbox

_NEWEST = Order(outbox.c.at, outbox.c.id, write=rfc3339, read=datetime.fromisoformat)


async def page(unit: Unit, subject_id: str, request: PageRequest, *, unread_only: bool) -> Page[Row]:
    """The subject's notices, newest first."""
    query = select(outbox).where(outbox.c.subject_id == subject_id)
    if unread_only:
        query = query.where(outbox.c.read_at.is_(None))
    return await _NEWEST.read_page(unit, query, request)


async def unread(unit: Unit, subject_id: str) -> int:
    """How many the subject has not read."""
    count = select(func.count()).select_from(outbox)
    row = await unit.first(count.where(outbox.c.subject_id == subject_id, outbox.c.read_at.is_(None)))
    return int(row[0]) if row else 0


async def find(unit: Unit, subject_id: str, notice_id: str) -> Row | None:
    """One of the subject's notices, or None."""
    return await unit.first(select(outbox).where(outbox.c.id == notice_id, outbox.c.subject_id == subject_id))


async def read(unit: WriteUnit, subject_id: str, notice_id: str, *, at: datetime) -> bool:
    """Mark a notice read. True when this call did; False when it was read before. Raises `NotAvailable`."""
    mine = (outbox.c.id == notice_id, outbox.c.subject_id == subject_id)
    if await unit.run(outbox.update().where(*mine, outbox.c.read_at.is_(None)).values(read_at=at)) == 1:
        await changes.tell(unit, Change(subject_id, ChangeKind.NOTICE, notice_id, 2), at=at)
        return True
    if await find(unit, subject_id, notice_id) is None:
        raise NotAvailable()
    return False


async def deliveries(unit: Unit, ids: Collection[str]) -> Mapping[str, Sequence[Row]]:
    """What became of the messages that notices or events went out as, by the notice's id."""
    if not ids:
        return {}
    found: dict[str, list[Row]] = {}
    for row in await unit.all(select(delivery).where(delivery.c.outbox_id.in_(list(ids))).order_by(delivery.c.way)):
        found.setdefault(row.outbox_id, []).append(row)
    return found
