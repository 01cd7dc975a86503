"""Who may act for a person: seen by that person, given to a helper who offered, ended by either side."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

import strawberry

from audit.lens import Audience, BasisKind, Lens
from core.database import WriteUnit
from core.errors import NotAvailable, TurnedOut
from core.statements import Row
from credit import subjects
from notices import helping
from parties import mandates
from parties.kinds import MandateKind
from schema.acting import act, attempt_of, ensure, own_lens, own_look
from schema.context import Context, Info
from schema.refusals import Refusal
from schema.stored import stored


@strawberry.type(description="Somebody who may act for one: a helper one asked, or a guardian. Both days count.")
class Helper:
    """A mandate as the person sees it for whom somebody acts."""

    row: strawberry.Private[Row]
    name: str
    id: strawberry.ID = stored("id")
    kind: MandateKind = stored("kind")
    valid_from: date = stored("valid_from")
    valid_until: date | None = stored("valid_until")
    ended_at: datetime | None = stored("ended_at")


async def helpers_of(context: Context, rows: Sequence[Row]) -> list[Helper]:
    """Mandates with the names of those who hold them, read in one statement."""
    lenses = [Lens(Audience.SUBJECT, BasisKind.MANDATE, row.person_id) for row in rows]
    cards = await subjects.cards(context.unit, lenses)
    return [Helper(row=row, name=cards[row.person_id].name) for row in rows]


@strawberry.input(description="Lets the person who showed this code look and take offers for one, until a day.")
class MandateGiveInput:
    """A helper's offer, and the last day; a year at most."""

    helper_code: str
    valid_until: date
    idempotency_key: strawberry.ID


@strawberry.type(description="The mandate given.")
class MandateGivePayload:
    """A new helper."""

    helper: Helper
    replayed: bool


@strawberry.input(description="Ends a helper's mandate at once; either side may.")
class MandateEndInput:
    """Which mandate."""

    mandate_id: strawberry.ID


@strawberry.type(description="The mandate as it ended.")
class MandateEndPayload:
    """An ended mandate; `replayed` when it had ended before."""

    helper: Helper
    replayed: bool


MandateGiveResult = Annotated[MandateGivePayload | Refusal, strawberry.union("MandateGiveResult")]
MandateEndResult = Annotated[MandateEndPayload | Refusal, strawberry.union("MandateEndResult")]


@strawberry.type
class MandateActs:
    """What a person does about helpers."""

    @strawberry.mutation(description="Let a helper act for one.")
    async def mandate_give(self, info: Info, input: MandateGiveInput) -> MandateGiveResult:
        """The helper has offered, the person agrees."""
        context = info.context
        lens = own_lens(context)

        async def do(unit: WriteUnit) -> str:
            helper = mandates.offered(unit.vault, input.helper_code, at=context.at)
            try:
                await subjects.hold(unit, [helper], first=False)
            except TurnedOut:  # whoever offered is somebody else now, and offers anew
                raise NotAvailable() from None
            return await helping.give(
                unit, giver=lens.subject_id, helper=helper, until=input.valid_until, at=context.at
            )

        async def show(mandate_id: str, replayed: bool) -> MandateGivePayload:
            return MandateGivePayload(helper=await _shown(info, lens, mandate_id), replayed=replayed)

        key = attempt_of(context, "mandateGive", input.idempotency_key, code=input.helper_code, until=input.valid_until)
        return await act(info, key, do, show)

    @strawberry.mutation(description="End a helper's mandate, at once.")
    async def mandate_end(self, info: Info, input: MandateEndInput) -> MandateEndResult:
        """Ending twice is ending once."""
        context = info.context
        lens = own_lens(context)

        async def do(unit: WriteUnit) -> bool:
            return await helping.end(unit, input.mandate_id, by=lens.subject_id, at=context.at)

        async def show(replayed: bool) -> MandateEndPayload:
            return MandateEndPayload(helper=await _shown(info, lens, input.mandate_id), replayed=replayed)

        return await ensure(info, do, show)


async def _shown(info: Info, lens: Lens, mandate_id: str) -> Helper:
    own_look(info, lens)
    row = await mandates.find(info.context.unit, mandate_id, by=lens.subject_id)
    return (await helpers_of(info.context, [row]))[0]
