"""依据已变更, 待重新评价 (Arts. 9, 12): an evaluation rests on its subject's records. When an objection's answer
changes one, the grade says so until its source sends one that was assessed since (ADR 0145).

Nobody here grades anew: the grade stands as its source gave it, and this mark goes with it.
"""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select

from core.database import Unit, WriteUnit
from core.moments import day_of, rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from credit import evaluation, grades
from credit.tables import evaluation as table
from notices import changes, outbox
from notices.changes import Change
from notices.kinds import ChangeKind, EventKind

_OLDEST = Order(table.c.basis_changed_at, table.c.subject_id, rfc3339, datetime.fromisoformat, ascending=True)


class Changed(NamedTuple):
    """A record of what happened on a day, when it was changed, and of which of two merged subjects it was."""

    happened_on: date
    at: datetime
    strand: str | None = None


async def record_changed(unit: WriteUnit, row: Row, *, at: datetime, changed_at: datetime | None = None) -> None:
    """A record is another now than it was, or shown otherwise; its provider may have changed it at an earlier instant.
    The evaluation rests on it if what it says had happened by the day of assessment."""
    await _mark(unit, row.subject_id, Changed(row.sorted_on, changed_at or at, row.strand), at=at)


async def record_added(unit: WriteUnit, subject_id: str, occurred_on: date, *, at: datetime) -> None:
    """A record that was missing is here now: the evaluation lacked it."""
    await _mark(unit, subject_id, Changed(occurred_on, at), at=at)


async def to_renew(unit: Unit, source_id: str, request: PageRequest) -> Page[Row]:
    """The evaluations of this source that rest on what has changed since, the oldest change first."""
    c = table.c
    waiting = (c.source_id == source_id, c.basis_changed_at.is_not(None), c.withdrawn_at.is_(None))
    return await _OLDEST.read_page(unit, select(table).where(*waiting), request)


def rests(row: Row, change: Changed) -> bool:
    """Whether an evaluation rests on what was changed: it was assessed after it happened and before the change. Of two
    subjects that turned out to be one it rests on what was the one's that it was of. Pure."""
    of_another = None not in (change.strand, row.strand) and change.strand != row.strand
    return change.happened_on <= row.assessed_on <= day_of(change.at) and not of_another


async def _mark(unit: WriteUnit, subject_id: str, change: Changed, *, at: datetime) -> None:
    row = await evaluation.held(unit, subject_id)
    if row is None or not grades.holds(row, on=day_of(at)) or not rests(row, change):
        return
    await evaluation.replace(unit, row, {"basis_changed_at": change.at}, at)
    await changes.tell(unit, Change(subject_id, ChangeKind.EVALUATION, subject_id, row.version + 1), at=at)
    await outbox.tell_subject(unit, subject_id, EventKind.EVALUATION_BASIS_CHANGED, about=subject_id, at=at)
    await outbox.tell_party(unit, row.source_id, EventKind.EVALUATION_TO_RENEW, about=subject_id, at=at)
