"""The duty that reads the log by its positions, and opens a review for what is unusual (Art. 13).

A stretch of positions says whose looks are new, and of which days. Those days are counted again from the log, so there
are no counters that could be lost. Reviews and the position are written in one commit: killed half-way, the stretch is
read again, and what was opened is not opened twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import select

from audit import staff_looks
from audit.staff_looks import StaffLook
from core import calendar
from core.database import Database, Unit
from core.moments import day_of, start_of
from core.statements import Row
from credit.answering import SHOWN
from oversight.duty import reviews
from oversight.duty.anomalies import WINDOW_DAYS, Finding, Seen, find
from oversight.duty.anomalies_limits import LIMITS
from oversight.duty.tables import watched
from parties import hiring
from parties.kinds import Post

AT_ONCE = 500
PAUSE_SECONDS = 5.0
# CHOICE: what is older was looked into by hand, or by nobody; a log that is years old is not all reviewed at once.
OLDEST = timedelta(days=90)
_PROGRAMS = (Post.SYSTEM.value, Post.KIOSK.value)
_DAY = timedelta(days=1)
_log = structlog.get_logger("haihe.duty")


@dataclass(frozen=True)
class _Found:
    looker: Row
    findings: Sequence[Finding]


class Watch:
    """Watches the log of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self, at: datetime) -> float:
        """Watch the next stretch; in how many seconds to look again."""
        return 0.0 if await self.watch(at=at) >= AT_ONCE else PAUSE_SECONDS

    async def watch(self, *, at: datetime) -> int:
        """Watch the next stretch of the log; how many looks it has."""
        async with self._database.reading() as unit:
            row = await unit.first(select(watched.c.position))
            begins = int(row.position) if row is not None else 0
            looks = await staff_looks.after(unit, begins, most=AT_ONCE)
            if not looks:
                return 0
            found = await _unusual(unit, looks, at=at)
        ends, opened = int(looks[-1].position), 0
        async with self._database.writing() as writing:
            first = writing.insert(watched).values(id=1, position=0)
            await writing.run(first.on_conflict_do_nothing())
            moved = watched.update().where(watched.c.position == begins).values(position=ends)
            if await writing.run(moved) != 1:
                return 0
            for one in found:
                by, party_id = one.looker.id, one.looker.party_id
                opened += await reviews.open_(
                    writing, one.findings, looker_id=by, party_id=party_id, limits=LIMITS.version, at=at
                )
        if opened:
            _log.info("look_reviews", opened=opened)
        return len(looks)


async def _unusual(unit: Unit, looks: Sequence[Row], *, at: datetime) -> list[_Found]:
    """What is unusual on the days of these looks, of each person who had some."""
    days = {(row.officer_id, day_of(row.at)) for row in looks if row.officer_id is not None and row.at > at - OLDEST}
    people = await hiring.by_ids(unit, {officer_id for officer_id, _ in days}) if days else {}
    found: list[_Found] = []
    for officer_id, day in sorted(days):
        looker = people.get(officer_id)
        # Who acts for a person is no staff; what a program does is its grants' to bound.
        if looker is None or looker.post in _PROGRAMS:
            continue
        findings = await _on(unit, officer_id, day)
        if findings:
            found.append(_Found(looker, findings))
    return found


async def _on(unit: Unit, officer_id: str, day: date) -> list[Finding]:
    since, until = start_of(day - _DAY * (WINDOW_DAYS - 1)), start_of(day + _DAY)
    window = await staff_looks.of(unit, officer_id, since=since, until=until, apart={SHOWN.id})
    known = await calendar.known(unit, day, day)
    return find([_seen(look) for look in window], day, limits=LIMITS, known=known)


def _seen(look: StaffLook) -> Seen:
    return Seen(
        id=look.id,
        at=look.at,
        basis=look.basis,
        purpose=look.purpose,
        subject=look.subject_id,
        has_case=look.has_case,
        fields=look.fields,
        refused=look.refused,
    )
