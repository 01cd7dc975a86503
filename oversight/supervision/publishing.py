"""How many people and organisations stand where: the city's, published once for a month and read the same ever after.

Soon after a month has ended a duty counts who stands where then, keeps what may be said of it, and forgets the rest.
There are months alone, no quarters and no years: sums of months would be clues to one. Tables are of different people,
so that none is a clue to another: persons with an open 海河分, organisations with an evaluation.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import partial
from random import Random, SystemRandom

import orjson
import structlog
from sqlalchemy import func, select

from core.database import Database, Unit
from core.moments import day_of
from core.months import Month
from credit import counts, districts
from incentives.conditions import TIER_NAMES
from incentives.figures import Said
from incentives.recovering import Place
from oversight.supervision import suppressing
from oversight.supervision.tables import people_figures

_log = structlog.get_logger("haihe.supervision")
PAUSE_SECONDS = 3600.0


class PeopleKind(Enum):
    """What a table is of, by row and column."""

    SCORE_TIERS = "SCORE_TIERS"  # open 海河分: tier, and the district that somebody says they live in
    EVALUATION_GRADES = "EVALUATION_GRADES"  # 公共信用综合评价: grade, and the organisation's kind


class PeoplePublisher:
    """Publishes what has not been. `demonstration` says which city's districts there are."""

    def __init__(self, database: Database, *, demonstration: bool, lot: Random | None = None) -> None:
        self._database = database
        self._districts = districts.of_city(demonstration=demonstration)
        self._lot = lot or SystemRandom()

    async def run_once(self, at: datetime) -> float:
        """Publish the month that has ended, unless it was; in how many seconds to look again."""
        month = Month.ended(at=at)
        for kind in PeopleKind:
            async with self._database.reading() as unit:
                if await find(unit, kind, month) is not None:
                    continue
                cells, last = await self._cells(unit, kind, at), await _last(unit, kind)
            await self._publish(kind, month, cells, last, at)
        return PAUSE_SECONDS

    async def _publish(
        self, kind: PeopleKind, month: Month, cells: Mapping[Place, int], last: Said | None, at: datetime
    ) -> None:
        made = partial(suppressing.made, suppressing.counts_of(cells), self._lot, last)
        # Off the loop: a city with many districts is looked at from every side.
        table = await asyncio.to_thread(made)
        content = orjson.dumps([[*place, said] for place, said in table.items()]).decode()
        async with self._database.writing() as writing:
            new = writing.insert(people_figures).values(
                kind=kind.value, month=month.text, content=content, published_at=at
            )
            await writing.run(new.on_conflict_do_nothing())
        _log.info("people_published", kind=kind.value, month=month.text)

    async def _cells(self, unit: Unit, kind: PeopleKind, at: datetime) -> Mapping[Place, int]:
        """Every cell that there could be somebody in."""
        if kind is PeopleKind.SCORE_TIERS:
            found = {(str(tier), where): many for (tier, where), many in (await counts.tiers(unit)).items()}
            rows, columns = tuple(map(str, TIER_NAMES)), (*self._districts, counts.UNSTATED)
        else:
            found = dict(await counts.grades(unit, today=day_of(at)))
            rows, columns = counts.GRADES, counts.ORGANISATIONS
        return {Place(row, column): found.get((row, column), 0) for row in rows for column in columns}


async def find(unit: Unit, kind: PeopleKind, month: Month) -> tuple[Said, datetime] | None:
    """What was published of a month, and when; None before, and for a month without."""
    p = people_figures.c
    kept = select(p.content, p.published_at).where(p.kind == kind.value, p.month == month.text)
    row = await unit.first(kept)
    return None if row is None else (_read(row.content), row.published_at)


async def told(unit: Unit) -> Sequence[tuple[PeopleKind, str, Place]]:
    """Of everything that was ever published, the withheld numbers that it tells: in which table and month, and where.
    None, unless a mistake was made."""
    p = people_figures.c
    found = []
    for kind in PeopleKind:
        rows = await unit.all(select(p.month, p.content).where(p.kind == kind.value).order_by(p.month))
        tables = [_read(row.content) for row in rows]
        found += [(kind, rows[number].month, place) for number, place in suppressing.told(tables)]
    return found


async def published(unit: Unit) -> int:
    """How many tables were published."""
    row = await unit.first(select(func.count()).select_from(people_figures))
    return int(row[0]) if row is not None else 0


async def _last(unit: Unit, kind: PeopleKind) -> Said | None:
    p = people_figures.c
    row = await unit.first(select(p.content).where(p.kind == kind.value).order_by(p.month.desc()).limit(1))
    return None if row is None else _read(row.content)


def _read(content: str) -> Said:
    return {Place(row, column): said for row, column, said in orjson.loads(content)}
