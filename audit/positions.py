"""Numbering the log: committed rows get positions 1, 2, 3 … without gaps, from one numberer at a time.

A serial id is no cursor: a row with a lower one can commit later, and a reader that has passed it never sees it.
A position is given after the commit, in one statement under a lock, so what a reader has passed stays passed.
"""

from sqlalchemy import BigInteger, Integer, Select, bindparam, func, literal, select, union_all

from audit.tables import access, log_leaf
from core.database import Unit, WriteUnit
from core.statements import Statement

MOST_AT_ONCE = 2000
_LOCK = "access positions"
_WAITING = Statement(select(access.c.id).where(access.c.position.is_(None)).limit(1))


async def waiting(unit: Unit) -> bool:
    """Whether any row has no position yet."""
    return await unit.first(_WAITING) is not None


async def number(unit: WriteUnit) -> int:
    """Give positions to rows that have none yet, oldest first; how many. Two at once wait for each other."""
    await unit.alone(_LOCK)
    return await unit.run(_NUMBER, {"most": MOST_AT_ONCE})


def _next() -> Select[tuple[str, int]]:
    # Of an erased look only the leaf is left; its position is never given again.
    given = union_all(
        select(func.max(access.c.position).label("last")), select(func.max(log_leaf.c.position))
    ).subquery()
    last = select(func.coalesce(func.max(given.c.last), literal(0, BigInteger))).scalar_subquery()
    order = (access.c.at, access.c.id)
    place = last + func.row_number().over(order_by=order)
    return (
        select(access.c.id, place.label("position"))
        .where(access.c.position.is_(None))
        .order_by(*order)
        .limit(bindparam("most", type_=Integer))
    )


_NUMBERED = _next().subquery()
_NUMBER = access.update().where(access.c.id == _NUMBERED.c.id).values(position=_NUMBERED.c.position)
