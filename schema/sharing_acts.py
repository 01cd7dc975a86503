"""Asking to be shared with, two people's word on it, and its end from either side (Art. 5)."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, TypeVar

import strawberry

from core.database import WriteUnit
from core.principal import Scope
from credit.kinds import SubjectKind
from grants.scope import RecordCategory
from oversight.sharing import shares
from oversight.sharing.scopes import Wanted
from schema import releases
from schema.acting import act, attempt_of, ensure
from schema.context import Context, Info
from schema.officers import by_staff, officer, require
from schema.refusals import Refusal
from schema.sharing import Share


@strawberry.input(
    description="Asks for what an organ needs: why, by which instrument and article, at most four kinds of whose "
    "records, of which districts (行政区划代码) or of organisations in the whole city, and until which day."
)
class ShareRequestInput:
    """What is needed."""

    need: str
    instrument: str
    article: str
    categories: list[RecordCategory]
    kinds: list[SubjectKind]
    valid_until: date
    districts: list[str] = strawberry.field(default_factory=list)
    whole_city: bool = False
    idempotency_key: strawberry.ID

    @property
    def wanted(self) -> Wanted:
        """The request in the domain's words."""
        return Wanted(
            self.need,
            self.instrument,
            self.article,
            sorted(set(self.categories), key=lambda category: category.value),
            sorted(set(self.kinds), key=lambda kind: kind.value),
            sorted(set(self.districts)),
            self.whole_city,
            self.valid_until,
        )


@strawberry.input
class _Named:
    share_id: strawberry.ID
    expected_version: int


@strawberry.input(description="The first person's word on a request.")
class ShareApproveInput(_Named):
    """Which, as it was read."""


@strawberry.input(description="The second person's word on a request that another approved.")
class ShareReviewInput(_Named):
    """Which, as it was read."""


@strawberry.input(description="Says no to a request, and why.")
class ShareRefuseInput(_Named):
    """Which, as it was read."""

    reason: str


@strawberry.input(description="Ends a share, or a request, in one step and at once.")
class ShareEndInput:
    """Which."""

    share_id: strawberry.ID


@strawberry.input(description="Gives one's own share, or request, back, in one step and at once.")
class ShareGiveBackInput:
    """Which."""

    share_id: strawberry.ID


@strawberry.type
class _Stands:
    share: Share
    replayed: bool


@strawberry.type(description="The request, which waits for two people of the institution.")
class ShareRequestPayload(_Stands):
    """A requested one."""


@strawberry.type(description="The request, which waits for another person.")
class ShareApprovePayload(_Stands):
    """An approved one."""


@strawberry.type(description="The share, which is read from now on.")
class ShareReviewPayload(_Stands):
    """An active one."""


@strawberry.type(description="The refused request.")
class ShareRefusePayload(_Stands):
    """A refused one."""


@strawberry.type(description="The ended share; `replayed` when it was over before.")
class ShareEndPayload(_Stands):
    """An ended one."""


@strawberry.type(description="The ended share; `replayed` when it was over before.")
class ShareGiveBackPayload(_Stands):
    """An ended one."""


Shown = TypeVar("Shown", bound=_Stands)
ShareRequestResult = Annotated[ShareRequestPayload | Refusal, strawberry.union("ShareRequestResult")]
ShareApproveResult = Annotated[ShareApprovePayload | Refusal, strawberry.union("ShareApproveResult")]
ShareReviewResult = Annotated[ShareReviewPayload | Refusal, strawberry.union("ShareReviewResult")]
ShareRefuseResult = Annotated[ShareRefusePayload | Refusal, strawberry.union("ShareRefuseResult")]
ShareEndResult = Annotated[ShareEndPayload | Refusal, strawberry.union("ShareEndResult")]
ShareGiveBackResult = Annotated[ShareGiveBackPayload | Refusal, strawberry.union("ShareGiveBackResult")]


@strawberry.type
class ShareActs:
    """What organs and the institution do about shares."""

    @strawberry.mutation(description="Ask for what an organ needs of the hub.")
    async def share_request(self, info: Info, input: ShareRequestInput) -> ShareRequestResult:
        """An organ's officer."""
        context, wanted = info.context, input.wanted
        by = await officer(context)

        async def do(unit: WriteUnit) -> str:
            return await shares.request(unit, by, wanted, at=context.at)

        key = attempt_of(context, "shareRequest", input.idempotency_key, wanted=str(wanted))
        return await act(info, key, do, _shown(context, ShareRequestPayload))

    @strawberry.mutation(description="Approve what an organ asked for.")
    async def share_approve(self, info: Info, input: ShareApproveInput) -> ShareApproveResult:
        """The first of two people."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> str:
            await shares.approve(unit, input.share_id, expected=input.expected_version, by=by, at=context.at)
            return input.share_id

        return await act(info, None, do, _shown(context, ShareApprovePayload))

    @strawberry.mutation(
        description="Review what another approved, which is its 保密审查 (Art. 13): from now on its changes are read."
    )
    async def share_review(self, info: Info, input: ShareReviewInput) -> ShareReviewResult:
        """The second of two people."""
        context, by = info.context, by_staff(info.context)
        require(context, Scope.RELEASE_REVIEW)

        async def do(unit: WriteUnit) -> str:
            await shares.review(unit, input.share_id, expected=input.expected_version, by=by, at=context.at)
            await releases.let_share(unit, await shares.find(unit, input.share_id), at=context.at)
            return input.share_id

        return await act(info, None, do, _shown(context, ShareReviewPayload))

    @strawberry.mutation(description="Refuse what an organ asked for.")
    async def share_refuse(self, info: Info, input: ShareRefuseInput) -> ShareRefuseResult:
        """Either of two people."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> str:
            expected, reason = input.expected_version, input.reason
            await shares.refuse(unit, input.share_id, expected=expected, by=by, reason=reason, at=context.at)
            return input.share_id

        return await act(info, None, do, _shown(context, ShareRefusePayload))

    @strawberry.mutation(description="End any organ's share, at once.")
    async def share_end(self, info: Info, input: ShareEndInput) -> ShareEndResult:
        """The institution's word; ending twice is ending once."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> bool:
            return await shares.end(unit, input.share_id, by=by, party_id=None, at=context.at)

        async def show(replayed: bool) -> ShareEndPayload:
            return await _shown(context, ShareEndPayload)(input.share_id, replayed)

        return await ensure(info, do, show)

    @strawberry.mutation(description="Give one's own share back, at once.")
    async def share_give_back(self, info: Info, input: ShareGiveBackInput) -> ShareGiveBackResult:
        """The organ's word; another's is as absent as a made-up one."""
        context = info.context
        by = await officer(context)

        async def do(unit: WriteUnit) -> bool:
            return await shares.end(unit, input.share_id, by=by.staff_id, party_id=by.party_id, at=context.at)

        async def show(replayed: bool) -> ShareGiveBackPayload:
            return await _shown(context, ShareGiveBackPayload)(input.share_id, replayed)

        return await ensure(info, do, show)


def _shown(context: Context, payload: type[Shown]) -> Callable[[str, bool], Awaitable[Shown]]:
    """How to show one as it stands, in this payload; who may name it was decided by what was done."""

    async def show(share_id: str, replayed: bool) -> Shown:
        row = await shares.find(context.unit, share_id)
        return payload(share=Share.behind(context, [row])(row), replayed=replayed)

    return show
