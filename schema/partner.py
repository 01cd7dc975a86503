"""A partner merchant's own desk, and what a till is told. Nothing here reaches a person."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from core.statements import Row
from incentives import deferrals, issuing, offers, redemption
from incentives.money import yuan
from schema.connection import Connection, connect
from schema.context import Info
from schema.offer_files import OfferFile, own_file
from schema.offers import Offer, Store
from schema.people import Party
from schema.settlement import PartnerStatistics, Settlement
from schema.stored import derived, stored


@strawberry.type(description="A code spent at a till.")
class Redemption:
    """A receipt. Of the customer it says a name that only this merchant knows them by."""

    row: strawberry.Private[Row]
    id: strawberry.ID = stored("id")
    number: str = stored("number")
    offer_title: str = stored("offer_title")
    benefit_text: str = stored("benefit_text")
    store: str = stored("store_name")
    redeemed_at: datetime = stored("redeemed_at")
    reversed: bool = derived(lambda row: row.reversed_at is not None)
    reversible_until: datetime = stored("reversible_until")
    order_number: str | None = stored("order_number")
    order_amount_yuan: Decimal | None = stored("order_amount_yuan")
    benefit_amount_yuan: Decimal | None = stored("benefit_amount_yuan")
    deferred_yuan: Decimal | None = derived(
        lambda row: None if row.deferred_cents is None else yuan(row.deferred_cents),
        description="The deposit that was not left, or the sum that is paid later; null: nothing was put off.",
    )
    deferred_until: datetime | None = stored(
        "due_at", description="The end of the last day: then it is over by itself."
    )
    customer: str | None = stored(
        "customer",
        description="The customer's name at this merchant and nowhere else: who comes again has it again, until keys "
        "change. Null on older receipts.",
    )

    @strawberry.field(
        description="Since when what was put off is over, by a word or by its day; null while it is open."
    )
    def finished_at(self, info: Info) -> datetime | None:
        """How it was settled is between the parties."""
        return deferrals.ended_at(self.row, at=info.context.at)

    @classmethod
    def of(cls, row: Row) -> "Redemption":
        """A redemption's row with its store's name."""
        return cls(row=row)


@strawberry.type(description="A partner merchant's own desk; a till sees its own store.")
class Partner:
    """The calling merchant."""

    party_id: strawberry.Private[str]
    store_id: strawberry.Private[str | None]
    party: Party

    @strawberry.field(description="Own stores.")
    async def stores(self, info: Info) -> list[Store]:
        """A till's own store, or all of a manager's."""
        return [Store(row=row) for row in await redemption.stores(info.context.unit, self.party_id, self.store_id)]

    @strawberry.field(description="Own offers, in every state; a till sees those that are published for its store.")
    async def offers(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Offer]:
        """Own offers, newest first."""
        context = info.context
        request = context.page("Partner.offers", first, after)
        page = await offers.of_party(context.unit, self.party_id, request, store_id=self.store_id)
        return connect(page, lambda row: Offer.of(row, at=context.at))

    @strawberry.field(description="One's own offer with what is proposed of it, or null; a till reads none.")
    async def offer(self, info: Info, id: strawberry.ID) -> OfferFile | None:
        """At the desk where it is written."""
        return None if self.store_id is not None else await own_file(info, self.party_id, id)

    @strawberry.field(description="Own redemptions, newest first.")
    async def redemptions(
        self,
        info: Info,
        number: str | None = None,
        store_id: strawberry.ID | None = None,
        from_: Annotated[date | None, strawberry.argument(name="from")] = None,
        to: date | None = None,
        open: Annotated[
            bool, strawberry.argument(description="Only those with something put off that is open.")
        ] = False,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[Redemption]:
        """A till is held to its own store whatever it asks for."""
        wanted = redemption.Filter(number, self.store_id or store_id, from_, to)
        request = info.context.page("Partner.redemptions", first, after, (wanted, open))
        if open:
            wanted = replace(wanted, open_at=info.context.at)
        return connect(await redemption.page(info.context.unit, self.party_id, request, wanted), Redemption.of)

    @strawberry.field(
        description="What a till needs to go on without a network, as one signed text: public keys, and the words of "
        "offers. Null for whoever stands in no store."
    )
    async def offline_bundle(self, info: Info) -> str | None:
        """Kept by the till, which follows it from key to key."""
        if self.store_id is None:
            return None
        context = info.context
        return await issuing.bundle(context.unit, self.party_id, self.store_id, at=context.at)

    @strawberry.field(description="What stands of a month (YYYY-MM), by store and offer.")
    async def settlement(self, info: Info, month: str) -> Settlement:
        """Redeemed and not undone."""
        return await Settlement.of(info.context, self.party_id, self.store_id, month)

    @strawberry.field(description="What happened in a month (YYYY-MM), by offer.")
    async def statistics(self, info: Info, month: str) -> PartnerStatistics:
        """Redeemed, and undone since."""
        return await PartnerStatistics.of(info.context, self.party_id, self.store_id, month)
