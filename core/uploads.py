"""What somebody has uploaded and nothing refers to yet: whose it is, and until when it waits.

Evidence is uploaded first and named afterwards. What nobody has named after a day goes, row and file.
"""

from datetime import datetime, timedelta

from sqlalchemy import Column, ForeignKey, String, Table, func, select

from core.blobs import Blob, Blobs, Draft
from core.database import Instant, Unit, WriteUnit, metadata
from core.errors import NotAvailable, Refused

upload = Table(
    "upload",
    metadata,
    Column("blob_id", ForeignKey("blob.id", ondelete="CASCADE"), primary_key=True),
    # The subject who brought it, or for whom it was brought.
    Column("subject_id", String(40), nullable=False, index=True),
    Column("created_at", Instant, nullable=False, index=True),
)

# CHOICE: evidence and scans are pages, not films; a person has a few of them in hand at a time.
LARGEST = 20 * 1024 * 1024
MOST_WAITING = 20
WAITS = timedelta(days=1)
_SWEEP_BATCH = 200
# What a file says it is by its first bytes; whatever its sender calls it, it goes out as this.
_TYPES = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
LONGEST_MARK = max(len(mark) for mark, _ in _TYPES)


class TooManyWaiting(Refused):
    """So many uploads of this subject wait already that no more are taken."""

    code = "TOO_MANY_UPLOADS"


def type_of(beginning: bytes) -> str | None:
    """The media type of a file that begins so; None for any that is not taken."""
    return next((media_type for mark, media_type in _TYPES if beginning.startswith(mark)), None)


async def check(unit: Unit, subject_id: str) -> None:
    """Raise `TooManyWaiting` before a subject's next file is read at all."""
    row = await unit.first(select(func.count()).select_from(upload).where(upload.c.subject_id == subject_id))
    if row is not None and row[0] >= MOST_WAITING:
        raise TooManyWaiting(limit=str(MOST_WAITING))


async def keep(unit: WriteUnit, blobs: Blobs, draft: Draft, *, subject_id: str, media_type: str, at: datetime) -> Blob:
    """A subject's file, waiting to be named. Raises `TooManyWaiting`."""
    await unit.alone(f"uploads of {subject_id}")
    await check(unit, subject_id)
    kept = await blobs.keep(unit, draft, media_type=media_type, at=at)
    await unit.run(upload.insert().values(blob_id=kept.id, subject_id=subject_id, created_at=at))
    return kept


async def ticket(unit: WriteUnit, blobs: Blobs, id_: str, *, subject_id: str, at: datetime) -> str:
    """A ticket to download one's own upload once; raises `NotAvailable` for another's and for what has gone."""
    mine = select(upload.c.blob_id).where(upload.c.blob_id == id_, upload.c.subject_id == subject_id)
    if await unit.first(mine) is None:
        raise NotAvailable()
    return await blobs.ticket(unit, id_, at=at)


async def sweep(unit: WriteUnit, blobs: Blobs, *, at: datetime) -> int:
    """Take away what nobody has named for a day; how many. The blobs' own sweep takes the files."""
    old = select(upload.c.blob_id).where(upload.c.created_at <= at - WAITS).limit(_SWEEP_BATCH)
    rows = await unit.all(old)
    for row in rows:
        await blobs.remove(unit, row.blob_id)
    return len(rows)
