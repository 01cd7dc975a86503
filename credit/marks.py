"""异议标注: the mark of an open objection, set and lifted on the disputed value's own row (Art. 12)."""

from datetime import datetime

from sqlalchemy import select

from core.database import WriteUnit
from core.errors import NotAvailable
from core.moments import rfc3339
from credit import changes, versions
from credit.changes import Face
from credit.tables import record


async def mark(unit: WriteUnit, record_id: str, *, filed_at: datetime, at: datetime) -> None:
    """Mark a record as disputed since an instant. Marking twice with the same instant marks once."""
    row = await unit.first(select(record).where(record.c.id == record_id).with_for_update())
    if row is None:
        raise NotAvailable()
    marks = sorted({*row.marks, rfc3339(filed_at)})
    await versions.change(unit, row, {"marks": marks}, at=at)
    await changes.tell(unit, [Face.of(row)], at=at)
