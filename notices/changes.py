"""What has changed, in order, for whoever listens: ids and versions, never values.

`tell` is the one function that tells a change, in the transaction that makes it. One leader numbers what is committed
(`number`), without a gap, so that whoever knows a position has heard of everything before it. Rows are kept for
`KEEP`; a position whose successors are gone is refused (`ChangesForgotten`), and its listener reads everything anew.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import BigInteger, and_, bindparam, delete, func, select

from core.database import Unit, WriteUnit
from core.statements import Row, Statement
from notices.errors import ChangesForgotten
from notices.kinds import ChangeKind
from notices.tables import change

# CHOICE: whoever was away for longer opens the app anew, and reads everything anyway.
KEEP = timedelta(days=2)
# Numbered, and forgotten, by one statement.
AT_ONCE = 5000
# Read for one listener by one statement.
BATCH = 50
_NUMBERING = "change positions"
# More than these are added by COPY, which is dear to begin.
_FEW = 100


class Change(NamedTuple):
    """One thing that is another than before. `owner_id` may hear of it: a subject, a party or a store."""

    owner_id: str
    kind: ChangeKind
    about: str
    version: int


async def tell(unit: WriteUnit, *changed: Change, at: datetime) -> None:
    """Tell that these things have changed; call it once their own rows are written, so that versions come in order."""
    rows = (
        {"owner_id": one.owner_id, "kind": one.kind.value, "about": one.about, "version": one.version, "at": at}
        for one in changed
    )
    if len(changed) > _FEW:
        await unit.add(change, rows)
    elif changed:
        await unit.enter(change, list(rows), "id")


_FRESH = Statement(select(change.c.id).where(change.c.position.is_(None)).limit(1))
_ENDS = Statement(
    select(
        select(func.min(change.c.position)).scalar_subquery().label("first"),
        select(func.max(change.c.position)).scalar_subquery().label("last"),
    )
)


async def is_waiting(unit: Unit) -> bool:
    """Whether something committed has no position yet."""
    return await unit.first(_FRESH) is not None


async def number(unit: WriteUnit) -> int:
    """Give the oldest committed rows their positions; how many, at most `AT_ONCE`.

    One at a time, so that a lower position is never committed after a higher one.
    """
    await unit.alone(_NUMBERING)
    fresh = select(change.c.id).where(change.c.position.is_(None)).order_by(change.c.id).limit(AT_ONCE).subquery()
    counted = select(fresh.c.id, func.row_number().over(order_by=fresh.c.id).label("place")).subquery()
    start = bindparam("start", await last(unit), type_=BigInteger)
    numbered = change.update().where(change.c.id == counted.c.id).values(position=start + counted.c.place)
    return await unit.run(numbered)


async def last(unit: Unit) -> int:
    """The highest position so far; 0 before the first."""
    row = await unit.first(_ENDS)
    return (row.last if row is not None else None) or 0


async def oldest(unit: Unit) -> int:
    """The lowest position that is kept; 0 before the first."""
    row = await unit.first(_ENDS)
    return (row.first if row is not None else None) or 0


async def touched(unit: Unit, kind: ChangeKind, *, after: int, until: int) -> Sequence[Row]:
    """What changed after one position and not after another, each once: `about`, its last `position` there, and its
    first version there (`since`)."""
    c = change.c
    between = (c.position > after, c.position <= until, c.kind == kind.value)
    position = func.max(c.position).label("position")
    since = func.min(c.version).label("since")
    return await unit.all(select(c.about, position, since).where(*between).group_by(c.about).order_by(position))


async def check(unit: Unit, position: int) -> None:
    """Raises `ChangesForgotten` when something after this position is kept no more, or the position was never given."""
    row = await unit.first(_ENDS)
    first, highest = (row.first, row.last) if row is not None else (None, None)
    if position > (highest or 0) or (first is not None and position < first - 1):
        raise ChangesForgotten()


async def stirred(unit: Unit, owners: Collection[str], *, after: int, until: int) -> Collection[str]:
    """Which of these have something that lies after one position and not after another."""
    c = change.c
    between = (c.position > after, c.position <= until)
    theirs = unit.among(c.owner_id, owners)
    return {row.owner_id for row in await unit.all(select(c.owner_id).distinct().where(theirs, *between))}


async def following(unit: Unit, owner_id: str, kinds: Iterable[ChangeKind], *, after: int) -> Sequence[Row]:
    """An owner's next changes of these kinds, in order; at most `BATCH`."""
    c = change.c
    mine = (c.owner_id == owner_id, c.kind.in_([kind.value for kind in kinds]), c.position > after)
    return await unit.all(select(change).where(*mine).order_by(c.position).limit(BATCH))


async def prune(unit: WriteUnit, *, at: datetime, read: int | None = None) -> int:
    """Forget the oldest rows; how many, at most `AT_ONCE`. The highest position stays: the next is a new one. So does
    what lies after the position that somebody has `read`, who must miss nothing."""
    await unit.alone(_NUMBERING)
    c, end = change.c, await last(unit)
    kept = c.position < end if read is None else and_(c.position < end, c.position <= read)
    oldest = await unit.all(select(c.position, c.at).where(kept).order_by(c.position).limit(AT_ONCE))
    over = 0
    for row in oldest:
        if row.at >= at - KEEP:
            break
        over = row.position
    return await unit.run(delete(change).where(c.position <= over)) if over else 0
