"""Telling those whom an incident touched (Art. 14, 个人信息保护法 57), in rounds.

The first round tells everybody whom no order in force keeps from knowing (`audit.withholding`), as of the instant at
which the incident was recorded. When an order ends, another round tells those who could not know before. Whom a round
tells is asked of the log and is the same however often it is asked: how far it is, is written in the commit that tells,
so a duty that is killed goes on where it stood, and nobody is left out or told twice. Nobody is shown to anybody.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import and_, or_, select

from audit import affected
from audit.affected import Round
from core.database import Database, Unit, WriteUnit
from core.errors import VersionChanged
from core.moments import day_of
from core.statements import Row
from notices import outbox
from notices.kinds import EventKind
from oversight.duty.incidents import IncidentState, stretch_of
from oversight.duty.tables import incident

AT_ONCE = 2000
# An operation that began before the stretch ended has written its look down by then.
SETTLES = timedelta(minutes=5)
PAUSE_SECONDS = 10.0
_log = structlog.get_logger("haihe.duty")
_c = incident.c
# A later round that runs has not counted yet whom it leaves for another.
_RUNS = or_(_c.state == IncidentState.TELLING.value, and_(_c.before.is_not(None), _c.withheld.is_(None)))


class Teller:
    """The duty that tells those whom an incident touched."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self, at: datetime) -> float:
        """Tell the next batch, or begin another round; in how many seconds to look again."""
        return 0.0 if await self.tell(at=at) or await self.resume(at=at) else PAUSE_SECONDS

    async def tell(self, *, at: datetime) -> bool:
        """Tell a batch of one incident's round; whether there was one to tell of."""
        async with self._database.writing() as unit:
            waits = select(incident).where(_RUNS, _c.until <= at - SETTLES)
            row = await unit.first(waits.order_by(_c.recorded_at, _c.id).limit(1))
            if row is None:
                return False
            told = await _batch(unit, row, at)
        _log.info("incident_told", incident=row.id, told=told)
        return True

    async def resume(self, *, at: datetime) -> bool:
        """Begin another round of an incident of which an order was over meanwhile; whether there was one."""
        async with self._database.reading() as unit:
            rows = await unit.all(select(incident).where(_c.withheld > 0).order_by(_c.recorded_at, _c.id))
            over = [row for row in rows if await affected.is_order_over(unit, since=_as_of(row), at=at)]
        begun = False
        for row in over:
            async with self._database.writing() as unit:
                begun |= await _begin(unit, row, at)
        return begun


async def _batch(unit: WriteUnit, row: Row, at: datetime) -> int:
    """Tell whom the round meets next, and write down how far it is; how many."""
    this = Round(_as_of(row), row.before)
    people = await affected.whom(unit, stretch_of(row), this, after=row.told_through, most=AT_ONCE)
    when = {"since": day_of(row.since).isoformat(), "until": day_of(row.until).isoformat()}
    said = {"number": row.number, "what": row.what, "advice": row.advice, **when}
    whom = [one.whom for one in people]
    await outbox.tell_subjects(unit, whom, EventKind.INCIDENT_TOLD, about=row.id, at=at, **said)
    here = (_c.id == row.id, _RUNS, _c.as_of == row.as_of, _c.told_through == row.told_through)
    on: Mapping[str, object] = {"told_through": people[-1].id, "told": _c.told + len(people)} if people else {}
    moved = on or await _ended(unit, row, at)
    if await unit.run(incident.update().where(*here).values(moved)) != 1:
        raise VersionChanged()
    return len(people)


async def _ended(unit: Unit, row: Row, at: datetime) -> Mapping[str, object]:
    """A round is over. After the first one the report is written; a later one changes nothing of it."""
    left = (await affected.count(unit, stretch_of(row), at=_as_of(row))).withheld
    if row.state != IncidentState.TELLING.value:
        return {"withheld": left}
    return {"withheld": left, "state": IncidentState.TOLD.value, "told_at": at, "version": _c.version + 1}


async def _begin(unit: WriteUnit, row: Row, at: datetime) -> bool:
    """Another round, where one of this incident's looks may be known of now; or only that it was looked for."""
    here = (_c.id == row.id, _c.as_of == row.as_of, _c.withheld.is_not(None))
    opened = await affected.is_opened(unit, stretch_of(row), since=_as_of(row), at=at)
    anew = {"as_of": at, "before": _as_of(row), "told_through": "", "withheld": None}
    return await unit.run(incident.update().where(*here).values(anew if opened else {"as_of": at})) == 1 and opened


def _as_of(row: Row) -> datetime:
    as_of: datetime = row.as_of or row.recorded_at
    return as_of
