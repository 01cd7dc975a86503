"""信用修复 as the deciding body reports it. A repaired record is shown, shared and scored no more (令36 第三条)."""

from core.database import WriteUnit
from core.errors import NotAvailable
from credit.kinds import RecordStatus, RepairState
from credit.tables import record


async def report_repaired(unit: WriteUnit, record_id: str) -> None:
    """Take a current record out of every use but its subject's own; raises `NotAvailable` when it is not current."""
    changed = await unit.run(
        record.update()
        .where(record.c.id == record_id, record.c.status == RecordStatus.CURRENT.value)
        .values(status=RecordStatus.REPAIRED.value, repair=RepairState.REPAIRED.value, version=record.c.version + 1)
    )
    if changed != 1:
        raise NotAvailable()
