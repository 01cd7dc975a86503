"""A merchant's month: what stands to be settled, and what happened. Counts and sums, never people."""

from decimal import Decimal

import strawberry

from core.months import Month
from core.statements import Row
from incentives import settlement
from incentives.money import yuan
from schema.context import Context, Info
from schema.figures import PartnerPeople, people_of
from schema.stored import derived, stored


@strawberry.type(description="What one store redeemed of one offer in a month, and what stands of it.")
class SettlementLine:
    """One store, one offer."""

    row: strawberry.Private[Row]
    store_id: strawberry.ID = stored("store_id")
    store: str = stored("store_name")
    offer_id: strawberry.ID = stored("offer_id")
    offer_title: str = stored("offer_title")
    count: int = stored("redeemed")
    order_amount_yuan: Decimal = derived(lambda row: yuan(row.order_cents))
    benefit_amount_yuan: Decimal = derived(lambda row: yuan(row.benefit_cents))
    deferred_yuan: Decimal = derived(
        lambda row: yuan(row.deferred_cents),
        description="Deposits not left and sums paid later, whether or not that is over: none of it is settled here.",
    )


@strawberry.type(description="A month's redemptions that were not undone. Amounts are sums of what was told.")
class Settlement:
    """A month to be settled; `final` when nothing in it can be undone any more."""

    month: str
    final: bool
    count: int
    order_amount_yuan: Decimal
    benefit_amount_yuan: Decimal
    deferred_yuan: Decimal
    lines: list[SettlementLine]

    @classmethod
    async def of(cls, context: Context, party_id: str, store_id: str | None, text: str) -> "Settlement":
        """A merchant's month, or one store's."""
        month = Month.read(text)
        rows = await settlement.settled(context.unit, party_id, month, store_id=store_id)
        return cls(
            month=month.text,
            final=settlement.is_final(month, at=context.at),
            count=sum(row.redeemed for row in rows),
            order_amount_yuan=yuan(sum(row.order_cents for row in rows)),
            benefit_amount_yuan=yuan(sum(row.benefit_cents for row in rows)),
            deferred_yuan=yuan(sum(row.deferred_cents for row in rows)),
            lines=[SettlementLine(row=row) for row in rows],
        )


@strawberry.type(description="One offer's redemptions in a month, and how many of them were undone since.")
class OfferStatistics:
    """One offer's month."""

    row: strawberry.Private[Row]
    offer_id: strawberry.ID = stored("offer_id")
    offer_title: str = stored("offer_title")
    redeemed: int = stored("redeemed")
    reversed: int = stored("undone")


@strawberry.type(description="What happened at one's own tills in a month, and how many people took one's offers.")
class PartnerStatistics:
    """A merchant's month in counts."""

    party_id: strawberry.Private[str]
    store_id: strawberry.Private[str | None]
    month: str
    redeemed: int
    reversed: int
    offers: list[OfferStatistics]

    @classmethod
    async def of(cls, context: Context, party_id: str, store_id: str | None, text: str) -> "PartnerStatistics":
        """A merchant's month, or one store's."""
        month = Month.read(text)
        rows = await settlement.counted(context.unit, party_id, month, store_id=store_id)
        return cls(
            party_id=party_id,
            store_id=store_id,
            month=month.text,
            redeemed=sum(row.redeemed for row in rows),
            reversed=sum(row.undone for row in rows),
            offers=[OfferStatistics(row=row) for row in rows],
        )

    @strawberry.field(description="People, as published for the whole month; null until it is. A till reads none.")
    async def people(self, info: Info) -> PartnerPeople | None:
        """The same for whoever asks, whenever they ask."""
        if self.store_id is not None:
            return None
        return await people_of(info.context, self.party_id, Month.read(self.month))
