"""What is used together in one order: the order is what the till says it is, a number at one store.

Whoever redeems in an order holds its name until they end, and reads after that what was redeemed in it. So of two that
do not combine one comes first and stands, and the other hears of it.
"""

from sqlalchemy import and_, select

from core.database import WriteUnit
from incentives import combining
from incentives.combining import Combines
from incentives.errors import NotCombinable
from incentives.tables import claim, offer_version, redemption, reversal


async def join(unit: WriteUnit, store_id: str, order_number: str, offer_id: str, combines: Combines) -> None:
    """Be the next in an order; raises `NotCombinable` when something that was used in it does not go with this."""
    await unit.alone(f"order {store_id} {order_number}")
    r, v = redemption.c, offer_version.c
    of_claim = and_(v.offer_id == claim.c.offer_id, v.number == claim.c.offer_version)
    query = (
        select(claim.c.offer_id, v.combines)
        .join(redemption, r.claim_id == claim.c.id)
        .join(offer_version, of_claim)
        .outerjoin(reversal, reversal.c.redemption_id == r.id)
        .where(r.store_id == store_id, r.order_number == order_number, reversal.c.redemption_id.is_(None))
    )
    for other in await unit.all(query):
        together = combining.lets(combines, other.offer_id) and combining.lets(combining.read(other.combines), offer_id)
        if not together:
            raise NotCombinable()
