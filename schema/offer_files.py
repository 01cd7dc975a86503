"""An offer as its merchant and its approvers read it: what stands, what is proposed, what differs, who did what."""

from datetime import datetime
from decimal import Decimal

import strawberry

from core.errors import NotAvailable
from core.principal import Scope
from core.statements import Row
from grants.scope import Period
from incentives import (
    combining,
    conditions,
    expiring,
    funding,
    offers,
    stocks,
    stores,
    terms,
    versions,
    ways,
    wording,
)
from incentives.kinds import OfferAct, OfferSide, OfferStatus, Sector
from incentives.money import yuan
from schema.conditions import OfferCondition
from schema.connection import Connection, connect
from schema.context import Info
from schema.offers import Benefit, Offer, Store
from schema.officers import require
from schema.stored import derived, stored


def _yuan(cents: int | None) -> Decimal | None:
    return None if cents is None else yuan(cents)


@strawberry.type(description="One store's part of an offer's money, as a version says it.")
class StoreBudget:
    """A store, and how much."""

    store_id: strawberry.ID
    store: str
    yuan: Decimal


@strawberry.type(description="What an offer said, or would say: as it was written, and never changed.")
class OfferVersion:
    """One version."""

    row: strawberry.Private[Row]
    number: int = stored("number")
    title: str = stored("title")
    sector: Sector = stored("sector")
    benefit: Benefit = derived(lambda row: Benefit(row=row))
    benefit_text: str = stored("benefit_text")
    condition: OfferCondition = derived(lambda row: OfferCondition.of(conditions.read(row.condition)))
    requirement: str = derived(lambda row: wording.requirement(conditions.read(row.condition)))
    tiers_reached: list[str] = derived(
        lambda row: list(ways.reached(conditions.read(row.condition))),
        description="With which of the city's tiers it can be met: names of tiers, and never a number of people.",
    )
    terms: str = stored("terms")
    starts_at: datetime = stored("starts_at")
    ends_at: datetime = stored("ends_at")
    per_person: int = stored("per_person")
    per_person_period: Period | None = stored("per_person_period")
    stock: int = stored("stock_total")
    budget_yuan: Decimal | None = derived(
        lambda row: _yuan(row.budget_cents), description="The money for it; null where no money limits it."
    )
    combines_with: list[strawberry.ID] | None = derived(
        lambda row: combining.read(row.combines),
        description="The offers that may be used with it in one order; null: any.",
    )
    works_offline: bool = stored("works_offline", description="Whether it may be used at tills without a network.")
    note: str | None = stored("note", description="What its author says to whoever reviews it.")
    drafted_at: datetime = stored("drafted_at")

    @strawberry.field(description="Where it can be used.")
    async def stores(self, info: Info) -> list[Store]:
        """The version's own stores."""
        found = await offers.stores_of(info.context.unit, self.row.offer_id, self.row.number)
        return [Store(row=row) for row in found]

    @strawberry.field(description="Each store's own part of the money; none where it is not divided.")
    async def store_budgets(self, info: Info) -> list[StoreBudget]:
        """The version's own parts."""
        found = await offers.stores_of(info.context.unit, self.row.offer_id, self.row.number)
        return [
            StoreBudget(store_id=row.id, store=row.name, yuan=yuan(row.budget_cents))
            for row in found
            if row.budget_cents is not None
        ]


@strawberry.type(
    description="An offer's stock in figures. How many are left and are taken is for approvers, who decide about it: "
    "null for its merchant, who reads of what is left what everybody reads (`Offer.remaining`)."
)
class OfferStock:
    """How many there are, are left, and are taken; what is taken is never taken back."""

    total: int
    left: int | None
    committed: int | None


@strawberry.type(description="An offer's money, or one store's part of it: free, held and spent are all of it.")
class OfferBudget:
    """How much there is, is free, is held by what people have taken, and is spent."""

    store: str | None = strawberry.field(description="The store whose part it is; null: the whole offer's.")
    total_yuan: Decimal
    free_yuan: Decimal
    held_yuan: Decimal
    spent_yuan: Decimal


@strawberry.type(description="One act on an offer.")
class OfferStep:
    """Who did what, by side; never a name."""

    row: strawberry.Private[Row]
    version: int = stored("version", description="The offer's version that it led to.")
    act: OfferAct = stored("act")
    side: OfferSide = stored("side")
    number: int = stored("number", description="The version of the terms that it was done to.")
    reasons: str | None = stored("reasons")
    at: datetime = stored("at")


@strawberry.type(description="An offer at the desks where it is written and approved.")
class OfferFile:
    """What stands and what is proposed, side by side."""

    row: strawberry.Private[Row]
    offer: Offer
    review: OfferStatus | None = strawberry.field(
        description="How far a change has come: DRAFT, IN_REVIEW or RETURNED; null while nothing is changed."
    )
    id: strawberry.ID = stored("id", description="The offer's.")
    # Whether its reader is told how many have taken one. A merchant knows its customers, and would know who (ADR 0152).
    is_counted: strawberry.Private[bool]

    @strawberry.field(description="What stands; null until a version is approved.")
    async def standing(self, info: Info) -> OfferVersion | None:
        """The approved version."""
        number = self.row.standing
        return None if number is None else OfferVersion(row=await versions.find(info.context.unit, self.row.id, number))

    @strawberry.field(description="What would stand; null while nothing is changed.")
    async def proposed(self, info: Info) -> OfferVersion | None:
        """The latest version, when it does not stand."""
        if self.review is None:
            return None
        return OfferVersion(row=await versions.find(info.context.unit, self.row.id, self.row.latest))

    @strawberry.field(description="In which of a version's fields the two differ; none without two of them.")
    async def changed(self, info: Info) -> list[str]:
        """Names of fields of `OfferVersion`."""
        unit = info.context.unit
        if self.review is None or self.row.standing is None:
            return []
        before, after = [
            await versions.terms_of(unit, await versions.find(unit, self.row.id, number))
            for number in (self.row.standing, self.row.latest)
        ]
        return terms.changed(before, after)

    @strawberry.field(description="Whether what is proposed takes two people's approval, each with reasons.")
    async def takes_two(self, info: Info) -> bool:
        """A place in a queue for care."""
        unit = info.context.unit
        latest = await versions.find(unit, self.row.id, self.row.latest)
        return self.review is not None and terms.takes_two(await versions.terms_of(unit, latest))

    @strawberry.field(description="How many there are.")
    async def stock(self, info: Info) -> OfferStock:
        """As of now."""
        unit, at = info.context.unit, info.context.at
        if not self.is_counted:
            return OfferStock(total=self.row.stock_total, left=None, committed=None)
        left = (await stocks.of(unit, self.row.id)).left_over + await expiring.count(unit, self.row.id, at=at)
        return OfferStock(total=self.row.stock_total, left=left, committed=self.row.stock_total - left)

    @strawberry.field(
        description="How much money there is: the whole offer's first, then each store's part. None where no money "
        "limits it, and for its merchant, whose receipts say what is spent."
    )
    async def budgets(self, info: Info) -> list[OfferBudget]:
        """As of now."""
        unit, at = info.context.unit, info.context.at
        if not self.is_counted:
            return []
        standing = await funding.of(unit, self.row.id, at=at)
        names = await stores.names(unit, self.row.party_id)
        return [
            OfferBudget(
                store=names.get(place),
                total_yuan=yuan(one.total),
                free_yuan=yuan(one.free),
                held_yuan=yuan(one.held),
                spent_yuan=yuan(one.spent),
            )
            for place, one in sorted(standing.items())
        ]

    @strawberry.field(description="Everything that was done to it, the last first.")
    async def steps(self, info: Info, first: int = 20, after: str | None = None) -> Connection[OfferStep]:
        """Its ledger."""
        request = info.context.page("OfferFile.steps", first, after, self.row.id)
        page = await versions.steps(info.context.unit, self.row.id, request)
        return connect(page, lambda row: OfferStep(row=row))

    @classmethod
    def of(cls, row: Row, *, at: datetime, is_counted: bool) -> "OfferFile":
        """An offer's row with its stock."""
        review = None if row.review is None else OfferStatus(row.review)
        return cls(row=row, offer=Offer.of(row, at=at), review=review, is_counted=is_counted)


async def own_file(info: Info, party_id: str, offer_id: str) -> OfferFile | None:
    """One of a merchant's own; absent and another's are both null."""
    row = await offers.own(info.context.unit, party_id, offer_id)
    return None if row is None else OfferFile.of(row, at=info.context.at, is_counted=False)


async def waiting_files(info: Info, first: int, after: str | None) -> Connection[OfferFile]:
    """What waits for an approver."""
    context = info.context
    require(context, Scope.OFFER_APPROVE)
    page = await versions.waiting(context.unit, context.page("Approvals.offers", first, after))
    return connect(page, lambda row: OfferFile.of(row, at=context.at, is_counted=True))


async def submitted_file(info: Info, offer_id: str) -> OfferFile:
    """One that was ever submitted."""
    require(info.context, Scope.OFFER_APPROVE)
    row = await versions.shown(info.context.unit, offer_id)
    if row is None:
        raise NotAvailable()
    return OfferFile.of(row, at=info.context.at, is_counted=True)
