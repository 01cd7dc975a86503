"""Desks of Art. 12: the handler's inbox and open cases, and the refusals that wait for somebody else's word."""

import strawberry

from core.principal import Scope
from core.statements import Row
from objections import handling
from objections.kinds import ObjectionOutcome
from objections.moving import Officer
from parties import directory
from schema import letters
from schema.cases import Case, CaseFile, cases_page
from schema.connection import Connection
from schema.context import Info
from schema.officers import approver, require
from schema.reviews import ScoreReview, ScoreReviewFile, review_file, waiting_reviews
from schema.stored import stored


@strawberry.type(description="An information provider, as whom a handler may ask.")
class AskedProvider:
    """One of the city's."""

    row: strawberry.Private[Row]
    id: strawberry.ID = stored("id")
    name: str = stored("name")


@strawberry.type(description="Objection handling (Art. 12), and 人工复核 of scores at the institution.")
class Handling:
    """A handler's desk."""

    officer: strawberry.Private[Officer]

    @strawberry.field(
        description="Open cases addressed to the handler's organisation, what is due next first; mine: those one has "
        "opened. overdue: those that are late, or those that are not."
    )
    async def cases(
        self, info: Info, mine: bool = False, overdue: bool | None = None, first: int = 20, after: str | None = None
    ) -> Connection[Case]:
        """The inbox."""
        context = info.context
        request = context.page("Handling.cases", first, after, mine, overdue)
        wanted = handling.Wanted(mine=mine, overdue=overdue)
        return await cases_page(
            context, await handling.cases(context.unit, self.officer, request, wanted, at=context.at)
        )

    @strawberry.field(description="A case that one has opened. Whoever it is about sees that it was read.")
    async def case(self, info: Info, id: strawberry.ID) -> CaseFile:
        """A look on the basis of the objection itself."""
        return await CaseFile.of(info, await handling.opened(info.context.unit, self.officer, id))

    @strawberry.field(description="Every information provider, by name: whom to ask about a record that is missing.")
    async def providers(self, info: Info) -> list[AskedProvider]:
        """The city's list is short, and one of them is chosen."""
        return [AskedProvider(row=row) for row in await directory.providers(info.context.unit)]

    @strawberry.field(description="The words of the letter, were a case that one has opened decided so.")
    async def letter_preview(
        self, info: Info, objection_id: strawberry.ID, outcome: ObjectionOutcome, reason: str
    ) -> str:
        """Reading it is a look, as of the case."""
        return await letters.letter_preview(info, self.officer, objection_id, outcome, reason)

    @strawberry.field(description="Requests that wait for a human's answer, newest first. Whose they are is not said.")
    async def score_reviews(self, info: Info, first: int = 20, after: str | None = None) -> Connection[ScoreReview]:
        """The institution's handlers alone."""
        require(info.context, Scope.REVIEW_ANSWER)
        return await waiting_reviews(info, first, after)

    @strawberry.field(description="One request, with what moved the score. Whoever it is about sees that it was read.")
    async def score_review(self, info: Info, id: strawberry.ID) -> ScoreReviewFile:
        """The institution's handlers alone."""
        require(info.context, Scope.REVIEW_ANSWER)
        return await review_file(info, id)


async def refusals_page(info: Info, first: int, after: str | None) -> Connection[Case]:
    """Refusals that wait at the approver's institution."""
    context = info.context
    require(context, Scope.OBJECTION_APPROVE)
    request = context.page("Approvals.refusals", first, after)
    return await cases_page(context, await handling.refusals(context.unit, approver(context), request))


async def refusal_file(info: Info, case_id: str) -> CaseFile:
    """One of them."""
    require(info.context, Scope.OBJECTION_APPROVE)
    return await CaseFile.of(info, await handling.refused(info.context.unit, approver(info.context), case_id))
