"""A share (Art. 5): a state organ asks, one person of the institution approves, another reviews, either side ends it.

Whoever reads a feed reads from the review on: a share hands over no copy of what was there before. Each step is one
statement whose row count is checked; what is over by its day is over whether or not anybody has ended it.
"""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Protocol

import orjson
from sqlalchemy import ColumnElement, Select, case, func, select

from core import installation
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, VersionChanged
from core.identity import mask_numbers_in
from core.ids import new_id, new_number
from core.installation import Kind
from core.moments import day_of, rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from core.waiting import Second, entry
from credit import districts
from notices import changes, outbox
from notices.kinds import EventKind
from oversight.sharing.errors import ShareState
from oversight.sharing.scopes import Held, Wanted
from oversight.sharing.tables import share, share_feed
from parties import directory
from parties.errors import SecondPerson

_LONGEST = 200
_AGREED = ("id", "party_id", "need", "instrument", "article", "categories", "kinds", "districts", "valid_until")
_c = share.c
_NEWEST = Order(_c.asked_at, _c.id, write=rfc3339, read=datetime.fromisoformat)


class ShareStanding(Enum):
    """Where it stands: REQUESTED, then two people's word (APPROVED, ACTIVE), or none; and how it was over."""

    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    ACTIVE = "ACTIVE"
    REFUSED = "REFUSED"
    ENDED = "ENDED"


_OPEN = (ShareStanding.REQUESTED, ShareStanding.APPROVED)
_LIVING = (*_OPEN, ShareStanding.ACTIVE)


class Asker(Protocol):
    """The organ's officer who asks."""

    @property
    def party_id(self) -> str:
        """Which organ."""

    @property
    def staff_id(self) -> str:
        """Which of its officers."""

    @property
    def label(self) -> str:
        """What the officer is called."""


def state_of(row: Any, *, at: datetime) -> ShareStanding:
    """How it stands now; after its last day it has ended."""
    state = ShareStanding(row.state)
    return ShareStanding.ENDED if state in _LIVING and row.valid_until < day_of(at) else state


async def places(unit: Unit) -> Mapping[str, str]:
    """The districts of this city, by code."""
    return districts.names_of_city(demonstration=await installation.kind_of(unit) is Kind.DEMONSTRATION)


async def request(unit: WriteUnit, by: Asker, wanted: Wanted, *, at: datetime) -> str:
    """A request that waits for two people; its id. Raises `Invalid` for what is too wide, by itself or with what the
    organ asked for and holds already, or says too little."""
    broken = wanted.faults(day_of(at), await places(unit))
    if broken:
        raise Invalid(*broken)
    await unit.alone(f"shares {by.party_id}")  # two requests at once are counted one after the other
    broken = wanted.faults_beside(await _held(unit, by.party_id, at=at))
    if broken:
        raise Invalid(*broken)
    made = new_id("shr")
    row = {
        "id": made,
        "number": new_number("GX"),
        "party_id": by.party_id,
        "need": mask_numbers_in(wanted.need.strip()),
        "instrument": mask_numbers_in(wanted.instrument.strip()),
        "article": mask_numbers_in(wanted.article.strip()),
        "categories": sorted({category.value for category in wanted.categories}),
        "kinds": sorted({kind.value for kind in wanted.kinds}),
        "districts": None if wanted.whole_city else sorted(set(wanted.districts)),
        "valid_until": wanted.valid_until,
        "state": ShareStanding.REQUESTED.value,
        "version": 1,
        "asked_by": by.staff_id,
        "asked_label": by.label,
        "asked_at": at,
    }
    await unit.run(share.insert(), row)
    await _tell(unit, EventKind.SHARE_ASKED, made, by.party_id, await directory.institution(unit), at=at)
    return made


async def approve(unit: WriteUnit, share_id: str, *, expected: int, by: str, at: datetime) -> None:
    """The first person of the institution. Raises `NotAvailable`, `ShareState`, `VersionChanged`."""
    values = {"state": ShareStanding.APPROVED.value, "approved_by": by, "approved_at": at}
    await _move(unit, share_id, (ShareStanding.REQUESTED,), expected, at, values)


async def review(unit: WriteUnit, share_id: str, *, expected: int, by: str, at: datetime) -> None:
    """The second one: from now on its organ reads what changes. Raises as `approve` does, and `SecondPerson`."""
    values = {"state": ShareStanding.ACTIVE.value, "reviewed_by": by, "reviewed_at": at}
    # What is committed has its number by then, so that what follows the position was not there before.
    while await changes.number(unit):
        pass
    values["position"] = await changes.last(unit)
    another = _c.approved_by != by
    try:
        await _move(unit, share_id, (ShareStanding.APPROVED,), expected, at, values, another)
    except VersionChanged:
        if (await find(unit, share_id)).approved_by == by:
            raise SecondPerson() from None
        raise
    await unit.run(share_feed.insert().values(share_id=share_id, told=0, swept=0, taken=0))
    asked = await find(unit, share_id)
    await _tell(unit, EventKind.SHARE_APPROVED, share_id, asked.party_id, at=at)


async def refuse(unit: WriteUnit, share_id: str, *, expected: int, by: str, reason: str, at: datetime) -> None:
    """Either of the two people says no, and why. Raises `Invalid`, and as `approve` does."""
    said = mask_numbers_in(reason.strip())
    if not 1 <= len(said) <= _LONGEST:
        raise Invalid(Detail(("reason",), "LENGTH", f"1..{_LONGEST}"))
    values = {"state": ShareStanding.REFUSED.value, "ended_by": by, "ended_at": at, "reason": said}
    await _move(unit, share_id, _OPEN, expected, at, values)
    asked = await find(unit, share_id)
    await _tell(unit, EventKind.SHARE_RETURNED, share_id, asked.party_id, at=at)


async def end(unit: WriteUnit, share_id: str, *, by: str, party_id: str | None, at: datetime) -> bool:
    """From now on nothing more is read; False when it was over before. `party_id` is the organ that gives its own one
    back, None for the institution. Raises `NotAvailable`."""
    mine = () if party_id is None else (_c.party_id == party_id,)
    living = (_c.state.in_([state.value for state in _LIVING]), _c.valid_until >= day_of(at))
    values = {"state": ShareStanding.ENDED.value, "ended_by": by, "ended_at": at, "version": _c.version + 1}
    ended = await unit.run(share.update().where(_c.id == share_id, *mine, *living).values(**values)) == 1
    row = await find(unit, share_id, party_id=party_id)
    if ended:
        other = row.party_id if party_id is None else await directory.institution(unit)
        await _tell(unit, EventKind.SHARE_ENDED, share_id, other, at=at)
    return ended


def scope_digest(row: Any) -> str:
    """What two people agreed to, by a hash: whoever widened the row would read nothing more."""
    said = {name: f"{getattr(row, name)}" for name in _AGREED}
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def find(unit: Unit, share_id: str, *, party_id: str | None = None) -> Row:
    """Any organ's share, or an organ's own; raises `NotAvailable`."""
    mine = () if party_id is None else (_c.party_id == party_id,)
    row = await unit.first(select(share).where(_c.id == share_id, *mine))
    if row is None:
        raise NotAvailable()
    return row


async def page(
    unit: Unit, request: PageRequest, *, at: datetime, party_id: str | None = None, waiting: bool = False
) -> Page[Row]:
    """Newest first: every organ's, or one's own; only what waits for somebody's word, or all."""
    query = select(share)
    if party_id is not None:
        query = query.where(_c.party_id == party_id)
    if waiting:
        query = query.where(_c.state.in_([state.value for state in _OPEN]), _c.valid_until >= day_of(at))
    return await _NEWEST.read_page(unit, query, request)


async def _held(unit: Unit, party_id: str, *, at: datetime) -> list[Held]:
    """What an organ asked for or holds."""
    living = (_c.state.in_([state.value for state in _LIVING]), _c.valid_until >= day_of(at))
    rows = await unit.all(select(_c.categories, _c.kinds, _c.districts).where(_c.party_id == party_id, *living))
    return [Held(row.categories, row.kinds, row.districts or ()) for row in rows]


async def _tell(unit: WriteUnit, kind: EventKind, share_id: str, *party_ids: str | None, at: datetime) -> None:
    for party_id in party_ids:
        if party_id is not None:
            await outbox.tell_party(unit, party_id, kind, about=share_id, at=at)


def waiting(of: Second) -> Select[Any]:
    """What the institution is asked for: the first of its two people's word, or the second's."""
    c = _c
    asked = case((c.state == ShareStanding.APPROVED.value, c.approved_at), else_=c.asked_at)
    by = func.coalesce(c.approved_by, c.asked_by)
    listed = entry("SHARE", c.id, c.number, since=asked, asked_by=by, party=c.party_id)
    stands = (c.state.in_([state.value for state in _OPEN]), c.valid_until >= day_of(of.at))
    return listed.where(*stands, by != of.staff_id)


async def _move(
    unit: WriteUnit,
    share_id: str,
    begins: Collection[ShareStanding],
    expected: int,
    at: datetime,
    values: dict[str, Any],
    *more: ColumnElement[bool],
) -> None:
    """One step, by one statement."""
    stands = (_c.id == share_id, _c.version == expected, _c.state.in_([state.value for state in begins]))
    moved = share.update().where(*stands, _c.valid_until >= day_of(at), *more)
    if await unit.run(moved.values(**values, version=_c.version + 1)) == 1:
        return
    if state_of(await find(unit, share_id), at=at) not in begins:
        raise ShareState()
    raise VersionChanged()
