"""Batches: a sheet of people or companies under one case, another officer's word, and the answer as a file."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeVar

import strawberry

from core import uploads
from core.blobs import TICKET_LIFE
from core.database import WriteUnit
from core.errors import Invalid
from core.moments import day_of
from core.statements import Row
from core.uploads import Owner
from grants import batches, listed, mandating, statute
from grants.batches import Officer, Sheet
from grants.scope import StatutoryPurpose
from grants.statute import Ask
from schema import releases
from schema.acting import act, attempt_of
from schema.agency import check_order
from schema.agency_work import AgencyBatch
from schema.context import Context, Info
from schema.officers import officer
from schema.refusals import Refusal


@strawberry.input(
    description="Opens a batch with an uploaded xlsx of at most 2,000 rows of text under the head 证件类型, 证件号码, "
    "名称. Nobody is looked at before another officer approves it."
)
class AgencyBatchOpenInput:
    """What is asked, under which case and mandate."""

    upload_id: strawberry.ID
    case_number: str
    purpose: StatutoryPurpose
    mandate_id: strawberry.ID
    withholding_id: strawberry.ID | None = None
    idempotency_key: strawberry.ID

    @property
    def ask(self) -> Ask:
        """What is looked under, in the domain's words."""
        return Ask(self.case_number.strip(), self.purpose, self.mandate_id, self.withholding_id)


@strawberry.input(description="Approves a batch that another officer opened: everybody on its sheet is looked at.")
class AgencyBatchApproveInput:
    """Which batch, as it was read."""

    batch_id: strawberry.ID
    expected_version: int


@strawberry.input(description="Returns a batch that another officer opened: nobody is looked at.")
class AgencyBatchReturnInput:
    """Which batch, as it was read, and why."""

    batch_id: strawberry.ID
    expected_version: int
    reason: str


@strawberry.input(
    description="Asks for a ticket by which a file can be downloaded once: the answer, for the two officers; or before "
    "the decision the sheet, for any officer of the organ."
)
class AgencyBatchTicketInput:
    """Which batch, and which of its files."""

    batch_id: strawberry.ID
    answer: bool = True


@strawberry.type
class _Stands:
    batch: AgencyBatch
    replayed: bool


@strawberry.type(description="The batch, which waits for another officer.")
class AgencyBatchOpenPayload(_Stands):
    """An open batch."""


@strawberry.type(description="The batch, which is being answered.")
class AgencyBatchApprovePayload(_Stands):
    """An approved batch."""


@strawberry.type(description="The returned batch.")
class AgencyBatchReturnPayload(_Stands):
    """A returned batch."""


@strawberry.type(description="Where the file is downloaded, once.")
class AgencyBatchTicketPayload:
    """A ticket; each call makes another."""

    path: str
    valid_until: datetime
    replayed: bool


Shown = TypeVar("Shown", bound=_Stands)
AgencyBatchOpenResult = Annotated[AgencyBatchOpenPayload | Refusal, strawberry.union("AgencyBatchOpenResult")]
AgencyBatchApproveResult = Annotated[AgencyBatchApprovePayload | Refusal, strawberry.union("AgencyBatchApproveResult")]
AgencyBatchReturnResult = Annotated[AgencyBatchReturnPayload | Refusal, strawberry.union("AgencyBatchReturnResult")]
AgencyBatchTicketResult = Annotated[AgencyBatchTicketPayload | Refusal, strawberry.union("AgencyBatchTicketResult")]


@strawberry.type
class AgencyBatchActs:
    """What an organ's officers do about batches."""

    @strawberry.mutation(description="Open a batch of statutory looks.")
    async def agency_batch_open(self, info: Info, input: AgencyBatchOpenInput) -> AgencyBatchOpenResult:
        """The first of two officers."""
        context, ask = info.context, input.ask
        by = await officer(context)

        async def do(unit: WriteUnit) -> str:
            broken = statute.faults_of_case(ask.case_number)
            if broken:
                raise Invalid(*broken)
            await mandating.admit(unit, ask, by.party_id, (), at=context.at)
            await check_order(context, ask, by.party_id)
            sheet = await _taken(context, unit, input.upload_id, by)
            return await batches.open_(unit, by, ask, sheet, at=context.at)

        key = attempt_of(context, "agencyBatchOpen", input.idempotency_key, ask=str(ask), upload=input.upload_id)
        return await act(info, key, do, _shown(context, by, AgencyBatchOpenPayload))

    @strawberry.mutation(description="Approve a batch of statutory looks.")
    async def agency_batch_approve(self, info: Info, input: AgencyBatchApproveInput) -> AgencyBatchApproveResult:
        """The second of two officers."""
        context = info.context
        by, expected = await officer(context), input.expected_version

        async def do(unit: WriteUnit) -> str:
            await batches.approve(unit, input.batch_id, by, expected=expected, at=context.at)
            approved = await batches.of_organ(unit, input.batch_id, by.party_id)
            await releases.ask_for(unit, approved, by=by.staff_id, at=context.at)
            return input.batch_id

        return await act(info, None, do, _shown(context, by, AgencyBatchApprovePayload))

    @strawberry.mutation(description="Return a batch of statutory looks.")
    async def agency_batch_return(self, info: Info, input: AgencyBatchReturnInput) -> AgencyBatchReturnResult:
        """The second of two officers says no, and why."""
        context = info.context
        by, expected, reason = await officer(context), input.expected_version, input.reason

        async def do(unit: WriteUnit) -> str:
            await batches.give_back(
                unit, context.blobs, input.batch_id, by, expected=expected, reason=reason, at=context.at
            )
            return input.batch_id

        return await act(info, None, do, _shown(context, by, AgencyBatchReturnPayload))

    @strawberry.mutation(description="Ask for a ticket to download a batch's file once.")
    async def agency_batch_ticket(self, info: Info, input: AgencyBatchTicketInput) -> AgencyBatchTicketResult:
        """The answer's looks are logged already: fetching it is no further look."""
        context = info.context
        by = await officer(context)

        async def do(unit: WriteUnit) -> str:
            row = await batches.of_organ(unit, input.batch_id, by.party_id)
            blob_id = batches.file_of(row, by.staff_id, answer=input.answer, at=context.at)
            if input.answer:
                await releases.hold_back(unit, row)
            return await context.blobs.ticket(unit, blob_id, at=context.at)

        async def show(ticket: str, replayed: bool) -> AgencyBatchTicketPayload:
            until = context.at + TICKET_LIFE
            return AgencyBatchTicketPayload(path=f"/blobs/{ticket}", valid_until=until, replayed=replayed)

        return await act(info, None, do, show)


async def _taken(context: Context, unit: WriteUnit, upload_id: str, by: Officer) -> Sheet:
    """The organ's upload, which is the batch's from now on. Raises `NotAvailable`, and `Invalid` by its rows."""
    await uploads.take(unit, upload_id, owner=Owner(party_id=by.party_id))
    blob = await context.blobs.find(unit, upload_id)
    data = b"".join([part async for part in context.blobs.read(upload_id)])
    rows = listed.read(data, today=day_of(context.at))
    return Sheet(blob.id, blob.sha256, len(rows))


def _shown(context: Context, by: Officer, payload: type[Shown]) -> Callable[[str, bool], Awaitable[Shown]]:
    """How to show a batch as it stands, in this payload."""

    async def show(batch_id: str, replayed: bool) -> Shown:
        row: Row = await batches.of_organ(context.unit, batch_id, by.party_id)
        return payload(batch=AgencyBatch.of(context, row), replayed=replayed)

    return show
