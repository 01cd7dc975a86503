"""What a department's officers do with a reviewed model (Art. 9): bring sheets, simulate, set live, run and retire."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeVar

import strawberry

from core.database import WriteUnit
from oversight.industry import live, models, runs, sheets
from oversight.industry.runs import Asked, IndustryRunKind
from oversight.industry.sheets import Brought
from schema.acting import act, attempt_of, ensure
from schema.context import Context, Info
from schema.industry import IndustryModel
from schema.industry_runs import IndustryRun, IndustrySheet
from schema.officers import by_staff, organ
from schema.refusals import Refusal


@strawberry.input(
    description="Brings a sheet of the department's own indicators that was uploaded: CSV, JSON Lines or xlsx with the "
    "columns 统一社会信用代码 and each own indicator's code. The same file under its number again changes nothing."
)
class IndustrySheetUploadInput:
    """For which version, under which number; `whole`: one row that cannot be taken refuses them all."""

    model_id: strawberry.ID
    number: str
    upload_id: strawberry.ID
    whole: bool = True


@strawberry.input(description="Simulates a reviewed version over a sheet's organisations: nothing but counts is kept.")
class IndustrySimulateInput:
    """As of which instant; null is now."""

    model_id: strawberry.ID
    sheet_id: strawberry.ID
    as_of: datetime | None = None
    idempotency_key: strawberry.ID


@strawberry.input(description="Runs the live version over a sheet's organisations.")
class IndustryRunStartInput:
    """As of which instant; null is now."""

    model_id: strawberry.ID
    sheet_id: strawberry.ID
    as_of: datetime | None = None
    idempotency_key: strawberry.ID


@strawberry.input(description="Sets a reviewed and simulated version of a colleague's live; the one before it retires.")
class IndustryModelGoLiveInput:
    """Which version as it was read."""

    model_id: strawberry.ID
    expected_version: int


@strawberry.input(description="Retires the live version; nothing takes its place.")
class IndustryModelRetireInput:
    """Which version as it was read."""

    model_id: strawberry.ID
    expected_version: int


@strawberry.type(description="The sheet, which waits to be read.")
class IndustrySheetUploadPayload:
    """A sheet."""

    sheet: IndustrySheet
    replayed: bool


@strawberry.type
class _Asked:
    run: IndustryRun
    replayed: bool


@strawberry.type(description="The simulation, which is underway.")
class IndustrySimulatePayload(_Asked):
    """A simulation."""


@strawberry.type(description="The run, which is underway.")
class IndustryRunStartPayload(_Asked):
    """A run."""


@strawberry.type
class _Moved:
    model: IndustryModel
    replayed: bool


@strawberry.type(description="The version as it stands.")
class IndustryModelGoLivePayload(_Moved):
    """The live one."""


@strawberry.type(description="The version as it stands.")
class IndustryModelRetirePayload(_Moved):
    """A retired one."""


ShownRun = TypeVar("ShownRun", bound=_Asked)
ShownModel = TypeVar("ShownModel", bound=_Moved)
IndustrySheetUploadResult = Annotated[
    IndustrySheetUploadPayload | Refusal, strawberry.union("IndustrySheetUploadResult")
]
IndustrySimulateResult = Annotated[IndustrySimulatePayload | Refusal, strawberry.union("IndustrySimulateResult")]
IndustryRunStartResult = Annotated[IndustryRunStartPayload | Refusal, strawberry.union("IndustryRunStartResult")]
IndustryModelGoLiveResult = Annotated[
    IndustryModelGoLivePayload | Refusal, strawberry.union("IndustryModelGoLiveResult")
]
IndustryModelRetireResult = Annotated[
    IndustryModelRetirePayload | Refusal, strawberry.union("IndustryModelRetireResult")
]


@strawberry.type
class IndustryRunActs:
    """A department's sheets and runs."""

    @strawberry.mutation(description="Bring a sheet of the department's own indicators.")
    async def industry_sheet_upload(self, info: Info, input: IndustrySheetUploadInput) -> IndustrySheetUploadResult:
        """By any of its keepers."""
        context = info.context
        party_id, by = await organ(context), by_staff(context)
        brought, made = Brought(input.model_id, input.number.strip(), input.upload_id, input.whole), ""

        async def do(unit: WriteUnit) -> bool:
            nonlocal made
            made, before = await sheets.bring(unit, context.blobs, brought, party_id=party_id, by=by, at=context.at)
            return not before

        async def show(replayed: bool) -> IndustrySheetUploadPayload:
            row = await sheets.find(context.unit, made, party_id=party_id)
            return IndustrySheetUploadPayload(sheet=IndustrySheet(row=row), replayed=replayed)

        return await ensure(info, do, show)

    @strawberry.mutation(description="Simulate a reviewed version on real counts.")
    async def industry_simulate(self, info: Info, input: IndustrySimulateInput) -> IndustrySimulateResult:
        """By any of its keepers."""
        asked = Asked(IndustryRunKind.SIMULATION, input.model_id, input.sheet_id, input.as_of)
        do, show = await _asking(info.context, asked, IndustrySimulatePayload)
        key = attempt_of(info.context, "industrySimulate", input.idempotency_key, asked=str(asked))
        return await act(info, key, do, show)

    @strawberry.mutation(description="Run the live version.")
    async def industry_run_start(self, info: Info, input: IndustryRunStartInput) -> IndustryRunStartResult:
        """By any of its keepers."""
        asked = Asked(IndustryRunKind.RUN, input.model_id, input.sheet_id, input.as_of)
        do, show = await _asking(info.context, asked, IndustryRunStartPayload)
        key = attempt_of(info.context, "industryRunStart", input.idempotency_key, asked=str(asked))
        return await act(info, key, do, show)

    @strawberry.mutation(description="Set a colleague's reviewed and simulated version live.")
    async def industry_model_go_live(self, info: Info, input: IndustryModelGoLiveInput) -> IndustryModelGoLiveResult:
        """By somebody else than its author."""
        context, expected = info.context, input.expected_version
        party_id, by = await organ(context), by_staff(context)

        async def do(unit: WriteUnit) -> bool:
            await live.go_live(unit, input.model_id, party_id=party_id, by=by, expected=expected, at=context.at)
            return True

        return await ensure(info, do, _moved(context, IndustryModelGoLivePayload, input.model_id, party_id))

    @strawberry.mutation(description="Retire the live version.")
    async def industry_model_retire(self, info: Info, input: IndustryModelRetireInput) -> IndustryModelRetireResult:
        """By any of its keepers."""
        context, expected = info.context, input.expected_version
        party_id, by = await organ(context), by_staff(context)

        async def do(unit: WriteUnit) -> bool:
            await live.retire(unit, input.model_id, party_id=party_id, by=by, expected=expected, at=context.at)
            return True

        return await ensure(info, do, _moved(context, IndustryModelRetirePayload, input.model_id, party_id))


async def _asking(
    context: Context, asked: Asked, payload: type[ShownRun]
) -> tuple[Callable[[WriteUnit], Awaitable[str]], Callable[[str, bool], Awaitable[ShownRun]]]:
    """How to ask for a simulation or a run, and how to show it in this payload."""
    party_id, by = await organ(context), by_staff(context)

    async def do(unit: WriteUnit) -> str:
        return await runs.ask(unit, asked, party_id=party_id, by=by, at=context.at)

    async def show(id: str, replayed: bool) -> ShownRun:
        row = await runs.find(context.unit, id, party_id=party_id)
        return payload(run=IndustryRun(row=row), replayed=replayed)

    return do, show


def _moved(
    context: Context, payload: type[ShownModel], id: str, party_id: str
) -> Callable[[bool], Awaitable[ShownModel]]:
    async def show(replayed: bool) -> ShownModel:
        row = await models.find(context.unit, id, party_id=party_id)
        return payload(model=IndustryModel.of(context, row), replayed=replayed)

    return show
