"""What was put right in one's record, and who was told so because they may have seen it before (Art. 12)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

import strawberry

from core.errors import NotAvailable
from core.statements import Row
from credit import corrections
from grants.scope import RecordCategory
from parties import directory
from schema.context import Batch, Context
from schema.people import Party
from schema.stored import stored


@strawberry.type(description="An organisation that was told of a correction; lookId is its last look before that.")
class Informed:
    """One organisation's telling."""

    parties: strawberry.Private[Batch[str, Row]]
    row: strawberry.Private[Row]
    look_id: strawberry.ID = stored("look_id")
    looked_at: datetime = stored("looked_at")
    grant_id: strawberry.ID | None = stored("grant_id")

    @strawberry.field(description="Who was told.")
    async def party(self) -> Party:
        """The organisation's card, read once for a page."""
        row = await self.parties.get(self.row.party_id)
        if row is None:
            raise NotAvailable()
        return Party.of(row)


@strawberry.type(description="A record of this kind was wrong until then.")
class Correction:
    """One correction that somebody was told of."""

    row: strawberry.Private[Row]
    told: strawberry.Private[Batch[str, Sequence[Row]]]
    context: strawberry.Private[Context]
    id: strawberry.ID = stored("id")
    record_id: strawberry.ID = stored("record_id")
    category: RecordCategory = stored("category")
    at: datetime = stored("at", description="When it was put right.")
    told_at: datetime = stored("told_at")

    @strawberry.field(description="Who may have seen it before, may hold it still, and was told.")
    async def informed(self) -> list[Informed]:
        """Read once for a page."""
        rows = await self.told.get(self.row.id) or ()
        unit = self.context.unit

        async def load(ids: Collection[str]) -> Mapping[str, Row]:
            return await directory.cards(unit, ids)

        parties = Batch({row.party_id for row in rows}, load)
        return [Informed(parties=parties, row=row) for row in rows]

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "Correction"]:
        """How to make corrections of these rows."""

        async def load(ids: Collection[str]) -> Mapping[str, Sequence[Row]]:
            return await corrections.told_of(context.unit, ids, at=context.at)

        told = Batch([row.id for row in rows], load)
        return lambda row: cls(row=row, told=told, context=context)
