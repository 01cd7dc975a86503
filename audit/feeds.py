"""A bulk feed in the log: every event of it is a look of its own, and the trail shows one line a month.

Whoever is told something many times a month is read about once; the count says how often, and each event can be shown.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import func, select

from audit.log import Log, Shapes
from audit.looks import Look
from audit.tables import feed_month
from core.database import Unit, WriteUnit
from core.moments import day_of


async def append(unit: WriteUnit, looks: Sequence[Look], *, at: datetime) -> None:
    """Write a feed's events into the transaction that causes them, each of one kind of information, and count them."""
    await Log(Shapes()).append(unit, looks, at=at)
    await count(unit, looks, at=at)


async def count(unit: WriteUnit, looks: Sequence[Look], *, at: datetime) -> None:
    """Count a feed's looks, which their own transaction writes into the log, by the month."""
    # In one order, so that two that count for the same grants wait for each other only once.
    rows = sorted((_counted(look, at) for look in looks), key=itemgetter("grant_id", "party_id", "category"))
    if rows:
        first = unit.insert(feed_month)
        again = first.on_conflict_do_update(
            index_elements=["grant_id", "party_id", "category", "month"], set_={"told": feed_month.c.told + 1}
        )
        await unit.run(again, rows)


async def told(unit: Unit, grant_ids: Collection[str]) -> Mapping[tuple[str, str], int]:
    """How many events of some grants' feeds each party was told, by grant and party; none, no entry."""
    if not grant_ids:
        return {}
    c = feed_month.c
    counted = select(c.grant_id, c.party_id, func.sum(c.told).label("told")).where(c.grant_id.in_(list(grant_ids)))
    rows = await unit.all(counted.group_by(c.grant_id, c.party_id))
    return {(row.grant_id, row.party_id): int(row.told) for row in rows}


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
