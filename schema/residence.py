"""Where one says that one lives: a person's own word, or a guardian's; no helper's."""

from typing import Annotated

import strawberry

from core.database import WriteUnit
from credit import residence
from schema.acting import ensure, own_lens, own_look
from schema.context import Info
from schema.refusals import Refusal


@strawberry.type(description="Where one says that one lives. Offers alone ask for it, and nobody else is shown it.")
class Residence:
    """A stated district."""

    district: str


@strawberry.input(description="States the district that one lives in, in place of an earlier one.")
class ResidenceStateInput:
    """One of `Me.districts`."""

    district: str


@strawberry.input(description="Takes back what one stated.")
class ResidenceForgetInput:
    """The district that stands there, as it was read."""

    district: str


@strawberry.type(description="What is stated now; `replayed` when it was before.")
class ResidenceStatePayload:
    """A stated district."""

    residence: Residence
    replayed: bool


@strawberry.type(description="Nothing is stated any more; `replayed` when nothing was before.")
class ResidenceForgetPayload:
    """Nothing."""

    replayed: bool


ResidenceStateResult = Annotated[ResidenceStatePayload | Refusal, strawberry.union("ResidenceStateResult")]
ResidenceForgetResult = Annotated[ResidenceForgetPayload | Refusal, strawberry.union("ResidenceForgetResult")]


@strawberry.type
class ResidenceActs:
    """What a person says of where they live."""

    @strawberry.mutation(description="State the district that one lives in.")
    async def residence_state(self, info: Info, input: ResidenceStateInput) -> ResidenceStateResult:
        """Offers are listed by it from the next request on."""
        context, lens = info.context, own_lens(info.context)

        async def do(unit: WriteUnit) -> bool:
            return await residence.state(unit, lens, input.district, at=context.at)

        async def show(replayed: bool) -> ResidenceStatePayload:
            own_look(info, lens)
            return ResidenceStatePayload(residence=Residence(district=input.district), replayed=replayed)

        return await ensure(info, do, show)

    @strawberry.mutation(description="Take back where one lives: it is deleted.")
    async def residence_forget(self, info: Info, input: ResidenceForgetInput) -> ResidenceForgetResult:
        """Nothing of it is kept."""
        lens = own_lens(info.context)

        async def do(unit: WriteUnit) -> bool:
            return await residence.forget(unit, lens, input.district)

        async def show(replayed: bool) -> ResidenceForgetPayload:
            own_look(info, lens)
            return ResidenceForgetPayload(replayed=replayed)

        return await ensure(info, do, show)
