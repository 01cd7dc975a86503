"""A recipient's events: where they are sent, and the feed that holds what was missed. Ids only, never values."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Annotated

import strawberry

from core.database import WriteUnit
from core.errors import NotAvailable
from core.statements import Row
from grants.scope import RecordCategory
from notices import webhooks
from notices.kinds import EventKind, WebhookState
from parties import directory
from schema.acting import act, attempt_of, ensure
from schema.context import Batch, Context, Info
from schema.notices import Delivery, deliveries_of
from schema.refusals import Refusal


@strawberry.type(description="Something that happened to what a party holds: what, when, and to which id.")
class Event:
    """One event. Its id is the webhook's `webhook-id`; who drops ids they know is told everything once."""

    batch: strawberry.Private[Batch[str, Sequence[Row]]]
    id: strawberry.ID
    kind: EventKind
    at: datetime
    about: strawberry.ID
    category: RecordCategory | None = strawberry.field(description="Which kind of information it is about, if any.")
    look_id: strawberry.ID | None = strawberry.field(
        description="RECORD_CORRECTED: one's own look that may have shown what was wrong."
    )
    looked_at: datetime | None

    @strawberry.field(description="The webhook call; null when none was set as it happened.")
    async def delivery(self) -> Delivery | None:
        """What became of the call."""
        rows = await self.batch.get(self.id)
        return Delivery.of(rows[0]) if rows else None

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "Event"]:
        """How to make events of these rows."""
        batch = deliveries_of(context, rows)
        return lambda row: cls(
            batch=batch,
            id=strawberry.ID(row.id),
            kind=EventKind(row.kind),
            at=row.at,
            about=strawberry.ID(row.about),
            category=RecordCategory(row.category) if row.category else None,
            look_id=strawberry.ID(row.look_id) if row.look_id else None,
            looked_at=row.looked_at,
        )


@strawberry.type(description="Where events are sent. PAUSED after too many failures in a row; setting it resumes.")
class Webhook:
    """A party's webhook, without its secret."""

    id: strawberry.ID
    version: int
    url: str
    state: WebhookState
    failures: int
    paused_at: datetime | None
    previous_secret_until: datetime | None

    @classmethod
    def of(cls, row: Row) -> "Webhook":
        """A webhook's row."""
        return cls(
            id=strawberry.ID(row.id),
            version=row.version,
            url=row.url,
            state=WebhookState(row.state),
            failures=row.failures,
            paused_at=row.paused_at,
            previous_secret_until=row.previous_until,
        )


@strawberry.input(
    description="Sets the webhook: the first one without expectedVersion, a changed one with it. Setting it as it is "
    "resumes a paused one. rotateSecret makes a new secret; the old one signs too for a day."
)
class WebhookSetInput:
    """Where to send, and whether under a new secret."""

    url: str
    expected_version: int | None = None
    rotate_secret: bool = False
    idempotency_key: strawberry.ID


@strawberry.type(description="The webhook and the secret to verify with. Only here is the secret shown.")
class WebhookSetPayload:
    """A set webhook."""

    webhook: Webhook
    secret: str
    replayed: bool


@strawberry.input(description="Removes the webhook. Events still stand in the feed.")
class WebhookRemoveInput:
    """Which version of it."""

    expected_version: int


@strawberry.type(description="There is no webhook.")
class WebhookRemovePayload:
    """`replayed` when there was none before."""

    replayed: bool


WebhookSetResult = Annotated[WebhookSetPayload | Refusal, strawberry.union("WebhookSetResult")]
WebhookRemoveResult = Annotated[WebhookRemovePayload | Refusal, strawberry.union("WebhookRemoveResult")]


@strawberry.type
class WebhookActs:
    """What a recipient does about its events."""

    @strawberry.mutation(description="Have events sent, signed as Standard Webhooks has it.")
    async def webhook_set(self, info: Info, input: WebhookSetInput) -> WebhookSetResult:
        """A recipient's own webhook."""
        context = info.context
        party_id = await _recipient(context)

        async def do(unit: WriteUnit) -> str:
            await webhooks.put(
                unit,
                party_id,
                url=input.url,
                rotate=input.rotate_secret,
                expected_version=input.expected_version,
                at=context.at,
            )
            return party_id

        async def show(_id: str, replayed: bool) -> WebhookSetPayload:
            row = await webhooks.find(context.unit, party_id)
            if row is None:
                raise NotAvailable()
            secret = webhooks.secret_of(context.unit.vault, row)
            return WebhookSetPayload(webhook=Webhook.of(row), secret=secret, replayed=replayed)

        key = attempt_of(
            context,
            "webhookSet",
            input.idempotency_key,
            url=input.url,
            version=input.expected_version,
            rotate=input.rotate_secret,
        )
        return await act(info, key, do, show)

    @strawberry.mutation(description="Have no more events sent.")
    async def webhook_remove(self, info: Info, input: WebhookRemoveInput) -> WebhookRemoveResult:
        """Removing twice is removing once."""
        context = info.context
        party_id = await _recipient(context)

        async def do(unit: WriteUnit) -> bool:
            return await webhooks.remove(unit, party_id, expected_version=input.expected_version, at=context.at)

        async def show(replayed: bool) -> WebhookRemovePayload:
            return WebhookRemovePayload(replayed=replayed)

        return await ensure(info, do, show)


async def _recipient(context: Context) -> str:
    """The calling party, if it is one that subjects can let look; raises `NotAvailable` for any other."""
    party_id = context.party()
    row = await directory.find(context.unit, party_id)
    if row is None or row.kind not in directory.AUTHORISABLE:
        raise NotAvailable()
    return party_id
