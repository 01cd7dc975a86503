"""Carrying out simulations and runs, stretch after stretch: a duty.

A stretch is one transaction: the organisations are held, read as they stood at the run's instant, their results and the
looks that this was are written, and the position moves on. Killed anywhere, it goes on from the position, and what it
finds is what it would have found: the instant is past, and the values are fixed. The digest over all results says so.

An instant is let settle first. Whoever began before it commits within SETTLES, and writes nothing of an earlier one
afterwards.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import orjson
import structlog
from sqlalchemy import select

from audit.lens import Audience, BasisKind, Lens
from audit.log import Log, Shapes
from audit.looks import Look, Shape
from core.database import Database, WriteUnit
from core.ids import new_id
from core.principal import Channel
from core.statements import Row
from credit import surveying
from credit.surveying import Standing
from oversight.industry import counting, facts, scorecards, taking, writing
from oversight.industry.facts import Read
from oversight.industry.runs import IndustryRunKind, IndustryRunState
from oversight.industry.scorecards import Outcome, Scorecard
from oversight.industry.tables import industry_model, industry_result, industry_run, industry_value
from parties import directory

_log = structlog.get_logger("haihe.industry")
PAUSE_SECONDS = 2.0
AT_ONCE = 500
# CHOICE: no operation of this service lasts longer.
SETTLES = timedelta(seconds=60)
PURPOSE = "INDUSTRY_EVALUATION"
_SHAPE = Shape.of({"PublicCreditEvaluation.grade", "CreditRecord.category", "CreditRecord.nature"})
_r, _v = industry_run.c, industry_value.c
_RUNNING = _r.state == IndustryRunState.RUNNING.value
_WHOLE = Decimal("0.0001")


@dataclass(frozen=True)
class _Done:
    """One organisation's outcome, and what it was made of."""

    subject_id: str
    outcome: Outcome
    read: Read

    def factors(self) -> list[dict[str, Any]]:
        """As they are kept."""
        return [
            {
                "indicator": one.indicator,
                "reason": one.reason,
                "contribution": _whole(one.contribution),
                "contested": one.indicator in self.read.contested,
            }
            for one in self.outcome.factors
        ]

    def kept(self) -> dict[str, Any]:
        """The result but for its id and its run."""
        made = self.outcome
        return {
            "subject_id": self.subject_id,
            "grade": made.grade,
            "points": _whole(made.points),
            "barred": made.barred,
            "factors": self.factors(),
        }


class Runner:
    """Carries out what was asked for, one stretch at a time, the oldest first."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._log = Log(Shapes())

    async def run_once(self, at: datetime) -> float:
        """The next stretch; in how many seconds to look again."""
        due = select(industry_run, industry_model.c.content).join(industry_model)
        settled = due.where(_RUNNING, _r.as_of <= at - SETTLES)
        async with self._database.reading() as reading:
            row = await reading.first(settled.order_by(_r.asked_at, _r.id).limit(1))
        if row is None:
            return PAUSE_SECONDS
        looks: list[Look] = []
        async with self._database.writing() as unit:
            await self._stretch(unit, row, looks, at)
        self._log.committed(looks)
        return 0.0

    async def _stretch(self, unit: WriteUnit, row: Row, looks: list[Look], at: datetime) -> None:
        card = writing.read(row.content)
        values = await _next(unit, row)
        if not await _move(unit, row, values):
            return  # another process was first
        stand = await surveying.held(unit, [one.subject_id for one in values])
        found = await surveying.standings(unit, stand, facts.categories(card), as_of=row.as_of)
        here = [one for one in values if one.subject_id in stand]
        done = [_made(unit, card, one, found.get(one.subject_id, Standing()), row.as_of) for one in here]
        if row.kind == IndustryRunKind.RUN.value and done:
            await unit.add(industry_result, [_result(row, one) for one in done])
            looks += await _looks(unit, row, card, done)
            await self._log.append(unit, looks, at=at)
        await _count(unit, row, done, passed_over=len(values) - len(done), over=len(values) < AT_ONCE, at=at)


async def _next(unit: WriteUnit, row: Row) -> Sequence[Row]:
    """The stretch's organisations with their values, by id."""
    query = select(industry_value).where(_v.sheet_id == row.sheet_id)
    if row.position is not None:
        query = query.where(_v.subject_id > row.position)
    return await unit.all(query.order_by(_v.subject_id).limit(AT_ONCE))


async def _move(unit: WriteUnit, row: Row, values: Sequence[Row]) -> bool:
    """One statement takes the stretch: it moves the position on from where it was read."""
    as_read = _r.position.is_(None) if row.position is None else _r.position == row.position
    position = values[-1].subject_id if values else row.position
    moved = industry_run.update().where(_r.id == row.id, _RUNNING, as_read, _r.done + _r.passed_over == _behind(row))
    return await unit.run(moved.values(position=position)) == 1


def _behind(row: Row) -> int:
    return int(row.done + row.passed_over)


def _made(unit: WriteUnit, card: Scorecard, value: Row, standing: Standing, as_of: datetime) -> _Done:
    read = facts.read(card, standing, as_of=as_of)
    own = taking.values_of(unit, card, value)
    return _Done(value.subject_id, scorecards.outcome(card, {**own, **read.values}), read)


def _result(row: Row, done: _Done) -> dict[str, Any]:
    return {"id": new_id("irs"), "run_id": row.id, **done.kept(), "marks": [], "version": 1}


async def _looks(unit: WriteUnit, row: Row, card: Scorecard, done: Sequence[_Done]) -> list[Look]:
    """One look for each organisation: the line of its trail. No officer has seen it: who asked for the run stands
    there, and what the department reads of a result is another look."""
    party = await directory.find(unit, row.party_id)
    kinds = {category.value for category in facts.categories(card)}
    return [
        Look(
            lens=Lens(Audience.ORGAN, BasisKind.INDUSTRY, one.subject_id),
            basis=BasisKind.INDUSTRY.value,
            shape=_SHAPE,
            purpose=PURPOSE,
            channel=Channel.API,
            actor_party_id=row.party_id,
            actor_name=party.name if party is not None else None,
            case_number=row.number,
            record_count=one.read.records,
            categories=set(kinds),
        )
        for one in done
    ]


async def _count(
    unit: WriteUnit, row: Row, done: Sequence[_Done], *, passed_over: int, over: bool, at: datetime
) -> None:
    """Count the stretch, in its commit; at the end forget all but what may be said."""
    counts, digest = row.counts, row.digest
    for one in done:
        counting.add(counts, one.outcome)
        line = orjson.dumps(one.kept(), option=orjson.OPT_SORT_KEYS)
        digest = hashlib.sha256(digest.encode() + line).hexdigest()
    values: dict[str, Any] = {"done": row.done + len(done), "passed_over": row.passed_over + passed_over}
    if over:
        values |= {"state": IndustryRunState.DONE.value, "finished_at": max(at, row.asked_at)}
        counts = counting.shown(counts, _lot(unit, row, counts))
        _log.info("industry_run_done", run=row.id, kind=row.kind, done=values["done"])
    await unit.run(industry_run.update().where(_r.id == row.id).values(counts=counts, digest=digest, **values))


def _lot(unit: WriteUnit, row: Row, counts: Mapping[str, Any]) -> Random:
    """The lot of these counts: a department is told the same ones always alike, by whatever sheet and version it comes
    to them, and nobody else draws it."""
    said = orjson.dumps([row.party_id, counts], option=orjson.OPT_SORT_KEYS)
    return Random(hmac.digest(unit.vault.pseudonym_key, said, "sha256"))


def _whole(points: Decimal) -> int:
    """Whole ten-thousandths: weights and points have two decimals each."""
    return int(points / _WHOLE)
