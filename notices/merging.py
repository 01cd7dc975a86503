"""Two subjects are one: there is one inbox, and what is still to be told is told to whoever they are now."""

from collections.abc import Sequence

from core.database import WriteUnit
from core.moving import Merger, Moved, repoint
from notices.tables import outbox


async def move(unit: WriteUnit, merger: Merger) -> Sequence[Moved]:
    """Move every notice; what it says stays sealed under its own id."""
    return await repoint(unit, outbox.c.subject_id, merger)
