"""What a supervisor does (Art. 4): asking for a sample of the institutions' work."""

from typing import Annotated

import strawberry

from core.database import WriteUnit
from core.months import Month
from oversight.supervision import samples
from oversight.supervision.samples import SampledWork, Wanted
from schema.acting import act, attempt_of
from schema.context import Info
from schema.inspection import Sample, inspector_of
from schema.refusals import Refusal


@strawberry.input(description="Asks for at most `size` (1..20) of an ended month's (YYYY-MM) looks, and says why.")
class SampleRequestInput:
    """Which work; which of it, the lot decides."""

    work: SampledWork
    month: str
    size: int
    reason: str
    idempotency_key: strawberry.ID


@strawberry.type(description="It waits for the log's next leaf, which decides what is drawn.")
class SampleRequestPayload:
    """The sample."""

    sample: Sample
    replayed: bool


SampleRequestResult = Annotated[SampleRequestPayload | Refusal, strawberry.union("SampleRequestResult")]


@strawberry.type
class InspectionActs:
    """Supervision."""

    @strawberry.mutation(description="Ask for a random sample of the area's work; so many in a quarter.")
    async def sample_request(self, info: Info, input: SampleRequestInput) -> SampleRequestResult:
        """Once for each key."""
        context, by = info.context, await inspector_of(info.context)

        async def do(unit: WriteUnit) -> str:
            wanted = Wanted(input.work, Month.read(input.month), input.size, input.reason)
            return await samples.request(unit, by, wanted, at=context.at)

        async def show(sample_id: str, replayed: bool) -> SampleRequestPayload:
            row = await samples.find(context.unit, by, sample_id)
            return SampleRequestPayload(sample=Sample.of(context, row), replayed=replayed)

        return await act(info, attempt_of(context, "sampleRequest", input.idempotency_key, asked=str(input)), do, show)
