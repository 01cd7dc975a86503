"""Telling a party that it was stopped, in the transaction that stops it."""

from datetime import datetime

from core.database import WriteUnit
from notices import outbox
from notices.kinds import EventKind
from parties import directory, freezing
from parties.freezing import Named
from parties.kinds import Target


async def freeze(unit: WriteUnit, named: Named, *, by: str, reason: str, at: datetime) -> bool:
    """Freeze, as `parties.freezing.freeze` does. A party's systems are told, and its subject, where it is one, by
    letter; whoever is frozen alone has no address of their own."""
    if not await freezing.freeze(unit, named, by=by, reason=reason, at=at):
        return False
    if named.target is Target.PARTY:
        await outbox.tell_party(unit, named.id, EventKind.PARTY_FROZEN, about=named.id, at=at)
        subject_id = await directory.subject_of(unit, named.id)
        if subject_id is not None:
            await outbox.tell_subject(unit, subject_id, EventKind.PARTY_FROZEN, about=named.id, at=at)
    return True
