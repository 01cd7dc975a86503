"""Who looked: the trail of accesses to oneself (Arts. 3, 14)."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import strawberry

from audit import questions, receipts
from audit.lens import BasisKind, Lens
from audit.receipts import Receipt
from audit.sentences import summary
from core.principal import Channel
from core.statements import Row
from grants import listing
from grants.scope import LendingStage
from parties import directory
from schema.context import Batch, Context
from schema.grants import Grant
from schema.people import Party
from schema.receipts import AccessReceipt

_YOURSELF, _NOBODY_KNOWN = "本人", "身份不明的机构"


@strawberry.type(description="Who looked.")
class Actor:
    """The looking organisation and its staff member, or oneself."""

    party_id: strawberry.Private[str | None]
    parties: strawberry.Private[Batch[str, Row]]
    name: str
    operator: str | None

    @strawberry.field(description="The organisation, where there is one.")
    async def party(self) -> Party | None:
        """The organisation's card, read once for a page."""
        row = await self.parties.get(self.party_id) if self.party_id else None
        return Party.of(row) if row else None


@strawberry.type(description="One look at oneself.")
class Access:
    """A line of the trail."""

    grants: strawberry.Private[Batch[str, Row]]
    receipts: strawberry.Private[Batch[str, Receipt]]
    questioned: strawberry.Private[Batch[str, datetime]]
    grant_id: strawberry.Private[str | None]
    id: strawberry.ID
    at: datetime
    actor: Actor
    basis: BasisKind
    purpose: str
    stage: LendingStage | None
    channel: Channel
    summary: str = strawberry.field(description="A plain Chinese sentence: who, why, which kinds, how many.")
    fields: list[str] = strawberry.field(description="The schema fields and catalogue items that were reached.")
    record_count: int

    @strawberry.field(description="The grant it rested on.")
    async def grant(self, info: strawberry.Info[Context, None]) -> Grant | None:
        """The grant, read once for a page."""
        row = await self.grants.get(self.grant_id) if self.grant_id else None
        return Grant.of(info.context, row) if row else None

    @strawberry.field(description="What the log says of it, and the proof; null until it is sealed, within a second.")
    async def receipt(self) -> AccessReceipt | None:
        """The receipt, made once for a page."""
        found = await self.receipts.get(self.id)
        return AccessReceipt.of(found) if found is not None else None

    @strawberry.field(description="When one said that one does not recognise it; null unless one did.")
    async def questioned_at(self) -> datetime | None:
        """The question, read once for a page."""
        return await self.questioned.get(self.id)

    @classmethod
    def behind(cls, context: Context, lens: Lens, rows: Collection[Row]) -> Callable[[Row], "Access"]:
        """How to make lines of these rows."""

        async def load_parties(ids: Collection[str]) -> Mapping[str, Row]:
            return await directory.cards(context.unit, ids)

        async def load_grants(ids: Collection[str]) -> Mapping[str, Row]:
            return await listing.of_subject_by_ids(context.unit, lens, ids)

        async def load_receipts(ids: Collection[str]) -> Mapping[str, Receipt]:
            return await receipts.to_subject(context.unit, lens.subject_id, ids)

        async def load_questions(ids: Collection[str]) -> Mapping[str, datetime]:
            return await questions.asked(context.unit, lens, ids)

        parties = Batch({row.actor_party_id for row in rows if row.actor_party_id}, load_parties)
        grants = Batch({row.grant_id for row in rows if row.grant_id}, load_grants)
        sealed = Batch({row.id for row in rows}, load_receipts)
        questioned = Batch({row.id for row in rows}, load_questions)

        def make(row: Row) -> Access:
            return cls(
                grants=grants,
                receipts=sealed,
                questioned=questioned,
                grant_id=row.grant_id,
                id=strawberry.ID(row.id),
                at=row.at,
                actor=Actor(
                    party_id=row.actor_party_id,
                    parties=parties,
                    name=row.actor_name or (_NOBODY_KNOWN if row.refused else _YOURSELF),
                    operator=row.operator,
                ),
                basis=BasisKind(row.basis),
                purpose=row.purpose,
                stage=LendingStage(row.stage) if row.stage else None,
                channel=Channel(row.channel),
                summary=summary(
                    basis=row.basis,
                    channel=row.channel,
                    actor=row.actor_name,
                    purpose=row.purpose,
                    stage=row.stage,
                    categories=row.categories,
                    count=row.record_count,
                    refused=row.refused is not None,
                ),
                fields=[*row.fields, *row.codes],
                record_count=row.record_count,
            )

        return make
