"""The duty that puts what has changed into the shares whose scope it lies in, and forgets it after thirty days.

Changes are numbered once they are committed (`notices/changes.py`), so whoever goes on from a number misses nothing. A
stretch of numbers, the places that it becomes and how far it reached are one commit: killed half-way, it is done again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from core.database import Database, Unit, WriteUnit
from core.moments import day_of
from core.statements import Row
from credit import areas
from credit.areas import Area, Place
from notices import changes
from notices.kinds import ChangeKind
from oversight.sharing.shares import ShareStanding
from oversight.sharing.tables import share, share_event, share_feed, share_reached

# CHOICE: longer than the longest holidays with the days beside them; who is away for a month begins anew.
KEEP = timedelta(days=30)
AT_ONCE = 1000
REST_SECONDS = 2.0
_ONE = 1
_s, _f, _e = share.c, share_feed.c, share_event.c


class Feeder:
    """Feeds every share of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self, at: datetime) -> float:
        """Put the next stretch of changes into feeds; in how many seconds there may be more."""
        async with self._database.reading() as unit:
            if await reached(unit) >= await changes.last(unit):
                return REST_SECONDS
        async with self._database.writing() as writing:
            return 0.0 if await feed(writing, at=at) else REST_SECONDS


async def reached(unit: Unit) -> int:
    """The number up to which changes stand in feeds, and are needed for them no more; 0 before the first."""
    row = await unit.first(select(share_reached.c.position))
    return int(row.position) if row is not None else 0


async def feed(unit: WriteUnit, *, at: datetime) -> int:
    """Put the next stretch of numbered changes into feeds; how many numbers, at most `AT_ONCE`."""
    oldest = max(await changes.oldest(unit) - 1, 0)
    await unit.run(unit.insert(share_reached).values(id=_ONE, position=oldest).on_conflict_do_nothing())
    begins, last = await reached(unit), await changes.last(unit)
    # Read after the numbers: a share whose review is committed later begins after them.
    lives = (_s.state == ShareStanding.ACTIVE.value, _s.valid_until >= day_of(at))
    shares = await unit.all(select(share).where(*lives).order_by(_s.id))
    after = max(begins, oldest)
    # No stretch lies around a share's beginning: what was before it is not looked at for it.
    until = min([last, after + AT_ONCE, *(row.position for row in shares if row.position > after)])
    if until <= begins:
        return 0
    moved = share_reached.update().where(share_reached.c.position == begins)
    if await unit.run(moved.values(position=until)) != 1:
        return 0
    begun = [row for row in shares if row.position <= after]
    if oldest > begins:
        await _lost(unit, begun)
    if begun:
        await _enter(unit, begun, after, until, at)
    return int(until - begins)


async def sweep(unit: WriteUnit, *, at: datetime) -> int:
    """Forget what is older than `KEEP`, and all of a share that is over; how many."""
    over = _s.state.in_((ShareStanding.ENDED.value, ShareStanding.REFUSED.value)) | (_s.valid_until < day_of(at))
    old = (_e.at < at - KEEP) | _e.share_id.in_(select(_s.id).where(over))
    ends = select(_e.share_id, func.max(_e.place).label("place")).where(old).group_by(_e.share_id)
    swept = 0
    for row in sorted(await unit.all(ends), key=lambda one: one.share_id):
        gone = share_feed.update().where(_f.share_id == row.share_id, _f.swept < row.place)
        await unit.run(gone.values(swept=row.place))
        swept += await unit.run(delete(share_event).where(_e.share_id == row.share_id, _e.place <= row.place))
    return swept


async def _lost(unit: WriteUnit, shares: Sequence[Row]) -> None:
    """Changes went before they stood in feeds: every position that was given is told so, and none is passed over."""
    for row in shares:
        one = share_feed.update().where(_f.share_id == row.id)
        await unit.run(one.values(told=_f.told + 1, swept=_f.told + 1))
        await unit.run(delete(share_event).where(_e.share_id == row.id))


async def _enter(unit: WriteUnit, shares: Sequence[Row], after: int, until: int, at: datetime) -> None:
    changed = await changes.touched(unit, ChangeKind.RECORD, after=after, until=until)
    now = await areas.places(unit, {one.about for one in changed})
    lay: dict[str, list[Place]] = {id_: [place] for id_, place in now.items()}
    for place in await areas.before(unit, {one.about: one.since for one in changed}, now):
        lay[place.record_id].append(place)
    for row in shares:
        area = Area(row.categories, row.kinds, row.districts)
        inside = [one.about for one in changed if _holds(area, lay, one.about, at)]
        if inside:
            await _append(unit, row.id, inside, at)


def _holds(area: Area, lay: Mapping[str, Sequence[Place]], record_id: str, at: datetime) -> bool:
    return any(area.holds(place, at=at) for place in lay.get(record_id, ()))


async def _append(unit: WriteUnit, share_id: str, record_ids: Sequence[str], at: datetime) -> None:
    """Give them the next places. A share that began before there were feeds has none."""
    given = share_feed.update().where(_f.share_id == share_id).values(told=_f.told + len(record_ids))
    row = await unit.first(given.returning(_f.told))
    if row is None:
        return
    first = row.told - len(record_ids) + 1
    places = [
        {"share_id": share_id, "record_id": id_, "place": place, "at": at}
        for place, id_ in enumerate(record_ids, start=first)
    ]
    new = unit.insert(share_event)
    moved = {"place": new.excluded.place, "at": new.excluded.at}
    await unit.run(new.on_conflict_do_update(index_elements=["share_id", "record_id"], set_=moved), places)
