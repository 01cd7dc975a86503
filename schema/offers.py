"""Offers for everyone, offers as they concern oneself, and what one has taken (Art. 11)."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from decimal import Decimal

import strawberry

from core.errors import NotAvailable
from core.statements import Row
from incentives import claims, codes, eligibility, offers
from incentives.kinds import BenefitKind, ClaimStatus, OfferStatus, Sector, StockBand
from schema.context import Batch, Context, Info
from schema.stored import derived, stored


@strawberry.type(description="A partner merchant in one line.")
class PartnerCard:
    """Who makes an offer."""

    row: strawberry.Private[Row]
    id: strawberry.ID = stored("party_id")
    name: str = stored("party_name")


@strawberry.type(description="A merchant's store.")
class Store:
    """Where an offer can be used."""

    row: strawberry.Private[Row]
    id: strawberry.ID = stored("id")
    name: str = stored("name")
    district: str = stored("district")
    address: str = stored("address")


@strawberry.type(description="What an offer gives: percent off, yuan waived, days granted, by kind.")
class Benefit:
    """A benefit's kind and figure."""

    row: strawberry.Private[Row]
    kind: BenefitKind = stored("benefit_kind")
    figure: Decimal | None = stored("benefit_figure")


@strawberry.type(description="An offer, the same for everyone.")
class Offer:
    """One offer."""

    row: strawberry.Private[Row]
    id: strawberry.ID = stored("id")
    version: int = stored("version")
    status: OfferStatus = stored("status")
    title: str = stored("title")
    sector: Sector = stored("sector")
    partner: PartnerCard = derived(lambda row: PartnerCard(row=row))
    benefit: Benefit = derived(lambda row: Benefit(row=row))
    benefit_text: str = stored("benefit_text")
    requirement: str = derived(lambda row: eligibility.requirement(row.min_tier))
    terms: str = stored("terms")
    starts_at: datetime = stored("starts_at")
    ends_at: datetime = stored("ends_at")
    remaining: StockBand = derived(lambda row: offers.band(row.left_over))
    per_person: int = stored("per_person")

    @strawberry.field(description="Where it can be used.")
    async def stores(self, info: Info) -> list[Store]:
        """The offer's stores."""
        return [Store(row=row) for row in await offers.stores_of(info.context.unit, self.row.id)]

    @classmethod
    def of(cls, row: Row) -> "Offer":
        """An offer's row with its stock."""
        return cls(row=row)


@strawberry.type(description="What is missing, said to the citizen only.")
class ConditionGap:
    """One unmet condition."""

    condition: str
    message: str
    needed: str
    have: str | None


@strawberry.type(description="An offer and what it means for oneself.")
class MyOffer:
    """An offer with one's eligibility."""

    offer: Offer
    eligible: bool
    gaps: list[ConditionGap]

    @classmethod
    def of(cls, row: Row, standing: eligibility.Standing) -> "MyOffer":
        """How an offer concerns anybody of this standing."""
        gaps = eligibility.gaps(min_tier=row.min_tier, standing=standing)
        return cls(
            offer=Offer.of(row),
            eligible=not gaps,
            gaps=[
                ConditionGap(condition=gap.condition, message=gap.message, needed=gap.needed, have=gap.have)
                for gap in gaps
            ],
        )


@strawberry.type(description="A rotating code: 18 digits, to be shown as a QR code and as text.")
class ClaimCode:
    """One code and the time in which it holds."""

    digits: str
    valid_from: datetime
    valid_until: datetime


@strawberry.type(description="An offer taken.")
class Claim:
    """One's own claim."""

    row: strawberry.Private[Row]
    offers: strawberry.Private[Batch[str, Row]]
    status: ClaimStatus
    id: strawberry.ID = stored("id")
    version: int = stored("version")
    expires_at: datetime = stored("expires_at")

    @strawberry.field(description="What was taken.")
    async def offer(self) -> Offer:
        """The offer, read once for a page."""
        row = await self.offers.get(self.row.offer_id)
        if row is None:
            raise NotAvailable()
        return Offer.of(row)

    @strawberry.field(description="The code of now and of the next slots, at most ten; none once it is used or over.")
    def codes(self, info: Info, first: int = 1) -> list[ClaimCode]:
        """Codes made from the claim, stored nowhere."""
        context = info.context
        if claims.status_of(self.row, at=context.at) is not ClaimStatus.CLAIMED:
            return []
        made = codes.codes(
            context.unit.vault.code_key,
            claim_id=self.row.id,
            handle=self.row.handle,
            first=max(1, min(first, codes.MOST_CODES)),
            at=context.at,
        )
        return [ClaimCode(digits=c.digits, valid_from=c.valid_from, valid_until=c.valid_until) for c in made]

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "Claim"]:
        """How to make claims of these rows."""

        async def load(ids: Collection[str]) -> Mapping[str, Row]:
            return await offers.cards(context.unit, ids)

        batch = Batch({row.offer_id for row in rows}, load)
        return lambda row: cls(row=row, offers=batch, status=claims.status_of(row, at=context.at))

    @classmethod
    def of(cls, context: Context, row: Row) -> "Claim":
        """One claim."""
        return cls.behind(context, [row])(row)
