"""What approvers say of the posts of a quarter (Art. 13)."""

from typing import Annotated

import strawberry

from core.database import WriteUnit
from oversight.duty import posts
from schema.acting import ensure
from schema.context import Info
from schema.duty import PostReview, reviewer_of
from schema.refusals import Refusal


@strawberry.input(description="Confirms a post for this quarter, or ends it from today on.")
class PostReviewDecideInput:
    """Which line, and whether its holder stays."""

    review_id: strawberry.ID
    stays: bool


@strawberry.type(description="The line as it stands; `replayed` when the same was said before.")
class PostReviewDecidePayload:
    """What was said."""

    review: PostReview
    replayed: bool


PostReviewDecideResult = Annotated[PostReviewDecidePayload | Refusal, strawberry.union("PostReviewDecideResult")]


@strawberry.type
class PostReviewActs:
    """The quarterly word on posts."""

    @strawberry.mutation(description="Confirm or end a post that is up for this quarter's review.")
    async def post_review_decide(self, info: Info, input: PostReviewDecideInput) -> PostReviewDecideResult:
        """Somebody else's word: not the holder's, nor theirs who gave or linked the post."""
        context, by = info.context, reviewer_of(info.context)

        async def do(unit: WriteUnit) -> bool:
            return await posts.decide(unit, by, input.review_id, stays=input.stays, at=context.at)

        async def show(replayed: bool) -> PostReviewDecidePayload:
            row = await posts.find(context.unit, by, input.review_id)
            return PostReviewDecidePayload(review=PostReview.behind(context, [row])(row), replayed=replayed)

        return await ensure(info, do, show)
