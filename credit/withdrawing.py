"""Taking a record back that should never have stood there: another's, or nobody's. Its subject sees that it did."""

from datetime import datetime

from sqlalchemy import select

from core.database import Unit, WriteUnit
from core.errors import NotAvailable
from core.statements import Row
from credit import changes, correcting, versions
from credit.changes import Face
from credit.correcting import Wrong
from credit.kinds import RecordStatus, WithdrawalCause
from credit.tables import record, record_version


async def withdraw(
    unit: WriteUnit, record_id: str, cause: WithdrawalCause = WithdrawalCause.REVOKED, *, at: datetime
) -> None:
    """Take a current record out of every use but its subject's own; raises `NotAvailable` when it is not current."""
    current = (record.c.id == record_id, record.c.status == RecordStatus.CURRENT.value)
    row = await unit.first(select(record).where(*current).with_for_update())
    if row is None:
        raise NotAvailable()
    wrong = await withdrawn(unit, row, cause, at=at)
    await correcting.note(unit, [wrong], at=at)
    await changes.tell(unit, [wrong.face], at=at)


async def withdrawn(unit: WriteUnit, row: Row, cause: WithdrawalCause, *, at: datetime) -> Wrong:
    """Withdraw a current record that this transaction holds; what was wrong: all of it, from its first version on."""
    since = await first_recorded(unit, row)
    values = {"status": RecordStatus.WITHDRAWN.value, "withdrawal": cause.value}
    await versions.change(unit, row, values, at=at)
    return Wrong(row.id, Face.of(row), since)


async def first_recorded(unit: Unit, row: Row) -> datetime:
    """When a record was entered, in whichever words."""
    of_this = select(record_version.c.content).where(record_version.c.record_id == row.id)
    first = await unit.first(of_this.order_by(record_version.c.version).limit(1))
    recorded: datetime = datetime.fromisoformat(first.content["recorded_at"]) if first is not None else row.recorded_at
    return recorded
