"""A bulk feed in the log: every event of it is a look of its own, and the trail shows one line a month.

Whoever is told something many times a month is read about once; the count says how often, and each event can be shown.
"""

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from audit.log import Log, Shapes
from audit.looks import Look
from audit.tables import feed_month
from core.database import WriteUnit
from core.moments import day_of


async def append(unit: WriteUnit, looks: Sequence[Look], *, at: datetime) -> None:
    """Write a feed's events into the transaction that causes them, each of one kind of information, and count them."""
    await Log(Shapes()).append(unit, looks, at=at)
    # In one order, so that two that count for the same grants wait for each other only once.
    rows = sorted((_counted(look, at) for look in looks), key=itemgetter("grant_id", "party_id", "category"))
    if rows:
        first = unit.insert(feed_month)
        again = first.on_conflict_do_update(
            index_elements=["grant_id", "party_id", "category", "month"], set_={"told": feed_month.c.told + 1}
        )
        await unit.run(again, rows)


def _counted(look: Look, at: datetime) -> dict[str, Any]:
    (category,) = look.categories
    return {
        "grant_id": look.grant_id,
        "party_id": look.actor_party_id,
        "category": category,
        "month": day_of(at).replace(day=1),
        "access_id": look.id,
        "told": 1,
    }
