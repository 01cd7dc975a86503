"""Asking a provider about its record, and what it answers (Art. 12)."""

from typing import Annotated

import strawberry

from audit.lens import Audience, BasisKind, Lens
from core.database import WriteUnit
from core.statements import Row
from credit import contesting, subjects
from intake import providers, righting
from intake.layouts import LayoutName
from objections import evidence, forwarding, moving, verifying
from objections.clock import PROVIDER_DAYS
from objections.forwarding import Question
from objections.kinds import ObjectionTarget, Side, VerificationAnswer
from objections.moving import Officer, Read
from objections.rights import NOTHING, Right
from objections.verifying import Answer
from schema.acting import act, attempt_of, ensure
from schema.cases import Case
from schema.context import Context, Info
from schema.handling_acts import OfCase, RightItemInput, case_of, named
from schema.identities import IdentityInput
from schema.officers import handler, provider
from schema.refusals import Refusal
from schema.verifications import Verification, verification_of


@strawberry.input(
    description="Asks the provider, before the three working days are over. providerId names whom, of a record that is "
    "missing; evidenceIds the papers it may see."
)
class ObjectionForwardInput(OfCase):
    """Which case, and what is asked."""

    question: str
    with_text: bool = strawberry.field(default=False, description="Whether it reads the applicant's own words.")
    evidence_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    provider_id: strawberry.ID | None = None


@strawberry.input(
    description="A provider's answer, with reasons. CORRECT: items by the catalogue's codes, null takes one away. ADD: "
    "kind, and the cells of its layout by their columns. REASSIGN: whose it is, where that is known."
)
class ObjectionVerifyInput:
    """Which question, as it was read, and what is said."""

    verification_id: strawberry.ID
    expected_version: int
    answer: VerificationAnswer
    reason: str
    evidence_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    items: list[RightItemInput] | None = None
    kind: LayoutName | None = None
    subject: IdentityInput | None = None
    idempotency_key: strawberry.ID


@strawberry.input(description="Asks for a ticket to download a paper that goes with a question once.")
class VerificationTicketInput:
    """Which paper."""

    verification_id: strawberry.ID
    evidence_id: strawberry.ID


@strawberry.type(description="The case, which waits for its provider: ten working days from receipt.")
class ObjectionForwardPayload:
    """A forwarded case."""

    case: Case
    replayed: bool


@strawberry.type(description="The answered question. The institution decides.")
class ObjectionVerifyPayload:
    """An answered verification."""

    verification: Verification
    replayed: bool


@strawberry.type(description="Where the paper is fetched, once.")
class VerificationTicketPayload:
    """A path with its ticket."""

    path: str
    replayed: bool


ObjectionForwardResult = Annotated[ObjectionForwardPayload | Refusal, strawberry.union("ObjectionForwardResult")]
ObjectionVerifyResult = Annotated[ObjectionVerifyPayload | Refusal, strawberry.union("ObjectionVerifyResult")]
VerificationTicketResult = Annotated[VerificationTicketPayload | Refusal, strawberry.union("VerificationTicketResult")]


@strawberry.type
class VerificationActs:
    """What handlers ask and providers answer."""

    @strawberry.mutation(description="Ask the provider of a contested record to verify it.")
    async def objection_forward(self, info: Info, input: ObjectionForwardInput) -> ObjectionForwardResult:
        """Ten working days from receipt replace the three."""
        context, officer = info.context, handler(info.context)

        async def do(unit: WriteUnit) -> bool:
            workdays = await _workdays(unit, officer, input)
            question = Question(input.question, input.with_text, input.evidence_ids, input.provider_id, workdays)
            await forwarding.forward(unit, officer, input.read, question, at=context.at)
            return True

        async def show(replayed: bool) -> ObjectionForwardPayload:
            return ObjectionForwardPayload(case=await case_of(context, officer, input.objection_id), replayed=replayed)

        return await ensure(info, do, show)

    @strawberry.mutation(description="Answer what one is asked about a record of one's own.")
    async def objection_verify(self, info: Info, input: ObjectionVerifyInput) -> ObjectionVerifyResult:
        """Once; nothing of the record changes before the institution has decided."""
        context, officer = info.context, handler(info.context)
        provider_id = await provider(context)

        async def do(unit: WriteUnit) -> str:
            row = await verifying.find(unit, provider_id, input.verification_id)
            said = Answer(input.answer, input.reason, input.evidence_ids, await _right(unit, context, row, input))
            read = Read(input.verification_id, input.expected_version)
            await verifying.answer(unit, officer, read, said, at=context.at)
            return input.verification_id

        async def show(made: str, replayed: bool) -> ObjectionVerifyPayload:
            found = await verification_of(context, provider_id, made)
            return ObjectionVerifyPayload(verification=found, replayed=replayed)

        request = {"of": input.verification_id, "answer": input.answer.value, "reason": input.reason}
        items = [(item.code, item.value) for item in input.items or ()]
        key = attempt_of(context, "objectionVerify", input.idempotency_key, **request, items=items)
        return await act(info, key, do, show)

    @strawberry.mutation(description="Ask for a ticket to download a paper that goes with a question once.")
    async def verification_ticket(self, info: Info, input: VerificationTicketInput) -> VerificationTicketResult:
        """What was passed on, and one's own."""
        context = info.context
        provider_id = await provider(context)

        async def do(unit: WriteUnit) -> str:
            row = await verifying.find(unit, provider_id, input.verification_id)
            paper = evidence.Paper([row.objection_id], input.evidence_id, frozenset({Side.PROVIDER}), passed_on=True)
            return await evidence.ticket(unit, context.blobs, paper, at=context.at)

        async def show(ticket: str, replayed: bool) -> VerificationTicketPayload:
            return VerificationTicketPayload(path=f"/blobs/{ticket}", replayed=replayed)

        return await act(info, None, do, show)


async def _workdays(unit: WriteUnit, officer: Officer, input: ObjectionForwardInput) -> int:
    """How many working days from receipt its provider has, by its terms."""
    case = await moving.find(unit, officer, input.objection_id)
    terms = await providers.latest(unit, input.provider_id or case.provider_id or "")
    return PROVIDER_DAYS if terms is None or terms.answer_workdays is None else int(terms.answer_workdays)


async def _right(unit: WriteUnit, context: Context, row: Row, input: ObjectionVerifyInput) -> Right:
    """What should stand instead, checked as a row of a file is. Raises `Invalid`."""
    lens = Lens(Audience.ORGAN, BasisKind.OBJECTION, row.subject_id, categories=frozenset())
    given = {item.code: item.value or "" for item in input.items or ()}
    if input.answer is VerificationAnswer.CORRECT and row.target == ObjectionTarget.RECORD.value:
        held = await contesting.find(unit, lens, row.target_id, at=context.at)
        found = righting.corrected(held, given)
        return Right(items=found.items, title=found.title)
    if input.answer is VerificationAnswer.ADD and input.kind is not None:
        whose = await subjects.written(unit, lens)
        content = await righting.missing(unit, row.provider_id, whose, input.kind, given, at=context.at)
        return Right(content=content)
    if input.answer is VerificationAnswer.REASSIGN and input.subject is not None:
        return Right(subject_id=await named(unit, context, input.subject, row.subject_id))
    return NOTHING
