"""Offers as everyone sees them, and as they concern one tier. The same for everyone: no person is in here."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, false, or_, select

from core.database import Unit
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from incentives.eligibility import Standing
from incentives.kinds import OfferStatus, Sector, StockBand
from incentives.tables import offer, offer_store, stock, store

_NEWEST = Order(offer.c.published_at, offer.c.id, write=rfc3339, read=datetime.fromisoformat)
FEW = 10


def selected() -> Select[Any]:
    """An offer with its stock: what every list and card is made from."""
    return select(offer, stock.c.left_over).join(stock, stock.c.offer_id == offer.c.id)


def live(at: datetime) -> ColumnElement[bool]:
    """Running now: published, begun and not over. Stock does not matter: what is gone is shown as gone."""
    return (offer.c.status == OfferStatus.LIVE.value) & (offer.c.starts_at <= at) & (offer.c.ends_at > at)


async def page(
    unit: Unit,
    request: PageRequest,
    *,
    at: datetime,
    sector: Sector | None = None,
    district: str | None = None,
    search: str | None = None,
) -> Page[Row[Any]]:
    """Live offers, newest first."""
    query = selected().where(live(at))
    if sector is not None:
        query = query.where(offer.c.sector == sector.value)
    if district:
        in_district = select(offer_store.c.offer_id).join(store).where(store.c.district == district)
        query = query.where(offer.c.id.in_(in_district))
    if search:
        query = query.where(offer.c.title.contains(search, autoescape=True))
    return await _cut(unit, query, request)


async def page_for(
    unit: Unit, request: PageRequest, standing: Standing, *, eligible_only: bool, sector: Sector | None, at: datetime
) -> Page[Row[Any]]:
    """Live offers for somebody of this standing: all of them, or those whose condition it meets."""
    query = selected().where(live(at))
    if sector is not None:
        query = query.where(offer.c.sector == sector.value)
    if eligible_only:
        query = query.where(_met_by(standing))
    return await _cut(unit, query, request)


def _met_by(standing: Standing) -> ColumnElement[bool]:
    """The SQL twin of `eligibility.gaps`; a test holds them together."""
    if not standing.natural_person:
        return false()
    free: ColumnElement[bool] = offer.c.min_tier.is_(None)
    return free if standing.tier is None else or_(free, offer.c.min_tier <= standing.tier)


async def of_party(unit: Unit, party_id: str, request: PageRequest) -> Page[Row[Any]]:
    """A merchant's own offers, in every state."""
    return await _cut(unit, selected().where(offer.c.party_id == party_id), request)


async def find(unit: Unit, offer_id: str, *, at: datetime) -> Row[Any] | None:
    """One live offer, or None."""
    return await unit.first(selected().where(offer.c.id == offer_id, live(at)))


async def cards(unit: Unit, ids: Iterable[str]) -> Mapping[str, Row[Any]]:
    """Offers by id, whatever their state: a claim keeps naming its offer."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {row.id: row for row in await unit.all(selected().where(offer.c.id.in_(wanted)))}


async def stores_of(unit: Unit, offer_id: str) -> Sequence[Row[Any]]:
    """The stores where an offer can be used."""
    query = select(store).join(offer_store, offer_store.c.store_id == store.c.id)
    return await unit.all(query.where(offer_store.c.offer_id == offer_id).order_by(store.c.id))


def band(left_over: int) -> StockBand:
    """What is left, in three words."""
    if left_over == 0:
        return StockBand.NONE
    return StockBand.FEW if left_over <= FEW else StockBand.PLENTY


async def _cut(unit: Unit, query: Select[Any], request: PageRequest) -> Page[Row[Any]]:
    rows = await unit.all(_NEWEST.after(query, request))
    return _NEWEST.page(rows, request, lambda row: row)
