"""What is done in a case by whoever handles it, and by who approves a refusal."""

from collections.abc import Collection
from typing import Annotated

import strawberry

from audit.lens import Audience, BasisKind, Lens
from core.database import WriteUnit
from core.errors import Detail, Invalid
from core.principal import Scope
from core.statements import Row
from credit import contesting, entering, subjects, withdrawing
from intake import reviewing, righting
from objections import deciding, handling, moving
from objections.deciding import Decision
from objections.kinds import ObjectionOutcome, ObjectionPhase, ObjectionTarget
from objections.moving import Officer, Read
from objections.rights import NOTHING, Right
from oversight.industry import results
from parties.errors import BeyondPost
from schema.acting import ensure
from schema.cases import Case
from schema.context import Context, Info
from schema.identities import IdentityInput
from schema.officers import approver, handler
from schema.refusals import Refusal


@strawberry.input
class OfCase:
    """Which case, as it was read."""

    objection_id: strawberry.ID
    expected_version: int

    @property
    def read(self) -> Read:
        """The case as it was read."""
        return Read(self.objection_id, self.expected_version)


@strawberry.input(description="Takes a case that nobody has, stating that nothing ties one to it.")
class ObjectionOpenInput(OfCase):
    """Which case, as it was listed."""

    no_conflict: bool = strawberry.field(description="与本案无利害关系: that one has no stake in it.")


@strawberry.input(description="Gives a case back; or, by an approver, takes it away from who has it.")
class ObjectionReassignInput(OfCase):
    """Which case, and why."""

    reason: str


@strawberry.input(description="One item of a record by the catalogue's code; null takes it away.")
class RightItemInput:
    """What should stand there."""

    code: str
    value: str | None = None


@strawberry.input(
    description="Decides a case with reasons. Where a provider was asked, what it admitted is what takes effect; where "
    "the fault is the institution's own (phase AGGREGATION), items or subject say what should stand instead."
)
class ObjectionDecideInput(OfCase):
    """What was found, in which process the fault lies."""

    outcome: ObjectionOutcome
    reason: str
    phase: ObjectionPhase | None = None
    items: list[RightItemInput] | None = None
    subject: IdentityInput | None = None


@strawberry.input(description="Approves a refusal; or returns it, with a reason.")
class ObjectionDecisionInput(OfCase):
    """Which case, as it was read."""

    reason: str | None = None


@strawberry.type
class _CaseMoved:
    case: Case
    replayed: bool


@strawberry.type(description="The case, which the caller handles.")
class ObjectionOpenPayload(_CaseMoved):
    """An opened case."""


@strawberry.type(description="The case, which somebody else may open.")
class ObjectionReassignPayload(_CaseMoved):
    """A case that nobody handles."""


@strawberry.type(description="The decided case; CLOSED when its answer needed nobody else and has been told.")
class ObjectionDecidePayload(_CaseMoved):
    """A decided case."""


@strawberry.type(description="The case whose refusal was approved.")
class ObjectionApprovePayload(_CaseMoved):
    """An approved refusal."""


@strawberry.type(description="The case, which is its handler's again.")
class ObjectionReturnPayload(_CaseMoved):
    """A returned refusal."""


ObjectionOpenResult = Annotated[ObjectionOpenPayload | Refusal, strawberry.union("ObjectionOpenResult")]
ObjectionReassignResult = Annotated[ObjectionReassignPayload | Refusal, strawberry.union("ObjectionReassignResult")]
ObjectionDecideResult = Annotated[ObjectionDecidePayload | Refusal, strawberry.union("ObjectionDecideResult")]
ObjectionApproveResult = Annotated[ObjectionApprovePayload | Refusal, strawberry.union("ObjectionApproveResult")]
ObjectionReturnResult = Annotated[ObjectionReturnPayload | Refusal, strawberry.union("ObjectionReturnResult")]


@strawberry.type
class HandlingActs:
    """What handlers and approvers do."""

    @strawberry.mutation(description="Open a case, to handle it.")
    async def objection_open(self, info: Info, input: ObjectionOpenInput) -> ObjectionOpenResult:
        """Who had a hand in what is contested is refused, and one handler is faster than the other."""
        context, officer = info.context, handler(info.context)

        async def do(unit: WriteUnit) -> bool:
            others = await _entered_by(unit, officer, input.objection_id)
            said = input.no_conflict
            return await handling.open_(unit, officer, input.read, no_conflict=said, others=others, at=context.at)

        async def show(replayed: bool) -> ObjectionOpenPayload:
            return ObjectionOpenPayload(case=await case_of(context, officer, input.objection_id), replayed=replayed)

        return await ensure(info, do, show)

    @strawberry.mutation(description="Give a case back, or take it away from who has it.")
    async def objection_reassign(self, info: Info, input: ObjectionReassignInput) -> ObjectionReassignResult:
        """Logged with its reason."""
        context, officer = info.context, _either(info.context)

        async def do(unit: WriteUnit) -> bool:
            await handling.reassign(unit, officer, input.read, input.reason, at=context.at)
            return True

        async def show(replayed: bool) -> ObjectionReassignPayload:
            return ObjectionReassignPayload(case=await case_of(context, officer, input.objection_id), replayed=replayed)

        return await ensure(info, do, show)

    @strawberry.mutation(description="Decide a case that one handles.")
    async def objection_decide(self, info: Info, input: ObjectionDecideInput) -> ObjectionDecideResult:
        """It takes effect at once, unless somebody else has to agree."""
        context, officer = info.context, handler(info.context)

        async def do(unit: WriteUnit) -> bool:
            await _check_result(unit, officer, input)
            right = await _own_right(unit, context, officer, input)
            decision = Decision(input.outcome, input.reason, input.phase, right)
            await deciding.decide(unit, officer, input.read, decision, at=context.at)
            return True

        async def show(replayed: bool) -> ObjectionDecidePayload:
            return ObjectionDecidePayload(case=await case_of(context, officer, input.objection_id), replayed=replayed)

        return await ensure(info, do, show)

    @strawberry.mutation(description="Agree to a refusal that somebody else decided.")
    async def objection_approve(self, info: Info, input: ObjectionDecisionInput) -> ObjectionApproveResult:
        """It takes effect at once."""
        context, officer = info.context, approver(info.context)

        async def do(unit: WriteUnit) -> bool:
            others = await _entered_by(unit, officer, input.objection_id)
            await deciding.approve(unit, officer, input.read, others=others, at=context.at)
            return True

        async def show(replayed: bool) -> ObjectionApprovePayload:
            return ObjectionApprovePayload(case=await case_of(context, officer, input.objection_id), replayed=replayed)

        return await ensure(info, do, show)

    @strawberry.mutation(description="Return a refusal to its handler, with a reason.")
    async def objection_return(self, info: Info, input: ObjectionDecisionInput) -> ObjectionReturnResult:
        """The case stands where its decision began."""
        context, officer = info.context, approver(info.context)

        async def do(unit: WriteUnit) -> bool:
            await deciding.send_back(unit, officer, input.read, input.reason or "", at=context.at)
            return True

        async def show(replayed: bool) -> ObjectionReturnPayload:
            return ObjectionReturnPayload(case=await case_of(context, officer, input.objection_id), replayed=replayed)

        return await ensure(info, do, show)


async def case_of(context: Context, officer: Officer, case_id: str) -> Case:
    """A case of the officer's organisation, as a line of work."""
    return await Case.of(context, await moving.find(context.unit, officer, case_id))


async def _own_right(unit: WriteUnit, context: Context, officer: Officer, input: ObjectionDecideInput) -> Right:
    """What a record should say, or whose it is, where the institution itself made the fault; checked as a row of a file
    is. Raises `Invalid`, also where it is not the institution's to say."""
    if input.items is None and input.subject is None:
        return NOTHING
    if input.phase is not ObjectionPhase.AGGREGATION:
        raise Invalid(Detail(("phase",), "ONE_OF", ObjectionPhase.AGGREGATION.value))
    row = await moving.find(unit, officer, input.objection_id)
    lens = Lens(Audience.ORGAN, BasisKind.OBJECTION, row.subject_id, categories=frozenset())
    held = await contesting.find(unit, lens, row.target_id, at=context.at)
    if held is None or row.target != ObjectionTarget.RECORD.value or row.handler_id != officer.staff_id:
        return NOTHING
    if input.subject is not None:
        return Right(subject_id=await named(unit, context, input.subject, row.subject_id))
    found = righting.corrected(held, {item.code: item.value or "" for item in input.items or ()})
    return Right(items=found.items, title=found.title)


async def _check_result(unit: WriteUnit, officer: Officer, input: ObjectionDecideInput) -> None:
    """Raise `Invalid` for a model's result that is said to be corrected and is not: nobody sets one, and its department
    has made another since the objection was received."""
    row = await moving.find(unit, officer, input.objection_id)
    is_result = row.target == ObjectionTarget.INDUSTRY_RESULT.value
    if not is_result or input.outcome is not ObjectionOutcome.CORRECTED:
        return
    lens = await subjects.looked_at(unit, Lens(Audience.ORGAN, BasisKind.OBJECTION, row.subject_id))
    if not await results.made_since(unit, lens, row.target_id, since=row.filed_at):
        raise Invalid(Detail(("outcome",), "COMES_BY_RUN"))


async def named(unit: WriteUnit, context: Context, subject: IdentityInput, wrong: str) -> str:
    """The subject whose number and name are typed; raises `Invalid` for nobody's, and for whose it is already."""
    number = subject.parsed("subject", at=context.at)
    known = (await entering.known(unit, [number])).get(number.number)
    names = unit.vault.lookups("name", subject.name.strip())
    if known is None or not known.is_called(names) or known.id == wrong:
        raise Invalid(Detail(("subject",), "NO_SUCH_SUBJECT"))
    return known.id


def _either(context: Context) -> Officer:
    """Who gives back, or takes away: a handler, or an approver. Raises `BeyondPost` for anybody else."""
    scopes = context.caller.principal.scopes
    if Scope.OBJECTION_HANDLE in scopes:
        return handler(context)
    if Scope.OBJECTION_APPROVE in scopes:
        return approver(context)
    raise BeyondPost()


async def _entered_by(unit: WriteUnit, officer: Officer, case_id: str) -> Collection[str]:
    """Which staff members entered the contested record by a decision of theirs: what intake knows, and objections
    cannot."""
    row = await moving.find(unit, officer, case_id)
    if row.target != ObjectionTarget.RECORD.value:
        return ()
    lens = Lens(Audience.ORGAN, BasisKind.OBJECTION, row.subject_id, categories=frozenset())
    held = await contesting.find(unit, lens, row.target_id, at=row.filed_at)
    return await _taken(unit, held) if held is not None else ()


async def _taken(unit: WriteUnit, held: Row) -> Collection[str]:
    first = await withdrawing.first_recorded(unit, held)
    return await reviewing.taken_by(unit, held.source_id, held.kind, at=first)
