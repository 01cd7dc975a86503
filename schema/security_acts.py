"""What is done about what is unusual in staff's looks (Art. 13)."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, TypeVar

import strawberry

from core.database import WriteUnit
from oversight.duty import reviews
from oversight.duty.reviews import ReviewOutcome
from schema.acting import ensure, of, standing
from schema.context import Context, Info
from schema.officers import by_staff
from schema.refusals import Refusal
from schema.security import LookReview, review_of


@strawberry.input(description="Takes a review that nobody has.")
class LookReviewTakeInput:
    """Which one."""

    review_id: strawberry.ID


@strawberry.input(description="Says what it was, and why. Misuse waits for a second person's word.")
class LookReviewCloseInput:
    """Which one as it was read, and the outcome."""

    review_id: strawberry.ID
    expected_version: int
    outcome: ReviewOutcome
    reason: str


@strawberry.input(description="Says whether it was misuse: it is closed, or goes back to whoever has it.")
class LookReviewConfirmInput:
    """Which one as it was read, and the second word."""

    review_id: strawberry.ID
    expected_version: int
    stands: bool


@strawberry.type
class _Reviewed:
    review: LookReview
    replayed: bool


@strawberry.type(description="The review as it stands.")
class LookReviewTakePayload(_Reviewed):
    """A taken one."""


@strawberry.type(description="The review as it stands.")
class LookReviewClosePayload(_Reviewed):
    """A decided one."""


@strawberry.type(description="The review as it stands.")
class LookReviewConfirmPayload(_Reviewed):
    """One with a second word."""


Shown = TypeVar("Shown", bound=_Reviewed)
LookReviewTakeResult = Annotated[LookReviewTakePayload | Refusal, strawberry.union("LookReviewTakeResult")]
LookReviewCloseResult = Annotated[LookReviewClosePayload | Refusal, strawberry.union("LookReviewCloseResult")]
LookReviewConfirmResult = Annotated[LookReviewConfirmPayload | Refusal, strawberry.union("LookReviewConfirmResult")]


@strawberry.type
class LookReviewActs:
    """Reviews of looks."""

    @strawberry.mutation(description="Take a review that nobody has.")
    async def look_review_take(self, info: Info, input: LookReviewTakeInput) -> LookReviewTakeResult:
        """The first of two who try has it."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> bool:
            return await reviews.take(unit, by, input.review_id, at=context.at)

        return await ensure(info, do, of(input.review_id, _shown(context, LookReviewTakePayload)))

    @strawberry.mutation(description="Say what it was.")
    async def look_review_close(self, info: Info, input: LookReviewCloseInput) -> LookReviewCloseResult:
        """By whoever has it."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> bool:
            outcome, reason, expected = input.outcome, input.reason, input.expected_version
            await reviews.close(unit, by, input.review_id, outcome, reason, expected=expected, at=context.at)
            return True

        return await ensure(info, do, of(input.review_id, _shown(context, LookReviewClosePayload)))

    @strawberry.mutation(description="Say the second word on misuse.")
    async def look_review_confirm(self, info: Info, input: LookReviewConfirmInput) -> LookReviewConfirmResult:
        """By somebody else."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> bool:
            stands, expected = input.stands, input.expected_version
            await reviews.confirm(unit, by, input.review_id, stands=stands, expected=expected, at=context.at)
            return True

        return await ensure(info, do, of(input.review_id, _shown(context, LookReviewConfirmPayload)))


def _shown(context: Context, payload: type[Shown]) -> Callable[[str, bool], Awaitable[Shown]]:
    return standing(payload, "review", partial(review_of, context))
