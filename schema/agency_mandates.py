"""Entering and ending state organs' mandates: the institution's own staff, two people to enter and one to end."""

from datetime import date
from typing import Annotated

import strawberry

from core.database import WriteUnit
from grants import mandating
from grants.mandating import Proposal
from grants.scope import RecordCategory, StatutoryPurpose
from parties import directory
from schema.acting import act, attempt_of, ensure
from schema.agency_work import AgencyMandate
from schema.connection import Connection, connect
from schema.context import Context, Info
from schema.officers import by_staff
from schema.people import Party
from schema.refusals import Refusal


@strawberry.type(description="A mandate as the institution's desk sees it.")
class AgencyMandateFile:
    """Whose mandate it is, and how it stands."""

    party: Party
    mandate: AgencyMandate


@strawberry.input(
    description="Enters a state organ's mandate, when another person approves it. Both days count; from today when "
    "validFrom is not said. purposeText says what OTHER is."
)
class AgencyMandateProposeInput:
    """What the mandate says."""

    party_id: strawberry.ID
    purpose: StatutoryPurpose
    purpose_text: str | None = None
    instrument: str
    article: str
    categories: list[RecordCategory]
    valid_from: date | None = None
    valid_until: date | None = None
    idempotency_key: strawberry.ID

    @property
    def proposal(self) -> Proposal:
        """The mandate in the domain's words."""
        return Proposal(
            self.party_id,
            self.purpose,
            self.purpose_text,
            self.instrument,
            self.article,
            sorted(set(self.categories), key=lambda category: category.value),
            self.valid_from,
            self.valid_until,
        )


@strawberry.input(description="Approves a mandate that another person proposed.")
class AgencyMandateApproveInput:
    """Which mandate, as it was read."""

    mandate_id: strawberry.ID
    expected_version: int


@strawberry.input(description="Ends a mandate, or a proposal, in one step and at once.")
class AgencyMandateEndInput:
    """Which mandate."""

    mandate_id: strawberry.ID


@strawberry.type
class _Entered:
    mandate: AgencyMandateFile
    replayed: bool


@strawberry.type(description="The mandate, which nobody can look under yet.")
class AgencyMandateProposePayload(_Entered):
    """A proposed mandate."""


@strawberry.type(description="The mandate as two people have entered it.")
class AgencyMandateApprovePayload(_Entered):
    """An approved mandate."""


@strawberry.type(description="The ended mandate; `replayed` when it was ended before.")
class AgencyMandateEndPayload(_Entered):
    """An ended mandate."""


AgencyMandateProposeResult = Annotated[
    AgencyMandateProposePayload | Refusal, strawberry.union("AgencyMandateProposeResult")
]
AgencyMandateApproveResult = Annotated[
    AgencyMandateApprovePayload | Refusal, strawberry.union("AgencyMandateApproveResult")
]
AgencyMandateEndResult = Annotated[AgencyMandateEndPayload | Refusal, strawberry.union("AgencyMandateEndResult")]


@strawberry.type
class AgencyMandateActs:
    """What the institution's staff does about state organs' mandates."""

    @strawberry.mutation(description="Propose a state organ's mandate.")
    async def agency_mandate_propose(self, info: Info, input: AgencyMandateProposeInput) -> AgencyMandateProposeResult:
        """The first of two people."""
        context, by, proposal = info.context, by_staff(info.context), input.proposal

        async def do(unit: WriteUnit) -> str:
            return await mandating.propose(unit, proposal, by=by, at=context.at)

        async def show(mandate_id: str, replayed: bool) -> AgencyMandateProposePayload:
            return AgencyMandateProposePayload(mandate=await _file(context, mandate_id), replayed=replayed)

        key = attempt_of(context, "agencyMandatePropose", input.idempotency_key, proposal=str(proposal))
        return await act(info, key, do, show)

    @strawberry.mutation(description="Approve a state organ's mandate.")
    async def agency_mandate_approve(self, info: Info, input: AgencyMandateApproveInput) -> AgencyMandateApproveResult:
        """The second of two people."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> str:
            await mandating.approve(unit, input.mandate_id, expected=input.expected_version, by=by, at=context.at)
            return input.mandate_id

        async def show(mandate_id: str, replayed: bool) -> AgencyMandateApprovePayload:
            return AgencyMandateApprovePayload(mandate=await _file(context, mandate_id), replayed=replayed)

        return await act(info, None, do, show)

    @strawberry.mutation(description="End a state organ's mandate, at once.")
    async def agency_mandate_end(self, info: Info, input: AgencyMandateEndInput) -> AgencyMandateEndResult:
        """Ending twice is ending once."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> bool:
            return await mandating.end(unit, input.mandate_id, by=by, at=context.at)

        async def show(replayed: bool) -> AgencyMandateEndPayload:
            return AgencyMandateEndPayload(mandate=await _file(context, input.mandate_id), replayed=replayed)

        return await ensure(info, do, show)


async def mandates_page(
    context: Context, party_id: str | None, first: int, after: str | None
) -> Connection[AgencyMandateFile]:
    """Every organ's mandates, or one's."""
    request = context.page("Approvals.agencyMandates", first, after, party_id)
    page = await mandating.page(context.unit, request, party_id=party_id)
    cards = await directory.cards(context.unit, {row.party_id for row in page.items})

    return connect(
        page,
        lambda row: AgencyMandateFile(party=Party.of(cards[row.party_id]), mandate=AgencyMandate.of(context, row)),
    )


async def _file(context: Context, mandate_id: str) -> AgencyMandateFile:
    row = await mandating.find(context.unit, mandate_id)
    card = (await directory.cards(context.unit, [row.party_id]))[row.party_id]
    return AgencyMandateFile(party=Party.of(card), mandate=AgencyMandate.of(context, row))
