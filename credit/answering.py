"""Answering an approved batch: everybody whom its sheet lists, as a single look at each would have shown them.

Everything is read first. Then one transaction writes a look for each row, gives the answer its row and moves the batch
on: what can be fetched is logged, whatever is killed, and a batch that is killed before is begun again from its sheet.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from audit import sentences, withholding
from audit.lens import BasisKind, Lens
from audit.log import Log, Shapes
from audit.looks import Look, Shape
from core import sheets
from core.blobs import Blobs
from core.cursors import Sealer
from core.database import Database, Unit
from core.errors import Invalid, NotAvailable
from core.moments import CITY, day_of
from core.paging import LARGEST_PAGE, PageRequest
from core.principal import Channel
from core.statements import Row
from core.vault import Tampered
from credit import grades, records, subjects
from grants import batches, listed, mandating, statute
from grants.listed import Listed
from grants.scope import AgencyMandateState, RecordCategory
from parties import directory

_log = structlog.get_logger("haihe.credit")
PAUSE_SECONDS = 2.0
_AT_ONCE = 10  # rows to a connection: others want one too, and it is cut off when it is held for long
_LOOKS_AT_ONCE = 500
_LONGEST_OPERATOR = 120
_ABSENT = "NOT_AVAILABLE"  # nobody's number, another's name, a minor: as a single look says it
# What every look of a batch reaches.
SHOWN = Shape.of(
    {"AgencyView.subject", "AgencyView.records", "AgencyView.objections"}
    | {
        f"CreditRecord.{name}"
        for name in ("authority", "category", "documentNumber", "items", "objections", "occurredOn", "source", "title")
    }
)
_GRADED = Shape.of(
    {"AgencyView.evaluation"}
    | {
        f"PublicCreditEvaluation.{name}"
        for name in ("assessedOn", "basis", "basisChangedAt", "grade", "objections", "validUntil")
    }
    | set(SHOWN.fields)
)
_HEAD = (
    *("序号", "证件类型", "证件号码", "名称", "查询结果", "信息类别", "事项", "文书号", "认定机关", "日期"),
    *("信息来源", "异议标注", "信息项", "查询时间", "公共信用综合评价", "遗漏异议"),
)
_WIDTHS = (6, 18, 22, 24, 18, 22, 32, 24, 26, 12, 26, 22, 60, 20, 40, 22)
_NOT_COVERED = "不在依据的信息类别内"


@dataclass(frozen=True)
class _Basis:
    """What a batch rests on, as long as it holds."""

    mandate: Row
    organ: Row


@dataclass
class _Answer:
    """What has been read: the sheet's rows, and a look for each of the batch's."""

    rows: list[Sequence[str]] = field(default_factory=lambda: [_HEAD])
    looks: list[Look] = field(default_factory=list)

    @property
    def found(self) -> int:
        """How many were there."""
        return sum(look.refused is None for look in self.looks)


class _Overtaken(Exception):
    """Another process has moved the batch on: nothing of ours is kept."""


class Answerer:
    """Answers approved batches, one after another."""

    def __init__(self, database: Database, blobs: Blobs) -> None:
        self._database = database
        self._blobs = blobs
        self._log = Log(Shapes())

    async def run_once(self, at: datetime) -> float:
        """Answer the batch that has waited longest; in how many seconds to look again."""
        async with self._database.reading() as unit:
            row = await batches.due(unit)
            basis = await _basis(unit, row, at) if row is not None else None
        if row is None:
            return PAUSE_SECONDS
        at = max(at, row.decided_at)  # nobody is looked at before the second officer's word
        try:
            if basis is not None:
                await self._keep(row, await self._read(row, basis, at), at)
                return 0.0
        except _Overtaken:
            return PAUSE_SECONDS
        except (
            Tampered,
            Invalid,
            NotAvailable,
        ) as error:  # the next batch must not wait for a sheet that nobody can read
            _log.error("sheet_unreadable", batch=row.id, kind=type(error).__name__)
        async with self._database.writing() as writing:
            await batches.stop(writing, self._blobs, row)
        return 0.0

    async def _read(self, row: Row, basis: _Basis, at: datetime) -> _Answer:
        """Everybody on the sheet, read as a look is read."""
        sheet = b"".join([part async for part in self._blobs.read(row.sheet_id)])
        asked = await asyncio.to_thread(listed.read, sheet, today=day_of(row.opened_at))
        answer = _Answer()
        for start in range(0, len(asked), _AT_ONCE):
            async with self._database.reading() as unit:
                for number, someone in enumerate(asked[start : start + _AT_ONCE], start=start + 1):
                    await _look(unit, answer, row, basis, number, someone, at)
        return answer

    async def _keep(self, row: Row, answer: _Answer, at: datetime) -> None:
        """Looks, answer and batch in one commit. Raises `_Overtaken`."""
        made = await asyncio.to_thread(sheets.write, "查询结果", answer.rows, widths=_WIDTHS)
        draft = await self._blobs.write_whole(made, at=at)
        async with self._database.writing() as unit:
            if await _basis(unit, row, at) is None:
                await batches.stop(unit, self._blobs, row)
                return
            # Whoever turned out to be another since is looked at anew, and everybody with them: it is one answer.
            named = {look.lens.subject_id for look in answer.looks if look.lens is not None}
            await subjects.hold(unit, named, first=False)
            kept = await self._blobs.keep(unit, draft, media_type=sheets.MEDIA_TYPE, at=at)
            if not await batches.answered(unit, self._blobs, row, kept.id, found=answer.found, at=at):
                raise _Overtaken
            for start in range(0, len(answer.looks), _LOOKS_AT_ONCE):
                await self._log.append(unit, answer.looks[start : start + _LOOKS_AT_ONCE], at=at)
        self._log.committed(answer.looks)


async def _basis(unit: Unit, row: Row, at: datetime) -> _Basis | None:
    """What the batch rests on; None when the organ, its mandate or its order to withhold holds no longer."""
    organ = await directory.find(unit, row.party_id)
    mandate = await mandating.own(unit, row.mandate_id, row.party_id)
    if organ is None or mandate is None or statute.state_of(mandate, at=at) is not AgencyMandateState.IN_FORCE:
        return None
    if row.withholding_id is not None:
        case = {"party_id": row.party_id, "case_number": row.case_number}
        if not await withholding.in_force(unit, row.withholding_id, **case, at=at):
            return None
    return _Basis(mandate, organ)


async def _look(
    unit: Unit, answer: _Answer, row: Row, basis: _Basis, number: int, someone: Listed, at: datetime
) -> None:
    """One row's look, and what it adds to the answer."""
    subject_id = await subjects.named(unit, someone.number, someone.name, at=at)
    lens = mandating.lens_of(basis.mandate, subject_id) if subject_id is not None else None
    look = _begun(row, basis, lens)
    answer.looks.append(look)
    who = (str(number), someone.written_type, someone.number.number, someone.name)
    when = at.astimezone(CITY).strftime("%Y-%m-%d %H:%M:%S")
    if lens is None:
        answer.rows.append((*who, "没有可以提供的信息", *[""] * 8, when, "", ""))
        return
    grade = await _grade(unit, lens, look, at)
    shown, missing = await _records(unit, lens, at)
    if not shown:
        answer.rows.append((*who, "没有信用记录条目", *[""] * 8, when, grade, missing))
    for record in shown:
        look.show(record.category)
        answer.rows.append((*who, f"共{len(shown)}条", *_cells(lens, record, look), when, grade, missing))


def _begun(row: Row, basis: _Basis, lens: Lens | None) -> Look:
    both = f"{row.opened_label}、{row.decided_label}"
    return Look(
        lens=lens,
        basis=BasisKind.STATUTE.value,
        shape=SHOWN,
        purpose=row.purpose,
        channel=Channel(row.channel),
        actor_party_id=row.party_id,
        actor_name=basis.organ.name,
        officer_id=row.opened_by,
        operator=both[:_LONGEST_OPERATOR],
        client=row.client,
        grant_id=basis.mandate.id,
        grant_version=basis.mandate.version,
        document=row.sheet_sha256,
        case_number=row.case_number,
        withholding_id=row.withholding_id,
        refused=None if lens is not None else _ABSENT,
    )


async def _records(unit: Unit, lens: Lens, at: datetime) -> tuple[Sequence[Row], str]:
    """Every record inside the lens, and since when it is contested that something is missing; read again where that
    changed between two pages."""
    rows: list[Row] = []
    seen: list[Sequence[str] | None] = []
    after: str | None = None
    while True:
        request = PageRequest(LARGEST_PAGE, after, Sealer(unit.vault, "batch", lens.subject_id))
        page = await records.page(unit, lens, request, records.Filter(), with_items=True, at=at)
        seen.append(await records.omissions(unit, lens, request, records.Filter(), page, at=at))
        rows += page.items
        marks = seen[0]
        if marks is None or any(one != marks for one in seen):
            rows, seen, after = [], [], None
        elif not page.more:
            return rows, _said(marks)
        else:
            after = page.seal(page.items[-1])


async def _grade(unit: Unit, lens: Lens, look: Look, at: datetime) -> str:
    """公共信用综合评价 as one cell says it, with its mark, where the mandate covers results of evaluation."""
    if RecordCategory.EVALUATION_RESULT.value not in (lens.categories or ()):
        return _NOT_COVERED
    look.shape = _GRADED
    row = await grades.of(unit, lens, at=at)
    if row is None:
        return "没有有效的评价"
    said = f"{row.grade}级；依据：{row.basis}；{row.assessed_on}评价，有效期至{row.valid_until}"
    return "；".join(filter(None, [said, _based(row), _marked(row)]))


def _based(row: Row) -> str:
    """That what an evaluation rests on was changed; empty where nothing was."""
    if row.basis_changed_at is None:
        return ""
    return f"依据已变更（{day_of(row.basis_changed_at)}），待重新评价"


def _marked(row: Row) -> str:
    """The marks of open objections, by their days; empty without any."""
    return _said(row.marks)


def _said(marks: Sequence[str]) -> str:
    days = [datetime.fromisoformat(mark).astimezone(CITY).date().isoformat() for mark in marks]
    return f"有异议（{'、'.join(days)}提出）" if days else ""


def _cells(lens: Lens, record: Row, look: Look) -> Sequence[str]:
    """A record in the answer's columns; its mark stands in its row."""
    items = records.items(lens, record)
    look.codes.update(item.code for item in items)
    return (
        sentences.CATEGORIES[record.category],
        record.title,
        record.document_number or "",
        record.authority,
        record.occurred_on.isoformat() if record.occurred_on else "",
        record.source_name,
        _marked(record),
        "\n".join(f"{item.label}：{item.value}" for item in items),
    )
