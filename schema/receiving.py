"""An objection on paper (Art. 12): the counter's clerk takes it in for somebody who stands before them."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from audit.lens import Audience, BasisKind, Lens
from core.database import WriteUnit
from core.errors import Invalid, NotAvailable
from core.identity import IdentityType
from core.statements import Row
from core.uploads import Owner
from credit import subjects
from objections import receiving
from objections.applicants import Applicant
from objections.kinds import Delivery, ObjectionAddressee, ObjectionGround, ObjectionRequest, ObjectionTarget
from objections.rules import Said
from parties.kinds import MandateKind
from schema import attempts, audiences
from schema.acting import act, attempt_of
from schema.context import Info
from schema.identities import IdentityInput
from schema.officers import by_staff
from schema.refusals import Refusal
from schema.stored import stored

_JOINED, _MADE = "+", "="


@strawberry.input(
    description="Takes an objection in on paper. Whoever is not the subject says who they are (applicantName), and "
    "shows by what right, by a paper among the evidence. A record is named by targetId, or by documentNumber as it "
    "stands on what they bring."
)
class ObjectionReceiveInput:
    """An objection as it is brought."""

    subject: IdentityInput
    capacity: MandateKind
    target: ObjectionTarget
    ground: ObjectionGround
    request: ObjectionRequest
    text: str
    idempotency_key: strawberry.ID
    target_id: strawberry.ID | None = None
    document_number: str | None = None
    described: str | None = None
    applicant_name: str | None = None
    delivery: Delivery = Delivery.POST
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
            addressee=ObjectionAddressee.CREDIT_INSTITUTION,
            delivery=self.delivery,
            address=self.address,
            evidence_ids=tuple(str(one) for one in self.evidence_ids),
        )


@strawberry.type(description="What the applicant takes home: the number, and by when they are answered.")
class ObjectionReceipt:
    """A receipt; nothing of the record is in it."""

    row: strawberry.Private[Row]
    id: strawberry.ID = stored("id")
    number: str = stored("number")
    filed_at: datetime = stored("filed_at")
    due_on: date | None = stored("due_on", description="The last day for the answer.")
    supplement_by: date | None = stored("supplement_by", description="补交: until the end of this day.")


@strawberry.type(description="The receipt; `joined` when an objection to the same thing stood open already.")
class ObjectionReceivePayload:
    """An objection taken in."""

    receipt: ObjectionReceipt
    joined: bool
    replayed: bool


ObjectionReceiveResult = Annotated[ObjectionReceivePayload | Refusal, strawberry.union("ObjectionReceiveResult")]


@strawberry.type
class ReceivingActs:
    """What a clerk takes in."""

    @strawberry.mutation(description="Take an objection in on paper, for whoever stands at the counter.")
    async def objection_receive(self, info: Info, input: ObjectionReceiveInput) -> ObjectionReceiveResult:
        """A look at the subject, which it sees; nobody's number and another's name are absent alike. A refused one
        is an attempt."""
        context, staff_id = info.context, by_staff(info.context)
        owner = Owner(party_id=context.party(), papers=True)
        channel = context.caller.principal.channel.value
        by = Applicant(input.capacity.value, channel, owner, received_by=staff_id, name=input.applicant_name)
        said = input.said()
        try:  # nobody has been looked up yet: what is wrong so far is no attempt at anybody
            number = input.subject.parsed("subject", at=context.at)
            receiving.check(said, by, person=number.type is not IdentityType.USCC)
        except Invalid as error:
            return Refusal.of(error, context.language)

        async def do(unit: WriteUnit) -> str:
            name = input.subject.name.strip()
            minors = input.capacity is MandateKind.GUARDIAN
            subject_id = await subjects.named(unit, number, name, minors=minors, at=context.at)
            if subject_id is None:
                raise NotAvailable()
            lens = Lens(Audience.ORGAN, BasisKind.OBJECTION, subject_id, categories=frozenset())
            made = await receiving.receive(unit, lens, said, by, document_number=input.document_number, at=context.at)
            context.look(info, lens, purpose=receiving.PURPOSE, operator=context.caller.staff_label)
            return (_JOINED if made.joined else _MADE) + made.id

        async def show(made: str, replayed: bool) -> ObjectionReceivePayload:
            row = await receiving.receipt(context.unit, made[1:])
            receipt = ObjectionReceipt(row=row)
            return ObjectionReceivePayload(receipt=receipt, joined=made[0] == _JOINED, replayed=replayed)

        # The number is hashed with the rest: the key's row keeps no identity.
        asked = {name: value for name, value in vars(input).items() if name not in ("idempotency_key", "subject")}
        who = {"type": number.type.value, "number": number.number, "name": input.subject.name}
        key = attempt_of(context, "objectionReceive", input.idempotency_key, **asked, **who)
        answer = await act(info, key, do, show)
        await attempts.acted(context, audiences.Lens.HANDLING, {"subject": input.subject.typed()}, answer)
        return answer
