"""Offers for everyone, offers as they concern oneself, and what one has taken (Art. 11)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import strawberry

from core.errors import NotAvailable
from core.moments import day_of
from core.statements import Row
from credit import models, score
from credit.oneself import Oneself
from grants.scope import Period
from incentives import (
    awaiting,
    claims,
    codes,
    conditions,
    deferrals,
    explaining,
    issuing,
    offers,
    states,
    terms,
    wording,
)
from incentives.eligibility import Standing
from incentives.explaining import Missing
from incentives.kinds import BenefitKind, ClaimStatus, OfferStatus, OfflineOutcome, Sector, StockBand
from incentives.money import yuan
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


def _figure(name: str) -> Callable[[Row], Decimal | None]:
    def read(row: Row) -> Decimal | None:
        found: Decimal | None = getattr(terms.Benefit.stored(row), name)
        return found

    return read


@strawberry.type(description="What an offer gives. A kind has its own figures, and the others are null.")
class Benefit:
    """A benefit's kind and figures."""

    row: strawberry.Private[Row]
    kind: BenefitKind = stored("benefit_kind")
    percent: Decimal | None = derived(_figure("percent"), description="DISCOUNT: percent off.")
    yuan: Decimal | None = derived(_figure("yuan"), description="FEE_WAIVER: what is waived.")
    cap_yuan: Decimal | None = derived(
        _figure("cap_yuan"), description="DEPOSIT_FREE and PAY_LATER: up to which sum; DISCOUNT: at most so much off."
    )
    days: int | None = stored("benefit_days", description="PAY_LATER: for how many days.")


@strawberry.type(description="An offer, the same for everyone.")
class Offer:
    """One offer."""

    row: strawberry.Private[Row]
    status: OfferStatus
    id: strawberry.ID = stored("id")
    version: int = stored("version")
    title: str = stored("title")
    sector: Sector = stored("sector")
    partner: PartnerCard = derived(lambda row: PartnerCard(row=row))
    benefit: Benefit = derived(lambda row: Benefit(row=row))
    benefit_text: str = stored("benefit_text")
    requirement: str = derived(lambda row: wording.requirement(conditions.read(row.condition)))
    terms: str = stored("terms")
    starts_at: datetime = stored("starts_at")
    ends_at: datetime = stored("ends_at")
    remaining: StockBand = derived(lambda row: offers.band(offers.left(row)))
    taken_by_store: bool = stored("taken_by_store", description="Taken for one of its stores, and used there alone.")
    works_offline: bool = stored("works_offline", description="Whether it can be used at a till without a network.")
    per_person: int = stored("per_person")
    per_person_period: Period | None = stored(
        "per_person_period", description="In which so many may be taken by one person; null: in all."
    )

    @strawberry.field(description="Where it can be used.")
    async def stores(self, info: Info) -> list[Store]:
        """The offer's stores."""
        number = self.row.latest if self.row.standing is None else self.row.standing
        named = await offers.stores_of(info.context.unit, self.row.id, number)
        return [Store(row=row) for row in named if row.closed_at is None]

    @classmethod
    def of(cls, row: Row, *, at: datetime) -> "Offer":
        """An offer's row with its stock, as it stands now."""
        return cls(row=row, status=states.status_of(row, at=at))

    @classmethod
    def live(cls, row: Row) -> "Offer":
        """A row of a list that holds nothing but what can be taken."""
        return cls(row=row, status=OfferStatus.LIVE)


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

    missing: strawberry.Private[Sequence[Missing]]
    standing: strawberry.Private[Standing]
    offer: Offer
    eligible: bool
    opened: strawberry.Private[Row | None] = None

    @strawberry.field
    def gaps(self) -> list[ConditionGap]:
        """Made when they are asked for: in a list of offers they cost more than the rest."""
        return [
            ConditionGap(condition=gap.condition, message=gap.message, needed=gap.needed, have=gap.have)
            for gap in wording.gaps(self.missing, self.standing, _points_of(self.opened))
        ]

    @classmethod
    def of(cls, row: Row, standing: Standing) -> "MyOffer":
        """How an offer concerns anybody of this standing."""
        missing = explaining.missing(conditions.read(row.condition), standing)
        return cls(missing=missing, standing=standing, offer=Offer.live(row), eligible=not missing)

    def told(self, opened: Row | None) -> "MyOffer":
        """The same for one person with this open score, who is told by how many points a tier is missed."""
        if opened is None or not self.missing:
            return self
        return MyOffer(
            missing=self.missing, standing=self.standing, offer=self.offer, eligible=self.eligible, opened=opened
        )


def standing_of(own: Oneself) -> Standing:
    """What offers may ask of somebody."""
    return Standing(own.subject.kind, score.counted_tier(own.scored), own.age_band, own.district, own.facts)


def _points_of(opened: Row | None) -> wording.Points | None:
    """Somebody's points on the scale of their own score's model; None without an open score."""
    if opened is None:
        return None
    bands = models.named(opened.model_version, on=day_of(opened.computed_at)).bands
    return wording.Points(opened.value, {band.tier: band.start for band in bands})


@strawberry.type(description="A rotating code: 18 digits, to be shown as a QR code and as text.")
class ClaimCode:
    """One code and the time in which it holds."""

    digits: str
    valid_from: datetime
    valid_until: datetime


def _held(row: Row) -> Decimal | None:
    return yuan(row.held_cents) if row.held_cents is not None and row.status == ClaimStatus.CLAIMED.value else None


@strawberry.type(description="A code that one store's tills read without a network.")
class OfflineCode:
    """What is out of a claim, and until when it is not known whether it was used."""

    row: strawberry.Private[Row]
    text: str | None = strawberry.field(description="What the QR code says; null once it cannot be used any more.")
    issued_at: datetime = stored("offline_issued_at")
    valid_until: datetime = stored("offline_until")
    settles_at: datetime = stored(
        "offline_settles_at", description="Until when a till may bring it. So long the claim is used nowhere else."
    )

    @strawberry.field(description="The one store where it can be used.")
    async def store(self, info: Info) -> Store | None:
        """One of the stores of the version that was taken."""
        return await _store_of(info, self.row, self.row.offline_store_id)


@strawberry.type(description="What a till brought of one's claim that it had taken without a network.")
class OfflineUse:
    """One of them: counted or not, and when."""

    row: strawberry.Private[Row]
    outcome: OfflineOutcome = derived(lambda row: OfflineOutcome(row.outcome))
    store: str = stored("store_name")
    accepted_at: datetime = stored("accepted_at", description="By the till's clock.")
    uploaded_at: datetime = stored("uploaded_at")


async def _store_of(info: Info, row: Row, store_id: str) -> Store | None:
    stores = await offers.stores_of(info.context.unit, row.offer_id, row.offer_version)
    return next((Store(row=one) for one in stores if one.id == store_id), None)


@strawberry.type(description="An offer taken.")
class Claim:
    """One's own claim."""

    row: strawberry.Private[Row]
    at: strawberry.Private[datetime]
    offers: strawberry.Private[Batch[tuple[str, int], Row]]
    saved: strawberry.Private[Batch[str, Decimal]]
    put_off: strawberry.Private[Batch[str, Row]]
    status: ClaimStatus
    id: strawberry.ID = stored("id")
    version: int = stored("version")
    expires_at: datetime = stored("expires_at")
    most_yuan: Decimal | None = derived(
        _held,
        description="What it is worth at most while it is not used: less than the offer says where others took the "
        "rest after a till's mistake. Null where no money limits it.",
    )

    @strawberry.field(description="What was taken, in the words in which it was.")
    async def offer(self) -> Offer:
        """The version that was taken, read once for a page."""
        row = await self.offers.get((self.row.offer_id, self.row.offer_version))
        if row is None:
            raise NotAvailable()
        return Offer.of(row, at=self.at)

    @strawberry.field(description="What one saved by it; null while it is not used, and where that is no sum of money.")
    async def saved_yuan(self) -> Decimal | None:
        """The receipt's worth, read once for a page."""
        return await self.saved.get(self.row.id)

    @strawberry.field(
        description="The deposit that was not left, or the sum that is paid later; null: nothing is put off."
    )
    async def deferred_yuan(self) -> Decimal | None:
        """The receipt's, read once for a page."""
        row = await self.put_off.get(self.row.id)
        return None if row is None else yuan(row.cents)

    @strawberry.field(description="The end of the last day of what was put off: then it is over by itself.")
    async def deferred_until(self) -> datetime | None:
        """The receipt's, read once for a page."""
        row = await self.put_off.get(self.row.id)
        return None if row is None else row.due_at

    @strawberry.field(description="Since when what was put off is over, by the merchant's word or by its day.")
    async def finished_at(self) -> datetime | None:
        """How it was settled is between the two of them."""
        row = await self.put_off.get(self.row.id)
        return None if row is None else deferrals.ended_at(row, at=self.at)

    @strawberry.field(description="The one store where it can be used; null where that is any of the offer's.")
    async def store(self, info: Info) -> Store | None:
        """The store that it was taken for."""
        held = self.row.held_store_id
        return None if held is None else await _store_of(info, self.row, held)

    @strawberry.field(description="The code for tills without a network that is out; null where there is none.")
    def offline(self, info: Info) -> OfflineCode | None:
        """Signed anew whenever it is asked for, and stored nowhere."""
        if self.row.status != ClaimStatus.CLAIMED.value or not awaiting.is_out(self.row, at=self.at):
            return None
        return OfflineCode(row=self.row, text=issuing.text_of(info.context.unit.vault, self.row, at=self.at))

    @strawberry.field(description="What tills brought of it that they had taken without a network, the last first.")
    async def offline_uses(self, info: Info) -> list[OfflineUse]:
        """Those that count, and those that do not."""
        return [OfflineUse(row=row) for row in await claims.offline_uses(info.context.unit, [self.row.id])]

    @strawberry.field(description="The code of now and of the next slots, at most ten; none once it is used or over.")
    def codes(self, info: Info, first: int = 1) -> list[ClaimCode]:
        """Codes made from the claim, stored nowhere."""
        context = info.context
        if claims.status_of(self.row, at=context.at) is not ClaimStatus.CLAIMED:
            return []
        made = codes.codes(
            context.unit.vault.code_key,
            handle=self.row.handle,
            first=max(1, min(first, codes.MOST_CODES)),
            at=context.at,
        )
        return [ClaimCode(digits=c.digits, valid_from=c.valid_from, valid_until=c.valid_until) for c in made]

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "Claim"]:
        """How to make claims of these rows."""

        async def load(taken: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], Row]:
            return await offers.cards(context.unit, taken)

        async def add(taken: Collection[str]) -> Mapping[str, Decimal]:
            return await claims.saved(context.unit, taken)

        async def find(taken: Collection[str]) -> Mapping[str, Row]:
            return await deferrals.of_claims(context.unit, taken)

        batch, at = Batch({(row.offer_id, row.offer_version) for row in rows}, load), context.at
        used = {row.id for row in rows if row.status == ClaimStatus.REDEEMED.value}
        saved, put_off = Batch(used, add), Batch(used, find)
        return lambda row: cls(
            row=row, at=at, offers=batch, saved=saved, put_off=put_off, status=claims.status_of(row, at=at)
        )

    @classmethod
    def of(cls, context: Context, row: Row) -> "Claim":
        """One claim."""
        return cls.behind(context, [row])(row)
