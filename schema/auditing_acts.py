"""What a compliance auditor does: asks for the looks of some days, and for a ticket once they may leave."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from audit.looks import LONGEST_CLIENT
from core.blobs import TICKET_LIFE
from core.database import WriteUnit
from core.principal import Channel
from oversight.auditing import exports
from oversight.auditing.exports import Asked
from oversight.auditing.showing import Wanted
from oversight.duty import confidentiality
from oversight.duty.confidentiality import ReleaseKind
from schema.acting import act, attempt_of
from schema.auditing import ComplianceExport
from schema.context import Context, Info
from schema.officers import by_staff
from schema.refusals import Refusal


@strawberry.input(
    description="Asks for the looks of some past days, both of them included, at most 731; through one door or for one "
    "purpose only, or all. One is made at a time."
)
class ComplianceExportRequestInput:
    """Which looks."""

    since: date
    until: date
    channel: Channel | None = None
    purpose: str | None = None
    idempotency_key: strawberry.ID


@strawberry.input(description="Asks for a ticket by which an export is downloaded once.")
class ComplianceExportTicketInput:
    """Which export."""

    export_id: strawberry.ID


@strawberry.type(description="The export that is being made.")
class ComplianceExportRequestPayload:
    """An export."""

    export: ComplianceExport
    replayed: bool


@strawberry.type(description="Where the export is downloaded, once.")
class ComplianceExportTicketPayload:
    """A ticket; each call makes another."""

    path: str
    valid_until: datetime
    replayed: bool


ComplianceExportRequestResult = Annotated[
    ComplianceExportRequestPayload | Refusal, strawberry.union("ComplianceExportRequestResult")
]
ComplianceExportTicketResult = Annotated[
    ComplianceExportTicketPayload | Refusal, strawberry.union("ComplianceExportTicketResult")
]


@strawberry.type
class ComplianceExportActs:
    """Exports for 合规审计."""

    @strawberry.mutation(description="Ask for the log of some days.")
    async def compliance_export_request(
        self, info: Info, input: ComplianceExportRequestInput
    ) -> ComplianceExportRequestResult:
        """What making it shows is logged by whoever makes it, in this caller's name."""
        context = info.context
        asked, door = _asked(context, input), input.channel.value if input.channel else None

        async def do(unit: WriteUnit) -> str:
            return await exports.request(unit, asked, at=context.at)

        async def show(export_id: str, replayed: bool) -> ComplianceExportRequestPayload:
            row = await exports.own(context.unit, asked.party_id, export_id)
            return ComplianceExportRequestPayload(
                export=ComplianceExport.behind(context, [row])(row), replayed=replayed
            )

        said = {"since": input.since.isoformat(), "until": input.until.isoformat(), "channel": door}
        key = attempt_of(context, "complianceExportRequest", input.idempotency_key, **said, purpose=input.purpose)
        return await act(info, key, do, show)

    @strawberry.mutation(description="Ask for a ticket to download an export once. It was let leave by another person.")
    async def compliance_export_ticket(
        self, info: Info, input: ComplianceExportTicketInput
    ) -> ComplianceExportTicketResult:
        """What it shows was logged as it was made: fetching it is no further look."""
        context, party_id = info.context, info.context.party()

        async def do(unit: WriteUnit) -> str:
            row = await exports.own(unit, party_id, input.export_id)
            ticket = await exports.ticket(unit, context.blobs, row, at=context.at)
            await confidentiality.hold_back(unit, ReleaseKind.COMPLIANCE_EXPORT, row.id, row.sha256)
            return ticket

        async def show(ticket: str, replayed: bool) -> ComplianceExportTicketPayload:
            path = f"/oversight/audits/{input.export_id}.zip?ticket={ticket}"
            return ComplianceExportTicketPayload(path=path, valid_until=context.at + TICKET_LIFE, replayed=replayed)

        return await act(info, None, do, show)


def _asked(context: Context, input: ComplianceExportRequestInput) -> Asked:
    principal = context.caller.principal
    return Asked(
        since=input.since,
        until=input.until,
        wanted=Wanted(input.channel.value if input.channel else None, input.purpose),
        party_id=context.party(),
        by=by_staff(context),
        client=principal.client[:LONGEST_CLIENT],
        channel=principal.channel.value,
    )
