"""异议处理结果告知书: its words before it is sent, a ticket to download it once, and that it has left on paper."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

import strawberry

from core.blobs import TICKET_LIFE
from core.database import WriteUnit
from core.errors import Detail, Invalid
from core.statements import Row
from grants.printouts import PrintOutcome
from objections import cases, handling, letters, moving, receiving, telling, wording
from objections.kinds import Delivery, ObjectionOutcome
from objections.moving import Officer, Read
from schema import attempts, audiences
from schema.acting import act, attempt_of, ensure, own_lens, own_look
from schema.cases import Case, look_of
from schema.context import Context, Info
from schema.officers import by_staff, handler
from schema.refusals import Refusal


@strawberry.input(description="Asks for a ticket by which a letter is downloaded once.")
class LetterTicketInput:
    """Of which case."""

    objection_id: strawberry.ID


@strawberry.input(
    description="Asks for a ticket by which the letter of a case taken in at the counter is downloaded once."
)
class CounterLetterTicketInput:
    """Of which case."""

    number: str = strawberry.field(description="As it stands on the receipt.")


@strawberry.input(description="Says that a decided case's letter was handed over or posted, or how else it was told.")
class ObjectionTellInput:
    """Which case, as it was read, and by which way."""

    objection_id: strawberry.ID
    expected_version: int
    way: Delivery


@strawberry.input(description="Says what came of printing the letter of a case that one's own counter took in.")
class CounterLetterEndInput:
    """Which case, by the number on its receipt."""

    number: str
    outcome: PrintOutcome
    idempotency_key: strawberry.ID


@strawberry.type
class _Ticket:
    path: str
    valid_until: datetime
    replayed: bool


@strawberry.type(description="Where the letter is downloaded, once, until then.")
class LetterTicketPayload(_Ticket):
    """A ticket; each call makes another."""


@strawberry.type(description="Where a case's letter is downloaded, once, until then.")
class CaseLetterTicketPayload(_Ticket):
    """A ticket for who prints it; each call makes another."""


@strawberry.type(description="What was said, as it stands among the case's steps.")
class CounterLetterEndPayload:
    """Nothing of the case is in it."""

    outcome: PrintOutcome
    replayed: bool


@strawberry.type(description="The case, which is over: its applicant has been told, and its mark is gone.")
class ObjectionTellPayload:
    """A closed case."""

    case: Case
    replayed: bool


LetterTicketResult = Annotated[LetterTicketPayload | Refusal, strawberry.union("LetterTicketResult")]
CaseLetterTicketResult = Annotated[CaseLetterTicketPayload | Refusal, strawberry.union("CaseLetterTicketResult")]
CounterLetterEndResult = Annotated[CounterLetterEndPayload | Refusal, strawberry.union("CounterLetterEndResult")]
ObjectionTellResult = Annotated[ObjectionTellPayload | Refusal, strawberry.union("ObjectionTellResult")]


@strawberry.type
class LetterActs:
    """What is done with letters."""

    @strawberry.mutation(description="Ask for a ticket to download the letter that answers one's objection.")
    async def letter_ticket(self, info: Info, input: LetterTicketInput) -> LetterTicketResult:
        """The subject's own."""
        context, lens = info.context, own_lens(info.context)
        number = ""

        async def do(unit: WriteUnit) -> str:
            nonlocal number
            row = await cases.find_own(unit, lens, input.objection_id)
            number = row.number
            return await letters.ticket(unit, context.blobs, row, at=context.at)

        async def show(ticket: str, replayed: bool) -> LetterTicketPayload:
            own_look(info, lens)
            until = context.at + TICKET_LIFE
            return LetterTicketPayload(path=_path(number, ticket), valid_until=until, replayed=replayed)

        return await act(info, None, do, show)

    @strawberry.mutation(description="Ask for a ticket to print the letter of a case that one handles.")
    async def case_letter_ticket(self, info: Info, input: LetterTicketInput) -> CaseLetterTicketResult:
        """Whoever it is about sees that it was read."""
        officer = handler(info.context)
        return await _printed(info, lambda unit: handling.opened(unit, officer, input.objection_id))

    @strawberry.mutation(
        description="Ask for a ticket to print the letter of a case that one's own counter took in, whoever handles it."
    )
    async def counter_letter_ticket(self, info: Info, input: CounterLetterTicketInput) -> CaseLetterTicketResult:
        """The clerk prints and hands over, and sees nothing of the case beside. Whoever it is about sees it. A refused
        one is an attempt."""
        context = info.context
        party_id, _ = context.party(), by_staff(context)
        answer = await _printed(info, lambda unit: receiving.received(unit, party_id, input.number))
        await attempts.acted(context, audiences.Lens.HANDLING, {"number": input.number}, answer)
        return answer

    @strawberry.mutation(description="Say whether the letter of a case that one's own counter took in was printed.")
    async def counter_letter_end(self, info: Info, input: CounterLetterEndInput) -> CounterLetterEndResult:
        """PRINTED or NOT_PRINTED, after each printing; whoever handles the case reads it. A refused one is an
        attempt."""
        context, party_id, by = info.context, info.context.party(), by_staff(info.context)

        async def do(unit: WriteUnit) -> str:
            printed = input.outcome is PrintOutcome.PRINTED
            await receiving.say(unit, party_id, input.number, printed=printed, by=by, at=context.at)
            return input.outcome.value

        async def show(said: str, replayed: bool) -> CounterLetterEndPayload:
            return CounterLetterEndPayload(outcome=PrintOutcome(said), replayed=replayed)

        asked = {"number": input.number.strip(), "outcome": input.outcome.value}
        answer = await act(info, attempt_of(context, "counterLetterEnd", input.idempotency_key, **asked), do, show)
        await attempts.acted(context, audiences.Lens.HANDLING, {"number": input.number}, answer)
        return answer

    @strawberry.mutation(description="Say that the letter of a decided case has left: the case is over.")
    async def objection_tell(self, info: Info, input: ObjectionTellInput) -> ObjectionTellResult:
        """Printed and handed over, or posted."""
        context, officer = info.context, handler(info.context)
        read = Read(input.objection_id, input.expected_version)

        async def do(unit: WriteUnit) -> bool:
            await telling.tell(unit, officer, read, input.way, at=context.at)
            return True

        async def show(replayed: bool) -> ObjectionTellPayload:
            return ObjectionTellPayload(case=await _case(context, officer, read.id), replayed=replayed)

        return await ensure(info, do, show)


async def _printed(info: Info, find: Callable[[WriteUnit], Awaitable[Row]]) -> CaseLetterTicketResult:
    """A ticket for a letter on paper: a look at whoever it is about."""
    context = info.context
    found: list[Row] = []

    async def do(unit: WriteUnit) -> str:
        found.append(await find(unit))
        return await letters.ticket(unit, context.blobs, found[0], at=context.at)

    async def show(ticket: str, replayed: bool) -> CaseLetterTicketPayload:
        look_of(info, found[0])
        until = context.at + TICKET_LIFE
        return CaseLetterTicketPayload(path=_path(found[0].number, ticket), valid_until=until, replayed=replayed)

    return await act(info, None, do, show)


async def letter_preview(info: Info, officer: Officer, case_id: str, outcome: ObjectionOutcome, reason: str) -> str:
    """The letter's words, were the case decided so now. Raises `NotAvailable` for a case that one has not opened."""
    row = await handling.opened(info.context.unit, officer, case_id)
    if len(reason) > moving.LONGEST_REASON:
        raise Invalid(Detail(("reason",), "LENGTH", f"0..{moving.LONGEST_REASON}"))
    look_of(info, row)
    told = await letters.preview(info.context.unit, row, outcome, reason, at=info.context.at)
    return wording.text_of(wording.letter_of(told))


async def _case(context: Context, officer: Officer, case_id: str) -> Case:
    return await Case.of(context, await moving.find(context.unit, officer, case_id))


def _path(number: str, ticket: str) -> str:
    return f"/letters/{number}.pdf?ticket={ticket}"
