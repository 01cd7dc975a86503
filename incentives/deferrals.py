"""A deposit not taken (免押) and a payment that comes later (先享后付): opened at the till, finished in a second step.

How the two of them settle it is theirs. What ends it is one word, whoever says it and whatever was paid: there is no
field for a default, none ever comes back to us, and nothing of this file is read where records or scores are made.
After its day it is over by itself, whoever looks; what it still holds of a budget goes to whoever wants it.

Lock order: claim, deferral, budgets. One conditional UPDATE of its row decides who ends it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid
from core.moments import day_of, start_of
from core.statements import Row
from incentives.errors import TooManyDeferrals
from incentives.kinds import BenefitKind, ClaimStatus
from incentives.tables import claim, deferral, offer_version, redemption, reversal

_KINDS = frozenset({BenefitKind.DEPOSIT_FREE, BenefitKind.PAY_LATER})
# CHOICE: a deposit that says no days is not ours to remember for longer.
TERM_DAYS = 30
# CHOICE: more promises at once than one person keeps track of help nobody. Taken and unused ones count: a till must not
# be told that its customer has too many elsewhere.
MOST_OPEN = 5


def is_deferred(kind: BenefitKind) -> bool:
    """Whether a benefit of this kind is finished in a second step."""
    return kind in _KINDS


def until(days: int | None, *, at: datetime) -> datetime:
    """When it is over by itself: the end of the city's last day, never within the day in which a till undoes."""
    return start_of(day_of(at) + timedelta(days=(days or TERM_DAYS) + 1))


def check_sum(kind: BenefitKind, said_yuan: Decimal | None, most_yuan: Decimal | None) -> None:
    """Raise `Invalid` for a sum where nothing is deferred, and for one that is no sum up to the most."""
    if said_yuan is None:
        return
    is_sum = said_yuan == said_yuan.quantize(Decimal("0.01")) and said_yuan > 0
    if not is_deferred(kind) or not is_sum or (most_yuan is not None and said_yuan > most_yuan):
        limit = f"0.01..{most_yuan}" if is_deferred(kind) and most_yuan is not None else "—"
        raise Invalid(Detail(("deferredYuan",), "OUT_OF_RANGE", limit))


async def open_(unit: WriteUnit, redemption_id: str, cents: int, *, until: datetime) -> None:
    """So much is not left, or not paid, before that instant."""
    await unit.run(deferral.insert().values(redemption_id=redemption_id, cents=cents, due_at=until))


async def end(unit: WriteUnit, redemption_id: str, *, at: datetime) -> bool:
    """End one that is open; False when it has ended, also by itself. The UPDATE decides who ends it."""
    d = deferral.c
    is_open = (d.redemption_id == redemption_id, d.ended_at.is_(None), d.due_at > at)
    return await unit.run(deferral.update().where(*is_open).values(ended_at=at)) == 1


async def end_over(unit: WriteUnit, offer_id: str, *, most: int | None = None, at: datetime) -> Sequence[Row]:
    """End an offer's that are over and hold money, the oldest first: their claims' rows, for the caller to let go of.
    No stock comes back with them."""
    d = deferral.c
    over = select(d.redemption_id).select_from(deferral).join(redemption).join(claim).where(*_over(offer_id, at))
    oldest = over.order_by(d.due_at, d.redemption_id).limit(most).with_for_update(of=deferral)
    ended = await unit.all(
        deferral.update()
        .where(d.redemption_id.in_(oldest), d.ended_at.is_(None))
        .values(ended_at=d.due_at)
        .returning(d.redemption_id)
    )
    if not ended:
        return ()
    theirs = redemption.c.id.in_([row.redemption_id for row in ended])
    return await unit.all(select(claim).join(redemption, redemption.c.claim_id == claim.c.id).where(theirs))


async def cents_by_store(unit: Unit, offer_id: str, *, at: datetime) -> dict[str | None, int]:
    """How much of an offer's money is with those that are over, and so is free; by the store they were taken for."""
    total: ColumnElement[Any] = func.sum(claim.c.held_cents)
    over = select(claim.c.held_store_id, total.label("cents")).select_from(deferral).join(redemption).join(claim)
    grouped = over.where(*_over(offer_id, at)).group_by(claim.c.held_store_id)
    return {row.held_store_id: int(row.cents) for row in await unit.all(grouped)}


async def check_room(unit: Unit, subject_id: str, kind: BenefitKind, *, at: datetime) -> None:
    """Raise `TooManyDeferrals` when somebody has as many taken and open as one person may. Whoever calls this holds the
    subject."""
    if not is_deferred(kind):
        return
    written = and_(offer_version.c.offer_id == claim.c.offer_id, offer_version.c.number == claim.c.offer_version)
    unused = and_(claim.c.status == ClaimStatus.CLAIMED.value, claim.c.expires_at > at)
    is_open = and_(claim.c.status == ClaimStatus.REDEEMED.value, deferral.c.ended_at.is_(None), deferral.c.due_at > at)
    row = await unit.first(
        select(func.count().label("n"))
        .select_from(claim)
        .join(offer_version, written)
        .outerjoin(redemption, and_(redemption.c.claim_id == claim.c.id, redemption.c.cycle == claim.c.reversals + 1))
        .outerjoin(deferral, deferral.c.redemption_id == redemption.c.id)
        .where(
            claim.c.subject_id == subject_id,
            offer_version.c.benefit_kind.in_([one.value for one in _KINDS]),
            or_(unused, is_open),
        )
    )
    if row is not None and row.n >= MOST_OPEN:
        raise TooManyDeferrals(limit=str(MOST_OPEN))


def of_claim() -> ColumnElement[bool]:
    """Whether a claim is used and put something off."""
    stands = and_(redemption.c.claim_id == claim.c.id, redemption.c.cycle == claim.c.reversals + 1)
    mine = select(deferral.c.redemption_id).join(redemption, redemption.c.id == deferral.c.redemption_id)
    return mine.where(stands).correlate(claim).exists()


async def of_claims(unit: Unit, claim_ids: Collection[str]) -> Mapping[str, Row]:
    """What each of these claims put off, where it is used and not undone: `cents`, `due_at`, `ended_at`."""
    query = (
        select(redemption.c.claim_id, deferral.c.cents, deferral.c.due_at, deferral.c.ended_at)
        .join(deferral, deferral.c.redemption_id == redemption.c.id)
        .outerjoin(reversal, reversal.c.redemption_id == redemption.c.id)
        .where(redemption.c.claim_id.in_(list(claim_ids)), reversal.c.redemption_id.is_(None))
    )
    return {row.claim_id: row for row in await unit.all(query)}


def ended_at(row: Row, *, at: datetime) -> datetime | None:
    """When one ended, of a row with its `due_at` and `ended_at`; None while it is open. By its day or by a word: it
    reads the same."""
    if row.due_at is None:
        return None
    ended: datetime | None = row.ended_at
    return ended or (row.due_at if at >= row.due_at else None)


def _over(offer_id: str, at: datetime) -> Sequence[ColumnElement[bool]]:
    d = deferral.c
    return (claim.c.offer_id == offer_id, claim.c.held_cents.is_not(None), d.ended_at.is_(None), d.due_at <= at)
