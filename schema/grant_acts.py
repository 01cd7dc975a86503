"""What a subject does with grants: gives, approves, refuses, pauses, resumes, takes back."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Protocol, TypeVar

import strawberry

from core.database import WriteUnit
from core.errors import NotAvailable
from grants import deciding, lifecycle, listing
from grants.scope import LendingStage, Period, Purpose, RecordCategory
from grants.states import GrantAct
from parties.kinds import MandateKind
from schema.acting import act, attempt_of, ensure, own_lens, own_look
from schema.context import Info
from schema.grant_terms import GrantTermsInput, proposal
from schema.grants import Grant
from schema.refusals import Refusal
from schema.signing import signer

_Made = TypeVar("_Made", covariant=True)


@strawberry.input(description="Lets one party look, for one purpose, at these kinds of information, until then.")
class GrantIssueInput:
    """A subject's offer of a grant. What is not said is the purpose's ceiling."""

    recipient_id: strawberry.ID
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
    capacity: MandateKind = MandateKind.SELF
    notice_hash: str
    monitoring_notice_hash: str | None = None
    idempotency_key: strawberry.ID

    def offer(self) -> lifecycle.Offer:
        """The offer in the domain's words."""
        return lifecycle.Offer(
            self.recipient_id,
            self.purpose,
            proposal(self),
            self.notice_hash,
            self.handled_by_id,
            self.monitoring_notice_hash,
        )


@strawberry.type(description="The grant given; of an organisation, with its first mark.")
class GrantIssuePayload:
    """A new grant."""

    grant: Grant
    replayed: bool


@strawberry.input(
    description="Approves a request, narrower if terms say so; for an organisation as one of its two marks."
)
class GrantApproveInput:
    """Which request, as it was read, after which notice. `capacity` SELF is the one in which the caller signed in."""

    grant_id: strawberry.ID
    expected_version: int
    notice_hash: str
    monitoring_notice_hash: str | None = None
    terms: GrantTermsInput | None = None
    capacity: MandateKind = MandateKind.SELF


@strawberry.type(description="The grant: active, or waiting for the other mark.")
class GrantApprovePayload:
    """An approved grant."""

    grant: Grant
    replayed: bool


@strawberry.input(description="Refuses a request. Its recipient reads LAPSED in time, unless tell says to tell them.")
class GrantRejectInput:
    """Which request, as it was read."""

    grant_id: strawberry.ID
    expected_version: int
    tell: bool = False
    reason: str | None = None


@strawberry.type(description="The refused request.")
class GrantRejectPayload:
    """A rejected grant."""

    grant: Grant
    replayed: bool


@strawberry.input(description="Which grant, as it was read.")
class GrantChangeInput:
    """A grant and its version."""

    grant_id: strawberry.ID
    expected_version: int
    reason: str | None = None


@strawberry.type(description="The paused grant: nobody looks through it until it is resumed.")
class GrantPausePayload:
    """A paused grant."""

    grant: Grant
    replayed: bool


@strawberry.type(description="The resumed grant.")
class GrantResumePayload:
    """A grant that is active again."""

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


@strawberry.input(description="Ends 贷后提示 alone, at once; the rest of the grant stays.")
class GrantMonitoringEndInput:
    """Which grant."""

    grant_id: strawberry.ID


@strawberry.type(description="The grant as it stands now: its recipient is told of no more changes.")
class GrantMonitoringEndPayload:
    """A grant that is not monitored; `replayed` when it was not before either."""

    grant: Grant
    replayed: bool


GrantIssueResult = Annotated[GrantIssuePayload | Refusal, strawberry.union("GrantIssueResult")]
GrantApproveResult = Annotated[GrantApprovePayload | Refusal, strawberry.union("GrantApproveResult")]
GrantRejectResult = Annotated[GrantRejectPayload | Refusal, strawberry.union("GrantRejectResult")]
GrantPauseResult = Annotated[GrantPausePayload | Refusal, strawberry.union("GrantPauseResult")]
GrantResumeResult = Annotated[GrantResumePayload | Refusal, strawberry.union("GrantResumeResult")]
GrantRevokeResult = Annotated[GrantRevokePayload | Refusal, strawberry.union("GrantRevokeResult")]
GrantMonitoringEndResult = Annotated[GrantMonitoringEndPayload | Refusal, strawberry.union("GrantMonitoringEndResult")]


@strawberry.type
class GrantActs:
    """What a subject does with grants."""

    @strawberry.mutation(description="Let a party look; for an organisation, as the first of two marks.")
    async def grant_issue(self, info: Info, input: GrantIssueInput) -> GrantIssueResult:
        """A grant by its subject."""
        context = info.context
        lens, offer = own_lens(context), input.offer()

        async def do(unit: WriteUnit) -> str:
            signs = await signer(context, unit, lens, input.capacity)
            return await lifecycle.issue(unit, lens, offer, signs, at=context.at)

        asked = replace(offer, recipient_id=str(offer.recipient_id))
        key = attempt_of(context, "grantIssue", input.idempotency_key, terms=str(asked), capacity=input.capacity.value)
        return await act(info, key, do, _shown(info, GrantIssuePayload))

    @strawberry.mutation(description="Approve what was asked, or less.")
    async def grant_approve(self, info: Info, input: GrantApproveInput) -> GrantApproveResult:
        """One of two marks for an organisation."""
        context = info.context
        lens = own_lens(context)
        narrower = proposal(input.terms) if input.terms else None

        async def do(unit: WriteUnit) -> str:
            signs = await signer(context, unit, lens, input.capacity)
            await deciding.approve(
                unit,
                lens,
                input.grant_id,
                narrower,
                signs,
                expected=input.expected_version,
                notice_hash=input.notice_hash,
                monitoring_notice_hash=input.monitoring_notice_hash,
                at=context.at,
            )
            return input.grant_id

        return await act(info, None, do, _shown(info, GrantApprovePayload))

    @strawberry.mutation(description="Refuse what was asked.")
    async def grant_reject(self, info: Info, input: GrantRejectInput) -> GrantRejectResult:
        """Not told to the recipient, unless the subject says so."""
        context = info.context
        lens = own_lens(context)

        async def do(unit: WriteUnit) -> str:
            signs = await signer(context, unit, lens)
            await deciding.reject(
                unit,
                lens,
                input.grant_id,
                signs,
                expected=input.expected_version,
                tell=input.tell,
                reason=input.reason,
                at=context.at,
            )
            return input.grant_id

        return await act(info, None, do, _shown(info, GrantRejectPayload))

    @strawberry.mutation(description="Let nobody look through a grant for a while.")
    async def grant_pause(self, info: Info, input: GrantChangeInput) -> GrantPauseResult:
        """From the next look on."""

        return await act(info, None, _change(info, input, GrantAct.PAUSE), _shown(info, GrantPausePayload))

    @strawberry.mutation(description="Let the recipient look again.")
    async def grant_resume(self, info: Info, input: GrantChangeInput) -> GrantResumeResult:
        """As before the pause."""

        return await act(info, None, _change(info, input, GrantAct.RESUME), _shown(info, GrantResumePayload))

    @strawberry.mutation(description="Take a grant back, at once.")
    async def grant_revoke(self, info: Info, input: GrantRevokeInput) -> GrantRevokeResult:
        """Revoking twice is revoking once: the second answer says `replayed`."""
        context = info.context
        lens = own_lens(context)

        async def do(unit: WriteUnit) -> bool:
            signs = await signer(context, unit, lens)
            return await lifecycle.revoke(unit, lens, input.grant_id, signs, at=context.at)

        async def show(replayed: bool) -> GrantRevokePayload:
            return GrantRevokePayload(grant=await _own_grant(info, input.grant_id), replayed=replayed)

        return await ensure(info, do, show)

    @strawberry.mutation(description="End 贷后提示 alone, at once.")
    async def grant_monitoring_end(self, info: Info, input: GrantMonitoringEndInput) -> GrantMonitoringEndResult:
        """No step-up: taking consent back is as easy as giving it. Ending twice is ending once."""
        context = info.context
        lens = own_lens(context)

        async def do(unit: WriteUnit) -> bool:
            signs = await signer(context, unit, lens)
            return await lifecycle.end_monitoring(unit, lens, input.grant_id, signs, at=context.at)

        async def show(replayed: bool) -> GrantMonitoringEndPayload:
            return GrantMonitoringEndPayload(grant=await _own_grant(info, input.grant_id), replayed=replayed)

        return await ensure(info, do, show)


def _change(info: Info, input_: GrantChangeInput, step: GrantAct) -> Callable[[WriteUnit], Awaitable[str]]:
    context = info.context
    lens = own_lens(context)

    async def do(unit: WriteUnit) -> str:
        signs = await signer(context, unit, lens)
        await lifecycle.change(
            unit,
            lens,
            input_.grant_id,
            step,
            signs,
            expected=input_.expected_version,
            reason=input_.reason,
            at=context.at,
        )
        return input_.grant_id

    return do


class _Payload(Protocol[_Made]):
    """How a payload is made of a grant."""

    def __call__(self, *, grant: Grant, replayed: bool) -> _Made: ...


def _shown(info: Info, payload: _Payload[_Made]) -> Callable[[str, bool], Awaitable[_Made]]:
    async def show(grant_id: str, replayed: bool) -> _Made:
        return payload(grant=await _own_grant(info, grant_id), replayed=replayed)

    return show


async def _own_grant(info: Info, grant_id: str) -> Grant:
    context = info.context
    lens = own_lens(context)
    own_look(info, lens)
    row = await listing.of_subject_by_id(context.unit, lens, grant_id)
    if row is None:
        raise NotAvailable()
    return Grant.of(context, row)
