"""Claims that are over without having been used: what they still hold is let go when somebody else needs it.

No claim is used after its time, whoever looks (`claims.status_of`), so nothing waits for this. But where an offer goes
on in a later version, those of an earlier one that is over hold stock, money and their person's slots. Whoever finds
too little ends some of them first; in one order, so that no two wait for each other. What a till may still bring that
took it without a network holds what it holds until it cannot (`awaiting`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from core.database import Unit, WriteUnit
from core.statements import Row
from incentives import awaiting
from incentives.kinds import ClaimStatus
from incentives.tables import claim

SOME = 200


async def end(
    unit: WriteUnit, offer_id: str, *, of: str | None = None, most: int | None = None, at: datetime
) -> Sequence[Row]:
    """End an offer's claims that are over, all or one subject's, the oldest first; their rows.

    Each has a unit of stock, and perhaps money, for the caller to put back: claims are taken before budgets, and
    budgets before stock.
    """
    c = claim.c
    over = select(c.id).where(*_over(offer_id, at))
    theirs = over if of is None else over.where(c.subject_id == of)
    oldest = theirs.order_by(c.created_at, c.id).limit(most).with_for_update()
    return await unit.all(
        claim.update()
        .where(c.id.in_(oldest), c.status == ClaimStatus.CLAIMED.value)
        .values(status=ClaimStatus.EXPIRED.value, slot=None)
        .returning(claim)
    )


async def count(unit: Unit, offer_id: str, *, at: datetime) -> int:
    """How many units of an offer's stock are with claims that are over, and so are not taken."""
    row = await unit.first(select(func.count().label("n")).select_from(claim).where(*_over(offer_id, at)))
    return 0 if row is None else int(row.n)


async def cents_by_store(unit: Unit, offer_id: str, *, at: datetime) -> dict[str | None, int]:
    """How much of an offer's money is with claims that are over, and so is free; by the store they were taken for."""
    c = claim.c
    total: ColumnElement[Any] = func.sum(c.held_cents)
    over = select(c.held_store_id, total.label("cents")).where(*_over(offer_id, at), c.held_cents.is_not(None))
    return {row.held_store_id: int(row.cents) for row in await unit.all(over.group_by(c.held_store_id))}


def _over(offer_id: str, at: datetime) -> tuple[ColumnElement[bool], ...]:
    c = claim.c
    return (
        c.offer_id == offer_id,
        c.status == ClaimStatus.CLAIMED.value,
        c.expires_at <= at,
        awaiting.nothing(at),
    )
