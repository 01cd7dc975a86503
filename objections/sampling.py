"""What a supervisor draws a sample of cases from: what the institutions answered in a month, by number (Art. 4)."""

from collections.abc import Mapping

from sqlalchemy import select

from core.database import Unit
from core.months import Span
from core.statements import Row
from objections.kinds import ObjectionAddressee, ObjectionStatus
from objections.tables import objection

_o = objection.c


async def answered(unit: Unit, span: Span, *, district: str | None) -> Mapping[str, str]:
    """Cases that credit institutions answered in a span, those of a district where one is given: ids by number, in the
    numbers' order."""
    rules = [
        _o.ended_at >= span.begins,
        _o.ended_at < span.ends,
        _o.status == ObjectionStatus.CLOSED.value,
        _o.addressee == ObjectionAddressee.CREDIT_INSTITUTION.value,
    ]
    if district is not None:
        rules.append(_o.district == district)
    rows = await unit.all(select(_o.number, _o.id).where(*rules))
    return dict(sorted((row.number, row.id) for row in rows))


async def one(unit: Unit, case_id: str) -> Row | None:
    """One case's row; None for one that is not there."""
    return await unit.first(select(objection).where(_o.id == case_id))
