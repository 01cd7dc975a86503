"""Reading the sheets that wait, one after another: a duty.

A file is written out for its reading only and deleted with it. Its rows are entered in stretches; until the sheet says
TAKEN nobody uses them, so whoever is killed is followed by another who begins again: what was entered stays, and the
end counts that it is all there.
"""

import asyncio
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import func, select

from core.blobs import Blobs
from core.database import Database, Unit, WriteUnit
from core.errors import NotAvailable
from core.ids import new_id
from core.moments import day_of
from core.statements import Row
from core.vault import Tampered
from credit import surveying
from intake import files
from intake.errors import FileRefused
from intake.raw import Raw
from oversight.industry import columns, writing
from oversight.industry.columns import Fault, Said, Wrong
from oversight.industry.scorecards import Scorecard
from oversight.industry.sheets import IndustrySheetState
from oversight.industry.tables import industry_model, industry_sheet, industry_sheet_reject, industry_value

_log = structlog.get_logger("haihe.industry")
PAUSE_SECONDS = 2.0
AT_ONCE = 1000
# CHOICE: an industry of a city's; and what somebody can still look through.
MOST_ROWS, MOST_REJECTED = 250_000, 1000
PLACE = "industry_value.values_sealed"
_LONGEST_OF = 200
_NAME = "指标表"
_s, _v = industry_sheet.c, industry_value.c
_WAITING = _s.state == IndustrySheetState.WAITING.value


@dataclass
class Reading:
    """What a file says: rows by number; rows that cannot be taken; or why none is; and, once it is known whose they
    are, what is taken, by subject."""

    rows: dict[int, Said] = field(default_factory=dict)
    wrong: dict[int, Wrong] = field(default_factory=dict)
    refused: Fault | None = None
    taken: dict[str, str] = field(default_factory=dict)

    def decide(self, *, whole: bool) -> None:
        """Whether anything is taken at all."""
        if self.refused is None and len(self.wrong) > MOST_REJECTED:
            self.refused = Fault("TOO_MANY_REJECTED", str(MOST_REJECTED))
        if self.refused is None and whole and self.wrong:
            self.refused = Fault("ROWS_REJECTED", str(len(self.wrong)))
        if self.refused is None and not self.taken:
            self.refused = Fault("SHEET_EMPTY", "")
        if self.refused is not None:
            self.taken.clear()


class SheetReader:
    """Reads sheets. `invented`: only a demonstration's numbers are taken."""

    def __init__(self, database: Database, blobs: Blobs, *, invented: bool) -> None:
        self._database = database
        self._blobs = blobs
        self._invented = invented

    async def run_once(self, at: datetime) -> float:
        """Read the sheet that has waited longest; in how many seconds to look again."""
        model = select(industry_sheet, industry_model.c.content).join(industry_model)
        async with self._database.reading() as unit:
            row = await unit.first(model.where(_WAITING).order_by(_s.uploaded_at, _s.id).limit(1))
        if row is None:
            return PAUSE_SECONDS
        try:
            reading = await self._read(row, at)
        except (Tampered, NotAvailable) as error:  # the next must not wait for one that nobody can read
            _log.error("sheet_unreadable", sheet=row.id, kind=type(error).__name__)
            reading = Reading(refused=Fault("SHEET_UNREADABLE", ""))
        if reading.refused is None:
            await self._find(reading)
        reading.decide(whole=row.whole)
        await self._enter(row, reading)
        await self._finish(row, reading, max(at, row.uploaded_at))
        return 0.0

    async def _read(self, row: Row, at: datetime) -> Reading:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, _NAME)
            whole = b"".join([chunk async for chunk in self._blobs.read(row.blob_id)])
            await asyncio.to_thread(path.write_bytes, whole)
            card = writing.read(row.content)
            return await asyncio.to_thread(_said, path, card, at, invented=self._invented)

    async def _find(self, reading: Reading) -> None:
        """Whose each row is. Who is no organisation that an evaluation can be of is not told from who is not here."""
        seen: set[str] = set()
        numbers = iter(list(reading.rows))
        while stretch := list(islice(numbers, AT_ONCE)):
            async with self._database.reading() as unit:
                whose = await surveying.by_code(unit, {reading.rows[number].code for number in stretch})
            for number in stretch:
                said = reading.rows.pop(number)
                if said.code in seen:
                    reading.wrong[number] = Wrong("CODE_TWICE")
                elif said.code not in whose:
                    reading.wrong[number] = Wrong("NOT_EVALUATED")
                else:
                    reading.taken[whose[said.code]] = said.text
                seen.add(said.code)

    async def _enter(self, row: Row, reading: Reading) -> None:
        rest = iter(sorted(reading.taken.items()))
        while stretch := dict(islice(rest, AT_ONCE)):
            async with self._database.writing() as unit:
                if not await _waits(unit, row.id):
                    return
                here = select(_v.subject_id).where(_v.sheet_id == row.id, unit.among(_v.subject_id, list(stretch)))
                entered = {one.subject_id for one in await unit.all(here)}
                new = [_sealed(unit, row.id, whose, text) for whose, text in stretch.items() if whose not in entered]
                if new:
                    await unit.add(industry_value, new)

    async def _finish(self, row: Row, reading: Reading, at: datetime) -> None:
        """The sheet was read, if all of it is there; what was entered by somebody who was killed, and is not wanted by
        now, is taken out, and the sheet read again."""
        code, of = reading.refused or (None, None)
        values = {
            "state": (IndustrySheetState.REFUSED if code else IndustrySheetState.TAKEN).value,
            "refused": code,
            "refused_of": of[:_LONGEST_OF] if of else None,
            "taken": len(reading.taken),
            "rejected": len(reading.wrong),
            "read_at": at,
            "blob_id": None,
        }
        async with self._database.writing() as unit:
            if not await _waits(unit, row.id):
                return
            many = await unit.first(select(func.count()).select_from(industry_value).where(_v.sheet_id == row.id))
            if many is None or many[0] != len(reading.taken):
                await unit.run(industry_value.delete().where(_v.sheet_id == row.id))
                return
            await unit.run(industry_sheet.update().where(_s.id == row.id).values(**values))
            rejects = _rejects(row.id, reading)
            if rejects:
                await unit.add(industry_sheet_reject, rejects)
            await self._blobs.remove(unit, row.blob_id)
        _log.info("sheet_read", sheet=row.id, taken=len(reading.taken), rejected=len(reading.wrong), refused=code)


def values_of(unit: Unit, card: Scorecard, row: Row) -> Mapping[str, Any]:
    """What a row of `industry_value` says, as the scorecard takes it."""
    return columns.read(card, unit.vault.open(PLACE, row.id, row.values_sealed))


def _sealed(unit: WriteUnit, sheet_id: str, subject_id: str, text: str) -> dict[str, Any]:
    made = new_id("ivl")
    sealed = unit.vault.seal(PLACE, made, text)
    return {"id": made, "sheet_id": sheet_id, "subject_id": subject_id, "values_sealed": sealed}


async def _waits(unit: WriteUnit, sheet_id: str) -> bool:
    """Whether nobody else has read it; nobody does until this unit ends."""
    waiting = select(_s.id).where(_s.id == sheet_id, _WAITING)
    return await unit.first(waiting.with_for_update()) is not None


def _rejects(sheet_id: str, reading: Reading) -> list[dict[str, Any]]:
    return [
        {"sheet_id": sheet_id, "number": number, "code": one.code, "indicator": one.indicator}
        for number, one in sorted(reading.wrong.items())[:MOST_REJECTED]
    ]


def _said(path: Path, card: Scorecard, at: datetime, *, invented: bool) -> Reading:
    reading = Reading()
    try:
        rows = files.raws(path)
        header = next(rows, None)
        names = _names(header.names) if header is not None else []
        reading.refused = columns.fault(card, names)
        if reading.refused is None and header is not None:
            _take(reading, rows, (header.names, names), card, day_of(at), invented=invented)
    except FileRefused as refused:
        reading.refused = Fault("SHEET_UNREADABLE", str(refused))
    return reading


def _take(
    reading: Reading,
    rows: Iterable[Raw],
    header: tuple[Sequence[str], Sequence[str]],
    card: Scorecard,
    today: date,
    *,
    invented: bool,
) -> None:
    (written, names), indicators = header, columns.own(card)
    for count, raw in enumerate(rows, 1):
        if count > MOST_ROWS:
            reading.refused = Fault("TOO_MANY_ROWS", str(MOST_ROWS))
            return
        try:
            cells = _cells(raw, names if raw.names is written else _names(raw.names), names)
            reading.rows[raw.line] = columns.said(indicators, cells, today=today, invented=invented)
        except Wrong as wrong:
            reading.wrong[raw.line] = wrong


def _cells(raw: Raw, own: Sequence[str], names: Sequence[str]) -> Mapping[str, str]:
    """A row by its columns' names, which are the header's or, in JSON Lines, its own. Raises `Wrong`."""
    if len(raw.cells) != len(own) or set(own) != set(names):
        raise Wrong("COLUMN_NAMES")
    for place, flaw in raw.flaws.items():
        raise Wrong(flaw, None if own[place] == columns.WHOSE else own[place])
    return dict(zip(own, raw.cells, strict=True))


def _names(header: Sequence[str]) -> list[str]:
    return [name.strip().lstrip("\ufeff").strip() for name in header]
