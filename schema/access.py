"""Who looked: the trail of accesses to oneself (Arts. 3, 14)."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import strawberry

from audit import questions, receipts, trail
from audit.lens import BasisKind, Lens
from audit.receipts import Receipt
from audit.sentences import Cited, Complained, Emergency, evaluated, monitored, shared, summary
from core.database import Unit
from core.moments import day_of
from core.principal import Channel
from core.statements import Row
from grants import listing, mandating
from grants.scope import LendingStage
from oversight.duty import glass
from oversight.supervision import complaints
from parties import directory
from schema.auditing import Audited, audits_of
from schema.connection import Connection, connect
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


def sentence(row: Row, rests_on: Row | None, *, at: datetime, whose: str = _YOURS, times: int = 1) -> str:
    """A look's row as a plain Chinese sentence; with the mandate that a statutory one rests on, or the statement that
    an emergency's does, as it stands now, or the complaint that it looks into (`behind`)."""
    if row.basis == BasisKind.MONITORING.value:
        return monitored(actor=row.actor_name, month=day_of(row.at), categories=row.categories, times=times)
    if row.basis == BasisKind.SHARE.value and row.refused is None:
        said = {"actor": row.actor_name, "month": day_of(row.at), "categories": row.categories, "times": times}
        return shared(**said, number=row.case_number, whose=whose)
    if row.basis == BasisKind.INDUSTRY.value:
        read = {"actor": row.actor_name, "categories": row.categories, "count": row.record_count}
        return evaluated(**read, number=row.case_number, whose=whose)
    return summary(
        basis=row.basis,
        channel=row.channel,
        actor=row.actor_name,
        purpose=row.purpose,
        stage=row.stage,
        categories=row.categories,
        count=row.record_count,
        refused=row.refused is not None,
        **_resting(row, rests_on, at),
        case_number=row.case_number,
        whose=whose,
    )


def _resting(row: Row, on: Row | None, at: datetime) -> dict[str, Any]:
    if on is None:
        return {}
    if row.basis == BasisKind.STATUTE.value:
        return {"cited": Cited(on.instrument, on.article, on.purpose_text)}
    if row.basis == BasisKind.BREAK_GLASS.value:
        return {"emergency": Emergency(on.reason, glass.state_of(on, at=at).value, on.reviewed_at is not None)}
    return {"complained": Complained(on.words, on.matter)}


# What reads what looks on a basis rest on.
_BEHIND: Mapping[BasisKind, Callable[[Unit, Collection[str]], Awaitable[Mapping[str, Row]]]] = {
    BasisKind.STATUTE: mandating.by_ids,
    BasisKind.BREAK_GLASS: glass.by_ids,
    BasisKind.SUPERVISION_COMPLAINT: complaints.by_ids,
}


async def behind(unit: Unit, rows: Collection[Row]) -> Mapping[str, Row]:
    """What `sentence` needs to know of what these looks rest on, by the look's id."""
    found: dict[str, Row] = {}
    for basis, read in _BEHIND.items():
        resting = [row for row in rows if row.basis == basis.value and row.grant_id]
        if resting:
            there = await read(unit, {row.grant_id for row in resting})
            found.update({row.id: there[row.grant_id] for row in resting if row.grant_id in there})
    return found


def actor_of(row: Row) -> str:
    """What the trail calls whoever looked."""
    return row.actor_name or (_NOBODY_KNOWN if row.refused else _YOURSELF)


@dataclass(frozen=True)
class _Own:
    """What stands behind the lines of one's own trail, and of nobody else's list."""

    grants: Batch[str, Row]
    receipts: Batch[str, Receipt]
    questioned: Batch[str, datetime]
    audited: Batch[str, list[Audited]]


@strawberry.type(description="One look: at oneself, or on its own desk one that an organ had.")
class Access:
    """A line of the trail, or of an organ's desk."""

    grants: strawberry.Private[Batch[str, Row]]
    receipts: strawberry.Private[Batch[str, Receipt]]
    rests_on: strawberry.Private[Batch[str, Row]]
    row: strawberry.Private[Row]
    whose: strawberry.Private[str]
    questioned: strawberry.Private[Batch[str, datetime]]
    audited: strawberry.Private[Batch[str, list[Audited]]]
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
    async def summary(self, info: strawberry.Info[Context, None]) -> str:
        """The sentence; what several lines rest on is read once."""
        rests_on = await self.rests_on.get(self.row.id)
        return sentence(self.row, rests_on, at=info.context.at, whose=self.whose, times=self.times)

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

    @strawberry.field(description="When one said that one does not recognise it; null unless one did.")
    async def questioned_at(self) -> datetime | None:
        """The question, read once for a page."""
        return await self.questioned.get(self.id)

    @strawberry.field(
        description="Which exports for 合规审计 have shown it: that it was, and nothing of whom it was at. None "
        "has shown one that is not sealed yet, or is kept back."
    )
    async def audits(self) -> list[Audited]:
        """The exports, read once for a page."""
        return await self.audited.get(self.id) or []

    @classmethod
    def behind(
        cls, context: Context, lens: Lens, rows: Collection[Row], *, each_event: bool
    ) -> Callable[[Row], "Access"]:
        """How to make lines of these rows for the lens's subject."""

        async def load_grants(ids: Collection[str]) -> Mapping[str, Row]:
            return await listing.of_subject_by_ids(context.unit, lens, ids)

        async def load_receipts(ids: Collection[str]) -> Mapping[str, Receipt]:
            return await receipts.to_subject(context.unit, lens, ids)

        async def load_questions(ids: Collection[str]) -> Mapping[str, datetime]:
            return await questions.asked(context.unit, lens, ids)

        ids = {row.id for row in rows}
        grants = Batch({row.grant_id for row in rows if row.grant_id}, load_grants)
        audited = Batch(ids, partial(audits_of, context, rows))
        own = _Own(grants, Batch(ids, load_receipts), Batch(ids, load_questions), audited)
        return cls._lines(context, rows, own, _YOURS, each_event=each_event)

    @classmethod
    def of_organ(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "Access"]:
        """How to make lines of these rows for the organ that looked. It has no grants, and asks for its receipts."""

        async def nothing(_ids: Collection[str]) -> Mapping[str, Any]:
            return {}

        none = _Own(Batch((), nothing), Batch((), nothing), Batch((), nothing), Batch((), nothing))
        return cls._lines(context, rows, none, _THEIRS, each_event=True)

    @classmethod
    def _lines(
        cls, context: Context, rows: Collection[Row], own: "_Own", whose: str, *, each_event: bool
    ) -> Callable[[Row], "Access"]:
        async def load_parties(ids: Collection[str]) -> Mapping[str, Row]:
            return await directory.cards(context.unit, ids)

        async def load_behind(_ids: Collection[str]) -> Mapping[str, Row]:
            return await behind(context.unit, rows)

        rests_on = Batch({row.id for row in rows}, load_behind)
        parties = Batch({row.actor_party_id for row in rows if row.actor_party_id}, load_parties)

        def make(row: Row) -> Access:
            return cls(
                grants=own.grants,
                receipts=own.receipts,
                questioned=own.questioned,
                audited=own.audited,
                rests_on=rests_on,
                row=row,
                whose=whose,
                id=strawberry.ID(row.id),
                at=row.at,
                actor=Actor(
                    party_id=row.actor_party_id,
                    parties=parties,
                    name=actor_of(row),
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


async def on_paper(context: Context, lens: Lens, field_name: str, first: int, after: str | None) -> Connection[Access]:
    """Who looked at whoever stands at the counter or a kiosk, newest first and own looks left out, for printing."""
    request = context.page(field_name, first, after, lens.subject_id)
    page = await trail.page(context.unit, lens, request, trail.Filter(), at=context.at)
    return connect(page, Access.behind(context, lens, page.items, each_event=False))
