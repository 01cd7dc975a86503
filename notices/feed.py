"""A party's events in order, from any position on: what a webhook missed is caught up here.

Positions are given by one leader to rows that are committed, so a later read never finds a lower one (design §2).
The feed and the webhook tell the same ids; a receiver that drops ids it knows is told everything once.
"""

from datetime import datetime

from sqlalchemy import select

from core.database import Unit
from core.errors import BadCall
from core.paging import Page, PageRequest
from core.statements import Row
from notices.outbox import in_force
from notices.tables import outbox


async def page(unit: Unit, party_id: str, request: PageRequest, *, at: datetime) -> Page[Row]:
    """The party's events after the request's position, oldest first."""
    mine = (outbox.c.party_id == party_id, outbox.c.position > _position(request))
    query = select(outbox).where(*mine, in_force(at))
    rows = await unit.all(query.order_by(outbox.c.position).limit(request.first + 1))
    return Page(rows[: request.first], len(rows) > request.first, lambda row: request.sealer.seal([str(row.position)]))


def _position(request: PageRequest) -> int:
    if request.after is None:
        return 0
    keyset = request.sealer.open(request.after)
    if len(keyset) != 1:
        raise BadCall("BAD_CURSOR")
    return int(keyset[0])
