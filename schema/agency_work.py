"""A state organ's own desk: its mandates, its looks, its orders to withhold, its batches."""

from datetime import date, datetime

import strawberry

from audit import desk, receipts, withholding
from core.statements import Row
from grants import batches, mandating, statute
from grants.scope import AgencyBatchState, AgencyMandateState, RecordCategory, StatutoryPurpose
from schema.access import Access
from schema.connection import Connection, connect
from schema.context import Context, Info
from schema.receipts import AccessReceipt
from schema.sharing import Share, ShareDistrict, districts_of, shares_of
from schema.stored import stored
from schema.withholdings import Withholding


@strawberry.type(description="By which instrument and article an organ looks for a purpose, and which kinds it sees.")
class AgencyMandate:
    """A mandate (授权依据). Both days count."""

    row: strawberry.Private[Row]
    state: AgencyMandateState
    id: strawberry.ID = stored("id")
    version: int = stored("version")
    purpose: StatutoryPurpose = stored("purpose")
    purpose_text: str | None = stored("purpose_text", description="What is meant where the purpose is OTHER.")
    instrument: str = stored("instrument", description="The law, regulation or document, with its number.")
    article: str = stored("article")
    categories: list[RecordCategory] = stored("categories")
    valid_from: date = stored("valid_from")
    valid_until: date | None = stored("valid_until")

    @classmethod
    def of(cls, context: Context, row: Row) -> "AgencyMandate":
        """A mandate's row."""
        return cls(row=row, state=statute.state_of(row, at=context.at))


@strawberry.type(description="Up to 2,000 people or companies under one case, and how far their looks have come.")
class AgencyBatch:
    """A batch, as its organ sees it."""

    row: strawberry.Private[Row]
    state: AgencyBatchState
    by_me: bool = strawberry.field(description="Whether the caller opened it: another officer decides.")
    id: strawberry.ID = stored("id")
    version: int = stored("version")
    case_number: str = stored("case_number")
    purpose: StatutoryPurpose = stored("purpose")
    mandate_id: strawberry.ID = stored("mandate_id")
    withholding_id: strawberry.ID | None = stored("withholding_id")
    row_count: int = stored("row_count")
    found: int | None = stored("found", description="For how many of them there was somebody to look at.")
    opened_by: str = stored("opened_label")
    opened_at: datetime = stored("opened_at")
    decided_by: str | None = stored("decided_label")
    decided_at: datetime | None = stored("decided_at")
    reason: str | None = stored("reason", description="Why it was returned.")
    answered_at: datetime | None = stored("answered_at")
    until: datetime | None = stored("until", description="When it lapses undecided, or its answer goes.")

    @classmethod
    def of(cls, context: Context, row: Row) -> "AgencyBatch":
        """A batch's row."""
        mine = row.opened_by == context.caller.staff_id
        return cls(row=row, state=batches.state_of(row, at=context.at), by_me=mine)


@strawberry.type(description="A state organ's own desk.")
class AgencyWork:
    """The calling organ."""

    party_id: strawberry.Private[str]

    @strawberry.field(description="What the organ may look under now.")
    async def mandates(self, info: Info) -> list[AgencyMandate]:
        """Own mandates in force."""
        context = info.context
        rows = await mandating.in_force(context.unit, self.party_id, at=context.at)
        return [AgencyMandate.of(context, row) for row in rows]

    @strawberry.field(description="The organ's past looks and attempts, newest first; whom at, is told by looking.")
    async def looks(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Access]:
        """Own looks only, withheld ones too."""
        context = info.context
        page = await desk.page(context.unit, self.party_id, context.page("AgencyWork.looks", first, after))
        return connect(page, Access.of_organ(context, page.items))

    @strawberry.field(description="The organ's batches, newest first.")
    async def batches(self, info: Info, first: int = 20, after: str | None = None) -> Connection[AgencyBatch]:
        """Own batches."""
        context = info.context
        page = await batches.page(context.unit, self.party_id, context.page("AgencyWork.batches", first, after))
        return connect(page, lambda row: AgencyBatch.of(context, row))

    @strawberry.field(description="One of the organ's batches, or null.")
    async def batch(self, info: Info, id: strawberry.ID) -> AgencyBatch | None:
        """Absent and another's are both null."""
        row = await batches.find(info.context.unit, id, self.party_id)
        return AgencyBatch.of(info.context, row) if row is not None else None

    @strawberry.field(description="The organ's orders to withhold, newest first.")
    async def withholdings(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Withholding]:
        """Own orders."""
        context = info.context
        request = context.page("AgencyWork.withholdings", first, after)
        page = await withholding.page(context.unit, self.party_id, request)
        return connect(page, lambda row: Withholding.of(context, row))

    @strawberry.field(description="What the organ asked to be shared with it, newest first.")
    async def shares(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Share]:
        """Own shares."""
        return await shares_of(info, self.party_id, first, after)

    @strawberry.field(description="The city's districts, which a share can name.")
    async def districts(self, info: Info) -> list[ShareDistrict]:
        """A closed list."""
        return await districts_of(info.context)

    @strawberry.field(description="The receipt of one's own look, or null: within a second of the look it is sealed.")
    async def receipt(self, info: Info, look_id: strawberry.ID) -> AccessReceipt | None:
        """Absent, another's and not yet sealed are all null."""
        found = await receipts.to_recipient(info.context.unit, self.party_id, look_id)
        return AccessReceipt.of(found) if found is not None else None
