"""Blobs: scans, evidence, PDFs, exports. A row and a file; the file is whole and on disk before the row exists.

A file is a run of frames, each AES-256-GCM under a key of the blob's own, which the data ring wraps. A frame is bound
to its blob, its number and whether it is the last, so that none can be dropped, moved, repeated or cut off. Both ways
a blob streams: one frame is in memory, however large it is.
"""

import asyncio
import base64
import hashlib
import os
import secrets
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, LargeBinary, String, Table, delete, select

from core.database import Database, Instant, Unit, WriteUnit, metadata
from core.errors import DependencyDown, Detail, Invalid, NotAvailable
from core.ids import new_id
from core.vault import Tampered

blob = Table(
    "blob",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("media_type", String(100), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("key_sealed", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("size >= 0", name="size"),
)
# A ticket is stored as its hash and deleted by the one statement that spends it.
blob_ticket = Table(
    "blob_ticket",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("blob_id", ForeignKey("blob.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("expires_at", Instant, nullable=False),
)

LARGEST = 64 * 1024 * 1024
TICKET_LIFE = timedelta(minutes=2)
_FRAME = 256 * 1024
_SEALED_FRAME = _FRAME + 16
# A draft becomes a row soon or never; only then may its file be swept away. CHOICE: a week later, so that a store that
# stands beside a restored database, or a wrong one, loses nothing before somebody sees it. What was removed cannot be
# read meanwhile: its key went with the row.
_DRAFT_LIFE = timedelta(minutes=30)
_ORPHAN_AGE = timedelta(days=7)
_SWEEP_BATCH = 200
_PLACE = "blob.key_sealed"


@dataclass(frozen=True, repr=False)
class Draft:
    """A file that is whole and on disk, and has no row yet."""

    id: str
    size: int
    sha256: str
    key: bytes
    written_at: datetime


@dataclass(frozen=True)
class Blob:
    """A kept blob."""

    id: str
    media_type: str
    size: int
    sha256: str


class Blobs:
    """The store. Files lie under `folder`, one a blob, readable by their owner only."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder

    async def write(self, source: AsyncIterable[bytes], *, at: datetime, most: int = LARGEST) -> Draft:
        """Encrypt what comes to a file and make it durable; raises `Invalid` beyond `most` bytes, and leaves no file.

        Raises `DependencyDown` when the disk cannot take it.
        """
        id_, key = new_id("blb"), AESGCM.generate_key(256)
        path = self._path(id_)
        try:
            with _disk():
                path.parent.mkdir(parents=True, exist_ok=True)
                file = await asyncio.to_thread(_create, path)
            with file:
                size, digest = await _fill(file, id_, AESGCM(key), source, most)
                with _disk():
                    await asyncio.to_thread(_settle, file, path.parent)
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise
        return Draft(id_, size, digest, key, at)

    async def write_whole(self, data: bytes, *, at: datetime) -> Draft:
        """The same of what is in memory already."""

        async def all_of_it() -> AsyncIterator[bytes]:
            yield data

        return await self.write(all_of_it(), at=at)

    async def keep(self, unit: WriteUnit, draft: Draft, *, media_type: str, at: datetime) -> Blob:
        """Give a draft its row, in the caller's transaction; raises `Invalid` for one that has waited too long."""
        if at >= draft.written_at + _DRAFT_LIFE:
            raise Invalid(Detail(("file",), "TOO_LATE", str(int(_DRAFT_LIFE.total_seconds()))))
        sealed = unit.vault.seal(_PLACE, draft.id, base64.b64encode(draft.key).decode())
        row = {"id": draft.id, "media_type": media_type, "size": draft.size, "sha256": draft.sha256}
        await unit.run(blob.insert().values(**row, key_sealed=sealed, created_at=at))
        return Blob(draft.id, media_type, draft.size, draft.sha256)

    async def find(self, unit: Unit, id_: str) -> Blob:
        """A kept blob; raises `NotAvailable`."""
        c = blob.c
        row = await unit.first(select(c.id, c.media_type, c.size, c.sha256).where(c.id == id_))
        if row is None:
            raise NotAvailable()
        return Blob(row.id, row.media_type, row.size, row.sha256)

    async def read(self, id_: str) -> AsyncIterator[bytes]:
        """The blob's bytes, a frame at a time, each proved before it leaves; raises `NotAvailable` or `Tampered`."""
        async with self._database.reading() as unit:
            row = await unit.first(select(blob.c.key_sealed).where(blob.c.id == id_))
            if row is None:
                raise NotAvailable()
            box = AESGCM(base64.b64decode(unit.vault.open(_PLACE, id_, row.key_sealed)))
        try:
            file = await asyncio.to_thread(self._path(id_).open, "rb")
        except FileNotFoundError:
            raise Tampered(_PLACE) from None
        with file:
            index, part = 0, await asyncio.to_thread(file.read, _SEALED_FRAME)
            while True:
                following = await asyncio.to_thread(file.read, _SEALED_FRAME)
                yield _opened(box, part, id_, index, last=not following)
                if not following:
                    return
                index, part = index + 1, following

    async def remove(self, unit: WriteUnit, id_: str) -> None:
        """Take a blob's row and tickets away, with the caller's transaction; the sweep takes the file."""
        if await unit.run(delete(blob).where(blob.c.id == id_)) != 1:
            raise NotAvailable()

    async def sweep(self, *, at: datetime) -> int:
        """Delete files without a row that are too old to get one, and tickets that have ended; how many files."""
        async with self._database.writing() as unit:
            await unit.run(delete(blob_ticket).where(blob_ticket.c.expires_at <= at))
        swept = 0
        old = await asyncio.to_thread(self._older, at - _ORPHAN_AGE)
        for start in range(0, len(old), _SWEEP_BATCH):
            batch = old[start : start + _SWEEP_BATCH]
            async with self._database.reading() as unit:
                rows = await unit.all(select(blob.c.id).where(blob.c.id.in_([path.name for path in batch])))
            kept = {row.id for row in rows}
            for path in batch:
                if path.name not in kept:
                    path.unlink(missing_ok=True)
                    swept += 1
        return swept

    async def ticket(self, unit: WriteUnit, id_: str, *, at: datetime) -> str:
        """A text that lets its bearer download the blob once, within `TICKET_LIFE`. The caller has decided who may."""
        found = await self.find(unit, id_)
        text = secrets.token_urlsafe(32)
        row = {"hash": _hash(text), "blob_id": found.id, "expires_at": at + TICKET_LIFE}
        await unit.run(blob_ticket.insert().values(**row))
        return text

    async def check_ticket(self, unit: Unit, ticket: str, *, at: datetime) -> None:
        """Raise `NotAvailable` for a ticket that cannot be spent: a made-up one must not make the one writer wait."""
        c = blob_ticket.c
        if await unit.first(select(c.blob_id).where(c.hash == _hash(ticket), c.expires_at > at)) is None:
            raise NotAvailable()

    async def spend(self, unit: WriteUnit, ticket: str, *, at: datetime) -> Blob:
        """The blob a ticket is for; the ticket is gone. Raises `NotAvailable` for a spent, ended or made-up one."""
        c = blob_ticket.c
        wanted = delete(blob_ticket).where(c.hash == _hash(ticket), c.expires_at > at).returning(c.blob_id)
        row = await unit.first(wanted)
        if row is None:
            raise NotAvailable()
        return await self.find(unit, row.blob_id)

    def _path(self, id_: str) -> Path:
        return self._folder / id_[4:6] / id_

    def _older(self, than: datetime) -> list[Path]:
        files = sorted(self._folder.glob("??/blb_*"))
        return [path for path in files if datetime.fromtimestamp(path.stat().st_mtime, UTC) < than]


async def _fill(file: BinaryIO, id_: str, box: AESGCM, source: AsyncIterable[bytes], most: int) -> tuple[int, str]:
    """Write the source as frames; its size and hash."""
    digest, size, index, waiting = hashlib.sha256(), 0, 0, bytearray()
    async for part in source:
        digest.update(part)
        size += len(part)
        if size > most:
            raise Invalid(Detail(("file",), "FILE_TOO_LARGE", str(most)))
        waiting += part
        while len(waiting) > _FRAME:  # a full frame waits: it may be the last
            await _put(file, _sealed(box, bytes(waiting[:_FRAME]), id_, index, last=False))
            del waiting[:_FRAME]
            index += 1
    await _put(file, _sealed(box, bytes(waiting), id_, index, last=True))
    return size, digest.hexdigest()


async def _put(file: BinaryIO, frame: bytes) -> None:
    with _disk():
        await asyncio.to_thread(file.write, frame)


def _sealed(box: AESGCM, part: bytes, id_: str, index: int, *, last: bool) -> bytes:
    return box.encrypt(_nonce(index), part, _bound(id_, index, last))


def _opened(box: AESGCM, part: bytes, id_: str, index: int, *, last: bool) -> bytes:
    try:
        return box.decrypt(_nonce(index), part, _bound(id_, index, last))
    except (InvalidTag, ValueError):
        raise Tampered(_PLACE) from None


def _nonce(index: int) -> bytes:
    """The frame's number: a blob's key seals each number once."""
    return index.to_bytes(12)


def _bound(id_: str, index: int, last: bool) -> bytes:
    return f"{id_}\x1f{index}\x1f{int(last)}".encode()


def _hash(ticket: str) -> str:
    return hashlib.sha256(ticket.encode("utf-8", "replace")).hexdigest()


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _settle(file: BinaryIO, folder: Path) -> None:
    """On disk: the bytes, the file's name in its folder, and the folder's name in its own."""
    file.flush()
    os.fsync(file.fileno())
    for path in (folder, folder.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _disk() -> Iterator[None]:
    """A disk that is full or gone is a dependency that is down."""
    try:
        yield
    except OSError as error:
        raise DependencyDown("blobs") from error
