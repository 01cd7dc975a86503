"""Undoing a redemption: a till's mistake, within a day, once. Like redeeming, it knows nothing of people.

Lock order: idempotency key (taken before), claim, stock, edition. One conditional UPDATE decides who undoes it
and what becomes of the claim; the reversal's own key, the redemption, is the belt.

    in its term, consent not ended, under ten cycles   CLAIMED again: its slot and its unit of stock stay with it
    otherwise                                          VOIDED: the slot is the person's again, and the unit of stock
                                                       the offer's, when that still runs
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, null, select

from core.database import WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.statements import Row
from incentives import stocks
from incentives.errors import AlreadyReversed, ReversalWindowClosed
from incentives.kinds import ClaimStatus, OfferStatus
from incentives.redemption import Till
from incentives.tables import claim, offer, redemption, reversal, store
from notices import outbox
from notices.kinds import EventKind

MOST_CYCLES = 10
_LONGEST_REASON = 200


async def reverse(unit: WriteUnit, till: Till, redemption_id: str, reason: str, *, at: datetime) -> str:
    """Undo a redemption of the till's own store; its id.

    Raises `NotAvailable`, `AlreadyReversed`, `ReversalWindowClosed` or `Invalid`.
    """
    if not 1 <= len(reason.strip()) <= len(reason) <= _LONGEST_REASON:
        raise Invalid(Detail(("reason",), "LENGTH", f"1..{_LONGEST_REASON}"))
    found = await _find(unit, till, redemption_id)
    if found.reversed_at is not None:
        raise AlreadyReversed()
    if at >= found.reversible_until:
        raise ReversalWindowClosed()
    undone = await _undo(unit, found, at)
    await _record(unit, till, redemption_id, reason, at)
    if undone.status == ClaimStatus.VOIDED.value and await _is_live(unit, undone.offer_id, at):
        await stocks.put_back(unit, [undone.offer_id])
    await outbox.tell_subject(
        unit,
        undone.subject_id,
        EventKind.REDEMPTION_REVERSED,
        about=found.claim_id,
        at=at,
        offer=found.offer_title,
        store=found.store_name,
    )
    return redemption_id


async def _find(unit: WriteUnit, till: Till, redemption_id: str) -> Row:
    row = await unit.first(
        select(redemption, store.c.name.label("store_name"), reversal.c.reversed_at)
        .join(store, store.c.id == redemption.c.store_id)
        .outerjoin(reversal, reversal.c.redemption_id == redemption.c.id)
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
        .returning(claim.c.status, claim.c.offer_id, claim.c.subject_id)
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


async def _is_live(unit: WriteUnit, offer_id: str, at: datetime) -> bool:
    running = (offer.c.status == OfferStatus.LIVE.value) & (offer.c.ends_at > at)
    return await unit.first(select(offer.c.id).where(offer.c.id == offer_id, running)) is not None


def _either(condition: ColumnElement[bool], yes: str, no: str) -> ColumnElement[str]:
    return case((condition, yes), else_=no)
