"""Rows that were set aside because their subject is sixteen or seventeen: seen masked, and decided by a person."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Annotated

import strawberry

from core.database import WriteUnit
from core.statements import Row
from intake import reviewing
from intake.reviewing import ReviewDecision, Seen
from parties import directory
from schema.acting import ensure
from schema.connection import Connection, connect
from schema.context import Batch, Info
from schema.officers import by_staff
from schema.people import Party
from schema.refusals import Refusal
from schema.stored import stored


@strawberry.type(
    description="A row about somebody of sixteen or seventeen, who may support themselves (民法典 18). Nothing else of "
    "it is shown: the provider knows the row by its line."
)
class RowSetAside:
    """One waiting row."""

    row: strawberry.Private[Row]
    parties: strawberry.Private[Batch[str, Row]]
    seen: strawberry.Private[Seen]
    layout: str
    masked: str = strawberry.field(description="The identity number, masked.")
    age: int
    id: strawberry.ID = stored("id")
    line: int = stored("line")
    set_aside_at: datetime = stored("set_aside_at")
    until: datetime = stored("until", description="When it is deleted if nobody has decided.")

    @strawberry.field(description="The provider that sent it.")
    async def provider(self) -> Party | None:
        """The provider's card, read once for a page."""
        row = await self.parties.get(self.row.provider_id)
        return Party.of(row) if row else None


@strawberry.type(description="Rows of providers that wait for a person of the institution.")
class IntakeReview:
    """The reviewer's desk."""

    @strawberry.field(description="What waits, newest first.")
    async def rows(self, info: Info, first: int = 20, after: str | None = None) -> Connection[RowSetAside]:
        """Rows of every provider."""
        context = info.context
        page = await reviewing.page(context.unit, context.page("IntakeReview.rows", first, after), at=context.at)

        async def load(ids: Collection[str]) -> Mapping[str, Row]:
            return await directory.cards(context.unit, ids)

        parties = Batch({row.provider_id for row in page.items}, load)

        def make(row: Row) -> RowSetAside:
            seen = reviewing.seen(context.unit.vault, row, at=context.at)
            return RowSetAside(row=row, parties=parties, seen=seen, layout=seen.title, masked=seen.masked, age=seen.age)

        return connect(page, make)


@strawberry.input(
    description="Takes a row as an adult's, or drops it; either way the row itself is gone. The reason says what was "
    "seen."
)
class RowSetAsideDecideInput:
    """Which row, and what was found."""

    row_id: strawberry.ID
    decision: ReviewDecision
    reason: str


@strawberry.type(description="What became of the row; `replayed` when it was decided so before.")
class RowSetAsideDecidePayload:
    """A decided row."""

    row_id: strawberry.ID
    decision: ReviewDecision
    replayed: bool


RowSetAsideDecideResult = Annotated[RowSetAsideDecidePayload | Refusal, strawberry.union("RowSetAsideDecideResult")]


@strawberry.type
class SetAsideActs:
    """What the institution's reviewers do."""

    @strawberry.mutation(description="Decide about a row that was set aside.")
    async def row_set_aside_decide(self, info: Info, input: RowSetAsideDecideInput) -> RowSetAsideDecideResult:
        """Once, by one person; the same again is the same."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> bool:
            return await reviewing.decide(
                unit, str(input.row_id), input.decision, reason=input.reason, by=by, at=context.at
            )

        async def show(replayed: bool) -> RowSetAsideDecidePayload:
            return RowSetAsideDecidePayload(row_id=input.row_id, decision=input.decision, replayed=replayed)

        return await ensure(info, do, show)
