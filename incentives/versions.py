"""What was ever written of an offer, and who did what to it: rows that are only added."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, exists, func, select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from core.waiting import Second, entry
from incentives import offers
from incentives.kinds import OfferAct, OfferStatus
from incentives.money import cents
from incentives.tables import offer, offer_step, offer_store, offer_version, store
from incentives.terms import Terms

_STEPS = Order(offer_step.c.version, offer_step.c.offer_id, write=str, read=int)
_LONGEST_WAITING = Order(offer.c.submitted_at, offer.c.id, write=rfc3339, read=datetime.fromisoformat, ascending=True)


async def write(
    unit: WriteUnit, party_id: str, offer_id: str, number: int, terms: Terms, note: str | None, *, at: datetime
) -> None:
    """A version of an offer, for good. Raises `Invalid` for a store that is not the merchant's or is closed, and for
    another's offer."""
    mine = await unit.first(
        select(func.count().label("n")).where(
            store.c.party_id == party_id, store.c.closed_at.is_(None), store.c.id.in_(list(terms.store_ids))
        )
    )
    if mine is None or mine.n != len(terms.store_ids):
        raise Invalid(Detail(("storeIds",), "NO_SUCH_STORE"))
    others = set(terms.combines or ()) - {offer_id}
    known = select(func.count().label("n")).where(offer.c.party_id == party_id, offer.c.id.in_(others))
    own = await unit.first(known) if others else None
    if others and (own is None or own.n != len(others)):
        raise Invalid(Detail(("combinesWith",), "NO_SUCH_OFFER"))
    await unit.run(
        offer_version.insert().values(offer_id=offer_id, number=number, note=note, drafted_at=at, **terms.columns())
    )
    parts = {store_id: cents(part) for store_id, part in terms.store_budgets_yuan.items()}
    links = [
        {"offer_id": offer_id, "number": number, "store_id": store_id, "budget_cents": parts.get(store_id)}
        for store_id in terms.store_ids
    ]
    await unit.run(offer_store.insert(), links)


async def find(unit: Unit, offer_id: str, number: int) -> Row:
    """One version that there is."""
    query = select(offer_version).where(offer_version.c.offer_id == offer_id, offer_version.c.number == number)
    row = await unit.first(query)
    assert row is not None
    return row


async def terms_of(unit: Unit, row: Row) -> Terms:
    """What a version says, with its stores."""
    return Terms.stored(row, await offers.stores_of(unit, row.offer_id, row.number))


async def steps_of(unit: Unit, offer_id: str, number: int) -> Sequence[Row]:
    """Who did what to one version, in order."""
    mine = (offer_step.c.offer_id == offer_id, offer_step.c.number == number)
    return await unit.all(select(offer_step).where(*mine).order_by(offer_step.c.version))


async def steps(unit: Unit, offer_id: str, request: PageRequest) -> Page[Row]:
    """Everything that was done to an offer, the last first."""
    return await _STEPS.read_page(unit, select(offer_step).where(offer_step.c.offer_id == offer_id), request)


def words_wanted(of: Second) -> Select[Any]:
    """Of these, what the version in review waits for a word of somebody who had no hand in it."""
    latest = and_(offer_version.c.offer_id == offer.c.id, offer_version.c.number == offer.c.latest)
    c, v, s = offer.c, offer_version.c, offer_step.c
    listed = entry("OFFER", c.id, v.title, since=c.submitted_at, asked_by=_submitted_by(), party=c.party_id)
    had_a_hand = exists().where(s.offer_id == c.id, s.number == c.latest, s.staff_id == of.staff_id)
    in_review = c.review == OfferStatus.IN_REVIEW.value
    return listed.join(offer_version, latest).where(in_review, offers.offered(), ~had_a_hand)


def _submitted_by() -> ScalarSelect[str]:
    s = offer_step.c
    submitted = (s.offer_id == offer.c.id, s.number == offer.c.latest, s.act == OfferAct.SUBMIT.value)
    return select(s.staff_id).where(*submitted).order_by(s.version.desc()).limit(1).scalar_subquery()


async def waiting(unit: Unit, request: PageRequest) -> Page[Row]:
    """Offers of merchants that act which wait for an approver, the longest waiting first."""
    in_review = offer.c.review == OfferStatus.IN_REVIEW.value
    return await _LONGEST_WAITING.read_page(unit, offers.selected().where(in_review, offers.offered()), request)


async def shown(unit: Unit, offer_id: str) -> Row | None:
    """An offer as the institution reads it: whatever was ever submitted, of a merchant that acts; else None."""
    submitted = offer.c.submitted_at.is_not(None)
    return await unit.first(offers.selected().where(offer.c.id == offer_id, submitted, offers.offered()))
