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
from incentives.tables import claim, deferral, offer, redemption, reversal, store


def is_final(month: Month, *, at: datetime) -> bool:
    """Whether nothing in a month can be undone any more."""
    return at >= month.ends + REVERSIBLE


async def settled(unit: Unit, party_id: str, month: Month, *, store_id: str | None) -> Sequence[Row]:
    """What stands of a month, by store and offer: `redeemed`, `order_cents`, `benefit_cents`, and `deferred_cents`:
    what was put off, whether or not it is finished. How that was settled is between the parties, and not in here."""
    query = (
        _of_month(party_id, month, store_id)
        .add_columns(
            store.c.id.label("store_id"),
            store.c.name.label("store_name"),
            _cents(redemption.c.order_amount_yuan).label("order_cents"),
            _cents(redemption.c.benefit_amount_yuan).label("benefit_cents"),
            func.coalesce(func.sum(deferral.c.cents), 0).label("deferred_cents"),
        )
        .outerjoin(deferral, deferral.c.redemption_id == redemption.c.id)
        .where(reversal.c.redemption_id.is_(None))
        .group_by(store.c.id, store.c.name)
        .order_by(store.c.id, offer.c.id)
    )
    return await unit.all(query)


async def counted(unit: Unit, party_id: str, month: Month, *, store_id: str | None) -> Sequence[Row]:
    """What happened in a month, by offer: `redeemed`, and how many of those were `undone` since."""
    undone = func.count(reversal.c.redemption_id).label("undone")
    return await unit.all(_of_month(party_id, month, store_id).add_columns(undone).order_by(offer.c.id))


async def receipts(unit: Unit, party_id: str, month: Month, *, store_id: str | None, most: int) -> Sequence[Row]:
    """What stands of a month, receipt by receipt, the oldest first, with offer and store; `most` at most."""
    query = (
        select(redemption, store.c.name.label("store_name"), claim.c.offer_id, deferral.c.cents.label("deferred_cents"))
        .outerjoin(deferral, deferral.c.redemption_id == redemption.c.id)
        .join(store, store.c.id == redemption.c.store_id)
        .join(claim, claim.c.id == redemption.c.claim_id)
        .outerjoin(reversal, reversal.c.redemption_id == redemption.c.id)
        .where(*_in_month(party_id, month, store_id), reversal.c.redemption_id.is_(None))
        .order_by(redemption.c.redeemed_at, redemption.c.id)
        .limit(most)
    )
    return await unit.all(query)


def _of_month(party_id: str, month: Month, store_id: str | None) -> Select[Any]:
    return (
        select(offer.c.id.label("offer_id"), offer.c.title.label("offer_title"), func.count().label("redeemed"))
        .select_from(redemption)
        .join(claim, claim.c.id == redemption.c.claim_id)
        .join(offer, offer.c.id == claim.c.offer_id)
        .join(store, store.c.id == redemption.c.store_id)
        .outerjoin(reversal, reversal.c.redemption_id == redemption.c.id)
        .where(*_in_month(party_id, month, store_id))
        .group_by(offer.c.id, offer.c.title)
    )


def _in_month(party_id: str, month: Month, store_id: str | None) -> Sequence[ColumnElement[bool]]:
    r = redemption.c
    mine = [r.party_id == party_id, r.redeemed_at >= month.begins, r.redeemed_at < month.ends]
    return mine if store_id is None else [*mine, r.store_id == store_id]


def _cents(amount: Column[Decimal]) -> ColumnElement[int]:
    return func.coalesce(func.sum(cast(func.round(amount * 100), BigInteger)), 0)
