"""Offers for everyone, offers as they concern oneself, and what one has taken (Art. 11)."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import strawberry
from sqlalchemy import Row

from core.errors import NotAvailable
from incentives import claims, codes, eligibility, offers
from incentives.kinds import BenefitKind, ClaimStatus, OfferStatus, Sector, StockBand
from schema.context import Batch, Context, Info


@strawberry.type(description="A partner merchant in one line.")
class PartnerCard:
    """Who makes an offer."""

    id: strawberry.ID
    name: str


@strawberry.type(description="A merchant's store.")
class Store:
    """Where an offer can be used."""

    id: strawberry.ID
    name: str
    district: str
    address: str

    @classmethod
    def of(cls, row: Row[Any]) -> "Store":
        """A store's row."""
        return cls(id=strawberry.ID(row.id), name=row.name, district=row.district, address=row.address)


@strawberry.type(description="What an offer gives: percent off, yuan waived, days granted, by kind.")
class Benefit:
    """A benefit's kind and figure."""

    kind: BenefitKind
    figure: Decimal | None


@strawberry.type(description="An offer, the same for everyone.")
class Offer:
    """One offer."""

    id: strawberry.ID
    version: int
    status: OfferStatus
    title: str
    sector: Sector
    partner: PartnerCard
    benefit: Benefit
    benefit_text: str
    requirement: str
    terms: str
    starts_at: datetime
    ends_at: datetime
    remaining: StockBand
    per_person: int

    @strawberry.field(description="Where it can be used.")
    async def stores(self, info: Info) -> list[Store]:
        """The offer's stores."""
        return [Store.of(row) for row in await offers.stores_of(info.context.unit, self.id)]

    @classmethod
    def of(cls, row: Row[Any]) -> "Offer":
        """An offer's row with its stock."""
        return cls(
            id=strawberry.ID(row.id),
            version=row.version,
            status=OfferStatus(row.status),
            title=row.title,
            sector=Sector(row.sector),
            partner=PartnerCard(id=strawberry.ID(row.party_id), name=row.party_name),
            benefit=Benefit(kind=BenefitKind(row.benefit_kind), figure=row.benefit_figure),
            benefit_text=row.benefit_text,
            requirement=eligibility.requirement(row.min_tier),
            terms=row.terms,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            remaining=offers.band(row.left_over),
            per_person=row.per_person,
        )


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
    def for_standing(cls, standing: eligibility.Standing) -> Callable[[Row[Any]], "MyOffer"]:
        """How an offer concerns somebody of this standing."""

        def make(row: Row[Any]) -> MyOffer:
            gaps = eligibility.gaps(min_tier=row.min_tier, standing=standing)
            return cls(
                offer=Offer.of(row),
                eligible=not gaps,
                gaps=[
                    ConditionGap(condition=gap.condition, message=gap.message, needed=gap.needed, have=gap.have)
                    for gap in gaps
                ],
            )

        return make


@strawberry.type(description="A rotating code: 18 digits, to be shown as a QR code and as text.")
class ClaimCode:
    """One code and the time in which it holds."""

    digits: str
    valid_from: datetime
    valid_until: datetime


@strawberry.type(description="An offer taken.")
class Claim:
    """One's own claim."""

    row: strawberry.Private[Row[Any]]
    offers: strawberry.Private[Batch[str, Row[Any]]]
    id: strawberry.ID
    version: int
    status: ClaimStatus
    expires_at: datetime

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
    def behind(cls, context: Context, rows: Collection[Row[Any]]) -> Callable[[Row[Any]], "Claim"]:
        """How to make claims of these rows."""

        async def load(ids: Collection[str]) -> Mapping[str, Row[Any]]:
            return await offers.cards(context.unit, ids)

        batch = Batch({row.offer_id for row in rows}, load)
        return lambda row: cls(
            row=row,
            offers=batch,
            id=strawberry.ID(row.id),
            version=row.version,
            status=claims.status_of(row, at=context.at),
            expires_at=row.expires_at,
        )

    @classmethod
    def of(cls, context: Context, row: Row[Any]) -> "Claim":
        """One claim."""
        return cls.behind(context, [row])(row)
