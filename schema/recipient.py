"""A recipient's own desk: its grants, what happened to them, and the receipts of its looks."""

import strawberry

from audit import receipts
from grants import listing
from grants.scope import GrantStatus
from notices import feed, webhooks
from schema.connection import Connection, connect
from schema.context import Info
from schema.grants import Grant
from schema.people import Party
from schema.receipts import AccessReceipt
from schema.webhooks import Event, Webhook


@strawberry.type(description="A recipient's own desk.")
class Recipient:
    """The calling party and its grants."""

    party_id: strawberry.Private[str]
    party: Party

    @strawberry.field(description="The grants it was given.")
    async def grants(
        self,
        info: Info,
        statuses: list[GrantStatus] | None = None,
        reference: str | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[Grant]:
        """Own grants only."""
        context = info.context
        request = context.page("Recipient.grants", first, after, statuses, reference)
        page = await listing.of_recipient(context.unit, self.party_id, request, statuses, reference, at=context.at)
        return connect(page, Grant.behind(context, page.items))

    @strawberry.field(description="One of its grants or requests, or null.")
    async def grant(self, info: Info, id: strawberry.ID) -> Grant | None:
        """Absent, another's and not yet whole are all null."""
        context = info.context
        row = await listing.of_recipient_by_id(context.unit, self.party_id, id)
        return Grant.of(context, row) if row is not None else None

    @strawberry.field(description="What happened to what it holds, oldest first: the webhook's catch-up.")
    async def events(self, info: Info, first: int = 100, after: str | None = None) -> Connection[Event]:
        """Own events after a position. An event may come twice, under the same id."""
        context = info.context
        request = context.page("Recipient.events", first, after)
        page = await feed.page(context.unit, self.party_id, request, at=context.at)
        return connect(page, Event.behind(context, page.items))

    @strawberry.field(description="The receipt of one's own look, or null: within a second of the look it is sealed.")
    async def receipt(self, info: Info, look_id: strawberry.ID) -> AccessReceipt | None:
        """Absent, another's and not yet sealed are all null."""
        found = await receipts.to_recipient(info.context.unit, self.party_id, look_id)
        return AccessReceipt.of(found) if found is not None else None

    @strawberry.field(description="Where events are sent, or null.")
    async def webhook(self, info: Info) -> Webhook | None:
        """The own webhook."""
        row = await webhooks.find(info.context.unit, self.party_id)
        return Webhook.of(row) if row is not None else None
