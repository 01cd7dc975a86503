"""Taking a complaint in, confirming it, and closing it (Art. 4)."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, TypeVar

import strawberry

from core.database import WriteUnit
from credit import subjects
from oversight.supervision import complainants, complaints
from oversight.supervision.areas import Inspector
from oversight.supervision.complainants import Another
from oversight.supervision.complaints import ComplaintMatter, ComplaintOutcome, Heard
from schema import attempts, audiences
from schema.acting import act, attempt_of, ensure
from schema.complaints import Complaint
from schema.context import Context, Info
from schema.identities import IdentityInput
from schema.inspection import inspector_of
from schema.refusals import Refusal


@strawberry.input(
    description="Takes a complaint in: whose, what about, in which words, and when it came; `complainant` where "
    "somebody complains for them. `named` is a record's document number or a case's number; of looks, the days. What "
    "is nobody's is taken in alike, and opens nothing."
)
class ComplaintRegisterInput:
    """As it was received."""

    subject: IdentityInput
    complainant: IdentityInput | None = None
    matter: ComplaintMatter
    named: str | None = None
    since: date | None = None
    until: date | None = None
    words: str
    received_on: date
    idempotency_key: strawberry.ID


@strawberry.input(description="Confirms a complaint that lies before one: whose number and name it says.")
class ComplaintConfirmInput:
    """The second person's word."""

    complaint_id: strawberry.ID
    subject: IdentityInput


@strawberry.input(description="Ends a complaint, and says what came of it. Whom it is about reads the finding.")
class ComplaintCloseInput:
    """The outcome."""

    complaint_id: strawberry.ID
    outcome: ComplaintOutcome
    finding: str


@strawberry.type
class _Stands:
    complaint: Complaint
    replayed: bool


@strawberry.type(description="It waits for a second person. Whether there is anything behind it is not said.")
class ComplaintRegisterPayload(_Stands):
    """A new one."""


@strawberry.type(description="From now on whoever took it in looks into it; whom it is about is told.")
class ComplaintConfirmPayload(_Stands):
    """A confirmed one."""


@strawberry.type(description="Nothing is looked at any more; whom it is about is told.")
class ComplaintClosePayload(_Stands):
    """A closed one."""


Shown = TypeVar("Shown", bound=_Stands)
ComplaintRegisterResult = Annotated[ComplaintRegisterPayload | Refusal, strawberry.union("ComplaintRegisterResult")]
ComplaintConfirmResult = Annotated[ComplaintConfirmPayload | Refusal, strawberry.union("ComplaintConfirmResult")]
ComplaintCloseResult = Annotated[ComplaintClosePayload | Refusal, strawberry.union("ComplaintCloseResult")]


@strawberry.type
class ComplaintActs:
    """Complaints."""

    @strawberry.mutation(description="Take a complaint in.")
    async def complaint_register(self, info: Info, input: ComplaintRegisterInput) -> ComplaintRegisterResult:
        """The first of two people. A refused one is an attempt."""
        context, by = info.context, await inspector_of(info.context)
        heard = Heard(input.matter, input.words, input.received_on, input.named, input.since, input.until)
        number = input.subject.parsed("subject", at=context.at)
        helper = input.complainant.parsed("complainant", at=context.at) if input.complainant is not None else None

        async def do(unit: WriteUnit) -> str:
            name = input.subject.name.strip()
            subject_id = await subjects.named(unit, number, name, minors=True, at=context.at)
            await subjects.hold(unit, [subject_id or complaints.nobody()])
            helper_id = None
            if helper is not None and input.complainant is not None:
                helper_id = await subjects.named(unit, helper, input.complainant.name.strip(), at=context.at)
            another = Another(helper_id) if helper is not None else None
            whose = await complainants.whose(unit, by.area, heard, subject_id, another, at=context.at)
            return await complaints.register(unit, by, heard, whose, at=context.at)

        # Numbers are hashed with the rest: the key's row keeps no identity.
        key = attempt_of(context, "complaintRegister", input.idempotency_key, asked=str(input))
        answer = await act(info, key, do, _shown(context, by, ComplaintRegisterPayload))
        await attempts.acted(context, audiences.Lens.COMPLAINT, {"subject": input.subject.typed()}, answer)
        return answer

    @strawberry.mutation(description="Confirm a complaint that a colleague took in.")
    async def complaint_confirm(self, info: Info, input: ComplaintConfirmInput) -> ComplaintConfirmResult:
        """The second of two people. A refused one is an attempt."""
        context, by = info.context, await inspector_of(info.context)
        number = input.subject.parsed("subject", at=context.at)

        async def do(unit: WriteUnit) -> bool:
            name = input.subject.name.strip()
            subject_id = await subjects.named(unit, number, name, minors=True, at=context.at)
            await subjects.hold(unit, [subject_id or complaints.nobody()])
            return await complaints.confirm(unit, by, input.complaint_id, subject_id, at=context.at)

        async def show(replayed: bool) -> ComplaintConfirmPayload:
            return await _shown(context, by, ComplaintConfirmPayload)(input.complaint_id, replayed)

        answer = await ensure(info, do, show)
        await attempts.acted(context, audiences.Lens.COMPLAINT, {"subject": input.subject.typed()}, answer)
        return answer

    @strawberry.mutation(description="Close a complaint.")
    async def complaint_close(self, info: Info, input: ComplaintCloseInput) -> ComplaintCloseResult:
        """Anybody of the department; refusing one is the second person's."""
        context, by = info.context, await inspector_of(info.context)

        async def do(unit: WriteUnit) -> bool:
            return await complaints.close(unit, by, input.complaint_id, input.outcome, input.finding, at=context.at)

        async def show(replayed: bool) -> ComplaintClosePayload:
            return await _shown(context, by, ComplaintClosePayload)(input.complaint_id, replayed)

        return await ensure(info, do, show)


def _shown(context: Context, by: Inspector, payload: type[Shown]) -> Callable[[str, bool], Awaitable[Shown]]:
    """How to show one as it stands, in this payload."""

    async def show(complaint_id: str, replayed: bool) -> Shown:
        row = await complaints.find(context.unit, by, complaint_id)
        return payload(complaint=Complaint.behind(context, [row])(row), replayed=replayed)

    return show
