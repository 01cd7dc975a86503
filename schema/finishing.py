"""The second step of 免押 and 先享后付: a till, or its merchant, says that it is over, and nothing of how."""

from typing import Annotated

import strawberry

from core.database import WriteUnit
from core.errors import NotAvailable
from core.principal import Scope
from incentives import finishing, redemption
from incentives.finishing import Desk
from parties.errors import BeyondPost
from schema.acting import ensure
from schema.context import Context, Info
from schema.officers import by_staff, partner
from schema.partner import Redemption
from schema.refusals import Refusal

_EITHER = frozenset({Scope.CLAIM_REDEEM, Scope.OFFER_MANAGE})


@strawberry.input(
    description="Finishes what a receipt put off: the thing is back, or the sum is paid, or the two of them settled it "
    "otherwise. Which of these it was is nobody's to say here."
)
class DeferralFinishInput:
    """Which receipt."""

    redemption_id: strawberry.ID


@strawberry.type(description="The receipt; `replayed` when it was over before, by a word or by its day.")
class DeferralFinishPayload:
    """A finished deferral."""

    redemption: Redemption
    replayed: bool


DeferralFinishResult = Annotated[DeferralFinishPayload | Refusal, strawberry.union("DeferralFinishResult")]


@strawberry.type
class DeferralActs:
    """What is done about what was put off."""

    @strawberry.mutation(description="Finish 免押 or 先享后付, once. A till does so for its own store.")
    async def deferral_finish(self, info: Info, input: DeferralFinishInput) -> DeferralFinishResult:
        """Finishing twice is finishing once."""
        context = info.context
        desk = await _desk(context)

        async def do(unit: WriteUnit) -> bool:
            return await finishing.finish(unit, desk, input.redemption_id, at=context.at)

        async def show(replayed: bool) -> DeferralFinishPayload:
            row = await redemption.find(context.unit, desk.party_id, input.redemption_id)
            if row is None:
                raise NotAvailable()
            return DeferralFinishPayload(redemption=Redemption.of(row), replayed=replayed)

        return await ensure(info, do, show)


async def _desk(context: Context) -> Desk:
    """Raises `BeyondPost` for whoever neither redeems nor manages, `NotAvailable` for nobody's staff."""
    if not _EITHER & context.caller.principal.scopes:
        raise BeyondPost()
    return Desk(await partner(context), context.caller.store_id, by_staff(context))
