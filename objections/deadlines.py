"""What the clock does by itself: a provider's silence on the last day, and telling the institution that it is late.

Each case in a transaction of its own, decided by one statement: whatever was done in the moment before comes first.
"""

from datetime import datetime

import structlog
from sqlalchemy import bindparam, select

from core.database import Database, Instant
from core.moments import day_of
from core.statements import Statement
from notices import outbox
from notices.kinds import EventKind
from objections import clock, dates, deciding, recounting
from objections.kinds import ObjectionStatus, ObjectionTarget
from objections.tables import objection

_log = structlog.get_logger("haihe.objections")
PAUSE_SECONDS = 20.0
_BATCH = 50
_c = objection.c
_AT = bindparam("at", type_=Instant)
# Asked again and again, and mostly in vain.
_SILENT = Statement(
    select(_c.id)
    .where(
        _c.status == ObjectionStatus.FORWARDED.value,
        _c.target == ObjectionTarget.RECORD.value,
        _c.ended_at.is_(None),
        _c.due_at <= _AT,
    )
    .order_by(_c.due_at, _c.id)
    .limit(_BATCH)
)
_STALE = Statement(select(_c.id).where(_c.ended_at.is_(None), _c.held).limit(1))


class Deadlines:
    """Looks at what is due."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self, at: datetime) -> float:
        """Do what is due now; in how many seconds to look again."""
        done = await self._lapse(at) + await self._tell_overdue(at)
        await self._refresh(at)
        return 0.0 if done >= _BATCH else PAUSE_SECONDS

    async def _lapse(self, at: datetime) -> int:
        """Withhold what no provider stood up for."""
        async with self._database.reading() as unit:
            rows = await unit.all(_SILENT, {"at": at + clock.SILENCE_BEFORE})
        lapsed = 0
        for row in rows:
            async with self._database.writing() as unit:
                lapsed += await deciding.lapse(unit, row.id, at=at)
        return lapsed

    async def _tell_overdue(self, at: datetime) -> int:
        """Tell the institution once of each case that has become late."""
        late = (dates.late_by(at), _c.overdue_told_at.is_(None))
        async with self._database.reading() as unit:
            rows = await unit.all(
                select(_c.id, _c.institution_id).where(*late).order_by(_c.due_at, _c.id).limit(_BATCH)
            )
        told = 0
        for row in rows:
            async with self._database.writing() as unit:
                once = objection.update().where(_c.id == row.id, *late).values(overdue_told_at=at)
                if await unit.run(once) == 1:
                    kind = EventKind.OBJECTION_OVERDUE
                    await outbox.tell_party(unit, row.institution_id, kind, about=row.id, at=at)
                    told += 1
        return told

    async def _refresh(self, at: datetime) -> None:
        """A clock that stands is said anew each day."""
        async with self._database.reading() as unit:
            if await unit.first(_STALE) is None:
                return
        async with self._database.writing() as unit:
            refreshed = await recounting.refresh_held(unit, at=at)
        if refreshed:
            _log.info("held_clocks", day=day_of(at).isoformat(), cases=refreshed)
