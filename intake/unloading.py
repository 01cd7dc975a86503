"""Loading the files that have arrived, one after another, beside everything else: a duty.

A file is written out for its load only, readable by its owner alone, and deleted with it. Whoever is killed is
followed by another when the lease is over, who loads the file again from its beginning: what was entered is unchanged.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import structlog

from core import sheets
from core.blobs import Blobs
from core.database import Database
from core.errors import DependencyDown
from core.moving import Move
from core.rehearsing import Rehearsal
from intake import arriving, batches
from intake.batches import Claim
from intake.errors import FileRefused
from intake.loading import Loader, Result

_log = structlog.get_logger("haihe.intake")
PAUSE_SECONDS = 1.0
_BEAT_SECONDS = 1.0
_CHUNK = 1 << 20
# The reasons add to what was sent.
_LARGEST_REJECTED = 4 * arriving.LARGEST
_NAME = "报送文件"
# What rejected rows can be, by the ending of their file: they come back in the form in which they were sent.
MEDIA_TYPES = {".csv": "text/csv", ".jsonl": "application/jsonl", ".xlsx": sheets.MEDIA_TYPE}
_GIVEN_UP = "多次未能处理完成，请联系公共信用管理机构"
Done = TypeVar("Done")


class _Overtaken(Exception):
    """Another process has the batch: nothing more of ours is kept."""


class Unloader:
    """Loads batches, the small or the large. `folder` is for files while they are loaded, `beyond` as of a `Loader`;
    `now` reads the clock."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        folder: Path,
        *,
        invented: bool,
        small: bool,
        beyond: Sequence[Move],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._folder = folder
        self._invented = invented
        self._small = small
        self._beyond = beyond
        self._now = now

    async def run_once(self, at: datetime) -> float:
        """Load the batch that is due; in how many seconds to look again."""
        async with self._database.reading() as reading:
            row = await batches.due(reading, small=self._small, at=at)
        if row is None:
            return PAUSE_SECONDS
        async with self._database.writing() as unit:
            claim = await batches.claim(unit, row, at=at)
        if claim is not None:
            try:
                await self._carry(claim)
            except _Overtaken:
                _log.warning("batch_overtaken", batch=claim.id)
        return 0.0

    async def _carry(self, claim: Claim) -> None:
        rows = 0

        def seen(count: int) -> None:
            nonlocal rows
            rows += count

        place = self._folder / f"{claim.id}-{claim.tries}"
        try:
            if claim.tries > batches.MOST_TRIES:
                raise FileRefused(_GIVEN_UP)
            result = await self._while_ours(claim, self._load(claim, place, seen), lambda: rows)
            await self._keep(claim, result)
        except FileRefused as refused:
            async with self._database.writing() as unit:
                if not await batches.refuse(unit, self._blobs, claim, str(refused), at=self._now()):
                    raise _Overtaken from None
        finally:
            shutil.rmtree(place, ignore_errors=True)

    async def _load(self, claim: Claim, place: Path, seen: Callable[[int], None]) -> Result:
        """Raises `FileRefused`. What is only checked is loaded too, and every unit of it undone."""
        database = Rehearsal(self._database) if claim.checks_only else self._database
        loader = await Loader.of(database, claim.provider_code, invented=self._invented, beyond=self._beyond)
        path = await self._written_out(claim, place)
        sheet = await asyncio.to_thread(loader.inspect, path, at=self._now())
        return await loader.load(sheet, now=self._now, progress=seen)

    async def _written_out(self, claim: Claim, place: Path) -> Path:
        path = _cleared(place, claim) / _NAME
        beginning = b""
        with path.open("wb") as file:
            async for chunk in arriving.content(self._database, self._blobs, claim.id):
                beginning = beginning or chunk[:64]
                await asyncio.to_thread(file.write, chunk)
        return path.rename(path.with_suffix(ending_of(beginning)))

    async def _while_ours(self, claim: Claim, work: Coroutine[Any, Any, Done], rows: Callable[[], int]) -> Done:
        """The work's outcome; it ends when the lease is lost. Raises `_Overtaken`, and what the work raises."""
        working, beating = asyncio.create_task(work), asyncio.create_task(self._beat(claim, rows))
        try:
            await asyncio.wait({working, beating}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                await beating
                raise _Overtaken
            return await working
        finally:
            for task in (working, beating):
                task.cancel()
            await asyncio.gather(working, beating, return_exceptions=True)

    async def _beat(self, claim: Claim, rows: Callable[[], int]) -> None:
        """Renew the lease until it is lost. A database that does not answer for a moment is asked again."""
        held = True
        while held:
            await asyncio.sleep(_BEAT_SECONDS)
            try:
                async with self._database.writing() as unit:
                    held = await batches.renew(unit, claim, rows=rows(), at=self._now())
            except DependencyDown as down:
                _log.warning("lease_not_renewed", batch=claim.id, kind=type(down).__name__)

    async def _keep(self, claim: Claim, result: Result) -> None:
        """What became of it and its rejected rows, in one commit."""
        draft, path = None, result.rejected_path
        if path is not None:
            draft = await self._blobs.write(_chunks(path), at=self._now(), most=_LARGEST_REJECTED)
        at, outcome = self._now(), told(result)
        async with self._database.writing() as unit:
            if draft is not None and path is not None:
                media_type = MEDIA_TYPES[path.suffix]
                outcome["rejected_id"] = (await self._blobs.keep(unit, draft, media_type=media_type, at=at)).id
            if not await batches.end(unit, self._blobs, claim, outcome, at=at):
                raise _Overtaken


def told(result: Result) -> dict[str, Any]:
    """A load's outcome, as a batch's columns."""
    return {
        "layout": result.sheet.layout.name.value,
        "row_count": result.sheet.rows,
        "rows_done": result.sheet.rows,
        "added": result.added,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "dropped": result.dropped,
        "rejected": result.rejected,
        "set_aside": result.set_aside,
        "findings": dict(result.findings),
        "finding_lines": result.lines,
    }


def ending_of(beginning: bytes) -> str:
    """What a file's name ends in, by its first bytes: whatever its sender calls it, it is read as this."""
    if beginning.startswith(b"PK\x03\x04"):
        return ".xlsx"
    return ".jsonl" if beginning.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") else ".csv"


def sweep(folder: Path, *, before: datetime) -> None:
    """Take away what a killed load has left, when nobody has begun it again since."""
    for left in folder.glob("bat_*"):
        if left.stat().st_mtime < before.timestamp():
            shutil.rmtree(left, ignore_errors=True)


def _cleared(place: Path, claim: Claim) -> Path:
    """The batch's own folder, and nothing of an earlier try: whoever was killed could not take it away."""
    for left in place.parent.glob(f"{claim.id}-*"):
        shutil.rmtree(left, ignore_errors=True)
    place.mkdir(mode=0o700, parents=True)
    return place


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            yield chunk
