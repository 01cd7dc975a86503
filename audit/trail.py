"""What a person sees of who looked at them: who, when, why, on what basis, and which fields (design §3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from audit.lens import BasisKind, Lens
from audit.looks import looks_at
from audit.tables import access, feed_month, look_shape
from audit.withholding import is_shown
from core.database import Unit
from core.moments import rfc3339, start_of
from core.paging import Order, Page, PageRequest
from core.statements import Row
from parties.counts import of_institutions

_NEWEST = Order(access.c.at, access.c.id, write=rfc3339, read=datetime.fromisoformat)

# What stands as one line a month.
_FEEDS = (BasisKind.MONITORING.value, BasisKind.SHARE.value)


@dataclass(frozen=True)
class Filter:
    """Which looks to show. Days are inclusive; own looks are kept, and shown on request. A bulk feed stands as one line
    a month, or event by event."""

    bases: Iterable[BasisKind] | None = None
    start: date | None = None
    end: date | None = None
    include_own: bool = False
    each_event: bool = False
    # Only what the credit institutions' staff looked at, those of a district where one is given.
    by_institutions: bool = False
    district: str | None = None


async def page(unit: Unit, lens: Lens, request: PageRequest, wanted: Filter, *, at: datetime) -> Page[Row]:
    """Looks at the lens's subject, newest first; those that are withheld at this instant are not among them."""
    query = (
        select(access, look_shape.c.fields, feed_month.c.told)
        .join(look_shape, look_shape.c.id == access.c.shape_id)
        .outerjoin(feed_month, feed_month.c.access_id == access.c.id)
        .where(looks_at(lens), is_shown(at))
    )
    if not wanted.each_event:
        query = query.where(or_(access.c.basis.not_in(_FEEDS), feed_month.c.told.is_not(None)))
    if not wanted.include_own:
        query = query.where(access.c.basis != BasisKind.SELF.value)
    if wanted.bases is not None:
        query = query.where(access.c.basis.in_([basis.value for basis in wanted.bases]))
    if wanted.by_institutions:
        query = query.where(of_institutions(access.c.actor_party_id, wanted.district))
    if wanted.start is not None:
        query = query.where(access.c.at >= start_of(wanted.start))
    if wanted.end is not None:
        query = query.where(access.c.at < start_of(wanted.end + timedelta(days=1)))
    return await _NEWEST.read_page(unit, query, request)


async def stands(unit: Unit, lens: Lens, look_id: str, *, at: datetime) -> bool:
    """Whether a look stands in the trail of the lens's subject: no other's, none that is withheld."""
    mine = select(access.c.id).where(access.c.id == look_id, looks_at(lens), is_shown(at))
    return await unit.first(mine) is not None


async def authority(unit: Unit, lens: Lens, look_id: str, *, by: str | None = None) -> str | None:
    """The grant through which a look at the lens's subject was had, `by` this organisation where one is named; None of
    any other look."""
    a = access.c
    mine = (a.id == look_id, looks_at(lens), a.basis == BasisKind.GRANT.value)
    theirs = (a.actor_party_id == by,) if by is not None else ()
    row = await unit.first(select(a.grant_id).where(*mine, *theirs))
    return row.grant_id if row is not None else None


async def organ(unit: Unit, lens: Lens, look_id: str) -> str | None:
    """The state organ that had this look at the lens's subject by law; None of any other look."""
    a = access.c
    by_law = (a.id == look_id, looks_at(lens), a.basis == BasisKind.STATUTE.value)
    row = await unit.first(select(a.actor_party_id).where(*by_law))
    return row.actor_party_id if row is not None else None
