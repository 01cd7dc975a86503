"""What a provider's staff does by the API: 零报送. Files come by `POST /intake/batches`."""

from typing import Annotated

import strawberry

from core.database import WriteUnit
from core.months import Month
from intake import nothing
from intake.layouts import LayoutName
from schema.acting import ensure
from schema.context import Info
from schema.officers import by_staff, provider
from schema.provider import IntakeNothing
from schema.refusals import Refusal


@strawberry.input(description="Says that there was nothing of a kind to report in a month, written YYYY-MM.")
class IntakeNothingInput:
    """Of which kind, and when."""

    kind: LayoutName
    period: str


@strawberry.type(description="What is kept; `replayed` when it was said before.")
class IntakeNothingPayload:
    """A report of nothing."""

    nothing: IntakeNothing
    replayed: bool


IntakeNothingResult = Annotated[IntakeNothingPayload | Refusal, strawberry.union("IntakeNothingResult")]


@strawberry.type
class ProviderActs:
    """What a provider does."""

    @strawberry.mutation(description="Report that there was nothing to report (零报送).")
    async def intake_nothing(self, info: Info, input: IntakeNothingInput) -> IntakeNothingResult:
        """Once for a kind and a month; the same again is the same."""
        context, by = info.context, by_staff(info.context)
        party_id = await provider(context)

        async def do(unit: WriteUnit) -> bool:
            month = Month.read(input.period, "period")
            return await nothing.say(unit, party_id, input.kind, month, by=by, at=context.at)

        async def show(replayed: bool) -> IntakeNothingPayload:
            row = await nothing.find(context.unit, party_id, input.kind, Month.read(input.period))
            return IntakeNothingPayload(nothing=IntakeNothing.of(row), replayed=replayed)

        return await ensure(info, do, show)
