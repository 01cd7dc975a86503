"""Forgetting what was told long ago. The rows of the log are another matter: they stay.

Position numbers go up for ever: the row that holds the highest is kept, so that the next number is a new one.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, select

from core.database import WriteUnit
from notices.kinds import DeliveryState
from notices.outbox import NUMBERING, in_force
from notices.tables import delivery, outbox

# CHOICE: whoever has not read the feed for a quarter reads everything again anyway.
KEEP_EVENTS = timedelta(days=90)
# CHOICE: a notice and how it was delivered are evidence for as long as somebody may still sue over it (民法典 188).
KEEP_NOTICES = timedelta(days=3 * 365 + 1)
AT_ONCE = 500


async def prune(unit: WriteUnit, *, at: datetime) -> int:
    """Delete the oldest rows that nobody needs any more, and their messages; how many rows, at most `AT_ONCE` a kind.

    A message that is still due keeps its row.
    """
    await unit.alone(NUMBERING)
    events = await _prune(unit, outbox.c.party_id.is_not(None), at - KEEP_EVENTS, at)
    return events + await _prune(unit, outbox.c.subject_id.is_not(None), at - KEEP_NOTICES, at)


async def _prune(unit: WriteUnit, kind: ColumnElement[bool], before: datetime, at: datetime) -> int:
    # What was withdrawn is never sent, though its message may be due for ever.
    due = exists().where(
        delivery.c.outbox_id == outbox.c.id,
        delivery.c.state == DeliveryState.DUE.value,
        in_force(at),
    )
    numbered = outbox.c.position < select(func.max(outbox.c.position)).scalar_subquery()
    old = select(outbox.c.id).where(kind, outbox.c.at < before, numbered, ~due).order_by(outbox.c.at).limit(AT_ONCE)
    ids = [row.id for row in await unit.all(old)]
    if ids:
        await unit.run(delete(delivery).where(delivery.c.outbox_id.in_(ids)))
        await unit.run(delete(outbox).where(outbox.c.id.in_(ids)))
    return len(ids)
