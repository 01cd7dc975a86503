"""What oversight is told of offers: how many began to stand, and what tills redeemed and undid, by sector.

Who took something is a subject's own: it is in the tables of people (`figures`), and not in here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from core.database import Unit
from core.months import Span
from incentives.kinds import Sector
from incentives.tables import claim, offer, offer_store, redemption, reversal, store


@dataclass(frozen=True)
class Offers:
    """A sector's span: offers that were published, redemptions at tills, and redemptions that were undone."""

    sector: Sector
    published: int
    redeemed: int
    undone: int


async def offers(unit: Unit, span: Span, *, district: str | None) -> Sequence[Offers]:
    """Every sector's span; of a district, by its name, what its stores have. An offer of several districts is in each
    of theirs."""
    o = offer.c
    published = select(o.sector, func.count().label("many")).where(*_within(o.published_at, span))
    published = published.where(o.standing.is_not(None)).group_by(o.sector)
    if district is not None:
        there = select(offer_store.c.offer_id).join(store, store.c.id == offer_store.c.store_id)
        standing = (offer_store.c.offer_id == o.id, offer_store.c.number == o.standing, store.c.district == district)
        published = published.where(there.where(*standing).exists())
    redeemed = _at_tills(district).where(*_within(redemption.c.redeemed_at, span))
    undone = _at_tills(district).join(reversal, reversal.c.redemption_id == redemption.c.id)
    found = [
        {row.sector: int(row.many) for row in await unit.all(query)}
        for query in (published, redeemed, undone.where(*_within(reversal.c.reversed_at, span)))
    ]
    sectors = sorted({sector for counts in found for sector in counts})
    return [Offers(Sector(sector), *(counts.get(sector, 0) for counts in found)) for sector in sectors]


def _at_tills(district: str | None) -> Select[Any]:
    query = (
        select(offer.c.sector, func.count().label("many"))
        .select_from(redemption)
        .join(claim, claim.c.id == redemption.c.claim_id)
        .join(offer, offer.c.id == claim.c.offer_id)
        .join(store, store.c.id == redemption.c.store_id)
        .group_by(offer.c.sector)
    )
    return query if district is None else query.where(store.c.district == district)


def _within(at: ColumnElement[Any], span: Span) -> Sequence[ColumnElement[bool]]:
    return at >= span.begins, at < span.ends
