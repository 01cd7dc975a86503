"""How a subject lets itself be asked: from whom it hears no requests, by what code it is named, who signs for it."""

from datetime import datetime
from typing import Annotated

import strawberry

from core.database import WriteUnit
from grants import connecting, cooling, marks
from parties import directory
from schema.acting import act, attempt_of, own_lens, own_look
from schema.context import Info
from schema.people import Party
from schema.refusals import Refusal
from schema.signing import signer


@strawberry.input(description="Hears no requests from a party for thirty days. The party is not told.")
class PartyBlockInput:
    """Which party."""

    party_id: strawberry.ID


@strawberry.type(description="From whom no requests are heard, and until when.")
class PartyBlockPayload:
    """A blocked party; `replayed` when it was blocked already, and the days have begun anew."""

    party: Party
    until: datetime
    replayed: bool


@strawberry.input(description="Makes a connect code. Earlier ones hold no longer.")
class ConnectCodeCreateInput:
    """A key of one's own."""

    idempotency_key: strawberry.ID


@strawberry.type(description="The code by which one recipient may ask without typing a number; once, until then.")
class ConnectCodeCreatePayload:
    """A connect code."""

    connect_code: str
    expires_at: datetime
    replayed: bool


@strawberry.input(
    description="Whether an organisation's two marks come from two people. Its legal representative's word."
)
class GrantMarksSetInput:
    """True: from two people."""

    from_two_people: bool


@strawberry.type(description="How the organisation's marks are given from now on.")
class GrantMarksSetPayload:
    """`replayed` when it was so before."""

    from_two_people: bool
    replayed: bool


PartyBlockResult = Annotated[PartyBlockPayload | Refusal, strawberry.union("PartyBlockResult")]
ConnectCodeCreateResult = Annotated[ConnectCodeCreatePayload | Refusal, strawberry.union("ConnectCodeCreateResult")]
GrantMarksSetResult = Annotated[GrantMarksSetPayload | Refusal, strawberry.union("GrantMarksSetResult")]


@strawberry.type
class HearingActs:
    """What a subject settles about requests."""

    @strawberry.mutation(description="Hear no more requests from a party for thirty days.")
    async def party_block(self, info: Info, input: PartyBlockInput) -> PartyBlockResult:
        """What they ask meanwhile lapses unheard."""
        context = info.context
        lens = own_lens(context)
        fresh = False

        async def do(unit: WriteUnit) -> str:
            nonlocal fresh
            fresh = await cooling.block(unit, lens, input.party_id, at=context.at)
            return input.party_id

        async def show(party_id: str, _replayed: bool) -> PartyBlockPayload:
            own_look(info, lens)
            card = (await directory.cards(context.unit, [party_id]))[party_id]
            until = await cooling.until(context.unit, lens.subject_id, party_id, at=context.at)
            assert until is not None  # put there a moment ago
            return PartyBlockPayload(party=Party.of(card), until=until, replayed=not fresh)

        return await act(info, None, do, show)

    @strawberry.mutation(description="Make a code by which one recipient may ask.")
    async def connect_code_create(self, info: Info, input: ConnectCodeCreateInput) -> ConnectCodeCreateResult:
        """Ten characters, ten minutes, one request."""
        context = info.context
        lens = own_lens(context)

        async def do(unit: WriteUnit) -> str:
            return await connecting.make(unit, lens, at=context.at)

        async def show(code_id: str, replayed: bool) -> ConnectCodeCreatePayload:
            own_look(info, lens)
            code, expires_at = await connecting.shown(context.unit, lens, code_id)
            return ConnectCodeCreatePayload(connect_code=code, expires_at=expires_at, replayed=replayed)

        return await act(info, attempt_of(context, "connectCodeCreate", input.idempotency_key), do, show)

    @strawberry.mutation(description="Say whether the organisation's two marks come from two people.")
    async def grant_marks_set(self, info: Info, input: GrantMarksSetInput) -> GrantMarksSetResult:
        """One person may hold both marks unless the organisation says otherwise."""
        context = info.context
        lens = own_lens(context)
        changed = False

        async def do(unit: WriteUnit) -> str:
            nonlocal changed
            signs = await signer(context, unit, lens)
            changed = await marks.keep_apart(unit, lens, signs, wanted=input.from_two_people, at=context.at)
            return ""

        async def show(_id: str, _replayed: bool) -> GrantMarksSetPayload:
            own_look(info, lens)
            return GrantMarksSetPayload(from_two_people=await marks.apart(context.unit, lens), replayed=not changed)

        return await act(info, None, do, show)
