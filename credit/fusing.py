"""What a person has one of, of two subjects that are one: a score, an evaluation, a copy in the making.

Opening and closing a score are personal acts. One that is open stays open; of two open ones the other subject's stands,
by its own consent, and the absorbed one's is closed by this rule (CHOICE: it was opened for a record that is no more).
Either is computed anew from all records in this very transaction. Of two evaluations the one that was assessed last
stands, and the other is one that it replaced.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from core.database import WriteUnit
from core.moments import day_of
from core.moving import Merger, Moved, held, repoint
from core.statements import Row
from credit import models, recomputing
from credit.kinds import ScoreStatus
from credit.tables import evaluation, evaluation_version, export, score, score_due, score_review
from credit.versions import plain

_OPEN = ScoreStatus.OPEN.value
# What may be kept of a score that is no more: never its value.
_OF_A_SCORE = ("status", "opened_at", "closed_at", "notice_hash", "marks")


async def move_score(unit: WriteUnit, merger: Merger) -> Sequence[Moved]:
    """One score for both, computed anew while it is open; what waits for a human's answer goes on waiting, once."""
    # First of all, as the duty takes them that may be computing one of the two.
    await unit.run(score_due.delete().where(score_due.c.subject_id.in_([merger.absorbed, merger.kept])))
    theirs, own = await held(unit, score.c.subject_id, merger)
    c = score.c
    if theirs:
        row, mine = theirs[0], own[0] if own else None
        marks = sorted([*row.marks, *(mine.marks if mine else ())])
        if mine is None or (row.status == _OPEN and mine.status != _OPEN):
            version = max(row.version, mine.version if mine else 0) + 1
            values = {**row._asdict(), "subject_id": merger.kept, "marks": marks, "version": version}
            await _put(unit, values, new=mine is None)
        elif marks != mine.marks:
            await unit.run(score.update().where(c.subject_id == merger.kept).values(marks=marks, version=c.version + 1))
    reviews = await _move_reviews(unit, merger)
    await unit.run(score.delete().where(c.subject_id == merger.absorbed))
    await _compute(unit, merger)
    return [*reviews, *(Moved(score.name, [one.subject_id], _kept_of(one)) for one in (*theirs, *own))]


async def _put(unit: WriteUnit, values: Mapping[str, Any], *, new: bool) -> None:
    if new:
        await unit.run(score.insert().values(values))
    else:
        await unit.run(score.update().where(score.c.subject_id == values["subject_id"]).values(values))


async def _move_reviews(unit: WriteUnit, merger: Merger) -> Sequence[Moved]:
    """Of two that wait the absorbed one's lapses: a human looks at one score."""
    r = score_review.c
    theirs, own = await held(unit, r.subject_id, merger)
    waiting = [row for row in own if row.answered_at is None and row.ended_at is None]
    lapsed: Sequence[Row] = []
    if waiting:
        lapsing = score_review.update().where(
            r.subject_id == merger.absorbed, r.answered_at.is_(None), r.ended_at.is_(None)
        )
        lapsed = await unit.all(lapsing.values(ended_at=merger.at, version=r.version + 1).returning(r.id))
    over = [Moved(score_review.name, [row.id], {"ended_at": None}) for row in lapsed]
    return [*over, *await repoint(unit, r.subject_id, merger)] if theirs else []


async def _compute(unit: WriteUnit, merger: Merger) -> None:
    """The value from all records, now; and asked for once more, for a duty may hold one that it has read before."""
    model = models.in_force(day_of(merger.at))
    made = (await recomputing.found(unit, [merger.kept], model, at=merger.at))[merger.kept]
    values = {**recomputing.columns(made, model, at=merger.at), "version": score.c.version + 1}
    await unit.run(score.update().where(score.c.subject_id == merger.kept, score.c.status == _OPEN).values(values))
    await recomputing.ask(unit, [merger.kept], at=merger.at)


async def move_evaluation(unit: WriteUnit, merger: Merger) -> Sequence[Moved]:
    """One evaluation for both, and every earlier one behind it in the order in which they were replaced."""
    await unit.alone("evaluations")
    theirs, own = await held(unit, evaluation.c.subject_id, merger)
    for side, fresh in merger.sides:
        unnamed = evaluation.update().where(evaluation.c.subject_id == side, evaluation.c.strand.is_(None))
        await unit.run(unnamed.values(strand=fresh))
    if not theirs:
        return [Moved(evaluation.name, [merger.kept], {"strand": row.strand}) for row in own]
    v = evaluation_version.c
    earlier = [row for rows in await held(unit, v.subject_id, merger) for row in rows]
    stands = max([*theirs, *own], key=lambda row: (row.assessed_on, row.subject_id == merger.kept))
    fresh = dict(merger.sides)[stands.subject_id]
    before = [(row.replaced_at, row.content) for row in earlier]
    before += [(merger.at, plain(row)) for row in (*theirs, *own) if row is not stands]
    before.sort(key=lambda one: one[0])
    both = [merger.absorbed, merger.kept]
    await unit.run(evaluation_version.delete().where(v.subject_id.in_(both)))
    await unit.run(evaluation.delete().where(evaluation.c.subject_id.in_(both)))
    marks = sorted([mark for row in (*theirs, *own) for mark in row.marks])
    now = {"subject_id": merger.kept, "version": len(before) + 1, "strand": stands.strand or fresh, "marks": marks}
    await unit.run(evaluation.insert().values({**stands._asdict(), **now}))
    kept = [
        {"subject_id": merger.kept, "version": version, "content": content, "replaced_at": replaced_at}
        for version, (replaced_at, content) in enumerate(before, 1)
    ]
    if kept:
        await unit.run(evaluation_version.insert(), kept)
    return [Moved(evaluation.name, [row.subject_id], plain(row)) for row in (*theirs, *own)] + [
        Moved(evaluation_version.name, [row.subject_id, str(row.version)]) for row in earlier
    ]


async def move_exports(unit: WriteUnit, merger: Merger) -> Sequence[Moved]:
    """Every copy is the one's; of two in the making one is made, of everything."""
    c = export.c
    theirs, own = await held(unit, c.subject_id, merger)
    if not any(row.ready_at is None for row in own):
        return await repoint(unit, c.subject_id, merger)
    dropped = [row for row in theirs if row.ready_at is None]
    await unit.run(export.delete().where(c.id.in_([row.id for row in dropped])))
    gone = [Moved(export.name, [row.id], {"requested_at": str(row.requested_at)}) for row in dropped]
    return [*gone, *await repoint(unit, c.subject_id, merger)]


def _kept_of(row: Row) -> Mapping[str, Any]:
    said = row._asdict()
    return {name: said[name] if name == "marks" else said[name] and str(said[name]) for name in _OF_A_SCORE}
