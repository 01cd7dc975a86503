"""What an organ reads under its share (Art. 5): what changed after a place in its feed, inside its scope, and no more.

A feed holds ids. What they say is read from the records as they are now, so no copy of anything is made for a share.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, select

from audit.lens import Audience, BasisKind, Lens
from core.database import WriteUnit
from core.moments import day_of
from core.statements import Row
from credit import areas
from credit.areas import Area
from oversight.sharing import shares
from oversight.sharing.errors import ShareDayFull, ShareForgotten, ShareState
from oversight.sharing.shares import ShareStanding
from oversight.sharing.tables import share, share_event, share_feed

PURPOSE = "SHARE"
# CHOICE: under one share, whoever reads: a district that is loaded anew leaves in weeks, and somebody notices.
MOST_A_DAY = 5000
_e, _f = share_event.c, share_feed.c


@dataclass(frozen=True)
class Touched:
    """A record of the share's that has changed, and how it is seen through the share; None where it is no more."""

    record_id: str
    lens: Lens | None


@dataclass(frozen=True)
class Stretch:
    """What lies in one reading, oldest change first; up to which place that is everything, and whether more is
    waiting."""

    touched: Sequence[Touched]
    until: int
    more: bool


async def admit(unit: WriteUnit, share_id: str, party_id: str, *, at: datetime) -> Row:
    """An organ's own share, which holds now, and is ended by nobody before this is answered.

    Raises `NotAvailable`, and `ShareState` for one's own that is not, or no more, read.
    """
    mine = (share.c.id == share_id, share.c.party_id == party_id)
    lives = (share.c.state == ShareStanding.ACTIVE.value, share.c.valid_until >= day_of(at))
    held = await unit.run(share.update().where(*mine, *lives).values(version=share.c.version))
    row = await shares.find(unit, share_id, party_id=party_id)
    if held != 1:
        raise ShareState()
    return row


async def stretch(unit: WriteUnit, row: Row, after: int | None, first: int, *, at: datetime) -> Stretch:
    """The next changes inside an admitted share's scope; from its beginning, or from what is kept, without a place.

    Raises `ShareForgotten` for a place whose successors are not all kept, `ShareDayFull` when there is more, and it is
    another day's.
    """
    feed = await _opened(unit, row.id, day_of(at))
    begins = feed.swept if after is None else after
    if not feed.swept <= begins <= feed.told:
        raise ShareForgotten()
    following = select(_e.record_id, _e.place).where(_e.share_id == row.id, _e.place > begins)
    events = await unit.all(following.order_by(_e.place).limit(first + 1))
    read = events[: min(first, MOST_A_DAY - feed.taken)]
    if events and not read:
        raise ShareDayFull()
    if not read:
        return Stretch((), begins, False)
    counted = share_feed.update().where(_f.share_id == row.id)
    await unit.run(counted.values(taken=_f.taken + len(read)))
    area = Area(row.categories, row.kinds, row.districts)
    places = await areas.places(unit, {one.record_id for one in read})
    inside = {id_: lens_of(row, place.subject_id) for id_, place in places.items() if area.holds(place, at=at)}
    touched = [Touched(one.record_id, inside.get(one.record_id)) for one in read]
    return Stretch(touched, read[-1].place, len(events) > len(read))


async def _opened(unit: WriteUnit, share_id: str, today: date) -> Row:
    """A share's feed, held: nobody else reads it, and nothing of it is forgotten, until this is answered."""
    taken = case((_f.taken_on == today, _f.taken), else_=0)
    held = share_feed.update().where(_f.share_id == share_id).values(taken_on=today, taken=taken)
    row = await unit.first(held.returning(_f.told, _f.swept, _f.taken))
    if row is None:
        raise ShareState()
    return row


def lens_of(row: Any, subject_id: str) -> Lens:
    """How a share's organ sees one subject. What it rests on is one thread of the share for each subject, so that the
    trail has a line of its own."""
    thread = "sht_" + hashlib.sha256(f"{row.id}/{subject_id}".encode()).hexdigest()[:36]
    kinds = frozenset(row.categories)
    return Lens(Audience.ORGAN, BasisKind.SHARE, subject_id, categories=kinds, grant_id=thread)
