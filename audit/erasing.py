"""Erasing looks: content and secret go, the leaf's hash stays, and the tree still proves every other look.

Nothing calls this by itself: a look is kept ten years, and until then is erased only where a law orders it.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update

from audit.errors import NotSealed
from audit.tables import access, access_question, feed_month, log_leaf
from core.database import WriteUnit

KEPT_YEARS = 10
_AT_ONCE = 1000


async def erase(unit: WriteUnit, access_ids: Collection[str]) -> int:
    """Erase these looks; how many. Raises `NotSealed`, and the unit is to be undone, unless all of them are sealed."""
    wanted = sorted(set(access_ids))
    forgotten = await unit.run(
        update(log_leaf).where(log_leaf.c.access_id.in_(wanted)).values(access_id=None, secret=None)
    )
    await unit.run(delete(access_question).where(access_question.c.access_id.in_(wanted)))
    erased = await unit.run(delete(access).where(access.c.id.in_(wanted)))
    await unit.run(delete(feed_month).where(feed_month.c.access_id.in_(wanted)))
    if forgotten != erased or erased != len(wanted):
        raise NotSealed()
    return erased


async def erase_expired(unit: WriteUnit, *, at: datetime) -> int:
    """Erase sealed looks that have been kept for their time, the oldest first, some at once; how many."""
    # 29 February has its anniversary on the first of March.
    day = at.replace(month=3, day=1) if (at.month, at.day) == (2, 29) else at
    expired = (
        select(access.c.id)
        .join(log_leaf, log_leaf.c.access_id == access.c.id)
        .where(access.c.at < day.replace(year=day.year - KEPT_YEARS))
        .order_by(log_leaf.c.position)
        .limit(_AT_ONCE)
    )
    return await erase(unit, [row.id for row in await unit.all(expired)])
