"""信用修复 as the deciding body reports it. A repaired record is shown, shared and scored no more (令36 第三条)."""

from dataclasses import replace
from datetime import datetime

from core.database import WriteUnit
from core.errors import NotAvailable
from credit import changes
from credit.changes import Face
from credit.kinds import RecordStatus, RepairState
from credit.tables import record


async def report_repaired(unit: WriteUnit, record_id: str, *, at: datetime) -> None:
    """Take a current record out of every use but its subject's own; raises `NotAvailable` when it is not current."""
    repaired = await unit.first(
        record.update()
        .where(record.c.id == record_id, record.c.status == RecordStatus.CURRENT.value)
        .values(status=RecordStatus.REPAIRED.value, repair=RepairState.REPAIRED.value, version=record.c.version + 1)
        .returning(record)
    )
    if repaired is None:
        raise NotAvailable()
    # It was right, and nobody is told that it was wrong: only that something changed.
    was = replace(Face.of(repaired), status=RecordStatus.CURRENT.value)
    await changes.tell(unit, [was], at=at)
