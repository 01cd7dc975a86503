"""Taking a record back that should never have stood there: another's, or nobody's. Its subject sees that it did."""

from datetime import datetime

from sqlalchemy import select

from core.database import Unit, WriteUnit
from core.errors import NotAvailable
from core.statements import Row
from credit import changes, correcting
from credit.changes import Face
from credit.correcting import Wrong
from credit.kinds import RecordStatus
from credit.tables import record, record_version


async def withdraw(unit: WriteUnit, record_id: str, *, at: datetime) -> None:
    """Take a current record out of every use but its subject's own; raises `NotAvailable` when it is not current.

    All of it was wrong, from its first version on.
    """
    current = (record.c.id == record_id, record.c.status == RecordStatus.CURRENT.value)
    row = await unit.first(select(record).where(*current).with_for_update())
    if row is None:
        raise NotAvailable()
    gone = {"status": RecordStatus.WITHDRAWN.value, "version": record.c.version + 1}
    if await unit.run(record.update().where(*current, record.c.version == row.version).values(gone)) != 1:
        raise NotAvailable()
    await correcting.note(unit, [Wrong(record_id, Face.of(row), await _first_recorded(unit, row))], at=at)
    await changes.tell(unit, [Face.of(row)], at=at)


async def _first_recorded(unit: Unit, row: Row) -> datetime:
    of_this = select(record_version.c.content).where(record_version.c.record_id == row.id)
    first = await unit.first(of_this.order_by(record_version.c.version).limit(1))
    recorded: datetime = datetime.fromisoformat(first.content["recorded_at"]) if first is not None else row.recorded_at
    return recorded
