"""Offers as everyone sees them. The same for everyone: no person is in here."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, select

from core.database import Unit
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row, Statement
from incentives.kinds import OfferStatus, Sector, StockBand
from incentives.tables import TERMS, budget, offer, offer_store, offer_version, stock, store
from parties import directory

NEWEST = Order(offer.c.published_at, offer.c.id, write=rfc3339, read=datetime.fromisoformat)
FEW = 10


def selected() -> Select[Any]:
    """An offer with its stock, and for how many its money suffices: what every list and card is made from."""
    return (
        select(offer, stock.c.left_over, _SUFFICES)
        .join(stock, stock.c.offer_id == offer.c.id)
        .outerjoin(budget, _WHOLE)
    )


# The money that is free, in claims of what stands; null where no money limits it.
_FREE = budget.c.total_cents - budget.c.held_cents - budget.c.spent_cents
_SUFFICES = (_FREE // budget.c.each_cents).label("suffices")
_WHOLE = and_(budget.c.offer_id == offer.c.id, budget.c.place == "")


def live(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Running now, of a merchant that acts: published, begun and not over. What is sold out is shown as gone."""
    running = (offer.c.status == OfferStatus.LIVE.value) & (offer.c.starts_at <= at) & (offer.c.ends_at > at)
    return running & offered()


def published() -> ColumnElement[bool]:
    """Whether a version of the offer was ever approved: until then it is its merchant's own affair."""
    return offer.c.standing.is_not(None)


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
        query = query.where(_usable_at().where(store.c.district == district).exists())
    if search:
        query = query.where(offer.c.title.contains(search, autoescape=True))
    return await NEWEST.read_page(unit, query, request)


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


async def of_party(unit: Unit, party_id: str, request: PageRequest, *, store_id: str | None = None) -> Page[Row]:
    """A merchant's own offers, in every state; for one store what was published of them, and can be used there."""
    query = selected().where(offer.c.party_id == party_id)
    if store_id is not None:
        query = query.where(published(), _usable_at().where(store.c.id == store_id).exists())
    return await NEWEST.read_page(unit, query, request)


def _usable_at() -> Select[Any]:
    """The open stores of what stands of an offer, beside that offer."""
    standing = (offer_store.c.offer_id == offer.c.id) & (offer_store.c.number == offer.c.standing)
    open_ = (
        select(store.c.id).join(offer_store, offer_store.c.store_id == store.c.id).where(store.c.closed_at.is_(None))
    )
    return open_.where(standing).correlate(offer)


async def find(unit: Unit, offer_id: str, *, at: datetime) -> Row | None:
    """One live offer, or None."""
    return await unit.first(selected().where(offer.c.id == offer_id, live(at)))


async def own(unit: Unit, party_id: str, offer_id: str) -> Row | None:
    """One of a merchant's own offers, in whatever state, or None."""
    return await unit.first(selected().where(offer.c.id == offer_id, offer.c.party_id == party_id))


async def titles(unit: Unit, party_id: str) -> Mapping[str, str]:
    """What a merchant's offers are called, by id."""
    rows = await unit.all(select(offer.c.id, offer.c.title).where(offer.c.party_id == party_id))
    return {row.id: row.title for row in rows}


async def cards(unit: Unit, taken: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], Row]:
    """Offers by id and version, in the words of that version, whatever their state: a claim keeps what it took."""
    wanted = set(taken)
    if not wanted:
        return {}
    query = _AS_WRITTEN.where(offer.c.id.in_({offer_id for offer_id, _ in wanted}))
    return {(row.id, row.standing): row for row in await unit.all(query)}


_AS_WRITTEN = (
    select(
        *(column for column in offer.c if column.name not in {*TERMS, "standing"}),
        *(offer_version.c[name] for name in TERMS),
        offer_version.c.number.label("standing"),
        stock.c.left_over,
        _SUFFICES,
    )
    .join(offer_version, offer_version.c.offer_id == offer.c.id)
    .join(stock, stock.c.offer_id == offer.c.id)
    .outerjoin(budget, _WHOLE)
)


async def stores_of(unit: Unit, offer_id: str, number: int) -> Sequence[Row]:
    """The stores that a version of an offer names, each with its part of the budget; some may be closed since."""
    query = select(store, offer_store.c.budget_cents).join(offer_store, offer_store.c.store_id == store.c.id)
    mine = (offer_store.c.offer_id == offer_id, offer_store.c.number == number)
    return await unit.all(query.where(*mine).order_by(store.c.id))


def left(row: Row) -> int:
    """How many can still be taken of what stands: by stock, and by money."""
    in_stock: int = row.left_over
    return in_stock if row.suffices is None else min(in_stock, row.suffices)


def band(left_over: int) -> StockBand:
    """What is left, in three words."""
    if left_over == 0:
        return StockBand.NONE
    return StockBand.FEW if left_over <= FEW else StockBand.PLENTY
