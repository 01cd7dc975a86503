"""What somebody who looks at themselves mostly asks for, in one statement: who they are, their score, and what offers
may ask of them: where they say they live, and what their record says for them.

CHOICE: a record counts here as it counts for the score (`scoring`): what has ended, been repaired or withdrawn does
not, and what is contested (Art. 12) speaks for its subject or not at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, bindparam, exists, func, not_, or_, select

from audit.lens import Lens
from core import bulk
from core.database import Unit, WriteUnit
from core.errors import NotAvailable
from core.moments import day_of
from core.statements import Row, Statement, by_database
from credit.ages import band_on
from credit.kinds import AgeBand, RecordFact, RecordNature, RecordStatus
from credit.subjects import Subject, shown
from credit.tables import record, residence, score, subject
from grants.scope import RecordCategory


@dataclass(frozen=True)
class Oneself:
    """A subject with its score's row, None when it was never opened; its district, None unless stated."""

    subject: Subject
    scored: Row | None
    age_band: AgeBand | None
    district: str | None
    facts: frozenset[RecordFact]


async def read(unit: Unit, lens: Lens, *, at: datetime) -> Oneself:
    """The lens's subject. Raises `NotAvailable` when there is none."""
    today = day_of(at)
    row = await unit.first(_OWN, {"subject_id": lens.subject_id, "today": today})
    if row is None:
        raise NotAvailable()
    return _made(unit, row, today)


async def read_all(unit: WriteUnit, lenses: Iterable[Lens], *, at: datetime) -> Mapping[str, Oneself]:
    """The subjects of many lenses, each of which looks at itself; by subject id."""
    today, wanted = day_of(at), bulk.written([(lens.subject_id,) for lens in lenses])
    rows = await unit.swiftly(_ALL[unit.dialect], {"today": today, "ids": wanted})
    return {row.id: _made(unit, row, today) for row in rows}


def _made(unit: Unit, row: Row, today: date) -> Oneself:
    found = shown(unit.vault, row)
    if row.absorbed:
        found = replace(found, absorbed=tuple(row.absorbed))
    held = {RecordFact.NO_ADVERSE: row.no_adverse, RecordFact.HONOUR: row.honoured}
    return Oneself(
        found,
        row if row.status is not None else None,
        _band(found, today),
        row.residence_district,
        frozenset(fact for fact, holds in held.items() if holds),
    )


def _band(found: Subject, today: date) -> AgeBand | None:
    return None if found.born is None else band_on(found.born, today)


def _counts(*wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a record of the subject counts that is what is wanted."""
    r = record.c
    running = or_(r.score_until.is_(None), r.score_until >= bindparam("today", type_=Date))
    mine = r.subject_id == subject.c.id
    return exists().where(mine, r.status == RecordStatus.CURRENT.value, running, *wanted).correlate(subject)


def _asked() -> Select[Any]:
    # No column of the one table has the name of one of the other.
    adverse = record.c.nature == RecordNature.ADVERSE.value
    uncontested = func.json_array_length(record.c.marks) == 0
    return (
        select(
            subject,
            score,
            residence.c.residence_district,
            not_(_counts(adverse, uncontested)).label("no_adverse"),
            _counts(record.c.category == RecordCategory.HONOUR.value).label("honoured"),
        )
        .outerjoin(score, score.c.subject_id == subject.c.id)
        .outerjoin(residence, residence.c.subject_id == subject.c.id)
    )


_ASKED = _asked()
_ALL = by_database(lambda name: bulk.for_each(name, _ASKED, [subject.c.id], "ids"))
_OWN = Statement(_ASKED.where(subject.c.id == bindparam("subject_id")))
