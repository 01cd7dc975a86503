"""What a person sees of who looked at them: who, when, why, on what basis, and which fields (design §3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from audit.lens import BasisKind, Lens
from audit.tables import access, feed_month, look_shape
from audit.withholding import is_shown
from core.database import Unit
from core.moments import rfc3339, start_of
from core.paging import Order, Page, PageRequest
from core.statements import Row

_NEWEST = Order(access.c.at, access.c.id, write=rfc3339, read=datetime.fromisoformat)


@dataclass(frozen=True)
class Filter:
    """Which looks to show. Days are inclusive; own looks are kept, and shown on request. A bulk feed stands as one line
    a month, or event by event."""

    bases: Iterable[BasisKind] | None = None
    start: date | None = None
    end: date | None = None
    include_own: bool = False
    each_event: bool = False


async def page(unit: Unit, lens: Lens, request: PageRequest, wanted: Filter, *, at: datetime) -> Page[Row]:
    """Looks at the lens's subject, newest first; those that are withheld at this instant are not among them."""
    query = (
        select(access, look_shape.c.fields, feed_month.c.told)
        .join(look_shape, look_shape.c.id == access.c.shape_id)
        .outerjoin(feed_month, feed_month.c.access_id == access.c.id)
        .where(access.c.subject_id == lens.subject_id, is_shown(at))
    )
    if not wanted.each_event:
        query = query.where(or_(access.c.basis != BasisKind.MONITORING.value, feed_month.c.told.is_not(None)))
    if not wanted.include_own:
        query = query.where(access.c.basis != BasisKind.SELF.value)
    if wanted.bases is not None:
        query = query.where(access.c.basis.in_([basis.value for basis in wanted.bases]))
    if wanted.start is not None:
        query = query.where(access.c.at >= start_of(wanted.start))
    if wanted.end is not None:
        query = query.where(access.c.at < start_of(wanted.end + timedelta(days=1)))
    return await _NEWEST.read_page(unit, query, request)
