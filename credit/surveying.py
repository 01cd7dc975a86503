"""What the record and 公共信用综合评价 said of many organisations at one instant, for a department's model (Art. 9).

Of organisations only, and only what state organs may see. A version that has been replaced since is read as it stood,
so that reading the same instant again finds the same.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select

from core.database import Unit, WriteUnit
from core.identity import IdentityType
from core.moments import day_of
from credit import grades
from credit.kinds import EvaluationGrade, RecordNature, RecordStatus
from credit.tables import evaluation, evaluation_version, record, record_version, subject
from grants.scope import RecordCategory

_KINDS = sorted(kind.value for kind in grades.KINDS)


class Fact(NamedTuple):
    """A record that was current, and not over: what it counts as. `contested`: under an objection (Art. 12)."""

    category: RecordCategory
    nature: RecordNature
    on: date
    contested: bool


class Graded(NamedTuple):
    """The evaluation that held. `contested`: under an objection, or resting on what an objection has changed since."""

    grade: EvaluationGrade
    contested: bool


@dataclass
class Standing:
    """What there was of one organisation."""

    facts: list[Fact] = field(default_factory=list)
    graded: Graded | None = None


async def by_code(unit: Unit, codes: Collection[str]) -> Mapping[str, str]:
    """The organisations that an evaluation can be of, by their present unified codes: code to subject id."""
    hashes = {hashed: code for code in codes for hashed in unit.vault.lookups(IdentityType.USCC.value, code)}
    s = subject.c
    theirs = (s.identity_type == IdentityType.USCC.value, s.kind.in_(_KINDS), s.merged_into.is_(None))
    rows = await unit.all(select(s.id, s.identity_hash).where(unit.among(s.identity_hash, list(hashes)), *theirs))
    return {hashes[row.identity_hash]: str(row.id) for row in rows}


async def held(unit: WriteUnit, subject_ids: Collection[str]) -> Collection[str]:
    """Those that are themselves still, kept from turning out to be others until this unit ends."""
    s = subject.c
    themselves = select(s.id).where(unit.among(s.id, subject_ids), s.merged_into.is_(None)).order_by(s.id)
    return {row.id for row in await unit.all(themselves.with_for_update(key_share=True, read=True))}


async def standings(
    unit: Unit, subject_ids: Collection[str], categories: Collection[RecordCategory], *, as_of: datetime
) -> Mapping[str, Standing]:
    """How each stood at an instant that is past, with the records of these categories."""
    found: dict[str, Standing] = defaultdict(Standing)
    if categories:
        words = sorted(category.value for category in categories)
        for row in await _records(unit, subject_ids, words, as_of):
            found[row["subject_id"]].facts.append(_fact(row))
    for row in await _evaluations(unit, subject_ids, as_of):
        graded = _graded(row, as_of)
        if graded is not None:
            found[row["subject_id"]].graded = graded
    return found


async def _records(
    unit: Unit, ids: Collection[str], categories: Sequence[str], as_of: datetime
) -> Collection[Mapping[str, Any]]:
    """The versions that were said then and current: the present ones, and those that were replaced since. In this
    order: one that is replaced between the two is found by both, and never by neither."""
    c, old, day = record.c, record_version.c, day_of(as_of)
    theirs, current = unit.among(c.subject_id, ids), RecordStatus.CURRENT.value
    columns = (c.id, c.version, c.subject_id, c.category, c.nature, c.sorted_on, c.marks)
    now = (c.recorded_at <= as_of, or_(c.changed_at.is_(None), c.changed_at <= as_of), c.status == current)
    present = select(*columns).where(theirs, *now, c.category.in_(categories), _in_time(c, day))
    then = (old.said_since <= as_of, old.replaced_at > as_of, old.status == current)
    replaced = (
        select(old.record_id, old.version, c.subject_id, old.content)
        .join(record, c.id == old.record_id)
        .where(theirs, *then, old.category.in_(categories), _in_time(old, day))
    )
    found: dict[tuple[str, int], Mapping[str, Any]] = {
        (row.id, row.version): row._asdict() for row in await unit.all(present)
    }
    for row in await unit.all(replaced):
        found[row.record_id, row.version] = {**row.content, "subject_id": row.subject_id}
    return found.values()


async def _evaluations(unit: Unit, ids: Collection[str], as_of: datetime) -> Collection[Mapping[str, Any]]:
    """Each organisation's evaluation as it was then: the first version that was replaced later, else the present one,
    which is read first for the reason that records are."""
    old = evaluation_version.c
    present = await unit.all(select(evaluation).where(unit.among(evaluation.c.subject_id, ids)))
    later = select(old.subject_id, old.content).where(unit.among(old.subject_id, ids), old.replaced_at > as_of)
    found: dict[str, Mapping[str, Any]] = {row.subject_id: row._asdict() for row in present}
    for row in await unit.all(later.order_by(old.subject_id, old.version.desc())):
        found[row.subject_id] = {**row.content, "subject_id": row.subject_id}
    return found.values()


def _in_time(c: Any, day: date) -> ColumnElement[bool]:
    return or_(c.query_until.is_(None), c.query_until >= day)


def _fact(row: Mapping[str, Any]) -> Fact:
    nature, category = RecordNature(row["nature"]), RecordCategory(row["category"])
    return Fact(category, nature, _day(row["sorted_on"]), bool(row["marks"]))


def _graded(row: Mapping[str, Any], as_of: datetime) -> Graded | None:
    """None where it had not come, or did not hold."""
    stood = _Then(row)
    if stood.recorded_at > as_of or not grades.holds(stood, on=day_of(as_of)):
        return None
    return Graded(EvaluationGrade(row["grade"]), bool(row["marks"]) or row.get("basis_changed_at") is not None)


class _Then:
    """A version's days and instants, whether it was read from its row or from what is kept of it."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.assessed_on, self.valid_until = _day(row["assessed_on"]), _day(row["valid_until"])
        self.withdrawn_at = row.get("withdrawn_at")
        recorded = row["recorded_at"]
        self.recorded_at = datetime.fromisoformat(recorded) if isinstance(recorded, str) else recorded


def _day(said: date | str) -> date:
    return date.fromisoformat(said) if isinstance(said, str) else said
