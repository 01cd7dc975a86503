"""Taking organisations in and putting them out: the institution's own staff, two people for all but a freeze."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeVar

import strawberry

from core.database import WriteUnit
from core.errors import Detail, Invalid
from core.principal import Scope
from core.statements import Row
from grants.scope import Purpose
from notices.freezing import freeze
from parties import freezing, membership, register
from parties.freezing import Named
from parties.kinds import PartyKind, ProviderKind, Target
from parties.membership import Application
from parties.states import PartyAct, PartyState
from schema.acting import act, attempt_of, ensure
from schema.agency_mandates import AgencyMandateFile, mandates_page
from schema.cases import Case, CaseFile
from schema.clients import Client, clients_page
from schema.connection import Connection, connect
from schema.context import Context, Info
from schema.duty import PostReview, reviews_page
from schema.glass import BrokenGlass, glass_page
from schema.handling import refusal_file, refusals_page
from schema.leaving import Leaving
from schema.offer_files import OfferFile, submitted_file, waiting_files
from schema.officers import by_staff, require
from schema.orders import Rectification, own_orders
from schema.people import Party
from schema.questions import LookQuestion, questions_page
from schema.refusals import Refusal
from schema.sharing import Share, shares_asked
from schema.staffing import StaffMember, staff_page
from schema.waiting import Waiting, waiting_page


@strawberry.type(description="An organisation as the institution's desk sees it.")
class PartyFile:
    """An organisation in whatever state."""

    epoch: strawberry.Private[int]
    party: Party
    code: str
    state: PartyState
    version: int
    provider_kind: ProviderKind | None
    registered_at: datetime

    @strawberry.field(description="What one person has begun and a second has not agreed to.")
    async def awaiting(self, info: Info) -> list[PartyAct]:
        """Acts that wait, of this epoch."""
        context = info.context
        return await register.awaiting(context.unit, Target.PARTY, self.party.row.id, epoch=self.epoch, at=context.at)

    @classmethod
    def of(cls, row: Row) -> "PartyFile":
        """A party's row."""
        return cls(
            epoch=row.epoch,
            party=Party.of(row),
            code=row.code,
            state=PartyState(row.state),
            version=row.version,
            provider_kind=ProviderKind(row.provider_kind) if row.provider_kind else None,
            registered_at=row.created_at,
        )


@strawberry.type(description="What waits for a second pair of eyes.")
class Approvals(Leaving):
    """The institution's desk."""

    @strawberry.field(
        description="Everything that waits for the caller's word, what is due first in front: of every kind that "
        "their post decides, and nothing that they asked for themselves. A state organ's officer has their organ's."
    )
    async def waiting(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Waiting]:
        """One list."""
        return await waiting_page(info, first, after)

    @strawberry.field(description="Organisations, newest first.")
    async def parties(
        self, info: Info, states: list[PartyState] | None = None, first: int = 20, after: str | None = None
    ) -> Connection[PartyFile]:
        """Every organisation, or those in some states."""
        require(info.context, Scope.PARTY_SUSPEND)
        context = info.context
        names = None if states is None else [state.value for state in states]
        request = context.page("Approvals.parties", first, after, names)
        return connect(await membership.page(context.unit, request, states=names), PartyFile.of)

    @strawberry.field(description="Who works or worked for an organisation: whom to link, or to freeze.")
    async def staff(
        self, info: Info, party_id: strawberry.ID, first: int = 20, after: str | None = None
    ) -> Connection[StaffMember]:
        """Any organisation's staff; none for one that is not there."""
        require(info.context, Scope.PARTY_SUSPEND)
        return await staff_page(info.context, party_id, first, after)

    @strawberry.field(description="An organisation's programs and their keys.")
    async def clients(
        self, info: Info, party_id: strawberry.ID, first: int = 20, after: str | None = None
    ) -> Connection[Client]:
        """Any organisation's clients; none for one that is not there."""
        require(info.context, Scope.PARTY_SUSPEND)
        return await clients_page(info.context, party_id, first, after)

    @strawberry.field(description="State organs' mandates, newest first, of one organ or of all.")
    async def agency_mandates(
        self, info: Info, party_id: strawberry.ID | None = None, first: int = 20, after: str | None = None
    ) -> Connection[AgencyMandateFile]:
        """Mandates however they stand."""
        require(info.context, Scope.PARTY_SUSPEND)
        return await mandates_page(info.context, party_id, first, after)

    @strawberry.field(description="Offers that wait for an approver, the longest waiting first.")
    async def offers(self, info: Info, first: int = 20, after: str | None = None) -> Connection[OfferFile]:
        """What stands and what is proposed, side by side."""
        return await waiting_files(info, first, after)

    @strawberry.field(description="One offer that was ever submitted.")
    async def offer(self, info: Info, id: strawberry.ID) -> OfferFile:
        """Whatever became of it."""
        return await submitted_file(info, id)

    @strawberry.field(description="Refusals of objections that wait for somebody else's word, the most urgent first.")
    async def refusals(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Case]:
        """Those of the approver's own institution."""
        return await refusals_page(info, first, after)

    @strawberry.field(description="One of them, as its handler saw it: a look, which its subject sees.")
    async def refusal(self, info: Info, id: strawberry.ID) -> CaseFile:
        """A case whose refusal waits."""
        return await refusal_file(info, id)

    @strawberry.field(
        description="The quarterly word on every post of the approver's institution, and of the districts' for the "
        "city's: those that wait, or all; what ends first stands in front."
    )
    async def post_reviews(
        self, info: Info, waiting: bool = True, first: int = 20, after: str | None = None
    ) -> Connection[PostReview]:
        """Who is to be confirmed, or ends by themselves."""
        return await reviews_page(info, waiting, first, after)

    @strawberry.field(
        description="What was opened in an emergency, newest first: what waits for a word within the hour or for its "
        "review, or all. Whose records they are is not said."
    )
    async def broken_glass(
        self, info: Info, waiting: bool = True, first: int = 20, after: str | None = None
    ) -> Connection[BrokenGlass]:
        """Of the approver's institution; of every one for the city's."""
        return await glass_page(info, waiting, first, after)

    @strawberry.field(
        description="What the approver's institution was ordered to put right, newest first; only what is not over, or "
        "all."
    )
    async def orders(
        self, info: Info, open: bool = True, first: int = 20, after: str | None = None
    ) -> Connection[Rectification]:
        """Of the institution alone."""
        return await own_orders(info, open, first, after)

    @strawberry.field(description="What state organs asked to be shared with them (Art. 5): what waits, or all.")
    async def shares(
        self, info: Info, waiting: bool = True, first: int = 20, after: str | None = None
    ) -> Connection[Share]:
        """Every organ's."""
        return await shares_asked(info, waiting, first, after)

    @strawberry.field(description="Looks that their subjects do not recognise, the newest question first.")
    async def look_questions(self, info: Info, first: int = 20, after: str | None = None) -> Connection[LookQuestion]:
        """Who looked and why, never at whom: what to find out is the looking organisation's."""
        require(info.context, Scope.PARTY_SUSPEND)
        return await questions_page(info.context, first, after)


@strawberry.input
class _Named:
    party_id: strawberry.ID
    expected_version: int


@strawberry.input
class _Reasoned(_Named):
    reason: str


@strawberry.input
class _Target:
    target: Target
    id: strawberry.ID
    issuer: str | None = None
    reason: str


@strawberry.type
class _Standing:
    party: PartyFile
    replayed: bool


@strawberry.type
class _Stopped:
    party: PartyFile | None
    frozen: bool
    replayed: bool


@strawberry.input(description="Registers an organisation; another person admits it.")
class PartyRegisterInput:
    """What an organisation says of itself."""

    code: str
    name: str
    kind: PartyKind
    contact: str
    purposes: list[Purpose] = strawberry.field(default_factory=list)
    provider_kind: ProviderKind | None = None
    idempotency_key: strawberry.ID


@strawberry.type(description="The registered organisation, which cannot act yet.")
class PartyRegisterPayload(_Standing):
    """A registered party."""


@strawberry.input(description="Admits a registered organisation.")
class PartyAdmitInput(_Named):
    """Which organisation, as it was read."""


@strawberry.type(description="The admitted organisation.")
class PartyAdmitPayload(_Standing):
    """An active party."""


@strawberry.input(description="Suspends an organisation, when a second person does the same.")
class PartySuspendInput(_Reasoned):
    """Which organisation, as it was read, and why."""


@strawberry.type(description="The organisation as it stands: suspended, or awaiting a second person.")
class PartySuspendPayload(_Standing):
    """A party."""


@strawberry.input(description="Lets a suspended organisation act again, when a second person does the same.")
class PartyReinstateInput(_Reasoned):
    """Which organisation, as it was read, and why."""


@strawberry.type(description="The organisation as it stands: active, or awaiting a second person.")
class PartyReinstatePayload(_Standing):
    """A party."""


@strawberry.input(description="Stops an organisation, a staff member, a client's key or a sign-in, in one step.")
class PartyFreezeInput(_Target):
    """What, by its id; a sign-in by issuer and name."""


@strawberry.type(description="Frozen from the next request on.")
class PartyFreezePayload(_Stopped):
    """What was frozen; `party` when it was an organisation, `replayed` when it was frozen before."""


@strawberry.input(description="Lets what is frozen act again, when a second person does the same.")
class PartyLiftInput(_Target):
    """What, by its id; a sign-in by issuer and name."""


@strawberry.type(description="Lifted, or awaiting a second person.")
class PartyLiftPayload(_Stopped):
    """What was lifted; `frozen` while a second person has not agreed."""


Shown = TypeVar("Shown", bound=_Standing)
PartyRegisterResult = Annotated[PartyRegisterPayload | Refusal, strawberry.union("PartyRegisterResult")]
PartyAdmitResult = Annotated[PartyAdmitPayload | Refusal, strawberry.union("PartyAdmitResult")]
PartySuspendResult = Annotated[PartySuspendPayload | Refusal, strawberry.union("PartySuspendResult")]
PartyReinstateResult = Annotated[PartyReinstatePayload | Refusal, strawberry.union("PartyReinstateResult")]
PartyFreezeResult = Annotated[PartyFreezePayload | Refusal, strawberry.union("PartyFreezeResult")]
PartyLiftResult = Annotated[PartyLiftPayload | Refusal, strawberry.union("PartyLiftResult")]


@strawberry.type(description="Taking organisations in and putting them out.")
class PartyMutations:
    """What the institution's staff does to parties."""

    @strawberry.mutation(description="Register an organisation.")
    async def party_register(self, info: Info, input: PartyRegisterInput) -> PartyRegisterResult:
        """The first of two people."""
        context, by = info.context, by_staff(info.context)
        application = Application(
            code=input.code,
            name=input.name,
            kind=input.kind,
            contact=input.contact,
            purposes=sorted(purpose.value for purpose in input.purposes),
            provider_kind=input.provider_kind,
        )

        async def do(unit: WriteUnit) -> str:
            return await membership.apply(unit, application, by=by, at=context.at)

        key = attempt_of(context, "partyRegister", input.idempotency_key, application=str(application))
        return await act(info, key, do, _shown(context, PartyRegisterPayload))

    @strawberry.mutation(description="Admit a registered organisation.")
    async def party_admit(self, info: Info, input: PartyAdmitInput) -> PartyAdmitResult:
        """The second of two people."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> str:
            await membership.admit(unit, input.party_id, expected=input.expected_version, by=by)
            return input.party_id

        return await act(info, None, do, _shown(context, PartyAdmitPayload))

    @strawberry.mutation(description="Suspend an organisation: the first call begins, another person's completes.")
    async def party_suspend(self, info: Info, input: PartySuspendInput) -> PartySuspendResult:
        """Two people, one mutation."""
        do = _moving(info.context, PartyAct.SUSPEND, input)
        return await act(info, None, do, _shown(info.context, PartySuspendPayload))

    @strawberry.mutation(description="Reinstate an organisation: the first call begins, another person's completes.")
    async def party_reinstate(self, info: Info, input: PartyReinstateInput) -> PartyReinstateResult:
        """Two people, one mutation."""
        do = _moving(info.context, PartyAct.REINSTATE, input)
        return await act(info, None, do, _shown(info.context, PartyReinstatePayload))

    @strawberry.mutation(description="Stop somebody, in one step and at once.")
    async def party_freeze(self, info: Info, input: PartyFreezeInput) -> PartyFreezeResult:
        """Freezing twice is freezing once: the second answer says `replayed`."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> bool:
            return await freeze(unit, _named(input), by=by, reason=input.reason, at=context.at)

        async def show(replayed: bool) -> PartyFreezePayload:
            return PartyFreezePayload(party=await _party(context, input), frozen=True, replayed=replayed)

        return await ensure(info, do, show)

    @strawberry.mutation(description="Lift a freeze: the first call begins, another person's completes.")
    async def party_lift(self, info: Info, input: PartyLiftInput) -> PartyLiftResult:
        """Two people, one mutation."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> bool:
            return await freezing.lift(unit, _named(input), by=by, reason=input.reason, at=context.at)

        async def show(waiting: bool) -> PartyLiftPayload:
            return PartyLiftPayload(party=await _party(context, input), frozen=waiting, replayed=False)

        return await ensure(info, do, show)


def _shown(context: Context, payload: type[Shown]) -> Callable[[str, bool], Awaitable[Shown]]:
    """How to show a party as it stands, in this payload."""

    async def show(party_id: str, replayed: bool) -> Shown:
        return payload(party=await _file(context, party_id), replayed=replayed)

    return show


def _moving(context: Context, what: PartyAct, input: _Reasoned) -> Callable[[WriteUnit], Awaitable[str]]:
    by = by_staff(context)

    async def do(unit: WriteUnit) -> str:
        await membership.move(
            unit, input.party_id, what, expected=input.expected_version, by=by, reason=input.reason, at=context.at
        )
        return input.party_id

    return do


def _named(input: _Target) -> Named:
    """What is meant; raises `Invalid` when a sign-in lacks its issuer, or anything else has one."""
    if (input.issuer is not None) != (input.target is Target.LINK):
        raise Invalid(Detail(("issuer",), "ONLY_FOR_SIGN_INS"))
    return Named(input.target, input.id, input.issuer)


async def _file(context: Context, party_id: str) -> PartyFile:
    return PartyFile.of(await membership.file(context.unit, party_id))


async def _party(context: Context, input: _Target) -> PartyFile | None:
    return await _file(context, input.id) if input.target is Target.PARTY else None
