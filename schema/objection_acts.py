"""What a subject does about what is wrong (Art. 12): file, bring papers, say something, take it back."""

from datetime import datetime
from typing import Annotated

import strawberry

from audit.lens import Lens
from core.blobs import TICKET_LIFE
from core.database import WriteUnit
from core.uploads import Owner
from credit import subjects
from objections import cases, evidence, filing, saying, withdrawing
from objections.applicants import Applicant
from objections.contested import Known
from objections.kinds import Delivery, ObjectionAddressee, ObjectionGround, ObjectionRequest, ObjectionTarget, Side
from objections.rules import Said
from oversight.industry import results
from parties.kinds import MandateKind
from schema.acting import act, attempt_of, own_lens, own_look
from schema.context import Context, Info
from schema.objections import Objection, shown
from schema.refusals import Refusal

_JOINED, _MADE = "+", "="


@strawberry.input(
    description="Contests something. targetId names a record or a line of one's trail; described says what is missing; "
    "addresseeId which credit service agency, where one is addressed; address where a letter goes."
)
class ObjectionFileInput:
    """An objection as it is filed."""

    target: ObjectionTarget
    ground: ObjectionGround
    request: ObjectionRequest
    text: str
    idempotency_key: strawberry.ID
    target_id: strawberry.ID | None = None
    described: str | None = None
    addressee: ObjectionAddressee = ObjectionAddressee.CREDIT_INSTITUTION
    addressee_id: strawberry.ID | None = None
    delivery: Delivery = Delivery.APP
    address: str | None = None
    evidence_ids: list[strawberry.ID] = strawberry.field(default_factory=list)

    def said(self) -> Said:
        """In the domain's words."""
        return Said(
            target=self.target,
            ground=self.ground,
            request=self.request,
            text=self.text,
            target_id=self.target_id,
            described=self.described,
            addressee=self.addressee,
            addressee_id=self.addressee_id,
            delivery=self.delivery,
            address=self.address,
            evidence_ids=tuple(str(one) for one in self.evidence_ids),
        )


@strawberry.input(description="补交: brings papers to an open objection.")
class ObjectionSupplementInput:
    """Which objection, and what is brought."""

    objection_id: strawberry.ID
    evidence_ids: list[strawberry.ID]
    idempotency_key: strawberry.ID
    text: str | None = None


@strawberry.input(description="Says something in an open objection.")
class ObjectionSayInput:
    """Which objection, and what is said."""

    objection_id: strawberry.ID
    text: str
    idempotency_key: strawberry.ID


@strawberry.input(description="Which objection, as it was read.")
class ObjectionChangeInput:
    """An objection and its version."""

    objection_id: strawberry.ID
    expected_version: int


@strawberry.input(description="Asks for a ticket by which a paper of one's own objection is downloaded once.")
class EvidenceTicketInput:
    """Which paper."""

    objection_id: strawberry.ID
    evidence_id: strawberry.ID


@strawberry.type
class _Contested:
    objection: Objection
    replayed: bool


@strawberry.type(
    description="The objection; `joined` when one about the same thing stood open already: this is part of it."
)
class ObjectionFilePayload(_Contested):
    """A filed objection."""

    joined: bool


@strawberry.type(description="The objection with what was brought.")
class ObjectionSupplementPayload(_Contested):
    """A supplemented objection."""


@strawberry.type(description="The objection with what was said.")
class ObjectionSayPayload(_Contested):
    """An objection and its messages."""


@strawberry.type(description="The objection that was taken back; `replayed` when it was before.")
class ObjectionWithdrawPayload(_Contested):
    """A withdrawn objection."""


@strawberry.type(description="Where the paper can be downloaded, once, until then.")
class EvidenceTicketPayload:
    """A path with its ticket."""

    path: str
    valid_until: datetime
    replayed: bool


ObjectionFileResult = Annotated[ObjectionFilePayload | Refusal, strawberry.union("ObjectionFileResult")]
ObjectionSupplementResult = Annotated[
    ObjectionSupplementPayload | Refusal, strawberry.union("ObjectionSupplementResult")
]
ObjectionSayResult = Annotated[ObjectionSayPayload | Refusal, strawberry.union("ObjectionSayResult")]
ObjectionWithdrawResult = Annotated[ObjectionWithdrawPayload | Refusal, strawberry.union("ObjectionWithdrawResult")]
EvidenceTicketResult = Annotated[EvidenceTicketPayload | Refusal, strawberry.union("EvidenceTicketResult")]


@strawberry.type
class ObjectionActs:
    """What a subject does about what is wrong."""

    @strawberry.mutation(
        description="Contest a record, what is missing, a use, the score, the evaluation or an industry model's result "
        "(Art. 12)."
    )
    async def objection_file(self, info: Info, input: ObjectionFileInput) -> ObjectionFileResult:
        """Number, mark and due date in one transaction."""
        context, lens, said = info.context, own_lens(info.context), input.said()
        by = applicant(context)

        async def do(unit: WriteUnit) -> str:
            filed = await filing.file(unit, lens, said, by, known=await _known(unit, lens, said), at=context.at)
            return (_JOINED if filed.joined else _MADE) + filed.id

        async def show(made: str, replayed: bool) -> ObjectionFilePayload:
            objection = await _own(info, made[1:])
            return ObjectionFilePayload(objection=objection, replayed=replayed, joined=made[0] == _JOINED)

        asked = {name: value for name, value in vars(input).items() if name != "idempotency_key"}
        return await act(info, attempt_of(context, "objectionFile", input.idempotency_key, **asked), do, show)

    @strawberry.mutation(description="Bring papers to one's open objection, though the day has passed.")
    async def objection_supplement(self, info: Info, input: ObjectionSupplementInput) -> ObjectionSupplementResult:
        """The clock runs on."""
        context, lens, ids = info.context, own_lens(info.context), [str(one) for one in input.evidence_ids]
        owner = Owner(subject_id=lens.subject_id)

        async def do(unit: WriteUnit) -> str:
            id_ = input.objection_id
            return await saying.supplement(unit, lens, id_, ids, input.text, owner=owner, at=context.at)

        async def show(made: str, replayed: bool) -> ObjectionSupplementPayload:
            return ObjectionSupplementPayload(objection=await _own(info, made), replayed=replayed)

        asked = {"objection": input.objection_id, "papers": ids, "text": input.text}
        return await act(info, attempt_of(context, "objectionSupplement", input.idempotency_key, **asked), do, show)

    @strawberry.mutation(description="Say something in one's open objection.")
    async def objection_say(self, info: Info, input: ObjectionSayInput) -> ObjectionSayResult:
        """The clock runs on."""
        context, lens = info.context, own_lens(info.context)

        async def do(unit: WriteUnit) -> str:
            return await saying.say(unit, lens, input.objection_id, input.text, at=context.at)

        async def show(made: str, replayed: bool) -> ObjectionSayPayload:
            return ObjectionSayPayload(objection=await _own(info, made), replayed=replayed)

        asked = {"objection": input.objection_id, "text": input.text}
        return await act(info, attempt_of(context, "objectionSay", input.idempotency_key, **asked), do, show)

    @strawberry.mutation(description="Take one's objection back; its mark goes at once. A new one can be filed.")
    async def objection_withdraw(self, info: Info, input: ObjectionChangeInput) -> ObjectionWithdrawResult:
        """Twice is once."""
        context, lens = info.context, own_lens(info.context)
        fresh = False

        async def do(unit: WriteUnit) -> str:
            nonlocal fresh
            expected = input.expected_version
            fresh = await withdrawing.withdraw(unit, lens, input.objection_id, expected=expected, at=context.at)
            return input.objection_id

        async def show(made: str, _replayed: bool) -> ObjectionWithdrawPayload:
            return ObjectionWithdrawPayload(objection=await _own(info, made), replayed=not fresh)

        return await act(info, None, do, show)

    @strawberry.mutation(description="Ask for a ticket to download a paper of one's own objection once.")
    async def evidence_ticket(self, info: Info, input: EvidenceTicketInput) -> EvidenceTicketResult:
        """The applicant's own papers only."""
        context, lens = info.context, own_lens(info.context)

        async def do(unit: WriteUnit) -> str:
            row = await cases.find_own(unit, lens, input.objection_id)
            paper = evidence.Paper([row.id], input.evidence_id, frozenset({Side.APPLICANT}))
            return await evidence.ticket(unit, context.blobs, paper, at=context.at)

        async def show(ticket: str, replayed: bool) -> EvidenceTicketPayload:
            own_look(info, lens)
            valid_until = context.at + TICKET_LIFE
            return EvidenceTicketPayload(path=f"/blobs/{ticket}", valid_until=valid_until, replayed=replayed)

        return await act(info, None, do, show)


def applicant(context: Context) -> Applicant:
    """The caller as the one who files, in the capacity in which they call."""
    caller = context.caller
    return Applicant(
        capacity=caller.mandate or MandateKind.SELF.value,
        channel=caller.principal.channel.value,
        owner=Owner(subject_id=caller.subject_id),
        person_id=caller.person_id,
    )


async def _known(unit: WriteUnit, lens: Lens, said: Said) -> Known | None:
    """What objections cannot know of what is contested, because it is kept on a floor above theirs. Raises
    `NotAvailable` for another's, and for none."""
    if said.target is not ObjectionTarget.INDUSTRY_RESULT or said.target_id is None:
        return None
    return await results.known(unit, await subjects.looked_at(unit, lens), said.target_id)


async def _own(info: Info, id_: str) -> Objection:
    context, lens = info.context, own_lens(info.context)
    look = own_look(info, lens)
    row = await cases.find_own(context.unit, lens, id_)
    return shown(context, lens, look, [row])(row)
