"""公共信用综合评价 as the organisation itself, a grant's recipient and a state organ see it."""

from datetime import date, datetime

import strawberry

from audit.lens import Lens
from core.statements import Row
from credit import grades
from credit.kinds import EvaluationGrade
from schema.context import Context
from schema.records import ObjectionMark, marks_of
from schema.stored import derived, stored


@strawberry.type(description="公共信用综合评价 of an organisation (Art. 9), while it holds.")
class PublicCreditEvaluation:
    """A grade, what it rests on, and the marks that stand on it."""

    row: strawberry.Private[Row]
    grade: EvaluationGrade = stored("grade")
    basis: str = stored("basis")
    assessed_on: date = stored("assessed_on")
    valid_until: date = stored("valid_until", description="The last day on which it holds.")
    basis_changed_at: datetime | None = stored(
        "basis_changed_at",
        description="依据已变更，待重新评价: when an objection's answer last changed a record that it rests on; null "
        "unless one has since it was assessed.",
    )
    objections: list[ObjectionMark] = derived(lambda row: marks_of(row))


async def evaluation_of(context: Context, lens: Lens) -> PublicCreditEvaluation | None:
    """What holds now of the lens's subject, or None."""
    row = await grades.of(context.unit, lens, at=context.at)
    return PublicCreditEvaluation(row=row) if row is not None else None
