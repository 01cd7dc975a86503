"""What a recipient does about grants: asks for one, and hands one back."""

from datetime import datetime
from typing import Annotated

import strawberry

from core.database import WriteUnit
from core.idempotency import Attempt
from core.identity import IdentityType
from credit import subjects
from grants import connecting, lifecycle, requesting
from grants.requesting import Asked, Way, Wish
from grants.scope import LendingStage, Period, Purpose, RecordCategory
from schema.acting import act
from schema.context import Context, Info
from schema.grant_terms import proposal
from schema.grants import Grant
from schema.identities import IdentityInput
from schema.refusals import Refusal

# A registration number of 个体工商户 (GB 32100: 9 is the market's authority, 2 its kind).
_INDIVIDUAL_BUSINESS = "92"


@strawberry.input(one_of=True, description="Whom a request is for: a typed identity, or the code a subject shows.")
class SubjectRefInput:
    """Exactly one of them."""

    identity: IdentityInput | None = strawberry.UNSET
    connect_code: str | None = strawberry.UNSET


@strawberry.input(
    description="Asks a subject for a grant. Without a subject, the request waits for whoever scans its requestUrl. "
    "What is not said is the purpose's ceiling."
)
class GrantRequestInput:
    """A recipient's request, under an id of its own: the same id and the same request are one request."""

    request_id: strawberry.ID
    subject: SubjectRefInput | None = None
    handled_by_id: strawberry.ID | None = None
    purpose: Purpose
    stages: list[LendingStage] = strawberry.field(default_factory=list)
    categories: list[RecordCategory]
    includes_evaluation: bool = False
    valid_from: datetime | None = None
    valid_until: datetime
    uses: int | None = None
    uses_per_period: int | None = None
    period: Period | None = None
    window_months: int | None = None
    retention_days: int | None = None
    documents: list[str] | None = None
    monitoring: bool = False
    reference: str | None = None
    reason: str

    def wish(self) -> Wish:
        """The request in the domain's words."""
        return Wish(self.purpose, proposal(self), self.reason, self.reference, self.handled_by_id)


@strawberry.type(description="The request as it waits, or an active grant that covers all of it.")
class GrantRequestPayload:
    """A request; an answer to it comes with the subject's, and for nobody's number it never does."""

    grant: Grant
    replayed: bool


@strawberry.input(description="Hands a grant back, or withdraws a request.")
class GrantRelinquishInput:
    """Which grant, as it was read."""

    grant_id: strawberry.ID
    expected_version: int
    reason: str | None = None


@strawberry.type(description="The grant, handed back.")
class GrantRelinquishPayload:
    """A grant that its recipient has ended."""

    grant: Grant
    replayed: bool


GrantRequestResult = Annotated[GrantRequestPayload | Refusal, strawberry.union("GrantRequestResult")]
GrantRelinquishResult = Annotated[GrantRelinquishPayload | Refusal, strawberry.union("GrantRelinquishResult")]


@strawberry.type
class RequestActs:
    """What a recipient does about grants."""

    @strawberry.mutation(description="Ask a subject for a grant. Known and unknown people answer alike.")
    async def grant_request(self, info: Info, input: GrantRequestInput) -> GrantRequestResult:
        """Strangers meet here, in one transaction and in this order: the subject is looked for, then asked."""
        context = info.context
        party_id, wish = context.party(), input.wish()

        async def do(unit: WriteUnit) -> str:
            asked = await _asked(context, unit, input.subject)
            return await requesting.request(unit, party_id, context.caller.staff_id or "", asked, wish, at=context.at)

        async def show(grant_id: str, replayed: bool) -> GrantRequestPayload:
            row = await requesting.of_party(context.unit, party_id, grant_id)
            return GrantRequestPayload(grant=Grant.of(context, row), replayed=replayed)

        return await act(info, _attempt(context, party_id, input, wish), do, show)

    @strawberry.mutation(description="Hand a grant back.")
    async def grant_relinquish(self, info: Info, input: GrantRelinquishInput) -> GrantRelinquishResult:
        """The recipient's own end of it."""
        context = info.context
        party_id = context.party()

        async def do(unit: WriteUnit) -> str:
            await lifecycle.relinquish(
                unit,
                party_id,
                context.caller.staff_id or "",
                input.grant_id,
                expected=input.expected_version,
                reason=input.reason,
                at=context.at,
            )
            return input.grant_id

        async def show(grant_id: str, replayed: bool) -> GrantRelinquishPayload:
            row = await requesting.of_party(context.unit, party_id, grant_id)
            return GrantRelinquishPayload(grant=Grant.of(context, row), replayed=replayed)

        return await act(info, None, do, show)


async def _asked(context: Context, unit: WriteUnit, subject: SubjectRefInput | None) -> Asked:
    """Whom the request is for. Raises `Invalid` for a number that is none, and a code that does not hold."""
    if subject is None:
        return Asked(Way.SCAN)
    if subject.identity:
        number = subject.identity.parsed("subject", "identity", at=context.at)
        found = await subjects.named(unit, number, subject.identity.name.strip(), at=context.at)
        await subjects.hold(unit, [found or ""], first=False)
        organisation = number.type is IdentityType.USCC and not number.number.startswith(_INDIVIDUAL_BUSINESS)
        return Asked(Way.IDENTITY, found, person=not organisation)
    found = await connecting.take(unit, subject.connect_code or "", at=context.at)
    await subjects.hold(unit, [found], first=False)
    return Asked(Way.CODE, found)


def _attempt(context: Context, party_id: str, input_: GrantRequestInput, wish: Wish) -> Attempt:
    """The request under its id, which is its party's: whoever of its staff repeats it. A number is kept keyed only."""
    subject = None
    if input_.subject is not None:
        identity = input_.subject.identity
        words = (
            f"{identity.type.value}\x1f{identity.number}\x1f{identity.name}"
            if identity
            else input_.subject.connect_code or ""
        )
        subject = context.unit.vault.lookup("request subject", words)
    request = {"wish": str(wish), "subject": subject}
    return Attempt(f"party\x1f{party_id}", "grantRequest", input_.request_id, request, named="requestId")
