"""What an objection's answer does to a record (Art. 12): its next version, gone, another's, or entered at last.

Each is what a provider's own amendment does: the version before is kept, whoever may have seen what was wrong is told,
reports that show it are superseded, and an open score is made anew.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from audit.lens import Audience, Lens
from core.database import Unit, WriteUnit
from core.errors import NotAvailable
from core.moments import day_of, rfc3339
from core.statements import Row
from credit import changes, correcting, entering, history, regrading, versions, withdrawing
from credit.amending import content_of
from credit.changes import Face
from credit.correcting import Wrong
from credit.entering import NewRecord, Provenance, RecordContent
from credit.kinds import RecordStatus, WithdrawalCause
from credit.tables import record, record_version


async def find(unit: Unit, lens: Lens, record_id: str | None, *, at: datetime) -> Row | None:
    """The contested record of the lens's subject, for whoever handles the objection to it: however it stands for an
    organ; for anybody else only while recipients may see it."""
    if record_id is None:
        return None
    c = record.c
    row = await unit.first(select(record).where(c.id == record_id, c.subject_id == lens.subject_id))
    if row is None or lens.audience is Audience.ORGAN:
        return row
    return row if Face.of(row).is_shown(on=day_of(at)) else None


async def earlier(unit: Unit, lens: Lens, record_id: str | None) -> Sequence[tuple[Row, Any]]:
    """What it said before, newest first: each kept version, and the record as it was. An organ's alone."""
    if record_id is None or lens.audience is not Audience.ORGAN:
        return []
    c = record_version.c
    rows = await unit.all(select(record_version).where(c.record_id == record_id).order_by(c.version.desc()))
    found = [(row, history.read(row.content)) for row in rows]
    return [(row, was) for row, was in found if was.subject_id == lens.subject_id]


async def corrected_since(unit: WriteUnit, record_id: str, *, since: datetime, at: datetime) -> bool:
    """Whether the words themselves are others than at an instant, as its provider's file has brought them."""
    row = await unit.first(select(record).where(record.c.id == record_id, record.c.recorded_at > since))
    if row is not None:
        await regrading.record_changed(unit, row, at=at, changed_at=row.recorded_at)
    return row is not None


async def correct(
    unit: WriteUnit, record_id: str, items: Mapping[str, str], title: str | None, *, at: datetime
) -> None:
    """The record says these items instead, an empty one no more, and what they make of its title; they have been
    checked by the catalogue it was entered under. Its other items, as they stand now, its status, mark and statement
    stay. Raises `NotAvailable` when it is withdrawn."""
    row = await _held(unit, record_id)
    if row.status == RecordStatus.WITHDRAWN.value:
        raise NotAvailable()
    said = {code: value for code, value in {**row.items, **items}.items() if value}
    right = {"items": said, "title": title or row.title}
    digest = entering.digest_of(content_of(row, **right), row.subject_id)
    recorded_at = versions.ends(row, at=at)
    await versions.change(unit, row, {**right, "content_hash": digest, "recorded_at": recorded_at}, at=at)
    await correcting.note(unit, [Wrong(row.id, Face.of(row), row.recorded_at)], at=at)
    await regrading.record_changed(unit, row, at=at)
    await changes.tell(unit, [Face.of(row)], at=at)


async def take_out(unit: WriteUnit, record_id: str, cause: WithdrawalCause, *, at: datetime) -> None:
    """Nobody but its subject sees it any more; one that is withdrawn already stays as it is, but that what was withheld
    unverified is gone for this cause now."""
    row = await _held(unit, record_id)
    if row.status != RecordStatus.WITHDRAWN.value:
        wrong = await withdrawing.withdrawn(unit, row, cause, at=at)
        await correcting.note(unit, [wrong], at=at)
        await regrading.record_changed(unit, row, at=at)
        await changes.tell(unit, [wrong.face], at=at)
    elif row.withdrawal != WithdrawalCause.UNVERIFIED.value:  # its provider has taken it back meanwhile
        await regrading.record_changed(unit, row, at=at, changed_at=versions.said_since(row))
    elif cause is not WithdrawalCause.UNVERIFIED:
        await versions.change(unit, row, {"withdrawal": cause.value}, at=at)


async def show_again(unit: WriteUnit, record_id: str, *, disputed_since: datetime, at: datetime) -> None:
    """What was withheld unverified counts again as it stands, disputed as long as the case is open that heard it again:
    whoever closes that lifts the mark. Others' marks stay. What is gone for another cause stays gone."""
    row = await _held(unit, record_id)
    if row.withdrawal == WithdrawalCause.UNVERIFIED.value:
        marks = sorted([*row.marks, rfc3339(disputed_since)])
        again = {"status": RecordStatus.CURRENT.value, "withdrawal": None, "marks": marks}
        await versions.change(unit, row, again, at=at)
        await regrading.record_changed(unit, row, at=at)
        await changes.tell(unit, [Face.of(row)._replace(status=RecordStatus.CURRENT.value)], at=at)


async def reassign(unit: WriteUnit, record_id: str, right_subject_id: str | None, *, at: datetime) -> None:
    """It is not its subject's: theirs is withdrawn, and whose it is gets it, where that is known. Mark and statement
    stay behind. Another's that stands there already is left as it is."""
    await take_out(unit, record_id, WithdrawalCause.NOT_THEIRS, at=at)
    row = await _held(unit, record_id)
    if right_subject_id is None or await _is_there(unit, row, right_subject_id):
        return
    content = content_of(row, third_persons=await entering.third_persons(unit, row.id))
    await add(unit, right_subject_id, content, Provenance(row.source_id, row.source_name, row.source_kind), at=at)


async def add(unit: WriteUnit, subject_id: str, content: RecordContent, source: Provenance, *, at: datetime) -> None:
    """Enter what was missing, as its provider's."""
    await regrading.record_added(unit, subject_id, content.occurred_on, at=at)
    await entering.put_records(unit, [NewRecord(subject_id, content)], source, at=at)


async def _is_there(unit: Unit, row: Row, subject_id: str) -> bool:
    c = record.c
    theirs = (c.source_id == row.source_id, c.kind == row.kind, c.document_number == row.document_number)
    return await unit.first(select(c.id).where(*theirs, c.subject_id == subject_id)) is not None


async def _held(unit: WriteUnit, record_id: str) -> Row:
    row = await unit.first(select(record).where(record.c.id == record_id).with_for_update())
    if row is None:
        raise NotAvailable()
    return row
