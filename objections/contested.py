"""What is contested: whether its subject may contest it, where it comes from, and the value that carries its mark."""

from dataclasses import dataclass
from datetime import datetime

from audit import trail
from audit.lens import Lens
from core.database import Unit
from core.errors import NotAvailable
from credit import marks
from credit.marks import Marked, Origin, Value
from objections.kinds import ObjectionTarget

# A use is no value: nothing goes out that could carry a mark. A result of an industry model is kept on a floor above,
# and reads its mark where it is read (`standing`).
_MARKED = {
    ObjectionTarget.RECORD: Marked.RECORD,
    ObjectionTarget.MISSING_RECORD: Marked.OMISSION,
    ObjectionTarget.SCORE: Marked.SCORE,
    ObjectionTarget.EVALUATION: Marked.EVALUATION,
}


@dataclass(frozen=True)
class Known:
    """What a floor above knows of something that the lens's subject may contest: who made it, and what it is."""

    source_id: str
    about: str


def value_of(lens: Lens, target: ObjectionTarget, target_id: str | None) -> Value | None:
    """The value that carries the mark; None for a use, and for what has its mark on a floor above."""
    kind = _MARKED.get(target)
    return None if kind is None else Value(kind, lens, target_id if kind is Marked.RECORD else None)


def id_of(lens: Lens, target: ObjectionTarget, named: str | None) -> str | None:
    """What the case is kept under: the record or the look; of a score or an evaluation its subject."""
    return lens.subject_id if target in (ObjectionTarget.SCORE, ObjectionTarget.EVALUATION) else named


async def origin(unit: Unit, lens: Lens, target: ObjectionTarget, target_id: str | None, *, at: datetime) -> Origin:
    """Where what is contested comes from. Raises `NotAvailable` for what the lens's subject cannot contest, and for
    what only a floor above knows."""
    if target is ObjectionTarget.INDUSTRY_RESULT:
        raise NotAvailable()
    value = value_of(lens, target, target_id)
    if value is not None:
        return await marks.origin(unit, value, at=at)
    if not await trail.stands(unit, lens, target_id or "", at=at):
        raise NotAvailable()
    return Origin()
