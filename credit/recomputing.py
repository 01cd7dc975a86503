"""An open score follows its subject's records: what changes them asks for a new one in its own transaction, and a duty
makes it. A kill between the two loses nothing: what is asked for stands in a row.

The duty also takes up what changes by itself: a score date that has ended, and a model that has come into force. Both
are read off the scores' own rows, so that a run that was cut off goes on where it was, and no run takes more than
`AT_ONCE`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, String, and_, bindparam, case, func, literal, or_, select

from core.database import Database, Unit, WriteUnit
from core.moments import day_of
from core.statements import Statement
from credit import models
from credit.kinds import ScoreStatus
from credit.models import Model
from credit.scoring import Fact, Standing, standing
from credit.tables import record, score, score_due, subject
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind

AT_ONCE = 200
REST_SECONDS = 1.0
_OPEN = score.c.status == ScoreStatus.OPEN.value


async def ask(unit: WriteUnit, subject_ids: Iterable[str], *, at: datetime) -> None:
    """These subjects' records have changed: whose score is open gets a new one. Of nobody else is anything written.

    A row that is there is written again, not left alone: the duty that holds it waits for this commit, or this one for
    the duty's, and what the duty has not read it reads anew.
    """
    ids = sorted(set(subject_ids))
    if not ids:
        return
    theirs = unit.among(score.c.subject_id, ids)
    opened = select(score.c.subject_id, literal(at, score_due.c.since.type)).where(theirs, _OPEN)
    wanted = unit.insert(score_due).from_select(["subject_id", "since"], opened.order_by(score.c.subject_id))
    await unit.run(wanted.on_conflict_do_update(index_elements=["subject_id"], set_={"since": at}))


async def settle(unit: WriteUnit, subject_id: str) -> None:
    """Wait for whoever is changing the subject's records, and let nobody begin before this unit ends: a score that is
    opened now is of all of them, and what changes later finds it open."""
    await unit.all(select(record.c.id).where(record.c.subject_id == subject_id).with_for_update(read=True))
    await unit.first(select(subject.c.id).where(subject.c.id == subject_id).with_for_update())


async def found(unit: Unit, subject_ids: Iterable[str], model: Model, *, at: datetime) -> dict[str, Standing]:
    """What the model says of each subject today. Nothing is stored."""
    c, ids = record.c, sorted(set(subject_ids))
    rows = await unit.all(
        select(c.subject_id, c.category, c.nature, c.status, c.score_until, c.marks).where(c.subject_id.in_(ids))
    )
    facts: dict[str, list[Fact]] = defaultdict(list)
    for row in rows:
        fact = Fact(row.category, row.nature, row.status, row.score_until, bool(row.marks))
        facts[row.subject_id].append(fact)
    return {one: standing(facts[one], model, today=day_of(at)) for one in ids}


def columns(made: Standing, model: Model, *, at: datetime) -> dict[str, Any]:
    """What is stored of a standing."""
    return {
        "value": made.value,
        "tier": made.tier,
        "model_version": model.version,
        "computed_at": at,
        "factors": [asdict(factor) for factor in made.factors],
        "changes_on": made.changes_on,
    }


def last_favourable(tier: int) -> ColumnElement[int | None]:
    """What `last_favourable` becomes where this tier follows the one that stands: the tier from which it falls. While
    the score is contested, a further fall takes nothing away."""
    c = score.c
    contested = func.json_array_length(c.marks) > 0
    kept = and_(contested, c.last_favourable.is_not(None), c.last_favourable >= c.tier)
    return case((kept, c.last_favourable), (c.tier > tier, c.tier), else_=c.last_favourable)


def _old() -> Select[str]:
    """Open scores that are not of today: a score date has ended since, or they are of another model."""
    c, version = score.c, bindparam("version", type_=String)
    changed = c.changes_on <= bindparam("today", type_=Date)
    return select(c.subject_id).where(_OPEN, or_(changed, c.model_version < version, c.model_version > version))


def _of(today: date) -> Mapping[str, object]:
    return {"today": today, "version": models.in_force(today).version}


# Asked every few seconds, and mostly in vain. Without an order: an index answers.
_ASKED, _OTHER = Statement(select(score_due.c.subject_id).limit(1)), Statement(_old().limit(1))


class Recomputer:
    """Makes open scores anew. One at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self, at: datetime) -> float:
        """Do what is due now; seconds until there may be more. Raises `DependencyDown`."""
        async with self._database.reading() as unit:
            if await unit.first(_ASKED) is None and await unit.first(_OTHER, _of(day_of(at))) is None:
                return REST_SECONDS
        async with self._database.writing() as writing:
            done = await _recompute(writing, at)
        return 0.0 if done == AT_ONCE else REST_SECONDS


async def _recompute(unit: WriteUnit, at: datetime) -> int:
    """One run; how many scores were due."""
    waiting = select(score_due.c.subject_id).order_by(score_due.c.since, score_due.c.subject_id).limit(AT_ONCE)
    asked = [row.subject_id for row in await unit.all(waiting.with_for_update(skip_locked=True))]
    most = AT_ONCE - len(asked)
    changed = await unit.all(_old().order_by(score.c.subject_id).limit(most), _of(day_of(at))) if most else ()
    due = sorted({*asked, *(row.subject_id for row in changed)})
    if due:
        model = models.in_force(day_of(at))
        made = await found(unit, due, model, at=at)
        told: list[Change] = []
        for subject_id in due:
            fresh = columns(made[subject_id], model, at=at)
            values = {**fresh, "last_favourable": last_favourable(fresh["tier"]), "version": score.c.version + 1}
            opened = score.update().where(score.c.subject_id == subject_id, _OPEN).values(values)
            renewed = await unit.first(opened.returning(score.c.version))
            if renewed is not None:
                told.append(Change(subject_id, ChangeKind.SCORE, subject_id, renewed.version))
        await unit.run(score_due.delete().where(score_due.c.subject_id.in_(asked)))
        await changes.tell(unit, *told, at=at)
    return len(due)
