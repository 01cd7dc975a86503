"""A till checks and spends a code. This file knows nothing of people: it cannot reach `credit` or `grants`.

One conditional UPDATE decides who redeems a claim. Every reason for a no is one code, and every no does the same
work: a cashier must not learn whether a code was wrong, old, used, void or another shop's.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, select

from core import editions
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid
from core.ids import new_id
from core.moments import day_of, rfc3339, start_of
from core.paging import Order, Page, PageRequest
from core.statements import Row, Statement, always
from incentives import awaiting, budgets, codes, combining, deferrals, orders, worth
from incentives.budgets import Held
from incentives.errors import NotRedeemable
from incentives.kinds import BenefitKind, ClaimStatus
from incentives.money import cents, yuan
from incentives.pseudonyms import pseudonym
from incentives.tables import claim, deferral, offer, offer_store, offer_version, redemption, reversal, store
from notices import changes, outbox
from notices.changes import Change
from notices.kinds import ChangeKind, EventKind

# CHOICE: a mistake at the till can be undone for a day.
REVERSIBLE = timedelta(days=1)
# CHOICE: whoever scans a code again at once wants to see its receipt; later it is a used code like any other.
SHOWN_AGAIN = timedelta(minutes=10)
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
class GoodFor:
    """What a code is good for; nothing any more when it has a receipt (a row as `find` answers it).

    `needed` names what a till tells of the sale to redeem it; `most_yuan` is what it is worth at most, where that is
    said. `until` is when what is put off would be over by itself; None where nothing is.
    """

    offer_title: str
    benefit_text: str
    receipt: Row | None
    needed: Sequence[str] = ()
    most_yuan: Decimal | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Redeemed:
    """A redemption, and whether this call made it: a code that this store has just redeemed shows its first receipt."""

    id: str
    is_fresh: bool


@dataclass(frozen=True)
class Sale:
    """The sale a redemption belongs to, as far as the merchant tells it. Amounts are in yuan; `deferred_yuan` is what
    is not left, or not paid yet, of a benefit that is finished later: all that it may be, where that is not told."""

    number: str | None = None
    amount_yuan: Decimal | None = None
    deferred_yuan: Decimal | None = None


async def check(unit: WriteUnit, till: Till, digits: str, *, at: datetime) -> GoodFor:
    """What the code is good for, spending nothing; or its receipt, when this store has just redeemed it. Its owner
    hears that a till looked. Raises `NotRedeemable`."""
    shown = await _shown(unit, till, digits, at)
    receipt = await find(unit, till.party_id, shown.receipt_id) if shown.receipt_id is not None else None
    if receipt is not None:
        return GoodFor(receipt.offer_title, receipt.benefit_text, receipt)
    found = await _good_for(unit, till, shown, at)
    await changes.tell(unit, Change(found.subject_id, ChangeKind.CLAIM, found.claim_id, found.version), at=at)
    until = deferrals.until(found.benefit_days, at=at) if _is_deferred(found) else None
    return GoodFor(found.offer_title, found.benefit_text, None, _needed(found), _most(found), until)


async def redeem(unit: WriteUnit, till: Till, digits: str, sale: Sale, *, at: datetime) -> Redeemed:
    """Spend the claim behind the code, once, and the money that it holds, as far as the sale goes.

    Raises `NotRedeemable`, `NotCombinable`, or `Invalid` for the sale.
    """
    check_sale(sale)
    shown = await _shown(unit, till, digits, at)
    if shown.receipt_id is not None:
        return Redeemed(shown.receipt_id, is_fresh=False)
    found = await _good_for(unit, till, shown, at)
    check_told(found, sale)
    won = await unit.first(
        claim.update()
        .where(
            claim.c.id == found.claim_id,
            claim.c.status == ClaimStatus.CLAIMED.value,
            claim.c.expires_at > at,
            awaiting.usable_at(till.store_id, at),
        )
        .values(status=ClaimStatus.REDEEMED.value, version=claim.c.version + 1, redeemed_at=at)
        .returning(claim)
    )
    if won is None:
        return await _outrun(unit, till, digits, at)
    if sale.number is not None:
        await orders.join(unit, till.store_id, sale.number, won.offer_id, combining.read(found.combines))
    return Redeemed(await receive(unit, till, found, won, sale, at=at), is_fresh=True)


async def _outrun(unit: Unit, till: Till, digits: str, at: datetime) -> Redeemed:
    """Somebody else took the claim between the look and the update: the same store's other till, perhaps."""
    shown = await _shown(unit, till, digits, at)
    if shown.receipt_id is None:
        raise NotRedeemable()
    return Redeemed(shown.receipt_id, is_fresh=False)


async def receive(unit: WriteUnit, till: Till, found: Row, won: Row, sale: Sale, *, at: datetime) -> str:
    """Write the receipt of a claim that the caller's UPDATE won, tell who may hear of it, and spend its money; the
    id of the receipt."""
    kind, redemption_id, most = BenefitKind(found.benefit_kind), new_id("rdm"), _most(found)
    worth_yuan = worth.in_yuan(kind, found.benefit_figure, sale.amount_yuan, most)
    await unit.run(
        redemption.insert().values(
            id=redemption_id,
            number=_number(at),
            claim_id=found.claim_id,
            cycle=won.reversals + 1,
            party_id=till.party_id,
            store_id=till.store_id,
            staff_id=till.staff_id,
            offer_title=found.offer_title,
            benefit_text=found.benefit_text,
            order_number=sale.number,
            order_amount_yuan=sale.amount_yuan,
            benefit_amount_yuan=worth_yuan,
            customer=pseudonym(unit.vault.pseudonym_key, till.party_id, won.subject_id),
            redeemed_at=at,
            reversible_until=at + REVERSIBLE,
        )
    )
    if _is_deferred(found):
        put_off = cents(sale.deferred_yuan or most or Decimal(0))
        await deferrals.open_(unit, redemption_id, put_off, until=deferrals.until(found.benefit_days, at=at))
    # The claim's owner is named to those who tell, and to nobody here: the id never leaves this function.
    spent = Change(won.subject_id, ChangeKind.CLAIM, found.claim_id, won.version)
    await changes.tell(unit, spent, *told_to_merchant(till, redemption_id, 1), at=at)
    await outbox.tell_subject(
        unit,
        won.subject_id,
        EventKind.CLAIM_REDEEMED,
        about=found.claim_id,
        at=at,
        offer=found.offer_title,
        store=found.store_name,
    )
    # What is put off goes on holding its most until it is finished.
    held = None if _is_deferred(found) else Held.by(won)
    # The edition comes last of all.
    if held is not None and await budgets.spend(unit, held, cents(worth_yuan or Decimal(0)), at=at):
        await editions.raise_(unit)
    return redemption_id


def told_to_merchant(till: Till, redemption_id: str, version: int) -> Sequence[Change]:
    """A redemption, to those who may hear of it: the merchant's people, and the store's own."""
    return [Change(one, ChangeKind.REDEMPTION, redemption_id, version) for one in (till.party_id, till.store_id)]


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
    # Only those whose deferral is open at this instant.
    open_at: datetime | None = None


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
    if wanted.open_at is not None:
        query = query.where(deferral.c.ended_at.is_(None), deferral.c.due_at > wanted.open_at)
    return await _NEWEST.read_page(unit, query, request)


async def stores(unit: Unit, party_id: str, store_id: str | None, *, closed: bool = False) -> list[Row]:
    """A merchant's stores; only the till's own when it is bound to one; with those that are closed, if wanted."""
    mine: ColumnElement[bool] = store.c.party_id == party_id
    if not closed:
        mine = and_(mine, store.c.closed_at.is_(None))
    if store_id is not None:
        mine = and_(mine, store.c.id == store_id)
    return list(await unit.all(select(store).where(mine).order_by(store.c.id)))


# One row for whatever code was shown. What a no needs is in it, and nothing else is read before a no. The receipt is
# this store's own of the claim's last redemption, while it is shown again.
_SHOWN = Statement(
    select(
        claim.c.id,
        claim.c.status,
        claim.c.expires_at,
        claim.c.held_store_id,
        claim.c.reversals,
        claim.c.offline_store_id,
        claim.c.offline_cycle,
        claim.c.offline_settles_at,
        offer_store.c.store_id,
        redemption.c.id.label("receipt_id"),
    ).select_from(
        always()
        .outerjoin(claim, claim.c.handle == bindparam("handle"))
        .outerjoin(
            offer_store,
            and_(
                offer_store.c.offer_id == claim.c.offer_id,
                offer_store.c.number == claim.c.offer_version,
                offer_store.c.store_id == bindparam("store"),
            ),
        )
        .outerjoin(
            redemption,
            and_(
                redemption.c.claim_id == claim.c.id,
                redemption.c.cycle == claim.c.reversals + 1,
                redemption.c.store_id == bindparam("store"),
                redemption.c.redeemed_at > bindparam("since"),
                claim.c.status == ClaimStatus.REDEEMED.value,
            ),
        )
    )
)
# In the words of the version that was taken, whatever the offer has become since.
_GOOD_FOR = Statement(
    select(
        claim.c.id.label("claim_id"),
        claim.c.subject_id,
        claim.c.version,
        offer_version.c.title.label("offer_title"),
        offer_version.c.benefit_text,
        offer_version.c.benefit_kind,
        offer_version.c.benefit_figure,
        offer_version.c.benefit_cap_yuan,
        offer_version.c.benefit_days,
        offer_version.c.combines,
        claim.c.held_cents,
        store.c.name.label("store_name"),
    )
    .join(offer, offer.c.id == claim.c.offer_id)
    .join(
        offer_version,
        and_(offer_version.c.offer_id == claim.c.offer_id, offer_version.c.number == claim.c.offer_version),
    )
    .join(store, store.c.id == bindparam("store"))
    .where(
        claim.c.id == bindparam("claim"),
        offer.c.party_id == bindparam("party"),
        store.c.party_id == offer.c.party_id,
        store.c.closed_at.is_(None),
    )
)


async def _shown(unit: Unit, till: Till, digits: str, at: datetime) -> Row:
    """What stands behind the text that was shown; a row without a claim when it is no code of now."""
    handle = codes.handle_in(unit.vault.code_keys, digits, at=at)
    row = await unit.first(_SHOWN, {"handle": handle or "", "store": till.store_id, "since": at - SHOWN_AGAIN})
    assert row is not None
    return row


async def _good_for(unit: Unit, till: Till, shown: Row, at: datetime) -> Row:
    """What a claim is good for that is usable at this till now. Every no comes after one statement with one row."""
    is_live = shown.status == ClaimStatus.CLAIMED.value and at < shown.expires_at
    if not (is_live and shown.store_id == till.store_id and shown.held_store_id in (None, till.store_id)):
        raise NotRedeemable()
    if shown.offline_store_id != till.store_id and awaiting.is_out(shown, at=at):
        raise NotRedeemable()
    good_for = await find_good_for(unit, till, shown.id)
    if good_for is None:
        raise NotRedeemable()
    return good_for


async def find_good_for(unit: Unit, till: Till, claim_id: str) -> Row | None:
    """What a claim is good for, where it is of the till's merchant; None otherwise."""
    return await unit.first(_GOOD_FOR, {"claim": claim_id, "store": till.store_id, "party": till.party_id})


def _most(row: Row) -> Decimal | None:
    """What a claim is worth at most: what it holds, or else what was said of it."""
    said: Decimal | None = row.benefit_figure if _is_deferred(row) else row.benefit_cap_yuan
    return said if row.held_cents is None else yuan(row.held_cents)


def _is_deferred(row: Row) -> bool:
    return deferrals.is_deferred(BenefitKind(row.benefit_kind))


def _needed(found: Row) -> Sequence[str]:
    """What of a sale a till tells: money is settled by an order and its amount, and orders tell what combines."""
    if found.held_cents is not None and not _is_deferred(found):
        return ("orderNumber", "orderAmountYuan")
    return () if found.combines is None else ("orderNumber",)


def check_told(found: Row, sale: Sale) -> None:
    """Raise `Invalid` when what is needed of the sale was not told."""
    told = {"orderNumber": sale.number, "orderAmountYuan": sale.amount_yuan}
    missing = [Detail((name,), "NEEDED") for name in _needed(found) if told[name] is None]
    if missing:
        raise Invalid(*missing)
    deferrals.check_sum(BenefitKind(found.benefit_kind), sale.deferred_yuan, _most(found))


def check_sale(sale: Sale) -> None:
    """Raise `Invalid` for a number or an amount that is none."""
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
        select(
            redemption,
            store.c.name.label("store_name"),
            reversal.c.reversed_at,
            deferral.c.cents.label("deferred_cents"),
            deferral.c.due_at,
            deferral.c.ended_at,
        )
        .join(store, store.c.id == redemption.c.store_id)
        .outerjoin(reversal, reversal.c.redemption_id == redemption.c.id)
        .outerjoin(deferral, deferral.c.redemption_id == redemption.c.id)
    )
