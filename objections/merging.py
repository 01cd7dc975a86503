"""Two subjects are one: the absorbed subject's cases go on as the other's, and contest what stands: the record that
both had, the one score, the one evaluation."""

from collections.abc import Sequence

from sqlalchemy import select

from core.database import WriteUnit
from core.moving import Merger, Moved, repoint
from core.statements import Row
from credit import joining
from objections.kinds import ObjectionTarget
from objections.tables import objection

# A subject has one of each, and a case names it by its subject.
_ONE_OF_EACH = (ObjectionTarget.SCORE.value, ObjectionTarget.EVALUATION.value)


async def move(unit: WriteUnit, merger: Merger, before: Sequence[Moved]) -> Sequence[Moved]:
    """Move the cases of the absorbed subject, and those that they filed for others."""
    moved = [*await repoint(unit, objection.c.subject_id, merger), *await repoint(unit, objection.c.filed_by, merger)]
    moved += await _rename(unit, merger)
    united = joining.united(before)
    if united:
        c = objection.c
        theirs = (c.subject_id == merger.kept, c.ended_at.is_(None), c.target == ObjectionTarget.RECORD.value)
        cases = await unit.all(select(objection).where(*theirs).order_by(c.id).with_for_update())
        for row in cases:
            if row.target_id in united:
                moved.append(await _follow(unit, row, united[row.target_id], cases))
    return moved


async def _follow(unit: WriteUnit, row: Row, stands: str, cases: Sequence[Row]) -> Moved:
    """Let a case contest the record that stands. Where one at the same place does so already, that one takes new
    filings in, and this one goes on under its old name: each keeps its own mark on the one record, and lifts it."""
    if all((one.target_id, one.institution_id) != (stands, row.institution_id) for one in cases):
        values = {"target_id": stands, "version": row.version + 1}
        await unit.run(objection.update().where(objection.c.id == row.id).values(values))
    return Moved(objection.name, [row.id], {"target_id": row.target_id})


async def _rename(unit: WriteUnit, merger: Merger) -> Sequence[Moved]:
    """Let cases that contest the absorbed subject's score or evaluation name the other. Where an open one at the same
    place does so already, that one takes new filings in, and this one goes on under its old name: each keeps its own
    mark on the one value, and lifts it."""
    c = objection.c
    contested = (c.target.in_(_ONE_OF_EACH), c.target_id.in_([merger.absorbed, merger.kept]))
    rows = await unit.all(select(objection).where(*contested).order_by(c.id).with_for_update())
    taken = {(row.target, row.institution_id) for row in rows if row.target_id == merger.kept and row.ended_at is None}
    moved = []
    for row in rows:
        stays = row.ended_at is None and (row.target, row.institution_id) in taken
        if row.target_id == merger.absorbed and not stays:
            values = {"target_id": merger.kept, "version": row.version + 1}
            await unit.run(objection.update().where(c.id == row.id).values(values))
            moved.append(Moved(objection.name, [row.id], {"target_id": row.target_id}))
    return moved
