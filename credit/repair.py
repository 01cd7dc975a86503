"""信用修复 as the deciding body reports it. A repaired record is shown, shared and scored no more (令36 第三条)."""

from datetime import date, datetime

from sqlalchemy import select

from core.database import WriteUnit
from core.errors import NotAvailable
from core.statements import Row
from credit import changes, failings, versions
from credit.changes import Face
from credit.failings import Gravity
from credit.kinds import RecordStatus, RepairState
from credit.tables import record

_PENALTY, _SERIOUS_LIST, _CATEGORY = "penalty", "serious_list", "penalty.category"


def earliest(row: Row) -> date | None:
    """From when the repair of a record may be asked for, as the classes of 令36 have it; None where it cannot be said:
    it is not repairable, or of a class that no row says. Whoever decided on it decides on this too. Pure."""
    if row.repair != RepairState.REPAIRABLE.value or row.occurred_on is None:
        return None
    if row.kind == _SERIOUS_LIST:
        return failings.repairable_from(Gravity.SERIOUS, row.occurred_on)
    if row.kind != _PENALTY:
        return None
    return failings.repairable_from(failings.gravity(row.items.get(_CATEGORY, "")), row.occurred_on)


async def report_repaired(unit: WriteUnit, record_id: str, *, at: datetime) -> None:
    """Take a current record out of every use but its subject's own; raises `NotAvailable` when it is not current."""
    current = (record.c.id == record_id, record.c.status == RecordStatus.CURRENT.value)
    row = await unit.first(select(record).where(*current).with_for_update())
    if row is None:
        raise NotAvailable()
    await changes.tell(unit, [await repaired(unit, row, at=at)], at=at)


async def repaired(unit: WriteUnit, row: Row, *, at: datetime) -> Face:
    """Repair a current record that this transaction holds; the face of which its watchers are to be told.

    It was right, and nobody is told that it was wrong: only that something changed.
    """
    values = {"status": RecordStatus.REPAIRED.value, "repair": RepairState.REPAIRED.value}
    await versions.change(unit, row, values, at=at)
    return Face.of(row)
