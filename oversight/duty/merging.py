"""Two subjects are one: what was opened about the absorbed one in an emergency is the other's to know of."""

from collections.abc import Sequence

from core.database import WriteUnit
from core.moving import Merger, Moved, repoint
from oversight.duty.tables import broken_glass


async def move(unit: WriteUnit, merger: Merger, _before: Sequence[Moved]) -> Sequence[Moved]:
    """Move what was opened."""
    return await repoint(unit, broken_glass.c.subject_id, merger)
