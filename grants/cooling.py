"""From whom a subject hears no requests for a while: blocked, or refused not long ago.

The one who asks is not told: their request is made out to nobody, and lapses like any other.
"""

from datetime import datetime

from sqlalchemy import select

from audit.lens import Lens
from core.database import Unit, WriteUnit
from core.errors import NotAvailable
from grants import rules
from grants.tables import cooling
from parties import directory

_BLOCKED, _REFUSED = "BLOCKED", "REFUSED"


async def block(unit: WriteUnit, lens: Lens, party_id: str, *, at: datetime) -> bool:
    """No more requests from this party for thirty days. False when it was blocked already; the days count anew.

    Raises `NotAvailable` for a party that nobody can authorise.
    """
    card = (await directory.cards(unit, [party_id])).get(party_id)
    if card is None or card.kind not in directory.AUTHORISABLE:
        raise NotAvailable()
    before = await until(unit, lens.subject_id, party_id, at=at, cause=_BLOCKED)
    await _put(unit, lens.subject_id, party_id, _BLOCKED, at)
    return before is None


async def refused(unit: WriteUnit, subject_id: str, party_id: str, *, at: datetime) -> None:
    """A refusal is not argued with: the same party is not heard again for thirty days."""
    await _put(unit, subject_id, party_id, _REFUSED, at)


async def until(
    unit: Unit, subject_id: str, party_id: str, *, at: datetime, cause: str | None = None
) -> datetime | None:
    """Until when the party is not heard, or None when it is heard now."""
    c = cooling.c
    live = select(c.until).where(c.subject_id == subject_id, c.party_id == party_id, c.until > at)
    if cause is not None:
        live = live.where(c.cause == cause)
    row = await unit.first(live.order_by(c.until.desc()).limit(1))
    return row.until if row else None


async def _put(unit: WriteUnit, subject_id: str, party_id: str, cause: str, at: datetime) -> None:
    ends = at + rules.COOLING
    row = unit.insert(cooling).values(subject_id=subject_id, party_id=party_id, cause=cause, until=ends)
    again = row.on_conflict_do_update(index_elements=["subject_id", "party_id", "cause"], set_={"until": ends})
    await unit.run(again)
