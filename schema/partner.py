"""A partner merchant's own desk, and what a till is told. Nothing here reaches a person."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import strawberry
from sqlalchemy import Row

from incentives import offers, redemption
from schema.connection import Connection, connect
from schema.context import Info
from schema.offers import Offer, Store
from schema.people import Party


@strawberry.type(description="A code spent at a till.")
class Redemption:
    """A receipt, without anything about the customer."""

    id: strawberry.ID
    number: str
    offer_title: str
    benefit_text: str
    store: str
    redeemed_at: datetime
    reversed: bool
    reversible_until: datetime
    order_number: str | None
    order_amount_yuan: Decimal | None

    @classmethod
    def of(cls, row: Row[Any]) -> "Redemption":
        """A redemption's row with its store's name."""
        return cls(
            id=strawberry.ID(row.id),
            number=row.number,
            offer_title=row.offer_title,
            benefit_text=row.benefit_text,
            store=row.store_name,
            redeemed_at=row.redeemed_at,
            reversed=False,
            reversible_until=row.reversible_until,
            order_number=row.order_number,
            order_amount_yuan=row.order_amount_yuan,
        )


@strawberry.type(description="A partner merchant's own desk; a till sees its own store.")
class Partner:
    """The calling merchant."""

    party_id: strawberry.Private[str]
    store_id: strawberry.Private[str | None]
    party: Party

    @strawberry.field(description="Own stores.")
    async def stores(self, info: Info) -> list[Store]:
        """A till's own store, or all of a manager's."""
        return [Store.of(row) for row in await redemption.stores(info.context.unit, self.party_id, self.store_id)]

    @strawberry.field(description="Own offers, in every state.")
    async def offers(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Offer]:
        """Own offers, newest first."""
        request = info.context.page("Partner.offers", first, after)
        return connect(await offers.of_party(info.context.unit, self.party_id, request), Offer.of)

    @strawberry.field(description="Own redemptions, newest first.")
    async def redemptions(
        self,
        info: Info,
        number: str | None = None,
        store_id: strawberry.ID | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[Redemption]:
        """A till is held to its own store whatever it asks for."""
        store = self.store_id or store_id
        request = info.context.page("Partner.redemptions", first, after, number, store)
        page = await redemption.page(info.context.unit, self.party_id, request, number=number, store_id=store)
        return connect(page, Redemption.of)
