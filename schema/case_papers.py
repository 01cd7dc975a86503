"""What a handler says to the applicant, and the papers they fetch, in a case that they have opened."""

from typing import Annotated

import strawberry

from core.database import WriteUnit
from objections import evidence, handling, replying, verifications
from objections.kinds import Side
from schema.acting import act, attempt_of
from schema.cases import Case
from schema.context import Info
from schema.handling_acts import case_of
from schema.officers import handler
from schema.refusals import Refusal


@strawberry.input(description="Says something to the applicant. The clock runs on.")
class ObjectionReplyInput:
    """In which case, and what."""

    objection_id: strawberry.ID
    text: str
    idempotency_key: strawberry.ID


@strawberry.input(description="Asks for a ticket to download a paper of a case that one handles once.")
class CaseEvidenceTicketInput:
    """Which paper."""

    objection_id: strawberry.ID
    evidence_id: strawberry.ID


@strawberry.type(description="The case, in which the applicant reads it.")
class ObjectionReplyPayload:
    """What was said stands in the case."""

    case: Case
    replayed: bool


@strawberry.type(description="Where the paper is fetched, once.")
class CaseEvidenceTicketPayload:
    """A path with its ticket."""

    path: str
    replayed: bool


ObjectionReplyResult = Annotated[ObjectionReplyPayload | Refusal, strawberry.union("ObjectionReplyResult")]
CaseEvidenceTicketResult = Annotated[CaseEvidenceTicketPayload | Refusal, strawberry.union("CaseEvidenceTicketResult")]


@strawberry.type
class CasePaperActs:
    """What a handler does beside deciding."""

    @strawberry.mutation(description="Say something to the applicant in a case that one handles.")
    async def objection_reply(self, info: Info, input: ObjectionReplyInput) -> ObjectionReplyResult:
        """They are told that something was said."""
        context, officer = info.context, handler(info.context)

        async def do(unit: WriteUnit) -> str:
            return await replying.reply(unit, officer, input.objection_id, input.text, at=context.at)

        async def show(made: str, replayed: bool) -> ObjectionReplyPayload:
            return ObjectionReplyPayload(case=await case_of(context, officer, made), replayed=replayed)

        key = attempt_of(context, "objectionReply", input.idempotency_key, of=input.objection_id, text=input.text)
        return await act(info, key, do, show)

    @strawberry.mutation(description="Ask for a ticket to download a paper of a case that one handles once.")
    async def case_evidence_ticket(self, info: Info, input: CaseEvidenceTicketInput) -> CaseEvidenceTicketResult:
        """Whoever brought it."""
        context, officer = info.context, handler(info.context)

        async def do(unit: WriteUnit) -> str:
            row = await handling.opened(unit, officer, input.objection_id)
            paper = evidence.Paper(
                verifications.cases_of(row), input.evidence_id, frozenset({Side.APPLICANT, Side.PROVIDER})
            )
            return await evidence.ticket(unit, context.blobs, paper, at=context.at)

        async def show(ticket: str, replayed: bool) -> CaseEvidenceTicketPayload:
            return CaseEvidenceTicketPayload(path=f"/blobs/{ticket}", replayed=replayed)

        return await act(info, None, do, show)
