"""Making the exports for 合规审计 that were asked for, one after another: a duty.

The log is read a stretch at a time, each over a connection of its own, and goes through the archive into the blob's
frames: what is in memory does not grow with the period. Then one commit gives the export its file, the log the look
that it is, and 保密审查 its question, so that nothing can be fetched that is not logged and was not read by another.
Killed before, it is made again from the beginning, under other pseudonyms.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
import structlog

from audit import disclosing, tree
from audit.disclosing import Edges
from audit.leaves import Leaf
from audit.lens import Audience, BasisKind, Lens
from audit.log import Log, Shapes
from audit.looks import Look, Shape
from audit.notes import encoded, sign
from audit.sealing import private_key, verifier_keys
from core import installation
from core.archives import Archive
from core.blobs import Blobs, Draft
from core.database import Database
from core.errors import Invalid
from core.installation import Kind
from core.keys import KeyRings, Purpose
from core.months import Span
from core.principal import Channel
from core.statements import Row
from core.vault import Tampered
from oversight.auditing import exports
from oversight.auditing.exports import Made
from oversight.auditing.showing import FORM, Pseudonyms, Shown, Wanted, how, line
from oversight.duty import confidentiality, tally
from oversight.duty.confidentiality import Leaving, ReleaseKind
from parties import directory, posts

_log = structlog.get_logger("haihe.audits")
PAUSE_SECONDS = 2.0
MEDIA_TYPE = "application/zip"
# So many leaves are shown from one connection, and so many are asked at once whether they lie in the period.
AT_ONCE, _SCANNED = 1000, 20_000
# CHOICE: some ten million looks; whoever needs more asks for fewer days.
LARGEST = 4 * 1024 * 1024 * 1024
_MOST_UNMAKEABLE = 100
_SHOWN_FIELDS = Shape.of({f"ComplianceExport.{name}" for name in ("looks", "first", "last", "sha256")})


class Auditing:
    """Makes exports."""

    def __init__(self, database: Database, blobs: Blobs, rings: KeyRings) -> None:
        self._database = database
        self._blobs = blobs
        self._rings = rings
        self._log = Log(Shapes())
        self._unmakeable: list[str] = []

    async def run_once(self, at: datetime) -> float:
        """Make the export that has waited longest; in how many seconds to look again."""
        async with self._database.reading() as unit:
            row = await exports.due(unit, self._unmakeable, at=at)
            head = await tree.head(unit) if row is not None else None
        if row is None or head is None or head.size == 0:
            return PAUSE_SECONDS
        try:
            await self._make(row, head, max(at, row.requested_at))
        except (Tampered, Invalid) as error:  # the next must not wait for one that nobody can make
            self._unmakeable = [*self._unmakeable, row.id][-_MOST_UNMAKEABLE:]
            _log.error("audit_unmakeable", export=row.id, kind=type(error).__name__)
        return 0.0

    async def _make(self, row: Row, head: Row, at: datetime) -> None:
        first, last = (await self._edges(exports.span_of(row), head.size)).around(head.size)
        packer = _Packer(row, first, last, at)
        draft = await self._blobs.write(self._archive(packer, head), at=at, most=LARGEST)
        await self._give(packer, draft, at)

    async def _edges(self, span: Span, size: int) -> Edges:
        """Where a period lies in the log. Looks are sealed nearly in the order of their instants, and not quite."""
        found = Edges()
        for after in range(0, size, _SCANNED):
            async with self._database.reading() as unit:
                stretch = await disclosing.edges(unit, span, after=after, upto=min(size, after + _SCANNED))
            found = found.joined(stretch)
        return found

    async def _give(self, packer: "_Packer", draft: Draft, at: datetime) -> None:
        row, looks = packer.row, packer.shown[Shown.OPEN] + packer.shown[Shown.STATED]
        look = _look(row, looks, draft.sha256)
        async with self._database.writing() as unit:
            kept = await self._blobs.keep(unit, draft, media_type=MEDIA_TYPE, at=at)
            made = Made(packer.first, packer.last, looks, draft.sha256, kept.id)
            if not await exports.made(unit, row.id, made, at=at):
                await self._blobs.remove(unit, kept.id)
                return
            card = await directory.find(unit, row.party_id)
            holds = f"{row.since}..{row.until} {row.only_channel or '*'} {row.only_purpose or '*'}"
            whom = f"合规审计 {row.number} {card.name if card is not None else ''}".strip()
            leaving = Leaving(ReleaseKind.COMPLIANCE_EXPORT.value, row.id, holds, looks, draft.sha256, whom)
            await confidentiality.ask(unit, row.party_id, leaving, by=row.requested_by, at=at)
            await self._log.append(unit, [look], at=at)
        self._log.committed([look])

    async def _archive(self, packer: "_Packer", head: Row) -> AsyncIterator[bytes]:
        """The archive's bytes as they come."""
        shapes: dict[str, list[str]] = {}
        packer.begin()
        position = packer.first - 1
        while position < packer.last:
            async with self._database.reading() as unit:
                rows = await disclosing.stretch(unit, after=position, upto=packer.last, most=AT_ONCE)
                shapes |= await disclosing.shapes(unit, {row.shape_id for row in rows if row.id} - shapes.keys())
            if not rows:
                raise Tampered("log_leaf")
            yield await asyncio.to_thread(packer.add, rows, shapes)
            position = rows[-1].position
        packer.end()
        yield await self._closed(packer, head)

    async def _closed(self, packer: "_Packer", head: Row) -> bytes:
        """What ties it to the tree, what was done in the period, and the manifest with its signature."""
        span = exports.span_of(packer.row)
        async with self._database.reading() as unit:
            tied = await disclosing.tied(unit, head, packer.first, packer.last)
            work = await tally.tally(unit, span)
            terms = await posts.terms(unit, since=packer.row.since, until=packer.row.until)
            kind = await installation.kind_of(unit)
        key = private_key(self._rings.active(Purpose.LOG))
        for name, tree_ in (("begin", tied.begin), ("end", tied.end)):
            packer.file(f"{name}.checkpoint", sign(str(tree_), head.origin, key))
        packer.file("head.checkpoint", tied.head)
        packer.json("tree.json", {name: [*map(encoded, getattr(tied, name))] for name in ("under", "beyond")})
        packer.json("posts.json", [dict(zip(row._fields, row, strict=True)) for row in terms])
        packer.json("duty.json", work)
        known = [str(one) for one in verifier_keys(self._rings, head.origin)]
        manifest = packer.manifest({"demonstration": kind is Kind.DEMONSTRATION, "log": head.origin, "keys": known})
        digest = hashlib.sha256(manifest).hexdigest()
        note = sign(f"{head.origin}\n{FORM}\n{packer.row.id}\n{digest}\n", head.origin, key)
        return packer.close(manifest, note)


@dataclass
class _Packer:
    """Writes one export's archive. `shown` is how many positions of each sort are in it."""

    row: Row
    first: int
    last: int
    at: datetime
    shown: Counter[Shown] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._archive = Archive(self.at)
        self._wanted = Wanted(self.row.only_channel, self.row.only_purpose)
        self._who = Pseudonyms()
        self._files: dict[str, str] = {}
        self._stretches: list[tuple[int, str]] = []

    def begin(self) -> None:
        """Begin the positions."""
        self._archive.begin("looks.jsonl")

    def add(self, rows: Sequence[Row], shapes: Mapping[str, list[str]]) -> bytes:
        """A stretch of positions; the bytes that are ready."""
        data = b"".join(self._line(row, shapes) for row in rows)
        self._stretches.append((rows[-1].position, hashlib.sha256(data).hexdigest()))
        self._archive.put(data)
        return self._archive.take()

    def end(self) -> None:
        """All positions are in."""
        self._files["looks.jsonl"] = self._archive.end()

    def file(self, name: str, text: str) -> None:
        """A whole file."""
        self._files[name] = self._archive.add(name, text.encode())

    def json(self, name: str, said: object) -> None:
        """A whole file of JSON."""
        self.file(name, orjson.dumps(said, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2).decode() + "\n")

    def manifest(self, more: Mapping[str, Any]) -> bytes:
        """What is in it, of what, for whom, and every file's hash."""
        row = self.row
        said = {
            "format": FORM,
            "export": row.id,
            "number": row.number,
            "since": row.since,
            "until": row.until,
            "span": [*exports.span_of(row)],
            "channel": row.only_channel,
            "purpose": row.only_purpose,
            "requestedBy": row.requested_by,
            "requestedAt": row.requested_at,
            "madeAt": self.at,
            **more,
            "first": self.first,
            "last": self.last,
            "shown": {sort.value: self.shown[sort] for sort in Shown},
            "files": self._files,
            "stretches": self._stretches,
        }
        return orjson.dumps(said, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2) + b"\n"

    def close(self, manifest: bytes, note: str) -> bytes:
        """The manifest, its signature, and the last bytes."""
        self._archive.add("manifest.json", manifest)
        self._archive.add("manifest.note", note.encode())
        return self._archive.close()

    def _line(self, row: Row, shapes: Mapping[str, list[str]]) -> bytes:
        sort = how(row, self._wanted)
        self.shown[sort] += 1
        leaf: Leaf | None = disclosing.leaf_of(row, shapes[row.shape_id]) if sort is Shown.OPEN else None
        who = self._who.of(row.whom) if sort in (Shown.OPEN, Shown.STATED) else None
        return orjson.dumps(line(row, leaf, sort, who)) + b"\n"


def _look(row: Row, looks: int, sha256: str) -> Look:
    """The look that making it is, in the institution's own chain: whoever audits next sees it, and that none is
    missing before it. Its document is the file's hash."""
    return Look(
        lens=Lens(Audience.ORGAN, BasisKind.AUDIT, row.party_id),
        basis=BasisKind.AUDIT.value,
        shape=_SHOWN_FIELDS,
        purpose=exports.PURPOSE,
        channel=Channel(row.channel),
        actor_party_id=row.party_id,
        officer_id=row.requested_by,
        client=row.client,
        grant_id=row.id,
        document=sha256,
        case_number=row.number,
        record_count=looks,
    )
