"""Two subjects are one: two grants stay two, and each reaches what it reached before, and what is entered from now on.

CHOICE (个人信息保护法 14, 23): whoever consented knew the record they had; what stood under another
number was not in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.database import WriteUnit
from core.moving import Merger, Moved, held, repoint
from grants.tables import connect_code, cooling, counter_case, grant, grant_mark, kiosk_visit, marks_apart


@dataclass(frozen=True)
class Strands:
    """What either's record consists of from now on: the strands of each, in the order of `Merger.sides`, and of each
    strand that stands for a record both had, the two that it was in."""

    of: Sequence[Sequence[str]]
    shared: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def reached(self, before: Sequence[str] | None, side: int, fresh: str) -> Sequence[str]:
        """Those that a grant of one side reaches, by those that it reached: None is everything there was."""
        reached = self.of[side] if before is None else [*before, fresh]
        return [*reached, *(strand for strand, was_in in self.shared.items() if not was_in.isdisjoint(reached))]


async def move(unit: WriteUnit, merger: Merger, strands: Strands) -> Sequence[Moved]:
    """Move all that is the absorbed subject's."""
    return [
        *await _grants(unit, merger, strands),
        *await repoint(unit, grant_mark.c.person_id, merger),
        *await _marks_apart(unit, merger),
        *await _cooling(unit, merger),
        *await repoint(unit, connect_code.c.subject_id, merger),
        *await repoint(unit, counter_case.c.subject_id, merger),
        *await repoint(unit, kiosk_visit.c.subject_id, merger),
    ]


async def _grants(unit: WriteUnit, merger: Merger, strands: Strands) -> Sequence[Moved]:
    c = grant.c
    touched: list[Moved] = []
    both = await held(unit, c.subject_id, merger)
    for number, (rows, (side, fresh)) in enumerate(zip(both, merger.sides, strict=True)):
        for row in rows:
            reaches = strands.reached(row.strands, number, fresh)
            await unit.run(grant.update().where(c.id == row.id).values(subject_id=merger.kept, strands=reaches))
            touched.append(Moved(grant.name, [row.id], {"subject_id": side, "strands": row.strands}))
    return touched


async def _marks_apart(unit: WriteUnit, merger: Merger) -> Sequence[Moved]:
    """An organisation that wanted two people goes on wanting them."""
    theirs, own = await held(unit, marks_apart.c.subject_id, merger)
    if not theirs or not own:
        return await repoint(unit, marks_apart.c.subject_id, merger)
    await unit.run(marks_apart.delete().where(marks_apart.c.subject_id == merger.absorbed))
    return [Moved(marks_apart.name, [merger.absorbed], {"set_by": theirs[0].set_by, "set_at": str(theirs[0].set_at)})]


async def _cooling(unit: WriteUnit, merger: Merger) -> Sequence[Moved]:
    """Whom either did not want to hear is not heard, for as long as either wanted."""
    c = cooling.c
    theirs, own = await held(unit, c.subject_id, merger)
    mine = {(row.party_id, row.cause): row for row in own}
    touched = []
    for row in theirs:
        twin = mine.get((row.party_id, row.cause))
        if twin is None:
            continue
        shorter = min(row, twin, key=lambda one: one.until)
        is_it = (c.subject_id == shorter.subject_id, c.party_id == row.party_id, c.cause == row.cause)
        await unit.run(cooling.delete().where(*is_it))
        key = [shorter.subject_id, row.party_id, row.cause]
        touched.append(Moved(cooling.name, key, {"until": str(shorter.until)}))
    return [*touched, *await repoint(unit, c.subject_id, merger)]
