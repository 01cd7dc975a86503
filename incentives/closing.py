"""A merchant closes a store, for good: nothing is used there from now on, and whoever worked there has left.

A code without a network that is out there is settled: nobody is left who could bring it, and its claim is good at other
stores at once (ADR 0155). What was taken and can be used nowhere any more is void: its unit of stock, its money and its
person's slot are free, and the person is told, who may take another. An offer that no store is left for is paused,
until its merchant writes it for another. Lock order: stores, offers, claims, budgets, stock, edition.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, null, or_, select

from core import editions
from core.database import WriteUnit
from core.errors import NotAvailable
from core.statements import Row
from incentives import awaiting, budgets, moving, stocks
from incentives.budgets import Held
from incentives.kinds import ClaimStatus, OfferAct, OfferStatus
from incentives.moving import Doing
from incentives.tables import claim, offer, offer_store, offer_version, store
from notices import changes, outbox
from notices.changes import Change
from notices.kinds import ChangeKind, EventKind

_WHY = "门店停业"


async def close(unit: WriteUnit, party_id: str, store_id: str, *, by: str, at: datetime) -> bool:
    """Close a merchant's own store; False when it was closed before. Raises `NotAvailable`, or `VersionChanged` when an
    offer of it is changed at the same time."""
    mine = (store.c.id == store_id, store.c.party_id == party_id)
    closed = await unit.run(store.update().where(*mine, store.c.closed_at.is_(None)).values(closed_at=at))
    if closed != 1:
        if await unit.first(select(store.c.id).where(*mine)) is None:
            raise NotAvailable()
        return False
    paused = await _pause(unit, store_id, by, at)
    await _hold(unit, store_id, at)
    await _settle(unit, store_id, at)
    voided = await _void(unit, store_id, at)
    await budgets.release(unit, map(Held.by, voided), at=at)
    await stocks.put_back(unit, [row.offer_id for row in voided], until_resumed=paused)
    # Who was taking one while it was closed has taken it by now, since nobody else has the stock.
    late = await _void(unit, store_id, at) if paused else ()
    await budgets.release(unit, map(Held.by, late), at=at)
    await stocks.put_back(unit, [row.offer_id for row in late])
    await editions.raise_(unit)
    return True


async def _pause(unit: WriteUnit, store_id: str, by: str, at: datetime) -> Sequence[str]:
    """Pause what runs and has no store left."""
    o = offer.c
    there = and_(offer_store.c.offer_id == o.id, offer_store.c.number == o.standing)
    had = select(offer_store.c.store_id).where(there, offer_store.c.store_id == store_id).exists()
    running = select(offer).where(had, ~_open_in(there), o.status == OfferStatus.LIVE.value, o.ends_at > at)
    rows = await unit.all(running.order_by(o.id))
    for row in rows:
        await moving.move(unit, row, OfferAct.PAUSE, Doing(by, row.version, _WHY, at), {})
    return [row.id for row in rows]


async def _hold(unit: WriteUnit, store_id: str, at: datetime) -> None:
    """Hold whatever is settled or void, together and the oldest first, as everybody takes them: whoever holds one of
    somebody's and waits for an older one of theirs waits for them, while their consent ends and they wait for it."""
    c = claim.c
    theirs = select(c.id).where(or_(_is_out(store_id, at), _is_lost(store_id, at)))
    await unit.all(theirs.order_by(c.created_at, c.id).with_for_update(of=claim))


def _is_out(store_id: str, at: datetime) -> ColumnElement[bool]:
    c = claim.c
    return and_(c.offline_store_id == store_id, c.status == ClaimStatus.CLAIMED.value, awaiting.something(at))


async def _settle(unit: WriteUnit, store_id: str, at: datetime) -> None:
    """Nobody brings any more what is out there, and no phone shows it."""
    c = claim.c
    rows = await unit.all(
        claim.update()
        .where(_is_out(store_id, at))
        .values(offline_settles_at=at, version=c.version + 1)
        .returning(claim)
    )
    await changes.tell(unit, *(Change(row.subject_id, ChangeKind.CLAIM, row.id, row.version) for row in rows), at=at)


async def _void(unit: WriteUnit, store_id: str, at: datetime) -> Sequence[Row]:
    """Void what can be used nowhere any more, and tell whose it was; the oldest first, as everybody takes them."""
    c = claim.c
    lost = select(c.id).where(_is_lost(store_id, at)).order_by(c.created_at, c.id)
    voided = await unit.all(
        claim.update()
        .where(c.id.in_(lost.with_for_update(of=claim)), c.status == ClaimStatus.CLAIMED.value)
        .values(status=ClaimStatus.VOIDED.value, slot=null(), version=c.version + 1)
        .returning(claim)
    )
    await _tell(unit, voided, at)
    return voided


def _is_lost(store_id: str, at: datetime) -> ColumnElement[bool]:
    c = claim.c
    there = and_(offer_store.c.offer_id == c.offer_id, offer_store.c.number == c.offer_version)
    for_it = or_(c.held_store_id.is_(None), c.held_store_id == offer_store.c.store_id)
    had = select(offer_store.c.store_id).where(there, offer_store.c.store_id == store_id).correlate(claim).exists()
    return and_(c.status == ClaimStatus.CLAIMED.value, c.expires_at > at, had, ~_open_in(and_(there, for_it)))


def _open_in(there: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether one of these places is a store that is open."""
    open_ = select(store.c.id).join(offer_store, offer_store.c.store_id == store.c.id)
    return open_.where(there, store.c.closed_at.is_(None)).correlate(offer, claim).exists()


async def _tell(unit: WriteUnit, voided: Sequence[Row], at: datetime) -> None:
    await changes.tell(unit, *(Change(row.subject_id, ChangeKind.CLAIM, row.id, row.version) for row in voided), at=at)
    v = offer_version.c
    written = select(v.offer_id, v.number, v.title).where(v.offer_id.in_({row.offer_id for row in voided}))
    titles = {(row.offer_id, row.number): row.title for row in (await unit.all(written) if voided else ())}
    for row in voided:
        said = {"about": row.id, "at": at, "offer": titles[row.offer_id, row.offer_version]}
        await outbox.tell_subject(unit, row.subject_id, EventKind.CLAIM_VOIDED, **said)
