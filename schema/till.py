"""What a till does: check a code, spend it, undo that. Nothing here reaches a person."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, TypeVar

import strawberry

from core.database import WriteUnit
from core.errors import NotAvailable
from core.idempotency import Attempt
from incentives import issuing, redemption, reversal, tries, uploading
from incentives.errors import TooManyWrongCodes
from incentives.kinds import OfflineOutcome
from incentives.redemption import Sale, Till
from incentives.uploading import Accepted, Uploaded
from schema.acting import act, attempt_of
from schema.context import Context, Info
from schema.partner import Redemption
from schema.refusals import Refusal, RefusalCode

Payload = TypeVar("Payload")


@strawberry.input(description="The digits a customer shows.")
class ClaimCheckInput:
    """A code."""

    code: str


@strawberry.type(description="What the code is good for. Nothing is spent.")
class ClaimCheckPayload:
    """The offer behind a code."""

    offer_title: str
    benefit_text: str
    redemption: Redemption | None = strawberry.field(
        description="Its receipt, when this store redeemed the code within ten minutes: there is nothing left to spend."
    )
    order_number_needed: bool = strawberry.field(description="Whether it is redeemed with the order's number only.")
    order_amount_needed: bool = strawberry.field(description="Whether it is redeemed with the order's amount only.")
    most_yuan: Decimal | None = strawberry.field(description="What it is worth at most, where that is said.")
    deferred_until: datetime | None = strawberry.field(
        description="Until when a deposit is not left, or a sum is not paid, when it is redeemed now; null: nothing is "
        "put off."
    )
    replayed: bool


@strawberry.input(description="Spends the code, once.")
class ClaimRedeemInput:
    """A code, and the sale it belongs to."""

    code: str
    idempotency_key: strawberry.ID
    order_number: str | None = None
    order_amount_yuan: Decimal | None = None
    deferred_yuan: Decimal | None = strawberry.field(
        default=None, description="What is put off, of 免押 and 先享后付 alone; null: all that may be."
    )


@strawberry.type(description="The receipt.")
class ClaimRedeemPayload:
    """A redemption."""

    redemption: Redemption
    replayed: bool


@strawberry.input(description="Undoes a redemption of one's own store, within its time.")
class RedemptionReverseInput:
    """Which receipt, and why."""

    redemption_id: strawberry.ID
    reason: str
    idempotency_key: strawberry.ID


@strawberry.type(description="The receipt, undone.")
class RedemptionReversePayload:
    """A reversed redemption."""

    redemption: Redemption
    replayed: bool


@strawberry.input(
    description="Brings one code that was taken without a network. acceptance: the till's own name for that it said "
    "yes, 16 to 64 letters and digits; acceptedAt: when, by its clock."
)
class OfflineUploadInput:
    """What was said yes to, and the sale it belongs to."""

    code: str
    acceptance: str
    accepted_at: datetime
    order_number: str | None = None
    order_amount_yuan: Decimal | None = None


@strawberry.type(
    description="What became of it, the same whenever it is brought; `replayed` when it was brought before."
)
class OfflineUploadPayload:
    """The outcome, with the receipt where it counts."""

    outcome: OfflineOutcome
    redemption: Redemption | None
    replayed: bool


OfflineUploadResult = Annotated[OfflineUploadPayload | Refusal, strawberry.union("OfflineUploadResult")]
ClaimCheckResult = Annotated[ClaimCheckPayload | Refusal, strawberry.union("ClaimCheckResult")]
ClaimRedeemResult = Annotated[ClaimRedeemPayload | Refusal, strawberry.union("ClaimRedeemResult")]
RedemptionReverseResult = Annotated[RedemptionReversePayload | Refusal, strawberry.union("RedemptionReverseResult")]


@strawberry.type
class TillActs:
    """A till's mutations."""

    @strawberry.mutation(description="What a code is good for; spends nothing.")
    async def claim_check(self, info: Info, input: ClaimCheckInput) -> ClaimCheckResult:
        """One bit and the offer's own words."""
        context = info.context
        till = _till(context)
        found: list[ClaimCheckPayload] = []

        async def do(unit: WriteUnit) -> str:
            good = await redemption.check(unit, till, input.code, at=context.at)
            receipt = Redemption.of(good.receipt) if good.receipt is not None else None
            found.append(
                ClaimCheckPayload(
                    offer_title=good.offer_title,
                    benefit_text=good.benefit_text,
                    redemption=receipt,
                    order_number_needed="orderNumber" in good.needed,
                    order_amount_needed="orderAmountYuan" in good.needed,
                    most_yuan=good.most_yuan,
                    deferred_until=good.until,
                    replayed=receipt is not None,
                )
            )
            return ""

        async def show(_id: str, _replayed: bool) -> ClaimCheckPayload:
            return found[0]

        return await _in_turn(info, till, None, do, show)

    @strawberry.mutation(
        description="Spend a code, once, whatever the till repeats. A code that this store redeemed within ten minutes "
        "shows its first receipt, `replayed`."
    )
    async def claim_redeem(self, info: Info, input: ClaimRedeemInput) -> ClaimRedeemResult:
        """One success for a claim; the same key, and the same store's other keys for ten minutes, see its receipt."""
        context = info.context
        till = _till(context)
        sale = Sale(input.order_number, input.order_amount_yuan, input.deferred_yuan)
        fresh = False

        async def do(unit: WriteUnit) -> str:
            nonlocal fresh
            done = await redemption.redeem(unit, till, input.code, sale, at=context.at)
            fresh = done.is_fresh
            return done.id

        async def show(redemption_id: str, _replayed: bool) -> ClaimRedeemPayload:
            return ClaimRedeemPayload(redemption=await _receipt(context, till, redemption_id), replayed=not fresh)

        said = {"code": input.code, "order": sale.number, "yuan": _text(sale.amount_yuan)}
        if sale.deferred_yuan is not None:
            said["deferred"] = _text(sale.deferred_yuan)
        key = attempt_of(context, "claimRedeem", input.idempotency_key, **said)
        return await _in_turn(info, till, key, do, show)

    @strawberry.mutation(
        description="Bring one code that was taken without a network. Its acceptance is its key, forever."
    )
    async def offline_upload(self, info: Info, input: OfflineUploadInput) -> OfflineUploadResult:
        """One redemption for a claim's cycle, however many tills bring it and however often."""
        context = info.context
        till = _till(context)
        sale = Sale(input.order_number, input.order_amount_yuan)
        brought = Accepted(input.code, input.acceptance, input.accepted_at, sale)
        done: list[Uploaded] = []

        async def do(unit: WriteUnit) -> str:
            signers = issuing.signers(unit.vault)
            done.append(await uploading.upload(unit, till, signers, brought, at=context.at))
            return ""

        async def show(_id: str, _replayed: bool) -> OfflineUploadPayload:
            made = done[0]
            receipt = None if made.redemption_id is None else await _receipt(context, till, made.redemption_id)
            return OfflineUploadPayload(outcome=made.outcome, redemption=receipt, replayed=not made.is_fresh)

        return await _in_turn(info, till, None, do, show)

    @strawberry.mutation(description="Undo a redemption, once, within its time.")
    async def redemption_reverse(self, info: Info, input: RedemptionReverseInput) -> RedemptionReverseResult:
        """One success for a redemption; the same key hears the same answer."""
        context = info.context
        till = _till(context)

        async def do(unit: WriteUnit) -> str:
            return await reversal.reverse(unit, till, input.redemption_id, input.reason, at=context.at)

        async def show(redemption_id: str, replayed: bool) -> RedemptionReversePayload:
            return RedemptionReversePayload(redemption=await _receipt(context, till, redemption_id), replayed=replayed)

        key = attempt_of(
            context,
            "redemptionReverse",
            input.idempotency_key,
            redemption=input.redemption_id,
            reason=input.reason,
        )
        return await act(info, key, do, show)


async def _in_turn(
    info: Info,
    till: Till,
    attempt: Attempt | None,
    do: Callable[[WriteUnit], Awaitable[str]],
    show: Callable[[str, bool], Awaitable[Payload]],
) -> Payload | Refusal:
    """Act on a code in the till's own turn. One that is not good is counted outside what its refusal undoes; a repeat
    under its key is not counted again."""
    context = info.context
    try:
        await tries.begin(context.writing, till, at=context.at)
    except TooManyWrongCodes as error:
        return Refusal.of(error, context.language)
    looked = False

    async def once(unit: WriteUnit) -> str:
        nonlocal looked
        looked = True
        return await do(unit)

    answer = await act(info, attempt, once, show)
    if looked and isinstance(answer, Refusal) and answer.code is RefusalCode.NOT_REDEEMABLE:
        await tries.count(context.writing, till)
    return answer


def _text(yuan: Decimal | None) -> str | None:
    return None if yuan is None else format(yuan.normalize(), "f")


async def _receipt(context: Context, till: Till, redemption_id: str) -> Redemption:
    row = await redemption.find(context.unit, till.party_id, redemption_id)
    if row is None:
        raise NotAvailable()
    return Redemption.of(row)


def _till(context: Context) -> Till:
    """The till that calls; raises `NotAvailable` for anyone not bound to a store."""
    party_id, store_id, staff_id = context.party(), context.caller.store_id, context.caller.staff_id
    if store_id is None or staff_id is None:
        raise NotAvailable()
    return Till(party_id, store_id, staff_id)
