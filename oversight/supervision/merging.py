"""Two subjects are one: what was complained of about the absorbed one is the other's."""

from collections.abc import Sequence

from core.database import WriteUnit
from core.moving import Merger, Moved, repoint
from oversight.supervision.tables import complaint


async def move(unit: WriteUnit, merger: Merger, _before: Sequence[Moved]) -> Sequence[Moved]:
    """Move the complaints."""
    return await repoint(unit, complaint.c.subject_id, merger)
