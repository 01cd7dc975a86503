"""我不认识这次查询: questioning a look, and the institution's list of what was questioned."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Annotated

import strawberry

from audit import questions
from audit.lens import BasisKind
from core.database import WriteUnit
from core.statements import Row
from credit import subjects
from oversight.duty import reviews
from parties import directory
from schema.acting import act, attempt_of, own_lens, own_look
from schema.connection import Connection, connect
from schema.context import Batch, Context, Info
from schema.people import Party
from schema.refusals import Refusal


@strawberry.input(description="Says that one does not recognise a look. Whoever looked and the institution hear of it.")
class AccessQuestionInput:
    """A line of one's trail."""

    access_id: strawberry.ID
    idempotency_key: strawberry.ID


@strawberry.type(description="When the look was questioned: a look is questioned once, and the first time stands.")
class AccessQuestionPayload:
    """A questioned look; `replayed` when it had been questioned before."""

    access_id: strawberry.ID
    questioned_at: datetime
    replayed: bool


AccessQuestionResult = Annotated[AccessQuestionPayload | Refusal, strawberry.union("AccessQuestionResult")]


@strawberry.type(description="A look that its subject does not recognise. At whom it was is not said.")
class LookQuestion:
    """What the institution has to find out about."""

    party_id: strawberry.Private[str | None]
    parties: strawberry.Private[Batch[str, Row]]
    look_id: strawberry.ID
    questioned_at: datetime
    looked_at: datetime
    basis: BasisKind

    @strawberry.field(description="Who looked; null for a person.")
    async def party(self) -> Party | None:
        """The organisation, read once for a page."""
        row = await self.parties.get(self.party_id) if self.party_id else None
        return Party.of(row) if row else None

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "LookQuestion"]:
        """How to make lines of these rows."""

        async def load(ids: Collection[str]) -> Mapping[str, Row]:
            return await directory.cards(context.unit, ids)

        parties = Batch({row.actor_party_id for row in rows if row.actor_party_id}, load)
        return lambda row: cls(
            party_id=row.actor_party_id,
            parties=parties,
            look_id=strawberry.ID(row.access_id),
            questioned_at=row.asked_at,
            looked_at=row.at,
            basis=BasisKind(row.basis),
        )


async def questions_page(context: Context, first: int, after: str | None) -> Connection[LookQuestion]:
    """The institution's list, newest first."""
    page = await questions.page(context.unit, context.page("Approvals.lookQuestions", first, after))
    return connect(page, LookQuestion.behind(context, page.items))


@strawberry.type
class QuestionActs:
    """What a subject does about looks."""

    @strawberry.mutation(description="Say that one does not recognise a look.")
    async def access_question(self, info: Info, input: AccessQuestionInput) -> AccessQuestionResult:
        """Once; another's look is absent."""
        context = info.context
        lens, access_id = own_lens(context), str(input.access_id)
        fresh = False

        async def do(unit: WriteUnit) -> str:
            nonlocal fresh
            fresh = await questions.ask(unit, await subjects.looked_at(unit, lens), access_id, at=context.at)
            if fresh:
                await reviews.questioned(unit, access_id, at=context.at)
            return access_id

        async def show(made: str, _replayed: bool) -> AccessQuestionPayload:
            own_look(info, lens)
            at = (await questions.asked(context.unit, lens, [made]))[made]
            return AccessQuestionPayload(access_id=strawberry.ID(made), questioned_at=at, replayed=not fresh)

        key = attempt_of(context, "accessQuestion", input.idempotency_key, look=access_id)
        return await act(info, key, do, show)
