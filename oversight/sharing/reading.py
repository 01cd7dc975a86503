"""What an organ reads under its share (Art. 5): what changed after a position, inside the share's scope, and no more.

The numbered changes are read as they are kept (`notices/changes.py`), so no copy of anything is made for a share.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.lens import Audience, BasisKind, Lens
from core.database import Unit, WriteUnit
from core.statements import Row
from credit import records
from credit.records import Area
from notices import changes
from notices.errors import ChangesForgotten
from notices.kinds import ChangeKind
from oversight.sharing import shares
from oversight.sharing.errors import ShareForgotten, ShareState
from oversight.sharing.shares import ShareStanding
from oversight.sharing.tables import share

PURPOSE = "SHARE"
# Positions that one reading goes through at most: most changes of a day lie outside any one share.
_STRETCH = 1000


@dataclass(frozen=True)
class Touched:
    """A record of the share's that has changed, seen through the share, and after which change it is read."""

    record_id: str
    lens: Lens
    position: int


@dataclass(frozen=True)
class Stretch:
    """What lies in one reading, oldest change first; up to which position that is everything, and whether more is
    waiting."""

    touched: Sequence[Touched]
    until: int
    more: bool


async def admit(unit: WriteUnit, share_id: str, party_id: str, *, at: datetime) -> Row:
    """An organ's own share, which holds now, and is ended by nobody before this is answered.

    Raises `NotAvailable`, and `ShareState` for one's own that is not, or no more, read.
    """
    row = await shares.find(unit, share_id, party_id=party_id)
    held = share.update().where(share.c.id == share_id, share.c.state == ShareStanding.ACTIVE.value)
    taken = await unit.run(held.values(version=share.c.version))
    if taken != 1 or shares.state_of(row, at=at) is not ShareStanding.ACTIVE:
        raise ShareState()
    return row


async def stretch(unit: Unit, row: Row, after: int | None, first: int, *, at: datetime) -> Stretch:
    """The next changes inside a share's scope; from its beginning, or from what is kept, without a position.

    Raises `ShareForgotten` for a position whose successors are not all kept.
    """
    begins = max(row.position, await changes.oldest(unit) - 1) if after is None else after
    try:
        await changes.check(unit, begins)
    except ChangesForgotten:
        raise ShareForgotten() from None
    last = await changes.last(unit)
    until = min(begins + _STRETCH, last)
    changed = await changes.touched(unit, ChangeKind.RECORD, after=begins, until=until)
    area = Area(row.categories, row.kinds, row.districts)
    whose = await records.within(unit, area, {one.about for one in changed}, at=at)
    found = [Touched(one.about, lens_of(row, whose[one.about]), one.position) for one in changed if one.about in whose]
    if len(found) > first:
        return Stretch(found[:first], found[first - 1].position, True)
    return Stretch(found, until, until < last)


def lens_of(row: Any, subject_id: str) -> Lens:
    """How a share's organ sees one subject. What it rests on is one thread of the share for each subject, so that the
    trail has a line of its own."""
    thread = "sht_" + hashlib.sha256(f"{row.id}/{subject_id}".encode()).hexdigest()[:36]
    kinds = frozenset(row.categories)
    return Lens(Audience.ORGAN, BasisKind.SHARE, subject_id, categories=kinds, grant_id=thread)
