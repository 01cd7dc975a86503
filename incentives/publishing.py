"""Offers that come with their author and their approvers, a demonstration's: through the acts of anybody's offer.

Whoever calls this has decided that they may."""

from collections.abc import Sequence
from datetime import datetime

from core.database import WriteUnit
from incentives import approving, drafting
from incentives.moving import Doing
from incentives.terms import Terms


async def publish(
    unit: WriteUnit,
    party_id: str,
    terms: Terms,
    *,
    note: str | None = None,
    author: str,
    approvers: Sequence[str],
    at: datetime,
) -> str:
    """A new live offer: drafted and submitted by its author, approved by its approvers; its id."""
    offer_id = await drafting.draft(unit, party_id, terms, note, by=author, at=at)
    await drafting.submit(unit, party_id, offer_id, Doing(author, 1, None, at))
    for expected, approver in enumerate(approvers, start=2):
        await approving.approve(unit, offer_id, Doing(approver, expected, None, at))
    return offer_id
