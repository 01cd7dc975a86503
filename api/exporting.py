"""Making the copies of everything about oneself that were asked for, one after another: a duty.

Everything is read a portion at a time, each over a connection of its own, and goes through the archive into the blob's
frames: what is in memory does not grow with the subject. Then one commit gives the copy its file and the trail its
look, so that nothing can be fetched that is not logged. Killed before, it is made again from the beginning.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

import orjson
import structlog

from audit.lens import Audience, BasisKind, Lens
from audit.log import Log, Shapes
from audit.looks import Look, Shape
from core import installation
from core.archives import Archive
from core.blobs import Blobs
from core.cursors import Sealer
from core.database import Database
from core.errors import Invalid, NotAvailable
from core.installation import Kind
from core.paging import LARGEST_PAGE, PageRequest
from core.portions import Entry
from core.principal import Channel
from core.statements import Row
from core.vault import Tampered
from credit import exports
from schema.exporting import PARTS, RECORDS, Part

_log = structlog.get_logger("haihe.exports")
PAUSE_SECONDS = 2.0
AT_ONCE = LARGEST_PAGE
MEDIA_TYPE = "application/zip"
FORM = "haihe-export/1"
PURPOSE = "SELF_EXPORT"
# CHOICE: beyond this somebody has been looked at some million times, and asks at the counter.
LARGEST = 1024 * 1024 * 1024
_MOST_UNMAKEABLE = 100
_SHOWN = Shape.of(
    {
        f"Me.{name}"
        for name in (
            *("accessHistory", "claims", "corrections", "evaluation", "exports", "grants", "helpers", "identity"),
            *("name", "notices", "records", "reports", "residence", "score", "scoreReviews"),
        )
    }
)


class Exporter:
    """Makes copies."""

    def __init__(self, database: Database, blobs: Blobs) -> None:
        self._database = database
        self._blobs = blobs
        self._log = Log(Shapes())
        self._unmakeable: list[str] = []

    async def run_once(self, at: datetime) -> float:
        """Make the copy that has waited longest; in how many seconds to look again."""
        async with self._database.reading() as unit:
            row = await exports.due(unit, self._unmakeable)
        if row is None:
            return PAUSE_SECONDS
        try:
            await self._make(row, max(at, row.requested_at))
        except (Tampered, Invalid, NotAvailable) as error:  # the next must not wait for one that nobody can make
            self._unmakeable = [*self._unmakeable, row.id][-_MOST_UNMAKEABLE:]
            _log.error("export_unmakeable", export=row.id, kind=type(error).__name__)
        return 0.0

    async def _make(self, row: Row, at: datetime) -> None:
        look = _look(row)
        draft = await self._blobs.write(self._archive(row, look, at), at=at, most=LARGEST)
        async with self._database.writing() as unit:
            kept = await self._blobs.keep(unit, draft, media_type=MEDIA_TYPE, at=at)
            if not await exports.made(unit, row, kept.id, at=at):
                await self._blobs.remove(unit, kept.id)
                return
            await self._log.append(unit, [look], at=at)
        self._log.committed([look])

    async def _archive(self, row: Row, look: Look, at: datetime) -> AsyncIterator[bytes]:
        """The archive's bytes as they come; the look learns what is in it."""
        packer = _Packer(at)
        for part in PARTS:
            packer.begin(part)
            async for entries in self._portions(part, row.subject_id, at):
                yield await asyncio.to_thread(packer.add, entries)
                if part.name == RECORDS:
                    _count(look, entries)
            packer.end()
        async with self._database.reading() as unit:
            kind = await installation.kind_of(unit)
        said = {"format": FORM, "export": row.id, "requestedAt": row.requested_at, "madeAt": at}
        yield packer.close({**said, "demonstration": kind is Kind.DEMONSTRATION})

    async def _portions(self, part: Part, subject_id: str, at: datetime) -> AsyncIterator[Sequence[Entry]]:
        """What a part has, a portion to a connection: others want one too."""
        lens = Lens(Audience.SUBJECT, BasisKind.SELF, subject_id)
        after: str | None = None
        while True:
            async with self._database.reading() as unit:
                request = PageRequest(
                    min(part.at_once, AT_ONCE), after, Sealer(unit.vault, f"export {part.name}", subject_id)
                )
                found = await part.read(unit, lens, request, at)
            yield found.entries
            after = found.after
            if after is None:
                return


class _Packer:
    """Writes the archive, a part after another."""

    def __init__(self, at: datetime) -> None:
        self._archive = Archive(at)
        self._parts: list[dict[str, Any]] = []

    def begin(self, part: Part) -> None:
        """Begin a part's file."""
        self._archive.begin(part.file)
        self._parts.append({"file": part.file, "title": part.title, "count": 0})
        self._archive.put(orjson.dumps({"format": FORM, "part": part.name})[:-1] + b',"entries":[')

    def add(self, entries: Sequence[Entry]) -> bytes:
        """Some entries of the part; the bytes that are ready."""
        said = self._parts[-1]
        for entry in entries:
            self._archive.put((b",\n" if said["count"] else b"\n") + orjson.dumps(entry, option=orjson.OPT_UTC_Z))
            said["count"] += 1
        return self._archive.take()

    def end(self) -> None:
        """The part is whole."""
        self._archive.put(b"\n]}\n")
        self._parts[-1]["sha256"] = self._archive.end()

    def close(self, said: Entry) -> bytes:
        """The manifest, and the last bytes."""
        manifest = orjson.dumps({**said, "parts": self._parts}, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2)
        self._archive.add("manifest.json", manifest + b"\n")
        return self._archive.close()


def _look(row: Row) -> Look:
    """The look that making it is: by whoever asked for it."""
    return Look(
        lens=Lens(Audience.SUBJECT, BasisKind(row.basis), row.subject_id),
        basis=row.basis,
        shape=_SHOWN,
        purpose=PURPOSE,
        channel=Channel(row.channel),
        actor_name=row.capacity,
        officer_id=row.requested_by,
        client=row.client,
    )


def _count(look: Look, entries: Sequence[Entry]) -> None:
    for entry in entries:
        look.show(entry["category"])
        look.codes.update(item["code"] for item in entry["items"])
