"""What can be done. Each mutation takes one input and answers its payload or a refusal."""

from decimal import Decimal
from typing import Annotated

import strawberry

from core.database import WriteUnit
from core.errors import NotAvailable
from credit import score, subjects
from credit.kinds import ScoreStatus, SubjectKind
from incentives import claims, redemption
from incentives.eligibility import Standing
from incentives.redemption import Sale, Till
from schema.acting import act, attempt_of, own_lens, own_look
from schema.context import Context, Info
from schema.grant_acts import GrantActs
from schema.hearing_acts import HearingActs
from schema.membership import PartyMutations
from schema.notices import NoticeActs
from schema.offers import Claim
from schema.partner import Redemption
from schema.refusals import Refusal
from schema.request_acts import RequestActs
from schema.score import HaiheScore
from schema.webhooks import WebhookActs


@strawberry.input(description="Opens 海河分 after reading its notice.")
class ScoreOpenInput:
    """Consent to a score."""

    notice_hash: str
    idempotency_key: strawberry.ID


@strawberry.type(description="The opened score.")
class ScoreOpenPayload:
    """An open score."""

    score: HaiheScore | None
    replayed: bool


@strawberry.input(description="Closes 海河分.")
class ScoreCloseInput:
    """Withdrawal of consent."""

    idempotency_key: strawberry.ID


@strawberry.type(description="The score is gone; unused claims are void.")
class ScoreClosePayload:
    """What closing did."""

    score_status: ScoreStatus
    voided_claims: int
    replayed: bool


@strawberry.input(description="Takes an offer after reading the notice.")
class ClaimCreateInput:
    """Which offer."""

    offer_id: strawberry.ID
    notice_hash: str
    idempotency_key: strawberry.ID


@strawberry.type(description="The claim made.")
class ClaimCreatePayload:
    """A new claim."""

    claim: Claim
    replayed: bool


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


ScoreOpenResult = Annotated[ScoreOpenPayload | Refusal, strawberry.union("ScoreOpenResult")]
ScoreCloseResult = Annotated[ScoreClosePayload | Refusal, strawberry.union("ScoreCloseResult")]
ClaimCreateResult = Annotated[ClaimCreatePayload | Refusal, strawberry.union("ClaimCreateResult")]
ClaimCheckResult = Annotated[ClaimCheckPayload | Refusal, strawberry.union("ClaimCheckResult")]
ClaimRedeemResult = Annotated[ClaimRedeemPayload | Refusal, strawberry.union("ClaimRedeemResult")]


@strawberry.type(description="One root field per operation.")
class Mutation(GrantActs, HearingActs, RequestActs, NoticeActs, WebhookActs, PartyMutations):
    """Acting."""

    @strawberry.mutation(description="Open one's 海河分.")
    async def score_open(self, info: Info, input: ScoreOpenInput) -> ScoreOpenResult:
        """Consent, compute, show."""
        context = info.context
        lens = own_lens(context)

        async def do(unit: WriteUnit) -> str:
            subject = await subjects.behind(unit, lens)
            await score.open_(unit, lens, subject, input.notice_hash, at=context.at)
            return lens.subject_id

        async def show(_id: str, replayed: bool) -> ScoreOpenPayload:
            own_look(info, lens)
            row = await score.of(context.unit, lens)
            opened = row is not None and row.status == ScoreStatus.OPEN.value
            return ScoreOpenPayload(score=HaiheScore.of(row) if row and opened else None, replayed=replayed)

        key = attempt_of(context, "scoreOpen", input.idempotency_key, notice=input.notice_hash)
        return await act(info, key, do, show)

    @strawberry.mutation(description="Close one's 海河分; unused claims are void.")
    async def score_close(self, info: Info, input: ScoreCloseInput) -> ScoreCloseResult:
        """Strangers meet here, in one transaction and in this order: score, then claims."""
        context = info.context
        lens = own_lens(context)

        async def do(unit: WriteUnit) -> str:
            await score.close(unit, lens, at=context.at)
            return str(await claims.void_all(unit, lens))

        async def show(voided: str, replayed: bool) -> ScoreClosePayload:
            own_look(info, lens)
            subject = await subjects.behind(context.unit, lens)
            status = score.status_of(await score.of(context.unit, lens), subject, at=context.at)
            return ScoreClosePayload(score_status=status, voided_claims=int(voided), replayed=replayed)

        return await act(info, attempt_of(context, "scoreClose", input.idempotency_key), do, show)

    @strawberry.mutation(description="Take an offer.")
    async def claim_create(self, info: Info, input: ClaimCreateInput) -> ClaimCreateResult:
        """Eligibility is decided here, between citizen and service; the code is the yes."""
        context = info.context
        lens = own_lens(context)

        async def do(unit: WriteUnit) -> str:
            row = await score.held(unit, lens)
            subject = await subjects.behind(unit, lens)
            standing = Standing(subject.kind is SubjectKind.NATURAL_PERSON, row.tier if row is not None else None)
            return await claims.create(
                unit, lens, input.offer_id, standing=standing, notice_hash=input.notice_hash, at=context.at
            )

        async def show(claim_id: str, replayed: bool) -> ClaimCreatePayload:
            own_look(info, lens)
            row = await claims.find(context.unit, lens, claim_id)
            if row is None:
                raise NotAvailable()
            return ClaimCreatePayload(claim=Claim.of(context, row), replayed=replayed)

        key = attempt_of(context, "claimCreate", input.idempotency_key, offer=input.offer_id, notice=input.notice_hash)
        return await act(info, key, do, show)

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
            row = await redemption.find(context.unit, till.party_id, redemption_id)
            if row is None:
                raise NotAvailable()
            return ClaimRedeemPayload(redemption=Redemption.of(row), replayed=replayed)

        yuan = None if sale.amount_yuan is None else format(sale.amount_yuan.normalize(), "f")
        key = attempt_of(context, "claimRedeem", input.idempotency_key, code=input.code, order=sale.number, yuan=yuan)
        return await act(info, key, do, show)


def _till(context: Context) -> Till:
    """The till that calls; raises `NotAvailable` for anyone not bound to a store."""
    party_id, store_id, staff_id = context.party(), context.caller.store_id, context.caller.staff_id
    if store_id is None or staff_id is None:
        raise NotAvailable()
    return Till(party_id, store_id, staff_id)
