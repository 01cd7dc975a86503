"""What a merchant's tills redeemed in a month: counts and sums of its own receipts, and nobody behind them.

A month is the city's. What was redeemed in it and undone later is not in it; so a month is final when nothing in it can
be undone any more. Sums are of what was told: a sale without an amount counts, and adds nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Select, cast, func, select

from core.database import Unit
from core.months import Month
from core.statements import Row
from incentives.redemption import REVERSIBLE
from incentives.tables import claim, offer, redemption, reversal, store


def is_final(month: Month, *, at: datetime) -> bool:
    """Whether nothing in a month can be undone any more."""
    return at >= month.ends + REVERSIBLE


async def settled(unit: Unit, party_id: str, month: Month, *, store_id: str | None) -> Sequence[Row]:
    """What stands of a month, by store and offer: `redeemed`, `order_cents`, `benefit_cents`."""
    query = (
        _of_month(party_id, month, store_id)
        .add_columns(
            store.c.id.label("store_id"),
            store.c.name.label("store_name"),
            _cents(redemption.c.order_amount_yuan).label("order_cents"),
            _cents(redemption.c.benefit_amount_yuan).label("benefit_cents"),
        )
        .where(reversal.c.redemption_id.is_(None))
        .group_by(store.c.id, store.c.name)
        .order_by(store.c.id, offer.c.id)
    )
    return await unit.all(query)


async def counted(unit: Unit, party_id: str, month: Month, *, store_id: str | None) -> Sequence[Row]:
    """What happened in a month, by offer: `redeemed`, and how many of those were `undone` since."""
    undone = func.count(reversal.c.redemption_id).label("undone")
    return await unit.all(_of_month(party_id, month, store_id).add_columns(undone).order_by(offer.c.id))


def yuan(cents: int | Decimal) -> Decimal:
    """A sum of cents in yuan; databases add whole numbers exactly, whatever they make of fractions."""
    return Decimal(int(cents)).scaleb(-2)


def _of_month(party_id: str, month: Month, store_id: str | None) -> Select[Any]:
    query = (
        select(offer.c.id.label("offer_id"), offer.c.title.label("offer_title"), func.count().label("redeemed"))
        .select_from(redemption)
        .join(claim, claim.c.id == redemption.c.claim_id)
        .join(offer, offer.c.id == claim.c.offer_id)
        .join(store, store.c.id == redemption.c.store_id)
        .outerjoin(reversal, reversal.c.redemption_id == redemption.c.id)
        .where(
            redemption.c.party_id == party_id,
            redemption.c.redeemed_at >= month.begins,
            redemption.c.redeemed_at < month.ends,
        )
        .group_by(offer.c.id, offer.c.title)
    )
    return query if store_id is None else query.where(redemption.c.store_id == store_id)


def _cents(amount: Column[Decimal]) -> ColumnElement[int]:
    return func.coalesce(func.sum(cast(func.round(amount * 100), BigInteger)), 0)
