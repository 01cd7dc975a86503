"""Taking stores and offers in. Whoever calls this has decided that they may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core import editions
from core.database import WriteUnit
from core.ids import new_id
from incentives.kinds import BenefitKind, OfferStatus, Sector
from incentives.tables import offer, offer_store, stock, store


@dataclass(frozen=True)
class NewOffer:
    """Everything a live offer says. `benefit_figure` is percent off, yuan waived or days, by kind."""

    party_id: str
    party_name: str
    title: str
    sector: Sector
    benefit_kind: BenefitKind
    benefit_text: str
    benefit_figure: Decimal | None
    min_tier: int | None
    terms: str
    starts_at: datetime
    ends_at: datetime
    per_person: int
    stock: int
    store_ids: Sequence[str]


async def open_store(unit: WriteUnit, party_id: str, *, name: str, district: str, address: str) -> str:
    """A new store of a merchant; its id."""
    store_id = new_id("sto")
    await unit.run(store.insert().values(id=store_id, party_id=party_id, name=name, district=district, address=address))
    return store_id


async def publish(unit: WriteUnit, new: NewOffer, *, at: datetime) -> str:
    """A new live offer with its stock and stores; its id."""
    offer_id = new_id("ofr")
    await unit.run(
        offer.insert().values(
            id=offer_id,
            version=1,
            party_id=new.party_id,
            party_name=new.party_name,
            status=OfferStatus.LIVE.value,
            title=new.title,
            sector=new.sector.value,
            benefit_kind=new.benefit_kind.value,
            benefit_text=new.benefit_text,
            benefit_figure=new.benefit_figure,
            min_tier=new.min_tier,
            terms=new.terms,
            starts_at=new.starts_at,
            ends_at=new.ends_at,
            per_person=new.per_person,
            stock_total=new.stock,
            published_at=at,
        )
    )
    await unit.run(stock.insert().values(offer_id=offer_id, left_over=new.stock))
    links = [{"offer_id": offer_id, "store_id": store_id} for store_id in new.store_ids]
    await unit.run(offer_store.insert(), links)
    await editions.raise_(unit)
    return offer_id
