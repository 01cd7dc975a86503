"""One's own corrections, and who was told of each."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from audit.lens import Lens
from core.database import Unit
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from credit.tables import correction, correction_told

_NEWEST = Order(correction.c.at, correction.c.id, write=rfc3339, read=datetime.fromisoformat)


async def page(unit: Unit, lens: Lens, request: PageRequest) -> Page[Row]:
    """Corrections of the lens's subject that somebody was told of, newest first."""
    mine = (correction.c.subject_id == lens.subject_id, correction.c.told_at.is_not(None))
    return await _NEWEST.read_page(unit, select(correction).where(*mine), request)


async def told_of(unit: Unit, ids: Collection[str]) -> Mapping[str, Sequence[Row]]:
    """Who was told of each of these corrections, by its id; last look first."""
    query = select(correction_told).where(correction_told.c.correction_id.in_(list(ids)))
    found: dict[str, list[Row]] = {}
    for row in await unit.all(query.order_by(correction_told.c.looked_at.desc(), correction_told.c.look_id)):
        found.setdefault(row.correction_id, []).append(row)
    return found
