"""What happens at a kiosk (Art. 8(2)): a document begins a visit, a report is issued and printed, the visit is over."""

from datetime import date
from typing import Annotated

import strawberry

from core.database import WriteUnit
from core.errors import Refused
from credit import reports, subjects
from credit.kinds import ReportKind
from credit.reports import Wanted
from grants import kiosk
from grants.card_reading import CardRead
from grants.errors import NoCardReader
from grants.kiosk import Device
from grants.printouts import PrintOutcome
from schema import attempts, audiences
from schema.acting import act, attempt_of, ensure
from schema.context import Context, Info
from schema.kiosk import KioskPrint, KioskVisit, begin_look, device_of
from schema.refusals import Refusal
from schema.reports import SHOWN, say


@strawberry.input(
    description="Begins a visit with what the reader beside this kiosk has just stated. The visit before it is over. "
    "Whoever the document is, the answer is the same."
)
class KioskVisitBeginInput:
    """A reader's statement."""

    statement: str
    idempotency_key: strawberry.ID


@strawberry.input(description="Gives a visit more time.")
class KioskVisitStayInput:
    """Which visit."""

    visit_id: strawberry.ID


@strawberry.input(description="Ends a visit before it ends by itself.")
class KioskVisitEndInput:
    """Which visit."""

    visit_id: strawberry.ID


@strawberry.input(description="Issues a report of one's own, for printing. It is a look.")
class KioskPrintBeginInput:
    """What kind of report, over which days."""

    visit_id: strawberry.ID
    idempotency_key: strawberry.ID
    kind: ReportKind = ReportKind.FULL
    from_: date | None = strawberry.field(default=None, name="from")
    to: date | None = None


@strawberry.input(description="Says what came of printing.")
class KioskPrintEndInput:
    """Which printout, and whether it was printed."""

    print_id: strawberry.ID
    outcome: PrintOutcome


@strawberry.type
class _Visiting:
    visit: KioskVisit
    replayed: bool


@strawberry.type(description="The visit that has begun.")
class KioskVisitBeginPayload(_Visiting):
    """A visit."""


@strawberry.type(description="The visit, which stands longer.")
class KioskVisitStayPayload(_Visiting):
    """A visit."""


@strawberry.type(description="The visit, which is over.")
class KioskVisitEndPayload(_Visiting):
    """A visit."""


@strawberry.type(description="The report that was issued.")
class KioskPrintBeginPayload:
    """A printout."""

    printout: KioskPrint
    replayed: bool


@strawberry.type(description="What came of it.")
class KioskPrintEndPayload:
    """A printout."""

    printout: KioskPrint
    replayed: bool


KioskVisitBeginResult = Annotated[KioskVisitBeginPayload | Refusal, strawberry.union("KioskVisitBeginResult")]
KioskVisitStayResult = Annotated[KioskVisitStayPayload | Refusal, strawberry.union("KioskVisitStayResult")]
KioskVisitEndResult = Annotated[KioskVisitEndPayload | Refusal, strawberry.union("KioskVisitEndResult")]
KioskPrintBeginResult = Annotated[KioskPrintBeginPayload | Refusal, strawberry.union("KioskPrintBeginResult")]
KioskPrintEndResult = Annotated[KioskPrintEndPayload | Refusal, strawberry.union("KioskPrintEndResult")]


@strawberry.type
class KioskActs:
    """What a kiosk does."""

    @strawberry.mutation(description="Begin a visit with the document that was read.")
    async def kiosk_visit_begin(self, info: Info, input: KioskVisitBeginInput) -> KioskVisitBeginResult:
        """Nobody is looked at: not even whether there is a record is told."""
        context = info.context
        device = await device_of(context)

        async def do(unit: WriteUnit) -> str:
            read = _read(context, device, input.statement)
            found = await subjects.named(unit, read.number, read.name, at=context.at)
            subject_id = found or kiosk.nobody()
            await subjects.hold(unit, [subject_id])
            return await kiosk.begin(unit, device, read, subject_id, at=context.at)

        async def show(visit_id: str, replayed: bool) -> KioskVisitBeginPayload:
            return KioskVisitBeginPayload(visit=await _visit(context, device, visit_id), replayed=replayed)

        # The statement is hashed with the rest: the key's row keeps no identity.
        key = attempt_of(context, "kioskVisitBegin", input.idempotency_key, asked=str(input))
        return await act(info, key, do, show)

    @strawberry.mutation(description="Give the visit more time, up to its longest.")
    async def kiosk_visit_stay(self, info: Info, input: KioskVisitStayInput) -> KioskVisitStayResult:
        """As often as somebody asks for it."""
        context = info.context
        device = await device_of(context)

        async def do(unit: WriteUnit) -> str:
            await kiosk.stay(unit, device, input.visit_id, at=context.at)
            return input.visit_id

        async def show(visit_id: str, replayed: bool) -> KioskVisitStayPayload:
            return KioskVisitStayPayload(visit=await _visit(context, device, visit_id), replayed=replayed)

        return await act(info, None, do, show)

    @strawberry.mutation(description="End the visit; it ends by itself if nobody does.")
    async def kiosk_visit_end(self, info: Info, input: KioskVisitEndInput) -> KioskVisitEndResult:
        """Doing it twice is doing it once."""
        context = info.context
        device = await device_of(context)

        async def do(unit: WriteUnit) -> bool:
            return await kiosk.end(unit, device, input.visit_id, at=context.at)

        async def show(replayed: bool) -> KioskVisitEndPayload:
            return KioskVisitEndPayload(visit=await _visit(context, device, input.visit_id), replayed=replayed)

        return await ensure(info, do, show)

    @strawberry.mutation(description="Issue one's own report, for printing.")
    async def kiosk_print_begin(self, info: Info, input: KioskPrintBeginInput) -> KioskPrintBeginResult:
        """A look in the visit; refused, it is an attempt. Its repeat is answered as long as the visit stands."""
        context = info.context
        device = await device_of(context)

        async def do(unit: WriteUnit) -> str:
            return await _report(info, device, input, unit)

        async def show(print_id: str, replayed: bool) -> KioskPrintBeginPayload:
            return KioskPrintBeginPayload(printout=await _printout(context, device, print_id), replayed=replayed)

        key = attempt_of(context, "kioskPrintBegin", input.idempotency_key, asked=str(input))
        try:
            answer = await act(info, key, do, show)
        except Refused as over:  # a repeat after the visit
            answer = Refusal.of(over, context.language)
        await attempts.acted(context, audiences.Lens.KIOSK_TRAIL, {"visitId": input.visit_id}, answer, shape=SHOWN)
        return answer

    @strawberry.mutation(description="Say whether it was printed.")
    async def kiosk_print_end(self, info: Info, input: KioskPrintEndInput) -> KioskPrintEndResult:
        """PRINTED or NOT_PRINTED, once."""
        context = info.context
        device = await device_of(context)

        async def do(unit: WriteUnit) -> bool:
            return await kiosk.say(unit, device, input.print_id, input.outcome, at=context.at)

        async def show(replayed: bool) -> KioskPrintEndPayload:
            return KioskPrintEndPayload(printout=await _printout(context, device, input.print_id), replayed=replayed)

        return await ensure(info, do, show)


def _read(context: Context, device: Device, statement: str) -> CardRead:
    """What the reader stated. Raises `NoCardReader`, `DocumentNotRead` and `DocumentRefused`."""
    if context.reader is None:
        raise NoCardReader()
    return kiosk.check(context.reader.opened(statement, device=device.staff_id, at=context.at), at=context.at)


async def _report(info: Info, device: Device, input: KioskPrintBeginInput, unit: WriteUnit) -> str:
    """Issue a report in the visit, with its look; the printout's id."""
    context = info.context
    row = await kiosk.admit(unit, device, input.visit_id, at=context.at)
    lens = kiosk.lens_of(row)
    await subjects.behind(unit, lens)
    wanted = Wanted(input.kind, input.from_, input.to)
    report_id = await reports.issue(unit, lens, wanted, None, at=context.at)
    look = begin_look(info, row, lens, kiosk.purpose_of(row))
    say(look, reports.snapshot_of(unit, await reports.in_case(unit, lens, report_id)))
    return await kiosk.printed(unit, row, report_id, at=context.at)


async def _visit(context: Context, device: Device, visit_id: str) -> KioskVisit:
    return KioskVisit.of(context, device, await kiosk.of_device(context.unit, device, visit_id))


async def _printout(context: Context, device: Device, print_id: str) -> KioskPrint:
    row, visit = await kiosk.print_of(context.unit, device, print_id, at=context.at)
    return await KioskPrint.of(context, visit, row)
