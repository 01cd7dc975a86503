"""A copy of everything about oneself (个人信息保护法 45): asked for, listed, and a ticket to fetch it once."""

from datetime import datetime
from typing import Annotated

import strawberry

from audit.lens import BasisKind
from audit.looks import LONGEST_CLIENT
from core.blobs import TICKET_LIFE
from core.database import WriteUnit
from core.statements import Row
from credit import exports
from credit.kinds import ExportState
from schema.acting import CAPACITY, act, attempt_of, own_lens, own_look
from schema.connection import Connection, connect
from schema.context import Context, Info
from schema.refusals import Refusal
from schema.stored import stored


@strawberry.type(
    description="A copy of everything about oneself: a zip of JSON files (docs/export.md). It is there some moments "
    "after it was asked for, until expiresAt."
)
class Export:
    """One copy."""

    state: ExportState
    row: strawberry.Private[Row]
    id: strawberry.ID = stored("id")
    requested_at: datetime = stored("requested_at")
    ready_at: datetime | None = stored("ready_at")
    expires_at: datetime | None = stored("expires_at")

    @classmethod
    def of(cls, context: Context, row: Row) -> "Export":
        """A copy's row, as it stands now."""
        return cls(state=exports.state_of(row, at=context.at), row=row)


@strawberry.input(description="Asks for a copy of everything about oneself. One at a time, and one a day.")
class ExportRequestInput:
    """Nothing is chosen: it is everything."""

    idempotency_key: strawberry.ID


@strawberry.input(description="Asks for a ticket by which a copy is downloaded once.")
class ExportTicketInput:
    """Which copy."""

    export_id: strawberry.ID


@strawberry.type(description="The copy that is being made.")
class ExportRequestPayload:
    """A copy."""

    export: Export
    replayed: bool


@strawberry.type(description="Where the copy is downloaded, once.")
class ExportTicketPayload:
    """A ticket; each call makes another."""

    path: str
    valid_until: datetime
    replayed: bool


ExportRequestResult = Annotated[ExportRequestPayload | Refusal, strawberry.union("ExportRequestResult")]
ExportTicketResult = Annotated[ExportTicketPayload | Refusal, strawberry.union("ExportTicketResult")]


async def exports_page(info: Info, first: int, after: str | None) -> Connection[Export]:
    """One's own copies, newest first."""
    context = info.context
    page = await exports.page(context.unit, own_lens(context), context.page("Me.exports", first, after))
    return connect(page, lambda row: Export.of(context, row))


@strawberry.type
class ExportActs:
    """What a subject does about copies."""

    @strawberry.mutation(description="Ask for a copy of everything about oneself.")
    async def export_request(self, info: Info, input: ExportRequestInput) -> ExportRequestResult:
        """What making it shows is logged by whoever makes it, in this caller's name."""
        context = info.context
        lens = own_lens(context)
        caller = context.caller
        asked = exports.Asked(
            lens=lens,
            capacity=CAPACITY[caller.mandate or ""] if lens.basis is BasisKind.MANDATE else None,
            by=caller.officer_id,
            client=caller.principal.client[:LONGEST_CLIENT],
            channel=caller.principal.channel,
        )

        async def do(unit: WriteUnit) -> str:
            return await exports.request(unit, asked, at=context.at)

        async def show(export_id: str, replayed: bool) -> ExportRequestPayload:
            own_look(info, lens)
            row = await exports.own(context.unit, lens, export_id)
            return ExportRequestPayload(export=Export.of(context, row), replayed=replayed)

        return await act(info, attempt_of(context, "exportRequest", input.idempotency_key), do, show)

    @strawberry.mutation(description="Ask for a ticket to download a copy once.")
    async def export_ticket(self, info: Info, input: ExportTicketInput) -> ExportTicketResult:
        """What the copy shows was logged as it was made: fetching it is no further look."""
        context = info.context

        async def do(unit: WriteUnit) -> str:
            row = await exports.own(unit, own_lens(context), input.export_id)
            return await exports.ticket(unit, context.blobs, row, at=context.at)

        async def show(ticket: str, replayed: bool) -> ExportTicketPayload:
            path = f"/exports/{input.export_id}.zip?ticket={ticket}"
            return ExportTicketPayload(path=path, valid_until=context.at + TICKET_LIFE, replayed=replayed)

        return await act(info, None, do, show)
