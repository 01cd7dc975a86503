"""A till checks and spends a code. This file knows nothing of people: it cannot reach `credit` or `grants`.

One conditional UPDATE decides who redeems a claim. Every reason for a no is one code, and every no does the same
work: a cashier must not learn whether a code was wrong, old, used, void or another shop's.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid
from core.ids import new_id
from core.moments import day_of, rfc3339, start_of
from core.paging import Order, Page, PageRequest
from core.statements import Row, Statement, always
from incentives import codes, worth
from incentives.errors import NotRedeemable
from incentives.kinds import BenefitKind, ClaimStatus
from incentives.tables import claim, offer, offer_store, redemption, reversal, store
from notices import outbox
from notices.kinds import EventKind

# CHOICE: a mistake at the till can be undone for a day.
REVERSIBLE = timedelta(days=1)
_LONGEST_ORDER_NUMBER = 64
_MOST_YUAN = Decimal("1000000.00")
_NEWEST = Order(redemption.c.redeemed_at, redemption.c.id, write=rfc3339, read=datetime.fromisoformat)


@dataclass(frozen=True)
class Till:
    """Where a code is shown: one store of one merchant, and the staff member at it."""

    party_id: str
    store_id: str
    staff_id: str


@dataclass(frozen=True)
class Sale:
    """The sale a redemption belongs to, as far as the merchant tells it. Amounts are in yuan."""

    number: str | None = None
    amount_yuan: Decimal | None = None


async def check(unit: Unit, till: Till, digits: str, *, at: datetime) -> Row:
    """What the code is good for (`title`, `benefit_text`), spending nothing. Raises `NotRedeemable`."""
    return await _proved(unit, till, digits, at)


async def redeem(unit: WriteUnit, till: Till, digits: str, sale: Sale, *, at: datetime) -> str:
    """Spend the claim behind the code, once; the redemption's id. Raises `NotRedeemable` or `Invalid`."""
    _check_sale(sale)
    found = await _proved(unit, till, digits, at)
    won = await unit.first(
        claim.update()
        .where(
            claim.c.id == found.claim_id,
            claim.c.status == ClaimStatus.CLAIMED.value,
            claim.c.expires_at > at,
        )
        .values(status=ClaimStatus.REDEEMED.value, version=claim.c.version + 1, redeemed_at=at)
        .returning(claim.c.subject_id, claim.c.reversals)
    )
    if won is None:
        raise NotRedeemable()
    redemption_id = new_id("rdm")
    await unit.run(
        redemption.insert().values(
            id=redemption_id,
            number=_number(at),
            claim_id=found.claim_id,
            cycle=won.reversals + 1,
            party_id=till.party_id,
            store_id=till.store_id,
            staff_id=till.staff_id,
            offer_title=found.title,
            benefit_text=found.benefit_text,
            order_number=sale.number,
            order_amount_yuan=sale.amount_yuan,
            benefit_amount_yuan=worth.in_yuan(BenefitKind(found.benefit_kind), found.benefit_figure, sale.amount_yuan),
            redeemed_at=at,
            reversible_until=at + REVERSIBLE,
        )
    )
    # The claim's owner is named to the outbox and to nobody here: the id never leaves this function.
    await outbox.tell_subject(
        unit,
        won.subject_id,
        EventKind.CLAIM_REDEEMED,
        about=found.claim_id,
        at=at,
        offer=found.title,
        store=found.store_name,
    )
    return redemption_id


async def find(unit: Unit, party_id: str, redemption_id: str) -> Row | None:
    """One redemption of a merchant, with its store's name, or None."""
    return await unit.first(_selected().where(redemption.c.id == redemption_id, redemption.c.party_id == party_id))


@dataclass(frozen=True)
class Filter:
    """Which redemptions to show. Days are the city's, inclusive."""

    number: str | None = None
    store_id: str | None = None
    start: date | None = None
    end: date | None = None


async def page(unit: Unit, party_id: str, request: PageRequest, wanted: Filter) -> Page[Row]:
    """A merchant's redemptions, newest first."""
    query = _selected().where(redemption.c.party_id == party_id)
    if wanted.number is not None:
        query = query.where(redemption.c.number == wanted.number)
    if wanted.store_id is not None:
        query = query.where(redemption.c.store_id == wanted.store_id)
    if wanted.start is not None:
        query = query.where(redemption.c.redeemed_at >= start_of(wanted.start))
    if wanted.end is not None:
        query = query.where(redemption.c.redeemed_at < start_of(wanted.end + timedelta(days=1)))
    return await _NEWEST.read_page(unit, query, request)


async def stores(unit: Unit, party_id: str, store_id: str | None) -> list[Row]:
    """A merchant's stores; only the till's own when it is bound to one."""
    mine: ColumnElement[bool] = store.c.party_id == party_id
    if store_id is not None:
        mine = and_(mine, store.c.id == store_id)
    return list(await unit.all(select(store).where(mine).order_by(store.c.id)))


# One row for whatever code was shown. What a no needs is in it, and nothing else is read before a no.
_SHOWN = Statement(
    select(claim.c.id, claim.c.status, claim.c.expires_at, offer_store.c.store_id).select_from(
        always()
        .outerjoin(claim, claim.c.handle == bindparam("handle"))
        .outerjoin(
            offer_store,
            and_(offer_store.c.offer_id == claim.c.offer_id, offer_store.c.store_id == bindparam("store")),
        )
    )
)
_GOOD_FOR = Statement(
    select(
        claim.c.id.label("claim_id"),
        offer.c.title,
        offer.c.benefit_text,
        offer.c.benefit_kind,
        offer.c.benefit_figure,
        store.c.name.label("store_name"),
    )
    .join(offer, offer.c.id == claim.c.offer_id)
    .join(store, store.c.id == bindparam("store"))
    .where(
        claim.c.id == bindparam("claim"), offer.c.party_id == bindparam("party"), store.c.party_id == offer.c.party_id
    )
)


async def _proved(unit: Unit, till: Till, digits: str, at: datetime) -> Row:
    """The claim the code proves, usable at this till now. Every no is one statement that answers one row."""
    row = await unit.first(_SHOWN, {"handle": codes.handle_in(digits) or "", "store": till.store_id})
    assert row is not None
    # Every key is compared, always: how long a no takes says nothing.
    proved = any([codes.proves(key, digits, claim_id=row.id or "", at=at) for key in unit.vault.code_keys])  # noqa: C419
    is_live = row.status == ClaimStatus.CLAIMED.value and at < row.expires_at
    if not (proved and is_live and row.store_id == till.store_id):
        raise NotRedeemable()
    good_for = await unit.first(_GOOD_FOR, {"claim": row.id, "store": till.store_id, "party": till.party_id})
    if good_for is None:
        raise NotRedeemable()
    return good_for


def _check_sale(sale: Sale) -> None:
    if sale.number is not None and not 1 <= len(sale.number) <= _LONGEST_ORDER_NUMBER:
        raise Invalid(Detail(("orderNumber",), "LENGTH", f"1..{_LONGEST_ORDER_NUMBER}"))
    amount = sale.amount_yuan
    if amount is not None and not (0 <= amount <= _MOST_YUAN and amount == amount.quantize(Decimal("0.01"))):
        raise Invalid(Detail(("orderAmountYuan",), "OUT_OF_RANGE", f"0.00..{_MOST_YUAN}"))


def _number(at: datetime) -> str:
    """A receipt number: the day, and ten random digits that reveal no volume."""
    return f"{day_of(at):%Y%m%d}{secrets.randbelow(10**10):010d}"


def _selected() -> Select[Any]:
    return (
        select(redemption, store.c.name.label("store_name"), reversal.c.reversed_at)
        .join(store, store.c.id == redemption.c.store_id)
        .outerjoin(reversal, reversal.c.redemption_id == redemption.c.id)
    )
