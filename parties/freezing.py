"""Putting a party, a staff member, a client's key or a sign-in out at once, and back with two people's agreement.

The frozen row is the one that the caller's own statement reads first, so a freeze that is acknowledged holds for every
request begun after it. The epoch it raises ends whatever was bound to the one before.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, select

from core.database import Unit, WriteUnit
from core.errors import NotAvailable
from parties import register
from parties.errors import WrongState
from parties.kinds import Target
from parties.states import PartyAct
from parties.tables import client_key, identity_link, party, staff

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

    Raises `NotAvailable` for what is not there, and `WrongState` for a party that does not act anyway.
    """
    register.check_reason(reason)
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
    return True


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
