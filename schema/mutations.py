"""What can be done. Each mutation takes one input and answers its payload or a refusal."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from core.database import WriteUnit
from core.errors import NotAvailable
from credit import score, subjects
from credit.kinds import ScoreStatus, SubjectKind
from grants import lifecycle, listing
from grants.scope import LendingStage, Purpose, RecordCategory
from incentives import claims, redemption
from incentives.eligibility import Standing
from incentives.redemption import Sale, Till
from schema.acting import act, attempt_of, ensure, own_lens, own_look
from schema.clients import ClientActs
from schema.context import Context, Info
from schema.grants import Grant
from schema.helpers import MandateActs
from schema.membership import PartyMutations
from schema.notices import NoticeActs
from schema.offers import Claim
from schema.partner import Redemption
from schema.refusals import Refusal
from schema.score import HaiheScore
from schema.staffing import StaffActs
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


@strawberry.input(description="Lets one party look, for one purpose, at these kinds of information, until then.")
class GrantIssueInput:
    """A subject's offer of a grant."""

    recipient_id: strawberry.ID
    purpose: Purpose
    stages: list[LendingStage] = strawberry.field(default_factory=list)
    categories: list[RecordCategory]
    includes_evaluation: bool = False
    valid_until: datetime
    uses: int | None = None
    notice_hash: str
    idempotency_key: strawberry.ID


@strawberry.type(description="The grant given.")
class GrantIssuePayload:
    """A new grant."""

    grant: Grant
    replayed: bool


@strawberry.input(description="Takes a grant back, at once.")
class GrantRevokeInput:
    """Which grant."""

    grant_id: strawberry.ID


@strawberry.type(description="The grant as it stands now.")
class GrantRevokePayload:
    """A revoked grant; `replayed` when it had ended before."""

    grant: Grant
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
GrantIssueResult = Annotated[GrantIssuePayload | Refusal, strawberry.union("GrantIssueResult")]
GrantRevokeResult = Annotated[GrantRevokePayload | Refusal, strawberry.union("GrantRevokeResult")]
ClaimCreateResult = Annotated[ClaimCreatePayload | Refusal, strawberry.union("ClaimCreateResult")]
ClaimCheckResult = Annotated[ClaimCheckPayload | Refusal, strawberry.union("ClaimCheckResult")]
ClaimRedeemResult = Annotated[ClaimRedeemPayload | Refusal, strawberry.union("ClaimRedeemResult")]


@strawberry.type(description="One root field per operation.")
class Mutation(NoticeActs, WebhookActs, PartyMutations, StaffActs, ClientActs, MandateActs):
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

    @strawberry.mutation(description="Let a party look.")
    async def grant_issue(self, info: Info, input: GrantIssueInput) -> GrantIssueResult:
        """A grant by its subject."""
        context = info.context
        lens = own_lens(context)
        terms = lifecycle.Terms(
            recipient_id=input.recipient_id,
            purpose=input.purpose,
            stages=tuple(input.stages),
            categories=tuple(input.categories),
            includes_evaluation=input.includes_evaluation,
            valid_until=input.valid_until,
            uses=input.uses,
            notice_hash=input.notice_hash,
        )

        async def do(unit: WriteUnit) -> str:
            subject = await subjects.behind(unit, lens)
            return await lifecycle.issue(unit, lens, terms, subject_kind=subject.kind.value, at=context.at)

        async def show(grant_id: str, replayed: bool) -> GrantIssuePayload:
            return GrantIssuePayload(grant=await _own_grant(info, grant_id), replayed=replayed)

        key = attempt_of(
            context,
            "grantIssue",
            input.idempotency_key,
            terms=str(replace(terms, valid_until=terms.valid_until.astimezone(UTC))),
        )
        return await act(info, key, do, show)

    @strawberry.mutation(description="Take a grant back, at once.")
    async def grant_revoke(self, info: Info, input: GrantRevokeInput) -> GrantRevokeResult:
        """Revoking twice is revoking once: the second answer says `replayed`."""
        context = info.context
        lens = own_lens(context)

        async def do(unit: WriteUnit) -> bool:
            return await lifecycle.revoke(unit, lens, input.grant_id, at=context.at)

        async def show(replayed: bool) -> GrantRevokePayload:
            return GrantRevokePayload(grant=await _own_grant(info, input.grant_id), replayed=replayed)

        return await ensure(info, do, show)

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


async def _own_grant(info: Info, grant_id: str) -> Grant:
    context = info.context
    lens = own_lens(context)
    own_look(info, lens)
    row = await listing.of_subject_by_id(context.unit, lens, grant_id)
    if row is None:
        raise NotAvailable()
    return Grant.of(context, row)


def _till(context: Context) -> Till:
    """The till that calls; raises `NotAvailable` for anyone not bound to a store."""
    party_id, store_id, staff_id = context.party(), context.caller.store_id, context.caller.staff_id
    if store_id is None or staff_id is None:
        raise NotAvailable()
    return Till(party_id, store_id, staff_id)
