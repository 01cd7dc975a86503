"""人工复核: asking a human to look at one's 海河分 again, and what is seen of it where it is answered with reasons."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from audit.looks import Look
from core.database import WriteUnit
from core.moments import day_of
from core.statements import Row
from credit import models, reviewing
from credit.kinds import ScoreReviewState
from schema.acting import act, attempt_of, own_lens, own_look
from schema.connection import Connection, connect
from schema.context import Context, Info
from schema.officers import by_staff
from schema.refusals import Refusal
from schema.stored import stored

PURPOSE = "SCORE_REVIEW"


@strawberry.type(description="人工复核: a request that a human look at one's score again.")
class ScoreReview:
    """A request, as its subject sees it."""

    row: strawberry.Private[Row]
    state: ScoreReviewState
    overdue: bool = strawberry.field(description="Whether its last working day has passed without an answer.")
    id: strawberry.ID = stored("id")
    version: int = stored("version")
    text: str = stored("text", description="What the person wrote; identity numbers in it are masked.")
    asked_at: datetime = stored("asked_at")
    due_on: date = stored("due_on", description="The last working day for an answer.")
    provisional_calendar: bool = stored(
        "provisional", description="Whether it was counted over days that nobody has announced yet."
    )
    answer: str | None = stored("answer", description="The reasons.")
    answered_at: datetime | None = stored("answered_at")

    @classmethod
    def of(cls, context: Context, row: Row) -> "ScoreReview":
        """A request's row."""
        state = reviewing.state_of(row)
        return cls(row=row, state=state, overdue=state is ScoreReviewState.PENDING and row.due_at <= context.at)


@strawberry.type(description="What moved the score, without its value.")
class ReviewedFactor:
    """One reason, in the words of the score's model."""

    code: str
    dimension: str
    message: str
    contribution: int


@strawberry.type(description="A request with what moved the score: reading it is a look, which its subject sees.")
class ScoreReviewFile:
    """A request, as whoever answers it sees it."""

    look: strawberry.Private[Look]
    scored: strawberry.Private[Row | None]
    review: ScoreReview

    @strawberry.field(description="The model that the score was made by; null once the request waits no more.")
    def model_version(self) -> str | None:
        """The version."""
        return str(self.scored.model_version) if self.scored is not None else None

    @strawberry.field(description="影响因素 of the score as it stands; none of one that came by file.")
    def factors(self) -> list[ReviewedFactor]:
        """The reasons; empty once the request waits no more."""
        row = self.scored
        if row is None or row.factors is None:
            return []
        model = models.named(row.model_version, on=day_of(row.computed_at))
        found = [(model.reason(one["code"]), one["contribution"]) for one in row.factors]
        return [
            ReviewedFactor(code=one.code, dimension=one.dimension, message=one.message, contribution=points)
            for one, points in found
        ]


@strawberry.input(description="Asks a human to look at one's open score again.")
class ScoreReviewRequestInput:
    """What the person says."""

    text: str
    idempotency_key: strawberry.ID


@strawberry.input(description="Answers a request. There is no answer without reasons.")
class ScoreReviewAnswerInput:
    """Which request, as it was read, and the reasons."""

    review_id: strawberry.ID
    expected_version: int
    reasons: str


@strawberry.type
class _Reviewed:
    review: ScoreReview
    replayed: bool


@strawberry.type(description="The request, which waits for a human's answer.")
class ScoreReviewRequestPayload(_Reviewed):
    """A new request."""


@strawberry.type(description="The answered request; the score is computed anew.")
class ScoreReviewAnswerPayload(_Reviewed):
    """An answered request."""


ScoreReviewRequestResult = Annotated[ScoreReviewRequestPayload | Refusal, strawberry.union("ScoreReviewRequestResult")]
ScoreReviewAnswerResult = Annotated[ScoreReviewAnswerPayload | Refusal, strawberry.union("ScoreReviewAnswerResult")]


@strawberry.type
class ReviewActs:
    """What is done about reviews."""

    @strawberry.mutation(description="Ask a human to look at one's 海河分 again. One request waits at a time.")
    async def score_review_request(self, info: Info, input: ScoreReviewRequestInput) -> ScoreReviewRequestResult:
        """The subject asks."""
        context, lens = info.context, own_lens(info.context)

        async def do(unit: WriteUnit) -> str:
            return await reviewing.request(unit, lens, input.text, at=context.at)

        async def show(review_id: str, replayed: bool) -> ScoreReviewRequestPayload:
            own_look(info, lens)
            row = await reviewing.find_own(context.unit, lens, review_id)
            return ScoreReviewRequestPayload(review=ScoreReview.of(context, row), replayed=replayed)

        key = attempt_of(context, "scoreReviewRequest", input.idempotency_key, text=input.text)
        return await act(info, key, do, show)

    @strawberry.mutation(description="Answer a request with reasons; the score is computed anew.")
    async def score_review_answer(self, info: Info, input: ScoreReviewAnswerInput) -> ScoreReviewAnswerResult:
        """The institution's handler answers."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> str:
            await reviewing.answer(
                unit, input.review_id, input.reasons, expected=input.expected_version, by=by, at=context.at
            )
            return input.review_id

        async def show(review_id: str, replayed: bool) -> ScoreReviewAnswerPayload:
            row, _, _ = await reviewing.file(context.unit, review_id)
            return ScoreReviewAnswerPayload(review=ScoreReview.of(context, row), replayed=replayed)

        return await act(info, None, do, show)


async def waiting_reviews(info: Info, first: int, after: str | None) -> Connection[ScoreReview]:
    """The handlers' inbox."""
    context = info.context
    page = await reviewing.waiting(context.unit, context.page("Handling.scoreReviews", first, after))
    return connect(page, lambda row: ScoreReview.of(context, row))


async def review_file(info: Info, review_id: str) -> ScoreReviewFile:
    """A look on the basis of the request itself."""
    context = info.context
    row, lens, scored = await reviewing.file(context.unit, review_id)
    look = context.look(info, lens, purpose=PURPOSE, operator=context.caller.staff_label)
    return ScoreReviewFile(look=look, scored=scored, review=ScoreReview.of(context, row))


async def reviews_page(info: Info, first: int, after: str | None) -> Connection[ScoreReview]:
    """The subject's own requests."""
    context, lens = info.context, own_lens(info.context)
    page = await reviewing.of_subject(context.unit, lens, context.page("Me.scoreReviews", first, after))
    return connect(page, lambda row: ScoreReview.of(context, row))
