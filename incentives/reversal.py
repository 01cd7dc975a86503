"""Undoing a redemption: a till's mistake, within a day, once. Like redeeming, it knows nothing of people.

Lock order: idempotency key (before), claim, deferral, budgets, stock, edition. One conditional UPDATE decides who
undoes it and what becomes of the claim; the reversal's own key, the redemption, is the belt.

    in its term, consent not ended, under ten cycles   CLAIMED again: its slot and its unit of stock stay with it, and
                                                       what was spent is held again, with what else its most wants of
                                                       the money that others left
    otherwise                                          VOIDED: the slot is the person's again, and the unit of stock
                                                       the offer's, when that is not over; what was spent is free
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, case, null, select

from core.database import WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.statements import Row
from incentives import budgets, deferrals, expiring, stocks, worth
from incentives.budgets import Held
from incentives.errors import AlreadyReversed, DeferralFinished, ReversalWindowClosed
from incentives.kinds import BenefitKind, ClaimStatus, OfferStatus
from incentives.money import cents
from incentives.redemption import Till, told_to_merchant
from incentives.tables import claim, deferral, offer, offer_version, redemption, reversal, store
from notices import changes, outbox
from notices.changes import Change
from notices.kinds import ChangeKind, EventKind

MOST_CYCLES = 10
_LONGEST_REASON = 200


async def reverse(unit: WriteUnit, till: Till, redemption_id: str, reason: str, *, at: datetime) -> str:
    """Undo a redemption of the till's own store; its id.

    Raises `NotAvailable`, `AlreadyReversed`, `DeferralFinished`, `ReversalWindowClosed` or `Invalid`.
    """
    if not 1 <= len(reason.strip()) <= len(reason) <= _LONGEST_REASON:
        raise Invalid(Detail(("reason",), "LENGTH", f"1..{_LONGEST_REASON}"))
    found = await _find(unit, till, redemption_id)
    if found.reversed_at is not None:
        raise AlreadyReversed()
    if at >= found.reversible_until:
        raise ReversalWindowClosed()
    ended = await _make_room(unit, found, at)
    undone = await _undo(unit, found, at)
    if found.due_at is not None and not await deferrals.end(unit, redemption_id, at=at):
        raise DeferralFinished()
    await _record(unit, till, redemption_id, reason, at)
    again = Change(undone.subject_id, ChangeKind.CLAIM, found.claim_id, undone.version)
    await changes.tell(unit, again, *told_to_merchant(till, redemption_id, 2), at=at)
    await outbox.tell_subject(
        unit,
        undone.subject_id,
        EventKind.REDEMPTION_REVERSED,
        about=found.claim_id,
        at=at,
        offer=found.offer_title,
        store=found.store_name,
    )
    is_void = undone.status == ClaimStatus.VOIDED.value
    shown = await _unspent(unit, found, undone, ended, at)
    back = [undone.offer_id] if is_void and await _goes_on(unit, undone.offer_id, at) else []
    await stocks.put_back(unit, [*back, *(row.offer_id for row in ended)], shown_otherwise=shown)
    return redemption_id


async def _make_room(unit: WriteUnit, found: Row, at: datetime) -> Sequence[Row]:
    """End claims that are over where the money would not suffice to hold a use again."""
    if found.held_cents is None or found.due_at is not None:
        return ()
    is_short = await budgets.is_short(unit, found.offer_id, found.held_store_id, _most_cents(found))
    return await expiring.end(unit, found.offer_id, most=expiring.SOME, at=at) if is_short else ()


def _most_cents(found: Row) -> int:
    most = worth.most_yuan(BenefitKind(found.benefit_kind), found.benefit_figure, found.benefit_cap_yuan)
    assert most is not None  # a budget is for what has one
    return cents(most)


async def _unspent(unit: WriteUnit, found: Row, undone: Row, ended: Sequence[Row], at: datetime) -> bool:
    """The money of a redemption goes back to where it came from; whether lists show the offer otherwise now."""
    held, let_go = Held.by(undone), [Held.by(row) for row in ended]
    if held is None:
        return False
    if found.due_at is not None:
        return await _still_held(unit, held, found.cycle, undone, at)
    spent = replace(held, cycle=found.cycle), cents(found.benefit_amount_yuan or Decimal(0))
    if undone.status == ClaimStatus.VOIDED.value:
        return await budgets.return_(unit, *spent, let_go=let_go, at=at)
    most = _most_cents(found)
    amount, shown = await budgets.hold_again(unit, *spent, most, let_go=let_go, at=at)
    await unit.run(claim.update().where(claim.c.id == undone.id).values(held_cents=amount))
    return shown


async def _still_held(unit: WriteUnit, held: Held, cycle: int, undone: Row, at: datetime) -> bool:
    """What was put off was never spent: its money is held for the next use, or let go."""
    before = [replace(held, cycle=cycle)]
    if undone.status == ClaimStatus.VOIDED.value:
        return await budgets.release(unit, before, at=at)
    return await budgets.hold(unit, held, let_go=before, at=at)


async def _find(unit: WriteUnit, till: Till, redemption_id: str) -> Row:
    row = await unit.first(
        select(
            redemption,
            store.c.name.label("store_name"),
            reversal.c.reversed_at,
            claim.c.offer_id,
            claim.c.held_cents,
            claim.c.held_store_id,
            offer_version.c.benefit_kind,
            offer_version.c.benefit_figure,
            offer_version.c.benefit_cap_yuan,
            deferral.c.due_at,
        )
        .join(store, store.c.id == redemption.c.store_id)
        .join(claim, claim.c.id == redemption.c.claim_id)
        .join(
            offer_version,
            and_(offer_version.c.offer_id == claim.c.offer_id, offer_version.c.number == claim.c.offer_version),
        )
        .outerjoin(reversal, reversal.c.redemption_id == redemption.c.id)
        .outerjoin(deferral, deferral.c.redemption_id == redemption.c.id)
        .where(
            redemption.c.id == redemption_id,
            redemption.c.party_id == till.party_id,
            redemption.c.store_id == till.store_id,
        )
    )
    if row is None:
        raise NotAvailable()
    return row


async def _undo(unit: WriteUnit, found: Row, at: datetime) -> Row:
    """The claim of this very cycle, not undone yet: usable again, or void. Raises `AlreadyReversed`."""
    usable = and_(claim.c.expires_at > at, claim.c.consent_ended_at.is_(None), claim.c.reversals < MOST_CYCLES - 1)
    undone = await unit.first(
        claim.update()
        .where(
            claim.c.id == found.claim_id,
            claim.c.status == ClaimStatus.REDEEMED.value,
            claim.c.reversals == found.cycle - 1,
        )
        .values(
            status=_either(usable, ClaimStatus.CLAIMED.value, ClaimStatus.VOIDED.value),
            slot=case((usable, claim.c.slot), else_=null()),
            redeemed_at=None,
            reversals=claim.c.reversals + 1,
            version=claim.c.version + 1,
        )
        .returning(claim)
    )
    if undone is None:
        raise AlreadyReversed()
    return undone


async def _record(unit: WriteUnit, till: Till, redemption_id: str, reason: str, at: datetime) -> None:
    entered = (
        unit.insert(reversal)
        .values(redemption_id=redemption_id, staff_id=till.staff_id, reason=reason, reversed_at=at)
        .on_conflict_do_nothing()
        .returning(reversal.c.redemption_id)
    )
    if await unit.first(entered) is None:
        raise AlreadyReversed()


async def _goes_on(unit: WriteUnit, offer_id: str, at: datetime) -> bool:
    """Whether the offer is not over: a paused one is taken again some day."""
    going = (offer.c.status != OfferStatus.ENDED.value) & (offer.c.ends_at > at)
    return await unit.first(select(offer.c.id).where(offer.c.id == offer_id, going)) is not None


def _either(condition: ColumnElement[bool], yes: str, no: str) -> ColumnElement[str]:
    return case((condition, yes), else_=no)
