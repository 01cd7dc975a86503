"""Who can be authorised for what: the party, its contact, and the ceilings of the purpose for its kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.database import Unit
from core.moments import day_of
from core.statements import Row
from grants import templates
from grants.consent import About
from grants.errors import RecipientRefused
from grants.scope import Purpose
from grants.templates import Template
from parties import directory

_PLATFORM = "FINANCING_PLATFORM"


@dataclass(frozen=True)
class Recipient:
    """A party that may be authorised for a purpose, and the 融资信用服务平台 that handles it, if any (Art. 10)."""

    id: str
    name: str
    contact: str
    purpose: Purpose
    template: Template
    handled_by_id: str | None = None
    handled_by: str | None = None

    def about(self, categories: Iterable[str], retention_days: int) -> About:
        """What the notice before a grant to them is about."""
        return About(self.name, self.contact, self.purpose.value, categories, retention_days, self.handled_by)


async def find(
    unit: Unit, party_id: str, purpose: Purpose, *, handled_by_id: str | None = None, at: datetime
) -> Recipient:
    """The recipient for one of its purposes. Raises `RecipientRefused`, for one who handles it for them too."""
    party = await directory.find(unit, party_id)
    if party is None or purpose.value not in party.purposes:
        raise RecipientRefused()
    return await _described(unit, party, purpose, handled_by_id, at)


async def described(
    unit: Unit, party_id: str, purpose: Purpose, *, handled_by_id: str | None = None, at: datetime
) -> Recipient:
    """As `find`, whether or not the purpose is one of the party's: what its notice would be about."""
    party = await directory.find(unit, party_id)
    if party is None:
        raise RecipientRefused()
    return await _described(unit, party, purpose, handled_by_id, at)


async def _described(unit: Unit, party: Row, purpose: Purpose, handled_by_id: str | None, at: datetime) -> Recipient:
    template = templates.in_force(purpose.value, party.kind, on=day_of(at))
    if party.kind not in directory.AUTHORISABLE or template is None:
        raise RecipientRefused()
    handler = None
    if handled_by_id is not None:
        handler = await directory.find(unit, handled_by_id)
        if handler is None or handler.kind != _PLATFORM or handler.id == party.id or purpose is not Purpose.FINANCING:
            raise RecipientRefused()
    return Recipient(
        party.id, party.name, party.contact, purpose, template, handled_by_id, handler.name if handler else None
    )
