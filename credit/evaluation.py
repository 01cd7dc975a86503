"""公共信用综合评价 (Art. 9): how an organisation's new grade is entered; `grades` reads it.

It is a product of its own, neither a record nor a score; and of legal persons and unincorporated organisations only,
which 个体工商户 are not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from core.database import Unit, WriteUnit
from core.moments import day_of
from core.statements import Row
from credit.entering import Outcome, Provenance
from credit.kinds import EvaluationGrade
from credit.tables import evaluation, evaluation_version
from credit.versions import plain
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind


@dataclass(frozen=True)
class EvaluationContent:
    """What the institution says of an organisation. `valid_until` is the last day on which it holds."""

    grade: EvaluationGrade
    basis: str
    assessed_on: date
    valid_until: date


@dataclass(frozen=True)
class NewEvaluation:
    """One evaluation of one subject."""

    subject_id: str
    content: EvaluationContent


async def put(unit: WriteUnit, batch: Sequence[NewEvaluation], source: Provenance, *, at: datetime) -> Outcome:
    """Enter evaluations, one of a subject: a later one, or other words about the same day, is the next version, and the
    old one is kept. One that was assessed before the one here changes nothing."""
    outcome = Outcome()
    if not batch:
        return outcome
    await unit.alone("evaluations")  # two files may bring the first one of a subject
    c = evaluation.c
    found = await unit.all(select(evaluation).where(c.subject_id.in_([new.subject_id for new in batch])))
    here = {row.subject_id: row for row in found}
    told: list[Change] = []
    for new in batch:
        row = here.get(new.subject_id)
        columns = _columns(new.content, source, row, at)
        if row is None:
            await unit.run(evaluation.insert().values(subject_id=new.subject_id, version=1, marks=[], **columns))
            told.append(Change(new.subject_id, ChangeKind.EVALUATION, new.subject_id, 1))
            outcome.added += 1
        elif _stands(row, new.content):
            outcome.unchanged += 1
        else:
            await replace(unit, row, columns, at)
            told.append(Change(new.subject_id, ChangeKind.EVALUATION, new.subject_id, row.version + 1))
            outcome.changed += 1
    await changes.tell(unit, *told, at=at)
    return outcome


async def take_out(unit: WriteUnit, subject_id: str, *, at: datetime) -> None:
    """A subject's evaluation stands for nothing from now on; what it said is kept."""
    row = await held(unit, subject_id)
    if row is not None:
        await replace(unit, row, {"withdrawn_at": at}, at)


async def held(unit: WriteUnit, subject_id: str) -> Row | None:
    """A subject's evaluation that was not taken out, kept as it is until this unit ends but for what the unit does."""
    await unit.alone("evaluations")
    c = evaluation.c
    mine = select(evaluation).where(c.subject_id == subject_id, c.withdrawn_at.is_(None))
    return await unit.first(mine.with_for_update())


async def has_changed(unit: Unit, subject_id: str, *, since: datetime) -> bool:
    """Whether its source has sent another one since an instant."""
    c = evaluation.c
    return await unit.first(select(c.grade).where(c.subject_id == subject_id, c.recorded_at > since)) is not None


def _stands(row: Row, said: EvaluationContent) -> bool:
    """Whether what is here is as late as what is said, and the same where both are of one day."""
    same = (row.grade, row.basis, row.valid_until) == (said.grade.value, said.basis, said.valid_until)
    return bool(said.assessed_on < row.assessed_on or (said.assessed_on == row.assessed_on and same))


async def replace(unit: WriteUnit, row: Row, columns: Mapping[str, Any], at: datetime) -> None:
    """The next version of an evaluation; the one that was read is kept."""
    kept = {"version": row.version, "content": plain(row), "replaced_at": at}
    await unit.run(evaluation_version.insert().values(subject_id=row.subject_id, **kept))
    mine = (evaluation.c.subject_id == row.subject_id, evaluation.c.version == row.version)
    await unit.run(evaluation.update().where(*mine).values(version=row.version + 1, **columns))


def _columns(said: EvaluationContent, source: Provenance, before: Row | None, at: datetime) -> dict[str, Any]:
    """What was assessed before its basis changed rests on that still."""
    changed = before.basis_changed_at if before is not None else None
    renewed = changed is None or said.assessed_on >= day_of(changed)
    return {
        **asdict(said),
        "grade": said.grade.value,
        "source_id": source.id,
        "source_name": source.name,
        "recorded_at": at,
        "withdrawn_at": None,
        "basis_changed_at": None if renewed else changed,
    }
