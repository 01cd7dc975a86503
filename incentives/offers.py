"""Offers as everyone sees them, and as they concern one tier. The same for everyone: no person is in here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, false, or_, select

from core.database import Unit
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row, Statement
from incentives.eligibility import Standing
from incentives.kinds import OfferStatus, Sector, StockBand
from incentives.tables import offer, offer_store, stock, store
from parties import directory

NEWEST = Order(offer.c.published_at, offer.c.id, write=rfc3339, read=datetime.fromisoformat)
FEW = 10


def selected() -> Select[Any]:
    """An offer with its stock: what every list and card is made from."""
    return select(offer, stock.c.left_over).join(stock, stock.c.offer_id == offer.c.id)


def live(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Running now, of a merchant that acts: published, begun and not over. What is sold out is shown as gone."""
    running = (offer.c.status == OfferStatus.LIVE.value) & (offer.c.starts_at <= at) & (offer.c.ends_at > at)
    return running & offered()


def offered() -> ColumnElement[bool]:
    """Whether the offer's merchant acts: what a frozen or suspended one offers is neither listed nor claimed."""
    return directory.acts(offer.c.party_id)


async def page(
    unit: Unit,
    request: PageRequest,
    *,
    at: datetime,
    sector: Sector | None = None,
    district: str | None = None,
    search: str | None = None,
) -> Page[Row]:
    """Live offers, newest first."""
    query = selected().where(live(at))
    if sector is not None:
        query = query.where(offer.c.sector == sector.value)
    if district:
        in_district = select(offer_store.c.offer_id).join(store).where(store.c.district == district)
        query = query.where(offer.c.id.in_(in_district))
    if search:
        query = query.where(offer.c.title.contains(search, autoescape=True))
    return await NEWEST.read_page(unit, query, request)


@dataclass(frozen=True)
class Cell:
    """Everything about a person that an offer list depends on. There is no score in it, and no person."""

    standing: Standing
    eligible_only: bool
    sector: Sector | None


async def for_cell(unit: Unit, cell: Cell, paging: Mapping[str, Any], *, at: datetime) -> Sequence[Row]:
    """The rows of a page of live offers for everyone in a cell."""
    statement = _for(cell.sector is not None, _met_by(cell), "page_by" in paging)
    values = {"sector": cell.sector.value if cell.sector else None, "tier": cell.standing.tier, "at": at, **paging}
    return await unit.all(statement, values)


class _Met(Enum):
    """Which conditions a list is held to."""

    ANY = 0
    NONE_AT_ALL = 1  # only offers without a condition
    TIER = 2
    NOTHING = 3  # an organisation meets no offer's


def _met_by(cell: Cell) -> _Met:
    if not cell.eligible_only:
        return _Met.ANY
    if not cell.standing.natural_person:
        return _Met.NOTHING
    return _Met.NONE_AT_ALL if cell.standing.tier is None else _Met.TIER


@cache
def _for(in_sector: bool, met: _Met, continued: bool) -> Statement:
    """The SQL twin of `eligibility.gaps`; a test holds them together."""
    query = selected().where(live(bindparam("at", type_=offer.c.starts_at.type)))
    if in_sector:
        query = query.where(offer.c.sector == bindparam("sector"))
    free: ColumnElement[bool] = offer.c.min_tier.is_(None)
    if met is _Met.NOTHING:
        query = query.where(false())
    elif met is _Met.NONE_AT_ALL:
        query = query.where(free)
    elif met is _Met.TIER:
        query = query.where(or_(free, offer.c.min_tier <= bindparam("tier")))
    return Statement(NEWEST.query(query, continued=continued))


async def next_change(unit: Unit, *, at: datetime) -> datetime | None:
    """The next instant at which an offer begins or ends by itself."""
    row = await unit.first(_NEXT_CHANGE, {"at": at})
    return None if row is None else row.at


def _next_change() -> Statement:
    now = bindparam("at", type_=offer.c.starts_at.type)
    running = offer.c.status == OfferStatus.LIVE.value
    begins = select(offer.c.starts_at.label("at")).where(running, offer.c.starts_at > now)
    ends = select(offer.c.ends_at.label("at")).where(running, offer.c.ends_at > now)
    moments = begins.union_all(ends).subquery()
    return Statement(select(moments.c.at).order_by(moments.c.at).limit(1))


_NEXT_CHANGE = _next_change()


async def of_party(unit: Unit, party_id: str, request: PageRequest) -> Page[Row]:
    """A merchant's own offers, in every state."""
    return await NEWEST.read_page(unit, selected().where(offer.c.party_id == party_id), request)


async def find(unit: Unit, offer_id: str, *, at: datetime) -> Row | None:
    """One live offer, or None."""
    return await unit.first(selected().where(offer.c.id == offer_id, live(at)))


async def cards(unit: Unit, ids: Iterable[str]) -> Mapping[str, Row]:
    """Offers by id, whatever their state: a claim keeps naming its offer."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {row.id: row for row in await unit.all(selected().where(offer.c.id.in_(wanted)))}


async def stores_of(unit: Unit, offer_id: str) -> Sequence[Row]:
    """The stores where an offer can be used."""
    query = select(store).join(offer_store, offer_store.c.store_id == store.c.id)
    return await unit.all(query.where(offer_store.c.offer_id == offer_id).order_by(store.c.id))


def band(left_over: int) -> StockBand:
    """What is left, in three words."""
    if left_over == 0:
        return StockBand.NONE
    return StockBand.FEW if left_over <= FEW else StockBand.PLENTY
