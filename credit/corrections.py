"""One's own corrections, and who was told of each."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from audit import withholding
from audit.lens import Lens
from core.database import Unit
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from credit.tables import correction, correction_told

_NEWEST = Order(correction.c.at, correction.c.id, write=rfc3339, read=datetime.fromisoformat)


async def page(unit: Unit, lens: Lens, request: PageRequest, *, at: datetime) -> Page[Row]:
    """Corrections of the lens's subject that somebody was told of, newest first; not those of which only whoever looked
    under an order to withhold was."""
    told = exists().where(correction_told.c.correction_id == correction.c.id, _known(at))
    mine = (correction.c.subject_id == lens.subject_id, correction.c.told_at.is_not(None), told)
    return await _NEWEST.read_page(unit, select(correction).where(*mine), request)


async def told_of(unit: Unit, ids: Collection[str], *, at: datetime) -> Mapping[str, Sequence[Row]]:
    """Who was told of each of these corrections, by its id; last look first. Whose look is withheld is not named."""
    query = select(correction_told).where(correction_told.c.correction_id.in_(list(ids)), _known(at))
    found: dict[str, list[Row]] = {}
    for row in await unit.all(query.order_by(correction_told.c.looked_at.desc(), correction_told.c.look_id)):
        found.setdefault(row.correction_id, []).append(row)
    return found


def _known(at: datetime) -> ColumnElement[bool]:
    return withholding.stands_in_trail(correction_told.c.look_id, at)


async def informed(unit: Unit, lens: Lens, record_id: str, *, since: datetime, at: datetime) -> Collection[str]:
    """The parties that were told, since an instant, that one record of the lens's subject had been wrong; not those
    whose look is withheld."""
    c = correction.c
    mine = (c.subject_id == lens.subject_id, c.record_id == record_id, c.at >= since, _known(at))
    query = select(correction_told.c.party_id).join(correction, c.id == correction_told.c.correction_id).where(*mine)
    return {row.party_id for row in await unit.all(query)}
