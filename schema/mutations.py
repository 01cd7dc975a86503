"""What can be done. Each mutation takes one input and answers its payload or a refusal."""

from typing import Annotated

import strawberry

from audit.lens import Lens
from core.database import WriteUnit
from core.errors import NotAvailable, Refused
from core.idempotency import Attempt
from credit import oneself, score, subjects
from credit.kinds import ScoreStatus
from incentives import claims, issuing
from incentives.taking import Wish
from schema.acting import act, attempt_of, ensure, own_lens, own_look
from schema.agency_batches import AgencyBatchActs
from schema.agency_mandates import AgencyMandateActs
from schema.auditing_acts import ComplianceExportActs
from schema.case_papers import CasePaperActs
from schema.clients import ClientActs
from schema.complaint_acts import ComplaintActs
from schema.context import Info
from schema.counter_acts import CounterActs
from schema.counter_prints import CounterPrintActs
from schema.crowds import Aside, Wanted
from schema.document_acts import DocumentActs
from schema.duty_acts import PostReviewActs
from schema.exports import ExportActs
from schema.finishing import DeferralActs
from schema.glass_acts import GlassActs
from schema.grant_acts import GrantActs
from schema.handling_acts import HandlingActs
from schema.hearing_acts import HearingActs
from schema.helpers import MandateActs
from schema.incident_acts import IncidentActs
from schema.industry_acts import IndustryActs
from schema.industry_running import IndustryRunActs
from schema.inspection_acts import InspectionActs
from schema.intake_review import SetAsideActs
from schema.kiosk_acts import KioskActs
from schema.letters import LetterActs
from schema.membership import PartyMutations
from schema.notices import NoticeActs
from schema.objection_acts import ObjectionActs
from schema.offer_acts import OfferActs
from schema.offers import Claim, standing_of
from schema.order_acts import OrderActs
from schema.provider_acts import ProviderActs
from schema.questions import QuestionActs
from schema.receiving import ReceivingActs
from schema.record_statements import RecordStatementActs
from schema.refusals import Refusal
from schema.releases import ReleaseActs
from schema.reports import ReportActs
from schema.request_acts import RequestActs
from schema.residence import ResidenceActs
from schema.reviews import ReviewActs
from schema.score import HaiheScore
from schema.security_acts import LookReviewActs
from schema.sharing_acts import ShareActs
from schema.staffing import StaffActs
from schema.stop_acts import StopActs
from schema.store_acts import StoreActs
from schema.till import TillActs
from schema.verification_acts import VerificationActs
from schema.webhooks import WebhookActs
from schema.withholdings import WithholdingActs


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
    store_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which of the offer's stores, where it is taken for one (`takenByStore`)."
    )
    idempotency_key: strawberry.ID


@strawberry.type(description="The claim made.")
class ClaimCreatePayload:
    """A new claim."""

    claim: Claim
    replayed: bool


@strawberry.input(description="Gives an unused claim back.")
class ClaimCancelInput:
    """Which claim."""

    claim_id: strawberry.ID
    expected_version: int


@strawberry.type(description="The claim as it stands now; `replayed` when it was given back before.")
class ClaimCancelPayload:
    """A cancelled claim."""

    claim: Claim
    replayed: bool


@strawberry.input(description="Asks for a code that one store's tills read without a network.")
class ClaimOfflineInput:
    """Which claim, as it was read, and where."""

    claim_id: strawberry.ID
    store_id: strawberry.ID
    expected_version: int


@strawberry.type(description="The claim with its code; `replayed` when that was out before.")
class ClaimOfflinePayload:
    """A claim that can be used without a network."""

    claim: Claim
    replayed: bool


ClaimOfflineResult = Annotated[ClaimOfflinePayload | Refusal, strawberry.union("ClaimOfflineResult")]
ScoreOpenResult = Annotated[ScoreOpenPayload | Refusal, strawberry.union("ScoreOpenResult")]
ScoreCloseResult = Annotated[ScoreClosePayload | Refusal, strawberry.union("ScoreCloseResult")]
ClaimCancelResult = Annotated[ClaimCancelPayload | Refusal, strawberry.union("ClaimCancelResult")]
ClaimCreateResult = Annotated[ClaimCreatePayload | Refusal, strawberry.union("ClaimCreateResult")]


@strawberry.type(description="One root field per operation.")
class Mutation(
    GrantActs,
    HearingActs,
    HandlingActs,
    CasePaperActs,
    VerificationActs,
    RequestActs,
    TillActs,
    NoticeActs,
    QuestionActs,
    SetAsideActs,
    ProviderActs,
    ReportActs,
    ReviewActs,
    WebhookActs,
    PartyMutations,
    StaffActs,
    ClientActs,
    DocumentActs,
    MandateActs,
    AgencyMandateActs,
    AgencyBatchActs,
    WithholdingActs,
    RecordStatementActs,
    ResidenceActs,
    ExportActs,
    ObjectionActs,
    StopActs,
    LetterActs,
    ReceivingActs,
    OfferActs,
    OrderActs,
    DeferralActs,
    StoreActs,
    CounterActs,
    CounterPrintActs,
    KioskActs,
    PostReviewActs,
    LookReviewActs,
    IncidentActs,
    IndustryActs,
    IndustryRunActs,
    GlassActs,
    ShareActs,
    InspectionActs,
    ComplaintActs,
    ReleaseActs,
    ComplianceExportActs,
):
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
            return str(await claims.void_all(unit, lens, at=context.at))

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
            await score.held(unit, lens)
            standing = standing_of(await oneself.read(unit, lens, at=context.at))
            return await claims.create(
                unit,
                lens,
                input.offer_id,
                standing=standing,
                notice_hash=input.notice_hash,
                store_id=input.store_id,
                at=context.at,
            )

        async def show(claim_id: str, replayed: bool) -> ClaimCreatePayload:
            return ClaimCreatePayload(claim=await _own_claim(info, claim_id), replayed=replayed)

        said = {"offer": input.offer_id, "notice": input.notice_hash}
        if input.store_id is not None:
            said["store"] = input.store_id
        key = attempt_of(context, "claimCreate", input.idempotency_key, **said)
        if context.seat is not None:
            return await _with_others(info, lens, input, key)
        return await act(info, key, do, show)

    @strawberry.mutation(description="Give an unused claim back: somebody else can take it.")
    async def claim_cancel(self, info: Info, input: ClaimCancelInput) -> ClaimCancelResult:
        """Giving back twice is giving back once: the second answer says `replayed`."""
        context = info.context
        lens = own_lens(context)
        cancelled = False

        async def do(unit: WriteUnit) -> str:
            nonlocal cancelled
            cancelled = await claims.cancel(
                unit, lens, input.claim_id, expected_version=input.expected_version, at=context.at
            )
            return input.claim_id

        async def show(claim_id: str, _replayed: bool) -> ClaimCancelPayload:
            return ClaimCancelPayload(claim=await _own_claim(info, claim_id), replayed=not cancelled)

        return await act(info, None, do, show)

    @strawberry.mutation(
        description="A code that one store's tills read without a network. Until `settlesAt` the claim is used there "
        "alone, and not given back."
    )
    async def claim_offline(self, info: Info, input: ClaimOfflineInput) -> ClaimOfflineResult:
        """One code for a redemption, whatever the phone repeats."""
        context = info.context
        lens = own_lens(context)

        async def do(unit: WriteUnit) -> bool:
            return await issuing.issue(
                unit, lens, input.claim_id, input.store_id, expected_version=input.expected_version, at=context.at
            )

        async def show(replayed: bool) -> ClaimOfflinePayload:
            return ClaimOfflinePayload(claim=await _own_claim(info, input.claim_id), replayed=replayed)

        return await ensure(info, do, show)


async def _with_others(info: Info, lens: Lens, input: ClaimCreateInput, key: Attempt) -> ClaimCreatePayload | Refusal:
    """A claim in a transaction that others share; raises `Aside` for one that names a store."""
    context = info.context
    if input.store_id is not None:
        raise Aside
    try:
        key.check()
        wanted = Wanted(input.offer_id, key, Wish(lens, input.notice_hash, context.at))
        context.unit, row = await context.seat.take(wanted)
    except Refused as error:
        return Refusal.of(error, context.language)
    own_look(info, lens)
    return ClaimCreatePayload(claim=Claim.of(context, row), replayed=False)


async def _own_claim(info: Info, claim_id: str) -> Claim:
    context = info.context
    lens = own_lens(context)
    own_look(info, lens)
    row = await claims.find(context.unit, lens, claim_id)
    if row is None:
        raise NotAvailable()
    return Claim.of(context, row)
