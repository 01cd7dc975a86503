"""Stopping a party, and telling it so in the same transaction."""

from datetime import datetime

from core.database import WriteUnit
from notices import outbox
from notices.kinds import EventKind
from parties import admission, directory


async def freeze(unit: WriteUnit, party_id: str, *, at: datetime) -> bool:
    """Freeze a party; True when this call did. Its systems are told, and its subject, where it is one, by letter."""
    if not await admission.freeze(unit, party_id):
        return False
    await outbox.tell_party(unit, party_id, EventKind.PARTY_FROZEN, about=party_id, at=at)
    subject_id = await directory.subject_of(unit, party_id)
    if subject_id is not None:
        await outbox.tell_subject(unit, subject_id, EventKind.PARTY_FROZEN, about=party_id, at=at)
    return True
