"""A department's sheets, simulations and runs on its desk (Art. 9): how far they are, and counts. No organisation."""

from datetime import datetime
from decimal import Decimal

import strawberry

from core.statements import Row
from oversight.industry import runs
from oversight.industry.runs import IndustryRunKind, IndustryRunState
from oversight.industry.sheets import IndustrySheetState, rejects
from parties import hiring
from schema.connection import Connection, connect
from schema.context import Info
from schema.staffing import StaffMember
from schema.stored import stored


@strawberry.type(description="A row of a sheet that was not taken.")
class IndustrySheetReject:
    """Its number, and why; never what it says."""

    row: strawberry.Private[Row]
    number: int = stored("number", description="Which row of the file, or which line.")
    code: str = stored("code")
    indicator: str | None = stored("indicator", description="Whose value it is, where it is one.")


@strawberry.type(description="A department's own indicators, as one sheet for one version of a model.")
class IndustrySheet:
    """What became of it."""

    row: strawberry.Private[Row]
    id: strawberry.ID = stored("id")
    model_id: strawberry.ID = stored("model_id")
    number: str = stored("number", description="The department's own.")
    sha256: str = stored("sha256", description="Of the file, as it came.")
    whole: bool = stored("whole", description="Whether one row that cannot be taken refuses them all.")
    state: IndustrySheetState = stored("state")
    refused: str | None = stored("refused", description="Why no row was taken.")
    refused_of: str | None = stored("refused_of", description="Which column, or how many, that is about.")
    taken: int = stored("taken", description="Of so many organisations.")
    rejected: int = stored("rejected", description="So many rows were not; the first 1,000 are listed.")
    uploaded_at: datetime = stored("uploaded_at")
    read_at: datetime | None = stored("read_at")

    @strawberry.field(description="The rows that were not taken, in the file's order.")
    async def rejects(self, info: Info, first: int = 50, after: str | None = None) -> Connection[IndustrySheetReject]:
        """A page of them."""
        request = info.context.page("IndustrySheet.rejects", first, after, self.row.id)
        page = await rejects(info.context.unit, self.row.id, request)
        return connect(page, lambda row: IndustrySheetReject(row=row))

    @strawberry.field(description="Who brought it.")
    async def uploader(self, info: Info) -> StaffMember:
        """A colleague."""
        return await _colleague(info, self.row.uploaded_by)


@strawberry.type(description="How many organisations have a class, or a reason of an indicator.")
class IndustryCount:
    """One place. A small number, and whatever would tell it, is withheld."""

    indicator: str | None = strawberry.field(description="Null for a class.")
    code: str = strawberry.field(description="The class's, or the reason's.")
    many: int | None = strawberry.field(description="Rounded; null where it is withheld.")


@strawberry.type(description="One bulk processing by a version of a model: a simulation, or a run.")
class IndustryRun:
    """Over whom, as of when, and how far it is."""

    row: strawberry.Private[Row]
    id: strawberry.ID = stored("id")
    number: str = stored("number", description="As the organisations concerned read it in their trail.")
    kind: IndustryRunKind = stored("kind")
    model_id: strawberry.ID = stored("model_id")
    sheet_id: strawberry.ID = stored("sheet_id")
    sha256: str = stored("sha256", description="Of the content that is run.")
    instrument: str = stored("instrument", description="The document it rests on.")
    as_of: datetime = stored("as_of", description="Everything is read as it stood then.")
    asked_at: datetime = stored("asked_at")
    state: IndustryRunState = stored("state")
    population: int = stored("population")
    done: int = stored("done")
    passed_over: int = stored("passed_over", description="Who turned out to be another since the sheet was read.")
    finished_at: datetime | None = stored("finished_at")

    @strawberry.field(description="Of a run, SHA-256 over all results in order; null until it is done.")
    def digest(self) -> str | None:
        """The same for the same version, sheet and instant. Of a simulation it would be a trace of each result."""
        return self.row.digest if self._is_done and self.row.kind == IndustryRunKind.RUN.value else None

    @strawberry.field(description="By class, and by indicator and reason; null until it is done.")
    def counts(self) -> list[IndustryCount] | None:
        """In the scorecard's order."""
        if not self._is_done:
            return None
        return [
            IndustryCount(indicator=name or None, code=code, many=many)
            for name, table in self.row.counts.items()
            for code, many in table.items()
        ]

    @strawberry.field(
        description="How far it lies from another of the department's, by what both say of their classes: the "
        "population stability index. Null where either is not done, withholds a class, or has other classes."
    )
    async def stability(self, info: Info, beside_id: strawberry.ID) -> Decimal | None:
        """Of nothing but published numbers."""
        other = await runs.find(info.context.unit, beside_id, party_id=self.row.party_id)
        return runs.apart(self.row, other)

    @strawberry.field(description="Who asked for it.")
    async def asker(self, info: Info) -> StaffMember:
        """A colleague."""
        return await _colleague(info, self.row.asked_by)

    @property
    def _is_done(self) -> bool:
        return bool(self.row.state == IndustryRunState.DONE.value)


async def _colleague(info: Info, staff_id: str) -> StaffMember:
    found = await hiring.by_ids(info.context.unit, {staff_id})
    return StaffMember(row=found[staff_id])
