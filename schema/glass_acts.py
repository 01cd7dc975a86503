"""Opening a record in an emergency, and what others say of it (Art. 13)."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, TypeVar

import strawberry

from core.database import WriteUnit
from credit import subjects
from oversight.duty import glass
from oversight.duty.glass import Hand
from schema import attempts, audiences
from schema.acting import act, attempt_of, ensure, of, standing
from schema.context import Context, Info
from schema.glass import BrokenGlass, glass_of, hand_of
from schema.identities import IdentityInput
from schema.refusals import Refusal


@strawberry.input(
    description="States an emergency in which one record is opened without a case: whose, and why; and that nothing "
    "ties one to them. A number that does not belong to the name is nobody's."
)
class GlassBreakInput:
    """The statement."""

    subject: IdentityInput
    reason: str
    no_conflict: bool
    idempotency_key: strawberry.ID


@strawberry.input(description="Says within the hour whether it was an emergency; where it was not, why.")
class GlassAnswerInput:
    """Which, and the second person's word."""

    glass_id: strawberry.ID
    stands: bool
    reason: str | None = None


@strawberry.input(description="Says what came of looking into one that was contested, or that nobody confirmed.")
class GlassReviewInput:
    """Which, and the finding."""

    glass_id: strawberry.ID
    finding: str


@strawberry.type
class _Stands:
    glass: BrokenGlass
    replayed: bool


@strawberry.type(description="The statement: the record is read under it, for an hour without a second person's word.")
class GlassBreakPayload(_Stands):
    """An opened one."""


@strawberry.type(description="As it stands now.")
class GlassAnswerPayload(_Stands):
    """A confirmed or contested one."""


@strawberry.type(description="As it stands now.")
class GlassReviewPayload(_Stands):
    """A reviewed one."""


Shown = TypeVar("Shown", bound=_Stands)
GlassBreakResult = Annotated[GlassBreakPayload | Refusal, strawberry.union("GlassBreakResult")]
GlassAnswerResult = Annotated[GlassAnswerPayload | Refusal, strawberry.union("GlassAnswerResult")]
GlassReviewResult = Annotated[GlassReviewPayload | Refusal, strawberry.union("GlassReviewResult")]


@strawberry.type
class GlassActs:
    """Break-glass."""

    @strawberry.mutation(description="State an emergency, under which one record is opened without a case.")
    async def glass_break(self, info: Info, input: GlassBreakInput) -> GlassBreakResult:
        """The first of two people. A refused one is an attempt."""
        context, by = info.context, hand_of(info.context)
        number = input.subject.parsed("subject", at=context.at)

        async def do(unit: WriteUnit) -> str:
            found = await subjects.named(unit, number, input.subject.name.strip(), minors=True, at=context.at)
            subject_id = found or glass.nobody()
            await subjects.hold(unit, [subject_id])
            return await glass.open_(unit, by, subject_id, input.reason, no_conflict=input.no_conflict, at=context.at)

        # Numbers are hashed with the rest: the key's row keeps no identity.
        key = attempt_of(context, "glassBreak", input.idempotency_key, asked=str(input))
        answer = await act(info, key, do, _shown(context, by, GlassBreakPayload))
        await attempts.acted(context, audiences.Lens.BROKEN_GLASS, {"subject": input.subject.typed()}, answer)
        return answer

    @strawberry.mutation(description="Confirm or contest what was opened in an emergency, within the hour.")
    async def glass_answer(self, info: Info, input: GlassAnswerInput) -> GlassAnswerResult:
        """The second of two people."""
        context, by = info.context, hand_of(info.context)

        async def do(unit: WriteUnit) -> bool:
            stands, reason = input.stands, input.reason
            return await glass.answer(unit, by, input.glass_id, stands=stands, reason=reason, at=context.at)

        return await ensure(info, do, of(input.glass_id, _shown(context, by, GlassAnswerPayload)))

    @strawberry.mutation(description="Say what came of looking into one that nobody stood up for.")
    async def glass_review(self, info: Info, input: GlassReviewInput) -> GlassReviewResult:
        """Once."""
        context, by = info.context, hand_of(info.context)

        async def do(unit: WriteUnit) -> bool:
            return await glass.review(unit, by, input.glass_id, input.finding, at=context.at)

        return await ensure(info, do, of(input.glass_id, _shown(context, by, GlassReviewPayload)))


def _shown(context: Context, by: Hand, payload: type[Shown]) -> Callable[[str, bool], Awaitable[Shown]]:
    return standing(payload, "glass", partial(glass_of, context, by))
