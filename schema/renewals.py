"""What the source of an evaluation has to evaluate anew (Arts. 9, 12): a task at its desk until it has."""

from datetime import date, datetime

import strawberry

from audit.lens import Audience, BasisKind, Lens
from core.statements import Row
from credit import regrading, subjects
from credit.kinds import EvaluationGrade
from schema.connection import Connection, connect
from schema.context import Info
from schema.people import SubjectCard
from schema.stored import stored

PURPOSE = "EVALUATION_RENEWAL"


@strawberry.type(description="An evaluation that rests on a record that was changed since (依据已变更，待重新评价).")
class EvaluationToRenew:
    """To whoever gave it."""

    row: strawberry.Private[Row]
    id: strawberry.ID = stored("subject_id", description="What the event EVALUATION_TO_RENEW is about.")
    grade: EvaluationGrade = stored("grade")
    basis: str = stored("basis")
    assessed_on: date = stored("assessed_on")
    valid_until: date = stored("valid_until")
    basis_changed_at: datetime = stored("basis_changed_at", description="One assessed on this day or later ends it.")

    @strawberry.field(description="Whose evaluation it is.")
    async def subject(self, info: Info) -> SubjectCard:
        """A look at them, by whoever reads it."""
        lens = self._seen(info)
        return SubjectCard.of(await subjects.behind(info.context.unit, lens))

    @strawberry.field(description="Its 统一社会信用代码, as the file of evaluations says it.")
    async def uscc(self, info: Info) -> str | None:
        """Public, and whole."""
        lens = self._seen(info)
        return await subjects.code_of(info.context.unit, lens)

    def _seen(self, info: Info) -> Lens:
        """The lens of the look at this subject: one, however much of it is read."""
        for look in info.context.looks:
            if look.lens is not None and look.lens.subject_id == self.row.subject_id:
                return look.lens
        lens = Lens(Audience.ORGAN, BasisKind.OBJECTION, self.row.subject_id, categories=frozenset())
        info.context.look(info, lens, purpose=PURPOSE, operator=info.context.caller.staff_label)
        return lens


async def renewals_page(info: Info, source_id: str, *, first: int, after: str | None) -> Connection[EvaluationToRenew]:
    """What a provider has to evaluate anew, what has waited longest first."""
    context = info.context
    page = await regrading.to_renew(context.unit, source_id, context.page("Provider.evaluationsToRenew", first, after))
    return connect(page, lambda row: EvaluationToRenew(row=row))
