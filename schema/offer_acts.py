"""What a merchant and the institution do to an offer: written, submitted, approved or returned, paused, ended."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, TypeVar

import strawberry

from core.database import WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from grants.scope import Period
from incentives import approving, drafting, offers, running, versions
from incentives.kinds import BenefitKind, Sector
from incentives.moving import Doing
from incentives.terms import Benefit, Terms
from schema import conditions
from schema.acting import act, attempt_of, ensure
from schema.conditions import ConditionInput
from schema.context import Context, Info
from schema.offers import Offer
from schema.officers import by_staff, partner
from schema.refusals import Refusal

_Act = Callable[[WriteUnit, str, str, Doing], Awaitable[bool]]


@strawberry.input(
    description="What is given. DISCOUNT: percent off, and perhaps capYuan; FEE_WAIVER: yuan; DEPOSIT_FREE: capYuan; "
    "PAY_LATER: capYuan and days; the other kinds say it in words alone."
)
class OfferBenefitInput:
    """A kind, its figures, and the words that everyone reads."""

    kind: BenefitKind
    text: str
    percent: Decimal | None = None
    yuan: Decimal | None = None
    cap_yuan: Decimal | None = None
    days: int | None = None


@strawberry.input(description="A store's own part of an offer's money.")
class StoreBudgetInput:
    """A store, and how much."""

    store_id: strawberry.ID
    yuan: Decimal


_SAID = (
    "condition: null asks for nothing. perPersonPeriod: null counts in all. budgetYuan: null is no limit of money. "
    "storeBudgets: of every store, or null. combinesWith: own offers that it may be used with in one order; null: "
    "any. worksOffline: at tills without a network too, and then combinesWith is null. note: to the reviewer; OTHER "
    "needs it."
)


@strawberry.input
class _Terms:
    title: str
    sector: Sector
    benefit: OfferBenefitInput
    condition: ConditionInput | None = None
    terms: str
    starts_at: datetime
    ends_at: datetime
    per_person: int = 1
    per_person_period: Period | None = None
    stock: int
    store_ids: list[strawberry.ID]
    budget_yuan: Decimal | None = None
    store_budgets: list[StoreBudgetInput] | None = None
    combines_with: list[strawberry.ID] | None = None
    works_offline: bool = False
    note: str | None = None

    def read(self) -> Terms:
        """As the domain knows them. Raises `Invalid` for a condition that is none, and a store said twice."""
        given, said = self.benefit, self.store_budgets or []
        parts = {str(part.store_id): part.yuan for part in said}
        if len(parts) != len(said):
            raise Invalid(Detail(("storeBudgets",), "EVERY_STORE"))
        return Terms(
            title=self.title,
            sector=self.sector,
            benefit=Benefit(given.kind, given.text, given.percent, given.yuan, given.cap_yuan, given.days),
            condition=conditions.read(self.condition),
            terms=self.terms,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            per_person=self.per_person,
            period=self.per_person_period,
            stock=self.stock,
            store_ids=sorted(self.store_ids),
            budget_yuan=self.budget_yuan,
            store_budgets_yuan=parts,
            combines=self.combines_with,
            works_offline=self.works_offline,
        )


@strawberry.input(description=f"A new offer. Nobody sees it before it is approved. {_SAID}")
class OfferDraftInput(_Terms):
    """What it says."""

    idempotency_key: strawberry.ID


@strawberry.input(
    description=f"Another version of an offer, whole. It stands once it is submitted and approved. {_SAID}"
)
class OfferReviseInput(_Terms):
    """Which offer, as it was read, and what it would say."""

    offer_id: strawberry.ID
    expected_version: int


@strawberry.input(description="A merchant's act on its offer.")
class OfferChangeInput:
    """Which offer, as it was read."""

    offer_id: strawberry.ID
    expected_version: int
    reasons: str | None = None


@strawberry.input(
    description="An approver's word on what was submitted. Returning needs reasons, and so does a place in a queue for "
    "care."
)
class OfferDecideInput:
    """Which offer, as it was read, and why."""

    offer_id: strawberry.ID
    expected_version: int
    reasons: str | None = None


@strawberry.type
class _Moved:
    offer: Offer
    replayed: bool


@strawberry.type(description="The draft.")
class OfferDraftPayload(_Moved):
    """A new offer."""


@strawberry.type(description="The offer; what stands of it stands until the new version is approved.")
class OfferRevisePayload(_Moved):
    """A revised offer."""


@strawberry.type(description="The offer, which waits for an approver.")
class OfferSubmitPayload(_Moved):
    """A submitted offer."""


@strawberry.type(description="The offer as it stands; where two must approve, the first leaves it in review.")
class OfferApprovePayload(_Moved):
    """An approved offer."""


@strawberry.type(description="The offer, whose latest version does not stand.")
class OfferReturnPayload(_Moved):
    """A returned offer."""


@strawberry.type(description="The offer, which nobody can take now. What is taken can be used.")
class OfferPausePayload(_Moved):
    """A paused offer."""


@strawberry.type(description="The offer, which can be taken again.")
class OfferResumePayload(_Moved):
    """A resumed offer."""


@strawberry.type(description="The offer, which is over. What is taken can be used.")
class OfferEndPayload(_Moved):
    """An ended offer."""


Moved = TypeVar("Moved", bound=_Moved)
OfferDraftResult = Annotated[OfferDraftPayload | Refusal, strawberry.union("OfferDraftResult")]
OfferReviseResult = Annotated[OfferRevisePayload | Refusal, strawberry.union("OfferReviseResult")]
OfferSubmitResult = Annotated[OfferSubmitPayload | Refusal, strawberry.union("OfferSubmitResult")]
OfferApproveResult = Annotated[OfferApprovePayload | Refusal, strawberry.union("OfferApproveResult")]
OfferReturnResult = Annotated[OfferReturnPayload | Refusal, strawberry.union("OfferReturnResult")]
OfferPauseResult = Annotated[OfferPausePayload | Refusal, strawberry.union("OfferPauseResult")]
OfferResumeResult = Annotated[OfferResumePayload | Refusal, strawberry.union("OfferResumeResult")]
OfferEndResult = Annotated[OfferEndPayload | Refusal, strawberry.union("OfferEndResult")]


@strawberry.type
class OfferActs:
    """An offer's life."""

    @strawberry.mutation(description="Write a new offer.")
    async def offer_draft(self, info: Info, input: OfferDraftInput) -> OfferDraftResult:
        """A merchant's manager."""
        context, by = info.context, by_staff(info.context)
        party_id = await partner(context)

        async def do(unit: WriteUnit) -> str:
            return await drafting.draft(unit, party_id, input.read(), input.note, by=by, at=context.at)

        async def show(offer_id: str, replayed: bool) -> OfferDraftPayload:
            return OfferDraftPayload(offer=await _own(context, party_id, offer_id), replayed=replayed)

        key = attempt_of(context, "offerDraft", input.idempotency_key, said=str(input))
        return await act(info, key, do, show)

    @strawberry.mutation(description="Write another version of an offer.")
    async def offer_revise(self, info: Info, input: OfferReviseInput) -> OfferReviseResult:
        """A merchant's manager. What is in review is taken back from there."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit, party_id: str) -> bool:
            doing = Doing.of(by, input.expected_version, input.note, at=context.at, said_as="note")
            return await drafting.revise(unit, party_id, input.offer_id, input.read(), doing)

        return await _ensured(info, input.offer_id, do, OfferRevisePayload)

    @strawberry.mutation(description="Ask for the latest version to be approved.")
    async def offer_submit(self, info: Info, input: OfferChangeInput) -> OfferSubmitResult:
        """A merchant's manager."""
        return await _changed(info, input, drafting.submit, OfferSubmitPayload)

    @strawberry.mutation(description="Approve what was submitted. It was somebody else's to write.")
    async def offer_approve(self, info: Info, input: OfferDecideInput) -> OfferApproveResult:
        """The institution's approver."""
        return await _decided(info, input, approving.approve, OfferApprovePayload)

    @strawberry.mutation(description="Return what was submitted, with reasons.")
    async def offer_return(self, info: Info, input: OfferDecideInput) -> OfferReturnResult:
        """The institution's approver."""
        return await _decided(info, input, approving.return_, OfferReturnPayload)

    @strawberry.mutation(description="Stop an offer for a while: nobody takes one; what is taken can be used.")
    async def offer_pause(self, info: Info, input: OfferChangeInput) -> OfferPauseResult:
        """A merchant's manager."""
        return await _changed(info, input, running.pause, OfferPausePayload)

    @strawberry.mutation(description="Let a paused offer go on, in the words that were approved.")
    async def offer_resume(self, info: Info, input: OfferChangeInput) -> OfferResumeResult:
        """A merchant's manager."""
        return await _changed(info, input, running.resume, OfferResumePayload)

    @strawberry.mutation(description="End an offer, for good: nobody takes one; what is taken can be used.")
    async def offer_end(self, info: Info, input: OfferChangeInput) -> OfferEndResult:
        """A merchant's manager."""
        return await _changed(info, input, running.end, OfferEndPayload)


async def _changed(info: Info, input: OfferChangeInput, do_: _Act, payload: type[Moved]) -> Moved | Refusal:
    """A merchant's act on its own offer, for its reasons."""
    context, by = info.context, by_staff(info.context)

    async def do(unit: WriteUnit, party_id: str) -> bool:
        doing = Doing.of(by, input.expected_version, input.reasons, at=context.at)
        return await do_(unit, party_id, input.offer_id, doing)

    return await _ensured(info, input.offer_id, do, payload)


async def _ensured(
    info: Info, offer_id: str, do_: Callable[[WriteUnit, str], Awaitable[bool]], payload: type[Moved]
) -> Moved | Refusal:
    """A merchant's act on its own offer; doing it twice is doing it once."""
    context = info.context
    party_id = await partner(context)

    async def do(unit: WriteUnit) -> bool:
        return await do_(unit, party_id)

    async def show(replayed: bool) -> Moved:
        return payload(offer=await _own(context, party_id, offer_id), replayed=replayed)

    return await ensure(info, do, show)


async def _decided(
    info: Info,
    input: OfferDecideInput,
    do_: Callable[[WriteUnit, str, Doing], Awaitable[bool]],
    payload: type[Moved],
) -> Moved | Refusal:
    """An approver's word; saying it twice is saying it once."""
    context, by = info.context, by_staff(info.context)

    async def do(unit: WriteUnit) -> bool:
        return await do_(unit, input.offer_id, Doing.of(by, input.expected_version, input.reasons, at=context.at))

    async def show(replayed: bool) -> Moved:
        row = await versions.shown(context.unit, input.offer_id)
        assert row is not None  # what was decided was submitted
        return payload(offer=Offer.of(row, at=context.at), replayed=replayed)

    return await ensure(info, do, show)


async def _own(context: Context, party_id: str, offer_id: str) -> Offer:
    row = await offers.own(context.unit, party_id, offer_id)
    if row is None:
        raise NotAvailable()
    return Offer.of(row, at=context.at)
