"""The quarterly word on every post (Art. 13), as an approver's list shows it."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import strawberry

from core.principal import Scope
from core.statements import Row
from oversight.duty import posts
from oversight.duty.posts import PostOutcome, Reviewer
from parties import directory
from schema.connection import Connection, connect
from schema.context import Batch, Context, Info
from schema.officers import by_staff, require
from schema.people import Party
from schema.staffing import StaffMember
from schema.stored import stored


def reviewer_of(context: Context) -> Reviewer:
    """The approver who calls; raises `NotAvailable` for anybody who is no staff."""
    return Reviewer(context.party(), by_staff(context), context.caller.institution)


@strawberry.type(description="One post that was held when the quarter's review was opened, and what was said of it.")
class PostReview:
    """A line of the list."""

    row: strawberry.Private[Row]
    members: strawberry.Private[Batch[str, Row]]
    parties: strawberry.Private[Batch[str, Row]]
    id: strawberry.ID = stored("id")
    quarter: str = stored("quarter")
    opened_at: datetime = stored("opened_at")
    until: datetime = stored("until", description="What nobody has confirmed by then ends by itself.")
    outcome: PostOutcome | None = stored("outcome", description="Null as long as it waits.")
    decided_at: datetime | None = stored("decided_at")

    @strawberry.field(description="The post, and who holds it.")
    async def staff(self) -> StaffMember | None:
        """The holder, read once for a page."""
        row = await self.members.get(self.row.staff_id)
        return StaffMember(row=row) if row is not None else None

    @strawberry.field(description="At which institution.")
    async def institution(self) -> Party | None:
        """The institution's card, read once for a page."""
        row = await self.parties.get(self.row.party_id)
        return Party.of(row) if row is not None else None

    @strawberry.field(
        description="Whether the caller may speak for it: not for themselves, nor where they gave or linked."
    )
    async def decidable(self, info: Info) -> bool:
        """Whether another's word is needed."""
        context = info.context
        member = await self.members.get(self.row.staff_id)
        waits = self.row.outcome is None and self.row.until > context.at
        may = Scope.POST_REVIEW in context.caller.principal.scopes
        return may and waits and member is not None and reviewer_of(context).may_speak(member)

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "PostReview"]:
        """How to make lines of these rows."""

        async def load_members(_ids: Collection[str]) -> Mapping[str, Row]:
            return await posts.members(context.unit, rows)

        async def load_parties(ids: Collection[str]) -> Mapping[str, Row]:
            return await directory.cards(context.unit, ids)

        members = Batch({row.staff_id for row in rows}, load_members)
        parties = Batch({row.party_id for row in rows}, load_parties)
        return lambda row: cls(row=row, members=members, parties=parties)


async def reviews_page(info: Info, waiting: bool, first: int, after: str | None) -> Connection[PostReview]:
    """The approver's list, and the security officer's to read."""
    context = info.context
    require(context, Scope.POST_REVIEW, Scope.SECURITY_REVIEW)
    request = context.page("Approvals.postReviews", first, after, waiting)
    page = await posts.page(context.unit, reviewer_of(context), request, waiting=waiting)
    return connect(page, PostReview.behind(context, page.items))
