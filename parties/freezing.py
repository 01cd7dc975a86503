"""Putting a party, a staff member, a client's key or a sign-in out at once, and back with two people's agreement.

The frozen row is the one that the caller's own statement reads first, so a freeze that is acknowledged holds for every
request begun after it. The epoch it raises ends whatever was bound to the one before.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, or_, select

from core import editions
from core.database import Unit, WriteUnit
from core.errors import NotAvailable
from core.moments import day_of
from parties import register
from parties.capacity import LEFT, LIFTING
from parties.errors import NobodyLeft, WrongState
from parties.kinds import Post, Target
from parties.states import STEPS, PartyAct
from parties.tables import client_key, identity_link, party, staff

_TO_LIFT = STEPS[PartyAct.LIFT].people
_LOCK = "freezing staff of the institution"
# CHOICE: in a month somebody is given a post, and their sign-in linked.
_A_MONTH = timedelta(days=31)


def _acting(posts: Iterable[Post]) -> Select[Any]:
    """Who of the city's institution can act in one of these posts from `today` through a later day."""
    today, through = (bindparam(name, type_=staff.c.valid_from.type) for name in ("today", "through"))
    return (
        select(staff.c.id)
        .join(party, party.c.id == staff.c.party_id)
        .join(identity_link, identity_link.c.staff_id == staff.c.id)
        .where(
            party.c.institution,
            party.c.district.is_(None),
            staff.c.post.in_([post.value for post in posts]),
            staff.c.state == "ACTIVE",
            identity_link.c.state == "ACTIVE",
            or_(staff.c.valid_from.is_(None), staff.c.valid_from <= today),
            or_(staff.c.valid_until.is_(None), staff.c.valid_until >= through),
        )
    )


_TABLES: Mapping[Target, Table] = {
    Target.PARTY: party,
    Target.STAFF: staff,
    Target.CLIENT_KEY: client_key,
    Target.LINK: identity_link,
}


@dataclass(frozen=True)
class Named:
    """One row that can be frozen. A sign-in is named by its issuer too."""

    target: Target
    id: str
    issuer: str | None = None

    @property
    def key(self) -> str:
        """What the act's record calls it; a sign-in's name may be a person's, so it is hashed."""
        if self.target is not Target.LINK:
            return self.id
        return hashlib.sha256(f"{self.issuer}\x1f{self.id}".encode()).hexdigest()

    @property
    def table(self) -> Table:
        """Where its row is."""
        return _TABLES[self.target]

    @property
    def row(self) -> ColumnElement[bool]:
        """Which row it is."""
        if self.target is Target.LINK:
            return and_(identity_link.c.issuer == self.issuer, identity_link.c.name == self.id)
        return self.table.c.id == self.id


async def freeze(unit: WriteUnit, named: Named, *, by: str, reason: str, at: datetime) -> bool:
    """Stop it from acting, from the next request on. False when it was frozen already.

    Raises `NotAvailable` for what is not there, `WrongState` for a party that does not act anyway, and `NobodyLeft`
    when too few could lift it again.
    """
    register.check_reason(reason)
    await leave_two(unit, named, on=day_of(at))
    frozen = await unit.first(
        named.table.update()
        .where(named.row, named.table.c.state == "ACTIVE")
        .values(**_moved(named, state="FROZEN", out=True))
        .returning(named.table.c.epoch)
    )
    if frozen is None:
        if (await _state(unit, named)).state != "FROZEN":
            raise WrongState()
        return False
    await register.note(unit, PartyAct.FREEZE, named.target, named.key, epoch=frozen.epoch, reason=reason, by=by, at=at)
    await _forget_lists(unit, named)
    return True


async def lift(unit: WriteUnit, named: Named, *, by: str, reason: str, at: datetime) -> bool:
    """Let it act again, when a second person says so too; False after the first.

    Raises `NotAvailable`, `WrongState` for what is not frozen, and `SecondPerson` for the same person again.
    """
    register.check_reason(reason)
    found = await _state(unit, named)
    if found.state != "FROZEN":
        raise WrongState()
    if not await register.agree(
        unit, PartyAct.LIFT, named.target, named.key, epoch=found.epoch, reason=reason, by=by, at=at
    ):
        return False
    lifted = await unit.run(
        named.table.update()
        .where(named.row, named.table.c.state == "FROZEN", named.table.c.epoch == found.epoch)
        .values(**_moved(named, state="ACTIVE", out=False))
    )
    if lifted != 1:
        raise WrongState()
    await _forget_lists(unit, named)
    return True


async def _forget_lists(unit: WriteUnit, named: Named) -> None:
    """What a party offers is listed only while it acts, so a kept list is an earlier edition's."""
    if named.target is Target.PARTY:
        await editions.raise_(unit)


async def leave_enough(unit: WriteUnit, staff_id: str, *, on: date) -> None:
    """Raise `NobodyLeft` when this staff member's going from a day on would leave too few of the city's institution
    (`capacity.LEFT`): of those who act that day only such count as stay for the month after. Nobody else goes or is
    frozen before this unit ends, so that two who go at once are told apart."""
    await unit.alone(_LOCK)
    for posts, least in LEFT:
        there = {row.id for row in await unit.all(_acting(posts), {"today": on, "through": on})}
        stay = {row.id for row in await unit.all(_acting(posts), {"today": on, "through": on + _A_MONTH})}
        if staff_id in there and len(stay - {staff_id}) < least:
            raise NobodyLeft()


async def leave_two(unit: WriteUnit, named: Named, *, on: date) -> None:
    """Raise `NobodyLeft` when fewer than two people of the city's institution could lift a freeze without it. Whoever
    stops others could else stop everyone who may undo it, and only the database's keeper could help."""
    if named.target is Target.PARTY:
        itself = await unit.first(select(party.c.institution).where(named.row))
        if itself is not None and itself.institution:
            raise NobodyLeft()
    if named.target not in (Target.STAFF, Target.LINK):
        return
    await unit.alone(_LOCK)
    left = {row.id for row in await unit.all(_acting(LIFTING), {"today": on, "through": on})}
    if await _stopped(unit, named) in left and len(left) <= _TO_LIFT:
        raise NobodyLeft()


async def _stopped(unit: Unit, named: Named) -> str | None:
    """Which staff member stops acting, if one does."""
    if named.target is Target.STAFF:
        return named.id
    link = await unit.first(select(identity_link.c.staff_id).where(named.row))
    return link.staff_id if link is not None else None


async def _state(unit: Unit, named: Named) -> Any:
    row = await unit.first(select(named.table.c.state, named.table.c.epoch).where(named.row))
    if row is None:
        raise NotAvailable()
    return row


def _moved(named: Named, *, state: str, out: bool) -> dict[str, Any]:
    columns = named.table.c
    moved: dict[str, Any] = {"state": state}
    if out:
        moved["epoch"] = columns.epoch + 1
    if named.target is Target.PARTY:
        moved["version"] = columns.version + 1
    return moved
