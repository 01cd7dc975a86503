"""Two subjects are one: the sealed log stays as it is, under both ids, and the trail reads both.

Of the log nothing is written: a look's row is what its leaf is made from, and each id's looks are a chain of their own.
"""

from collections.abc import Sequence

from audit.tables import access_question, trail_joined
from core.database import WriteUnit
from core.moving import Merger, Moved, repoint


async def move(unit: WriteUnit, merger: Merger) -> Sequence[Moved]:
    """Let it be known that the absorbed subject's looks are the other's; questions about them are theirs."""
    c = trail_joined.c
    chained = await repoint(unit, c.kept_id, merger)
    row = {"absorbed_id": merger.absorbed, "kept_id": merger.kept, "joined_at": merger.at}
    await unit.run(trail_joined.insert().values(row))
    questions = await repoint(unit, access_question.c.subject_id, merger)
    return [*chained, Moved(trail_joined.name, [merger.absorbed]), *questions]
