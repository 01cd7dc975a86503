"""What somebody has uploaded and nothing refers to yet: whose it is, and until when it waits.

Evidence is uploaded first and named afterwards. What nobody has named after a day goes, row and file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Column, ColumnElement, ForeignKey, String, Table, delete, func, select

from core import sheets
from core.blobs import Blob, Blobs, Draft, blob
from core.database import Instant, Unit, WriteUnit, metadata
from core.errors import NotAvailable, Refused
from core.moving import Merger, Moved, repoint
from core.portions import Portion

upload = Table(
    "upload",
    metadata,
    Column("blob_id", ForeignKey("blob.id", ondelete="CASCADE"), primary_key=True),
    # The subject who brought it, or for whom it was brought; or the organisation whose officer did.
    Column("subject_id", String(40), index=True),
    Column("party_id", String(40), index=True),
    Column("created_at", Instant, nullable=False, index=True),
    CheckConstraint("(subject_id IS NULL) <> (party_id IS NULL)", name="whose"),
)

# CHOICE: evidence and scans are pages, not films; a person has a few of them in hand at a time.
LARGEST = 20 * 1024 * 1024
MOST_WAITING = 20
WAITS = timedelta(days=1)
_SWEEP_BATCH = 200
# What a file says it is by its first bytes; whatever its sender calls it, it goes out as this.
_TYPES = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
_TYPES_OF_ORGANISATIONS = ((sheets.MARK, sheets.MEDIA_TYPE),)
# A table of text says by nothing what it is: it is taken as one, and looked at when it is read.
_TYPES_OF_TABLES = (*_TYPES_OF_ORGANISATIONS, (b"{", "application/jsonl"), (b"", "text/csv"))
LONGEST_MARK = max(len(mark) for mark, _ in (*_TYPES, *_TYPES_OF_ORGANISATIONS))


@dataclass(frozen=True)
class Owner:
    """Whose an upload is: a subject's, who brings evidence and scans, or an organisation's, whose officers bring
    sheets, or papers in an objection."""

    subject_id: str | None = None
    party_id: str | None = None
    # Whether an organisation's officers bring papers, as a subject does, and not sheets.
    papers: bool = False
    # Whether they bring large tables: CSV and JSON Lines too.
    tables: bool = False

    @property
    def name(self) -> str:
        """One word for this owner."""
        return self.subject_id or self.party_id or ""

    @property
    def largest(self) -> int:
        """How many bytes its files have at most."""
        return LARGEST if self._brings_papers or self.tables else sheets.LARGEST

    @property
    def _brings_papers(self) -> bool:
        return self.papers or self.subject_id is not None

    def type_of(self, beginning: bytes) -> str | None:
        """The media type of a file of this owner's that begins so; None for any that is not taken."""
        of_organisations = _TYPES_OF_TABLES if self.tables else _TYPES_OF_ORGANISATIONS
        taken = _TYPES if self._brings_papers else of_organisations
        return next((media_type for mark, media_type in taken if beginning.startswith(mark)), None)

    def owns(self) -> ColumnElement[bool]:
        """Whether a row of `upload` is this owner's."""
        return upload.c.subject_id == self.subject_id if self.subject_id else upload.c.party_id == self.party_id


class TooManyWaiting(Refused):
    """So many uploads of this subject wait already that no more are taken."""

    code = "TOO_MANY_UPLOADS"


async def check(unit: Unit, owner: Owner) -> None:
    """Raise `TooManyWaiting` before an owner's next file is read at all."""
    row = await unit.first(select(func.count()).select_from(upload).where(owner.owns()))
    if row is not None and row[0] >= MOST_WAITING:
        raise TooManyWaiting(limit=str(MOST_WAITING))


async def keep(unit: WriteUnit, blobs: Blobs, draft: Draft, *, owner: Owner, media_type: str, at: datetime) -> Blob:
    """An owner's file, waiting to be named. Raises `TooManyWaiting`."""
    await unit.alone(f"uploads of {owner.name}")
    await check(unit, owner)
    kept = await blobs.keep(unit, draft, media_type=media_type, at=at)
    await unit.run(
        upload.insert().values(blob_id=kept.id, created_at=at, subject_id=owner.subject_id, party_id=owner.party_id)
    )
    return kept


async def ticket(unit: WriteUnit, blobs: Blobs, id_: str, *, owner: Owner, at: datetime) -> str:
    """A ticket to download one's own upload once; raises `NotAvailable` for another's and for what has gone."""
    mine = select(upload.c.blob_id).where(upload.c.blob_id == id_, owner.owns())
    if await unit.first(mine) is None:
        raise NotAvailable()
    return await blobs.ticket(unit, id_, at=at)


async def waiting(unit: Unit, owner: Owner) -> Portion:
    """An owner's files that wait to be named, as plain values for a copy of their own."""
    query = select(blob.c.id, blob.c.media_type, blob.c.size, blob.c.sha256, upload.c.created_at)
    mine = query.join(blob, blob.c.id == upload.c.blob_id).where(owner.owns()).order_by(upload.c.created_at, blob.c.id)
    return Portion(
        [
            {"id": row.id, "mediaType": row.media_type, "size": row.size, "sha256": row.sha256, "at": row.created_at}
            for row in await unit.all(mine)
        ]
    )


async def move(unit: WriteUnit, merger: Merger) -> Sequence[Moved]:
    """What either of two subjects has uploaded waits as the one's that they are."""
    return await repoint(unit, upload.c.subject_id, merger)


async def take(unit: WriteUnit, id_: str, *, owner: Owner) -> None:
    """Name one's own upload: from now on whoever calls this keeps its blob. Once; raises `NotAvailable`."""
    if await unit.run(delete(upload).where(upload.c.blob_id == id_, owner.owns())) != 1:
        raise NotAvailable()


async def sweep(unit: WriteUnit, blobs: Blobs, *, at: datetime) -> int:
    """Take away what nobody has named for a day; how many. The blobs' own sweep takes the files."""
    old = select(upload.c.blob_id).where(upload.c.created_at <= at - WAITS).limit(_SWEEP_BATCH)
    rows = await unit.all(old)
    for row in rows:
        await blobs.remove(unit, row.blob_id)
    return len(rows)
