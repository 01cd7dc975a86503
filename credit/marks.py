"""异议标注: the mark of an open objection, set and lifted on the disputed value's own row (Art. 12).

A mark says since when, and nothing else. A value that is contested twice carries two, and each is lifted for itself:
they are kept as a list, in which two of one instant are two.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import ColumnElement, select

from audit.lens import Lens
from core.database import Unit, WriteUnit
from core.errors import NotAvailable
from core.moments import rfc3339
from core.statements import Row
from credit import changes, grades, recomputing, versions
from credit.changes import Face
from credit.kinds import RecordStatus, ScoreStatus, WithdrawalCause
from credit.tables import evaluation, evaluation_version, record, score, subject


class Marked(Enum):
    """What carries marks."""

    RECORD = "RECORD"
    OMISSION = "OMISSION"  # something is missing: the mark stands on the subject itself
    SCORE = "SCORE"
    EVALUATION = "EVALUATION"


@dataclass(frozen=True)
class Value:
    """One value of one subject: `record_id` names a record, the others are one of each subject."""

    kind: Marked
    lens: Lens
    record_id: str | None = None


@dataclass(frozen=True)
class Origin:
    """Where a value comes from: who sent it, and of which area it is (行政区划代码), where that is known."""

    source_id: str | None = None
    district: str | None = None


async def origin(unit: Unit, value: Value, *, at: datetime) -> Origin:
    """Where a value comes from. Raises `NotAvailable` for one that cannot be contested: another's, one taken back, a
    score that is not open, an evaluation that holds no more."""
    lens, kind = value.lens, value.kind
    if kind is Marked.OMISSION:
        return Origin()
    if kind is Marked.SCORE:
        _there(await unit.first(select(score.c.version).where(*_open_score(lens))))
        return Origin()
    if kind is Marked.EVALUATION:
        graded = _there(await grades.of(unit, lens, at=at))
        return Origin(graded.source_id)
    c = record.c
    mine = (c.id == value.record_id, c.subject_id == lens.subject_id, c.status != RecordStatus.WITHDRAWN.value)
    found = _there(await unit.first(select(c.source_id, c.district).where(*mine)))
    return Origin(found.source_id, found.district)


async def mark(unit: WriteUnit, value: Value, *, filed_at: datetime, at: datetime) -> None:
    """Mark a value as disputed since an instant; last in its transaction. Raises `NotAvailable` as `origin` does."""
    row = _there(await _HELD[value.kind](unit, value))
    await origin(unit, value, at=at)  # asked of what is held: it stays so to the commit
    await _WRITE[value.kind](unit, row, sorted([*_standing(row), rfc3339(filed_at)]), at)


async def lift(unit: WriteUnit, value: Value, *, filed_at: datetime, at: datetime) -> None:
    """Lift the mark that was set with this instant; others stay. Last in its transaction. What has gone meanwhile has
    no mark, and nothing is done; of a record that turned out to be another's duplicate the other one has it."""
    row = await _HELD[value.kind](unit, value)
    if row is not None and value.kind is Marked.RECORD and row.withdrawal == WithdrawalCause.DUPLICATE.value:
        row = await _stands_for(unit, value.lens, row, rfc3339(filed_at))
    marks = list(_standing(row)) if row is not None else []
    if row is None or rfc3339(filed_at) not in marks:
        return
    marks.remove(rfc3339(filed_at))
    await _WRITE[value.kind](unit, row, marks, at)


async def omissions(unit: Unit, lens: Lens) -> Sequence[str]:
    """The marks that something is missing of the lens's subject: since when."""
    row = await unit.first(select(subject.c.omissions).where(subject.c.id == lens.subject_id))
    return [] if row is None else list(row.omissions)


async def omissions_held(unit: WriteUnit, lens: Lens) -> tuple[Sequence[str], int]:
    """The same, kept from changing until this unit ends, and how often they have changed."""
    mine = select(subject.c.omissions, subject.c.omissions_version).where(subject.c.id == lens.subject_id)
    row = _there(await unit.first(mine.with_for_update(read=True)))
    return list(row.omissions), row.omissions_version


def _standing(row: Row) -> Sequence[str]:
    return row.omissions if "omissions" in row._fields else row.marks  # type: ignore[no-any-return]


def _there(row: Row | None) -> Row:
    if row is None:
        raise NotAvailable()
    return row


def _open_score(lens: Lens) -> tuple[ColumnElement[bool], ...]:
    return (score.c.subject_id == lens.subject_id, score.c.status == ScoreStatus.OPEN.value)


async def _held_record(unit: WriteUnit, value: Value) -> Row | None:
    return await unit.first(select(record).where(record.c.id == value.record_id).with_for_update())


async def _stands_for(unit: WriteUnit, lens: Lens, duplicate: Row, mark: str) -> Row | None:
    """The record that took over a mark of one that both of two merged subjects had."""
    c = record.c
    alike = (c.subject_id == lens.subject_id, c.source_id == duplicate.source_id, c.kind == duplicate.kind)
    rows = await unit.all(select(record).where(*alike).order_by(c.id).with_for_update())
    return next((row for row in rows if mark in row.marks), None)


async def _held_subject(unit: WriteUnit, value: Value) -> Row | None:
    return await unit.first(select(subject).where(subject.c.id == value.lens.subject_id).with_for_update())


async def _held_score(unit: WriteUnit, value: Value) -> Row | None:
    return await unit.first(select(score).where(score.c.subject_id == value.lens.subject_id).with_for_update())


async def _held_evaluation(unit: WriteUnit, value: Value) -> Row | None:
    query = select(evaluation).where(evaluation.c.subject_id == value.lens.subject_id)
    return await unit.first(query.with_for_update())


async def _write_record(unit: WriteUnit, row: Row, marks: Sequence[str], at: datetime) -> None:
    await versions.change(unit, row, {"marks": marks}, at=at)
    await changes.tell(unit, [Face.of(row)], at=at)


async def _write_subject(unit: WriteUnit, row: Row, marks: Sequence[str], at: datetime) -> None:  # noqa: ARG001 (as the others)
    await unit.run(
        subject.update()
        .where(subject.c.id == row.id)
        .values(omissions=marks, omissions_version=row.omissions_version + 1)
    )


async def _write_score(unit: WriteUnit, row: Row, marks: Sequence[str], at: datetime) -> None:
    mine = score.c.subject_id == row.subject_id
    await unit.run(score.update().where(mine).values(marks=marks, version=score.c.version + 1))
    await recomputing.ask(unit, [row.subject_id], at=at)


async def _write_evaluation(unit: WriteUnit, row: Row, marks: Sequence[str], at: datetime) -> None:
    kept = {"version": row.version, "content": versions.plain(row), "replaced_at": at}
    await unit.run(evaluation_version.insert().values(subject_id=row.subject_id, **kept))
    mine = evaluation.c.subject_id == row.subject_id
    await unit.run(evaluation.update().where(mine).values(marks=marks, version=row.version + 1))


_HELD: Mapping[Marked, Callable[[WriteUnit, Value], Awaitable[Row | None]]] = {
    Marked.RECORD: _held_record,
    Marked.OMISSION: _held_subject,
    Marked.SCORE: _held_score,
    Marked.EVALUATION: _held_evaluation,
}
_WRITE: Mapping[Marked, Callable[[WriteUnit, Row, Sequence[str], datetime], Awaitable[None]]] = {
    Marked.RECORD: _write_record,
    Marked.OMISSION: _write_subject,
    Marked.SCORE: _write_score,
    Marked.EVALUATION: _write_evaluation,
}
