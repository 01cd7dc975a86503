"""Who looked: the trail of accesses to oneself (Arts. 3, 14)."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

import strawberry

from audit import receipts
from audit.lens import BasisKind, Lens
from audit.receipts import Receipt
from audit.sentences import Cited, monitored, summary
from core.moments import day_of
from core.principal import Channel
from core.statements import Row
from grants import listing, mandating
from grants.scope import LendingStage
from parties import directory
from schema.context import Batch, Context
from schema.grants import Grant
from schema.people import Party
from schema.receipts import AccessReceipt

_YOURSELF, _NOBODY_KNOWN = "本人", "身份不明的机构"
_YOURS, _THEIRS = "您", "该主体"


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


@strawberry.type(description="One look: at oneself, or on its own desk one that an organ had.")
class Access:
    """A line of the trail, or of an organ's desk."""

    grants: strawberry.Private[Batch[str, Row]]
    receipts: strawberry.Private[Batch[str, Receipt]]
    mandates: strawberry.Private[Batch[str, Row]]
    row: strawberry.Private[Row]
    whose: strawberry.Private[str]
    id: strawberry.ID
    at: datetime
    actor: Actor
    basis: BasisKind
    purpose: str
    stage: LendingStage | None
    channel: Channel
    case_number: str | None = strawberry.field(description="A state organ's own case, by law (Art. 6(1)).")
    fields: list[str] = strawberry.field(description="The schema fields and catalogue items that were reached.")
    record_count: int
    times: int = strawberry.field(description="How often: of 贷后提示, the month's events that this line stands for.")

    @strawberry.field(description="A plain Chinese sentence: who, by what authority, why, which kinds, how many.")
    async def summary(self) -> str:
        """The sentence; what several lines rest on is read once."""
        row = self.row
        if row.basis == BasisKind.MONITORING.value:
            return monitored(actor=row.actor_name, month=day_of(row.at), categories=row.categories, times=self.times)
        mandate = await self.mandates.get(row.grant_id) if row.basis == BasisKind.STATUTE.value else None
        return summary(
            basis=row.basis,
            channel=row.channel,
            actor=row.actor_name,
            purpose=row.purpose,
            stage=row.stage,
            categories=row.categories,
            count=row.record_count,
            refused=row.refused is not None,
            cited=Cited(mandate.instrument, mandate.article, mandate.purpose_text) if mandate is not None else None,
            case_number=row.case_number,
            whose=self.whose,
        )

    @strawberry.field(description="The grant it rested on.")
    async def grant(self, info: strawberry.Info[Context, None]) -> Grant | None:
        """The grant, read once for a page."""
        row = await self.grants.get(self.row.grant_id) if self.row.grant_id else None
        return Grant.of(info.context, row) if row else None

    @strawberry.field(description="What the log says of it, and the proof; null until it is sealed, within a second.")
    async def receipt(self) -> AccessReceipt | None:
        """The receipt, made once for a page."""
        found = await self.receipts.get(self.id)
        return AccessReceipt.of(found) if found is not None else None

    @classmethod
    def behind(
        cls, context: Context, lens: Lens, rows: Collection[Row], *, each_event: bool
    ) -> Callable[[Row], "Access"]:
        """How to make lines of these rows for the lens's subject."""

        async def load_grants(ids: Collection[str]) -> Mapping[str, Row]:
            return await listing.of_subject_by_ids(context.unit, lens, ids)

        async def load_receipts(ids: Collection[str]) -> Mapping[str, Receipt]:
            return await receipts.to_subject(context.unit, lens.subject_id, ids)

        grants = Batch({row.grant_id for row in rows if row.grant_id}, load_grants)
        sealed = Batch({row.id for row in rows}, load_receipts)
        return cls._lines(context, rows, grants, sealed, _YOURS, each_event=each_event)

    @classmethod
    def of_organ(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "Access"]:
        """How to make lines of these rows for the organ that looked. It has no grants, and asks for its receipts."""

        async def nothing(_ids: Collection[str]) -> Mapping[str, Any]:
            return {}

        return cls._lines(context, rows, Batch((), nothing), Batch((), nothing), _THEIRS, each_event=True)

    @classmethod
    def _lines(
        cls,
        context: Context,
        rows: Collection[Row],
        grants: Batch[str, Row],
        sealed: Batch[str, Receipt],
        whose: str,
        *,
        each_event: bool,
    ) -> Callable[[Row], "Access"]:
        async def load_parties(ids: Collection[str]) -> Mapping[str, Row]:
            return await directory.cards(context.unit, ids)

        async def load_mandates(ids: Collection[str]) -> Mapping[str, Row]:
            return await mandating.by_ids(context.unit, ids)

        parties = Batch({row.actor_party_id for row in rows if row.actor_party_id}, load_parties)
        by_law = [row for row in rows if row.basis == BasisKind.STATUTE.value and row.grant_id]
        mandates = Batch({row.grant_id for row in by_law}, load_mandates)

        def make(row: Row) -> Access:
            return cls(
                grants=grants,
                receipts=sealed,
                mandates=mandates,
                row=row,
                whose=whose,
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
                case_number=row.case_number,
                fields=[*row.fields, *row.codes],
                record_count=row.record_count,
                times=times(row),
            )

        def times(row: Row) -> int:
            return 1 if each_event or row.told is None else int(row.told)

        return make
