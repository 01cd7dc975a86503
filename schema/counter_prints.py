"""What the counter prints (Art. 8(3)): a report, which is a look; the trail; the notice of what is missing."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from core.blobs import TICKET_LIFE
from core.database import WriteUnit
from core.errors import Detail
from core.statements import Row
from credit import certificate, reports, subjects
from credit.kinds import ReportKind
from credit.reports import Authority, Wanted
from grants import counter, papers, printouts
from grants.counter import Clerk
from grants.errors import CounterCaseEnded, NotGranted, WrongState
from grants.papers import CounterKind, CounterState
from grants.printouts import Printout, PrintOutcome
from grants.scope import RecordCategory
from schema import attempts, audiences
from schema.acting import act, attempt_of, ensure
from schema.context import Context, Info
from schema.counter import CounterCase, CounterPrint, begin_look, clerk_of
from schema.refusals import Refusal
from schema.reports import SHOWN, say

_EVALUATION = RecordCategory.EVALUATION_RESULT.value


@strawberry.input(
    description="Begins to print: a report (kind, from, to), the trail, or the notice of what is missing. A report is "
    "issued under the case, and is a look."
)
class CounterPrintBeginInput:
    """What is printed."""

    case_id: strawberry.ID
    what: Printout
    idempotency_key: strawberry.ID
    kind: ReportKind = ReportKind.FULL
    from_: date | None = strawberry.field(default=None, name="from")
    to: date | None = None


@strawberry.input(description="Says what came of printing.")
class CounterPrintEndInput:
    """Which printout, and whether it was printed."""

    print_id: strawberry.ID
    outcome: PrintOutcome


@strawberry.input(description="Asks for a ticket to download a case's report once, as long as the case stands.")
class CounterTicketInput:
    """Which printout."""

    print_id: strawberry.ID


@strawberry.type(description="What is to be printed.")
class CounterPrintBeginPayload:
    """A printout."""

    printout: CounterPrint
    replayed: bool


@strawberry.type(description="What came of it.")
class CounterPrintEndPayload:
    """A printout."""

    printout: CounterPrint
    replayed: bool


@strawberry.type(description="Where the PDF is downloaded, once.")
class CounterTicketPayload:
    """A ticket; each call makes another."""

    path: str
    valid_until: datetime
    replayed: bool


CounterPrintBeginResult = Annotated[CounterPrintBeginPayload | Refusal, strawberry.union("CounterPrintBeginResult")]
CounterPrintEndResult = Annotated[CounterPrintEndPayload | Refusal, strawberry.union("CounterPrintEndResult")]
CounterTicketResult = Annotated[CounterTicketPayload | Refusal, strawberry.union("CounterTicketResult")]


@strawberry.type
class CounterPrintActs:
    """What a clerk prints."""

    @strawberry.mutation(description="Begin to print a report, the trail, or the notice of what is missing.")
    async def counter_print_begin(self, info: Info, input: CounterPrintBeginInput) -> CounterPrintBeginResult:
        """A report is a look under the case; refused, it is an attempt."""
        context, clerk = info.context, clerk_of(info.context)

        async def do(unit: WriteUnit) -> str:
            if input.what is Printout.REPORT:
                return await _report(info, clerk, input, unit)
            row = await counter.own(unit, clerk, input.case_id)
            _hold_printable(CounterCase.of(context, row), input.what)
            return await printouts.begin(unit, row, input.what, at=context.at)

        async def show(print_id: str, replayed: bool) -> CounterPrintBeginPayload:
            return CounterPrintBeginPayload(printout=await _printout(context, clerk, print_id), replayed=replayed)

        key = attempt_of(context, "counterPrintBegin", input.idempotency_key, asked=str(input))
        answer = await act(info, key, do, show)
        if input.what is Printout.REPORT:
            await attempts.acted(context, audiences.Lens.COUNTER_TRAIL, {"caseId": input.case_id}, answer, shape=SHOWN)
        return answer

    @strawberry.mutation(description="Say whether it was printed.")
    async def counter_print_end(self, info: Info, input: CounterPrintEndInput) -> CounterPrintEndResult:
        """PRINTED or NOT_PRINTED, once."""
        context, clerk = info.context, clerk_of(info.context)

        async def do(unit: WriteUnit) -> bool:
            return await printouts.end(unit, clerk, input.print_id, input.outcome, at=context.at)

        async def show(replayed: bool) -> CounterPrintEndPayload:
            return CounterPrintEndPayload(printout=await _printout(context, clerk, input.print_id), replayed=replayed)

        return await ensure(info, do, show)

    @strawberry.mutation(description="Ask for a ticket to download a case's report once.")
    async def counter_ticket(self, info: Info, input: CounterTicketInput) -> CounterTicketResult:
        """What it shows was logged as it was issued: fetching it, within the visit, is no further look."""
        context, clerk, number = info.context, clerk_of(info.context), ""

        async def do(unit: WriteUnit) -> str:
            nonlocal number
            made = await printouts.own(unit, clerk, input.print_id)
            row = await counter.own(unit, clerk, made.case_id)
            _hold_printable(CounterCase.of(context, row), Printout(made.what))
            report = await reports.in_case(unit, counter.lens_of(row), made.report_id or "")
            number = report.number
            return await reports.ticket(unit, context.blobs, report, at=context.at)

        async def show(ticket: str, replayed: bool) -> CounterTicketPayload:
            path, until = f"/reports/{number}.pdf?ticket={ticket}", context.at + TICKET_LIFE
            return CounterTicketPayload(path=path, valid_until=until, replayed=replayed)

        return await act(info, None, do, show)


async def _report(info: Info, clerk: Clerk, input: CounterPrintBeginInput, unit: WriteUnit) -> str:
    """Issue a report under the case, with its look; the printout's id."""
    context = info.context
    row = await counter.admit(unit, clerk, input.case_id, at=context.at)
    lens = counter.lens_of(row)
    if input.kind is ReportKind.NO_VIOLATION_CERTIFICATE:
        missing = certificate.lacking(lens.categories)
        if missing:
            raise NotGranted(*(Detail(("kind",), name) for name in missing))
    await subjects.behind(unit, lens)
    wanted = Wanted(input.kind, input.from_, input.to)
    report_id = await reports.issue(unit, lens, wanted, _authority(context, row), at=context.at)
    look = begin_look(info, row, lens, counter.purpose_of(row))
    say(look, reports.snapshot_of(unit, await reports.in_case(unit, lens, report_id)))
    return await printouts.begin(unit, row, Printout.REPORT, report_id=report_id, at=context.at)


def _authority(context: Context, row: Row) -> Authority | None:
    """The written authorisation, as the report's head says it; a case that rests on none makes the subject's own."""
    if row.categories is None:
        return None
    applicant = counter.people(context.unit, row)["applicant"]
    graded = _EVALUATION in row.categories
    return Authority(row.id, row.party_id, applicant, counter.purpose_of(row), row.categories, evaluation=graded)


def _hold_printable(case: CounterCase, what: Printout) -> None:
    """Raise `CounterCaseEnded` after the visit, and `WrongState` for what the case does not have."""
    if case.state is CounterState.ENDED:
        raise CounterCaseEnded()
    is_there = {
        Printout.REPORT: case.state is CounterState.READY,
        Printout.TRAIL: case.state is CounterState.READY and CounterKind(case.row.kind) in papers.FOR_ONESELF,
        Printout.SUPPLEMENT: case.row.supplement_at is not None,
    }
    if not is_there[what]:
        raise WrongState()


async def _printout(context: Context, clerk: Clerk, print_id: str) -> CounterPrint:
    row = await printouts.own(context.unit, clerk, print_id)
    return await CounterPrint.of(context, await counter.own(context.unit, clerk, row.case_id), row)
