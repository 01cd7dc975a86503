"""What a till does: check a code, spend it, undo that. Nothing here reaches a person."""

from decimal import Decimal
from typing import Annotated

import strawberry

from core.database import WriteUnit
from core.errors import NotAvailable
from incentives import redemption, reversal
from incentives.redemption import Sale, Till
from schema.acting import act, attempt_of
from schema.context import Context, Info
from schema.partner import Redemption
from schema.refusals import Refusal


@strawberry.input(description="The digits a customer shows.")
class ClaimCheckInput:
    """A code."""

    code: str


@strawberry.type(description="What the code is good for. Nothing is spent.")
class ClaimCheckPayload:
    """The offer behind a code."""

    offer_title: str
    benefit_text: str
    replayed: bool


@strawberry.input(description="Spends the code, once.")
class ClaimRedeemInput:
    """A code, and the sale it belongs to."""

    code: str
    idempotency_key: strawberry.ID
    order_number: str | None = None
    order_amount_yuan: Decimal | None = None


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
            row = await redemption.check(unit, till, input.code, at=context.at)
            found.append(ClaimCheckPayload(offer_title=row.title, benefit_text=row.benefit_text, replayed=False))
            return ""

        async def show(_id: str, _replayed: bool) -> ClaimCheckPayload:
            return found[0]

        return await act(info, None, do, show)

    @strawberry.mutation(description="Spend a code, once, whatever the till repeats.")
    async def claim_redeem(self, info: Info, input: ClaimRedeemInput) -> ClaimRedeemResult:
        """One success for a claim; the same key hears the same answer."""
        context = info.context
        till = _till(context)
        sale = Sale(input.order_number, input.order_amount_yuan)

        async def do(unit: WriteUnit) -> str:
            return await redemption.redeem(unit, till, input.code, sale, at=context.at)

        async def show(redemption_id: str, replayed: bool) -> ClaimRedeemPayload:
            return ClaimRedeemPayload(redemption=await _receipt(context, till, redemption_id), replayed=replayed)

        yuan = None if sale.amount_yuan is None else format(sale.amount_yuan.normalize(), "f")
        key = attempt_of(context, "claimRedeem", input.idempotency_key, code=input.code, order=sale.number, yuan=yuan)
        return await act(info, key, do, show)

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
