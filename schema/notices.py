"""What one is told, and what became of the messages: a subject's notices, and marking them read."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated

import strawberry

from core.database import WriteUnit
from core.errors import NotAvailable
from core.statements import Row
from notices import inbox, outbox, sentences
from notices.kinds import DeliveryState, EventKind, Way
from schema.acting import ensure, own_lens, own_look
from schema.context import Batch, Context, Info
from schema.refusals import Refusal


@strawberry.type(description="One message sent outside of the app, and what became of it.")
class Delivery:
    """A text message, a letter or a webhook call. `lastError` is a word about the last try that failed."""

    way: Way
    state: DeliveryState
    attempts: int
    last_error: str | None
    ended_at: datetime | None

    @classmethod
    def of(cls, row: Row) -> "Delivery":
        """A delivery's row."""
        return cls(
            way=Way(row.way),
            state=DeliveryState(row.state),
            attempts=row.attempts,
            last_error=row.error,
            ended_at=row.ended_at,
        )


def deliveries_of(context: Context, rows: Collection[Row]) -> Batch[str, Sequence[Row]]:
    """The deliveries of a page of notices or events, read once when the first of them asks."""

    async def load(ids: Collection[str]) -> Mapping[str, Sequence[Row]]:
        return await inbox.deliveries(context.unit, ids)

    return Batch([row.id for row in rows], load)


@strawberry.type(description="Something one is told. The sentence is Chinese, or English by Accept-Language.")
class Notice:
    """A notice to the subject it is about."""

    batch: strawberry.Private[Batch[str, Sequence[Row]]]
    id: strawberry.ID
    kind: EventKind
    message: str
    at: datetime
    about: strawberry.ID = strawberry.field(
        description="The id of what it is about; of a grant, where the kind says so."
    )
    read_at: datetime | None

    @strawberry.field(description="Messages sent besides this notice.")
    async def deliveries(self) -> list[Delivery]:
        """None where the notice itself is all there is."""
        return [Delivery.of(row) for row in await self.batch.get(self.id) or ()]

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "Notice"]:
        """How to make notices of these rows."""
        batch = deliveries_of(context, rows)
        vault = context.unit.vault
        return lambda row: cls(
            batch=batch,
            id=strawberry.ID(row.id),
            kind=EventKind(row.kind),
            message=sentences.notice(EventKind(row.kind), outbox.params_of(vault, row), context.language),
            at=row.at,
            about=strawberry.ID(row.about),
            read_at=row.read_at,
        )


@strawberry.input(description="Marks a notice as read.")
class NoticeReadInput:
    """Which notice."""

    notice_id: strawberry.ID


@strawberry.type(description="The notice, read.")
class NoticeReadPayload:
    """A read notice; `replayed` when it had been read before."""

    notice: Notice
    replayed: bool


NoticeReadResult = Annotated[NoticeReadPayload | Refusal, strawberry.union("NoticeReadResult")]


@strawberry.type
class NoticeActs:
    """What a subject does with notices."""

    @strawberry.mutation(description="Mark a notice as read.")
    async def notice_read(self, info: Info, input: NoticeReadInput) -> NoticeReadResult:
        """Reading twice is reading once: the first instant stays."""
        context = info.context
        lens = own_lens(context)

        async def do(unit: WriteUnit) -> bool:
            return await inbox.read(unit, lens.subject_id, input.notice_id, at=context.at)

        async def show(replayed: bool) -> NoticeReadPayload:
            own_look(info, lens)
            row = await inbox.find(context.unit, lens.subject_id, input.notice_id)
            if row is None:
                raise NotAvailable()
            return NoticeReadPayload(notice=Notice.behind(context, [row])(row), replayed=replayed)

        return await ensure(info, do, show)
