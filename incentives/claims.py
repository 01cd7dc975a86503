"""Taking an offer. The claim is made between citizen and service; the code the citizen shows *is* the yes.

Lock order: idempotency key (taken before), claim slot, budgets, stock, edition last. The unique slot is the per-person
limit, the conditional UPDATEs the money and the stock; each row count is checked.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, false, null, or_, select

from audit.lens import Lens
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, Refused, VersionChanged
from core.ids import new_id
from core.moments import rfc3339, start_of
from core.paging import Order, Page, PageRequest
from core.statements import Row, Statement
from grants import consent
from grants.rules import period_of
from grants.scope import NoticeKind
from incentives import (
    awaiting,
    budgets,
    codes,
    conditions,
    deferrals,
    expiring,
    explaining,
    offers,
    slots,
    stocks,
    stores,
    wording,
)
from incentives.budgets import Held
from incentives.eligibility import Standing, is_eligible
from incentives.errors import (
    BudgetExhausted,
    Ended,
    NotClaimed,
    NotEligible,
    NotStarted,
    OfflineCodeOut,
    PersonLimitReached,
    SoldOut,
)
from incentives.kinds import BenefitKind, ClaimStatus, OfferStatus
from incentives.money import cents
from incentives.tables import claim, offer, offline_upload, redemption, reversal, store
from incentives.terms import Benefit
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind

_NEWEST = Order(claim.c.created_at, claim.c.id, write=rfc3339, read=datetime.fromisoformat)


async def create(
    unit: WriteUnit,
    lens: Lens,
    offer_id: str,
    *,
    standing: Standing,
    notice_hash: str,
    store_id: str | None = None,
    at: datetime,
) -> str:
    """A new claim of the lens's subject, for one store where the offer is taken by store; its id.

    Raises `NotAvailable`, `NotStarted`, `Ended`, `NotEligible`, `TooManyDeferrals`, `NoticeChanged`,
    `PersonLimitReached`, `SoldOut`, `BudgetExhausted`, `Invalid` for the store, or `VersionChanged` when the offer
    became another while it was taken.
    """
    wanted = await open_to_all(unit, offer_id)
    if wanted is None:
        raise NotAvailable()
    check(wanted, standing, at)
    await deferrals.check_room(unit, lens.subject_id, BenefitKind(wanted.benefit_kind), at=at)
    agreed = await consent.agreed(unit, consent.compose(NoticeKind.CLAIM), notice_hash)
    await _check_store(unit, wanted, store_id)
    each = None if wanted.budget_cents is None else cents(_most(wanted))
    ended = await _room(unit, wanted, store_id, each, at)
    claim_id = await _take_slot(unit, lens, wanted, _Holding(agreed, each, store_id, ended), at)
    await changes.tell(unit, Change(lens.subject_id, ChangeKind.CLAIM, claim_id, 1), at=at)
    held = None if each is None else Held(claim_id, 1, offer_id, store_id, each)
    shown = await _hold(unit, wanted, held, ended, at)
    await stocks.put_back(unit, [row.offer_id for row in ended if row.status == ClaimStatus.EXPIRED.value])
    await stocks.take(unit, offer_id, wanted.standing, shown_otherwise=shown)
    return claim_id


async def open_to_all(unit: Unit, offer_id: str) -> Row | None:
    """An offer that was ever published, of a merchant that acts, with its stock; None for any other."""
    return await unit.first(_OPEN, {"id": offer_id})


_OPEN = Statement(offers.selected().where(offer.c.id == bindparam("id"), offers.offered(), offers.published()))


async def _room(unit: WriteUnit, wanted: Row, store_id: str | None, each: int | None, at: datetime) -> list[Row]:
    """The claims that were ended to make room, where there was none, and those whose deferrals were. What is seen to be
    gone nobody need fight for: raises `SoldOut` or `BudgetExhausted`."""
    lack = await _lack(unit, wanted.id, wanted.left_over, store_id, each)
    if lack is None:
        return []
    ended = list(await expiring.end(unit, wanted.id, most=expiring.SOME, at=at)) if wanted.standing > 1 else []
    if isinstance(lack, BudgetExhausted):
        ended += await deferrals.end_over(unit, wanted.id, most=expiring.SOME, at=at)
    if not ended:
        # Whoever was waited for may have given something back.
        lack = await _lack(unit, wanted.id, (await stocks.of(unit, wanted.id)).left_over, store_id, each)
        if lack is not None:
            raise lack
    return ended


async def _lack(unit: Unit, offer_id: str, left_over: int, store_id: str | None, each: int | None) -> Refused | None:
    if left_over == 0:
        return SoldOut()
    short = each is not None and await budgets.is_short(unit, offer_id, store_id, each)
    return BudgetExhausted() if short else None


@dataclass(frozen=True)
class _Holding:
    """What a claim is entered with: the notice that was agreed to, and the money that it holds; and which claims were
    ended to make room for it."""

    notice_hash: str
    held_cents: int | None
    held_store_id: str | None
    ended: list[Row]


def _most(wanted: Row) -> Decimal:
    most = Benefit.stored(wanted).most_yuan
    assert most is not None  # a budget is for what has one
    return most


async def _check_store(unit: WriteUnit, wanted: Row, store_id: str | None) -> None:
    """Raise `Invalid` unless an open store is named where the offer is taken by store, and only there."""
    if not wanted.taken_by_store and store_id is None:
        return
    known = await offers.stores_of(unit, wanted.id, wanted.standing) if wanted.taken_by_store else ()
    if store_id not in {one.id for one in known} or not await stores.is_open(unit, wanted.party_id, store_id or ""):
        raise Invalid(Detail(("storeId",), "STORE_OF_OFFER" if known else "NO_STORE"))


async def _hold(unit: WriteUnit, wanted: Row, held: Held | None, ended: Sequence[Row], at: datetime) -> bool:
    try:
        return await budgets.hold(unit, held, let_go=map(Held.by, ended), at=at)
    except BudgetExhausted:
        await stocks.stands(unit, wanted.id, wanted.standing)  # it is another offer now, perhaps with another budget
        raise


def check(wanted: Row, standing: Standing, at: datetime) -> None:
    """Raise `Ended`, `NotStarted` or `NotEligible` unless somebody of this standing may take the offer now."""
    if wanted.status != OfferStatus.LIVE.value or at >= wanted.ends_at:
        raise Ended()
    if at < wanted.starts_at:
        raise NotStarted(retry_at=wanted.starts_at)
    condition = conditions.read(wanted.condition)
    if not is_eligible(condition, standing):
        # By tiers, and not by points: a refusal is kept under its key, and nothing that is kept has a score in it.
        missing = wording.gaps(explaining.missing(condition, standing), standing)
        raise NotEligible(*(Detail(("offerId",), gap.condition, gap.needed) for gap in missing))


async def _take_slot(unit: WriteUnit, lens: Lens, wanted: Row, held: _Holding, at: datetime) -> str:
    """Take this person's first free slot of now; raises `PersonLimitReached`, which says when there is another.

    Two at once meet on the unique key: the later one waits, finds the slot taken and looks again. The same look
    again helps the one claim in a thousand million whose random handle is somebody's already.
    """
    period = slots.period(wanted)
    c = claim.c
    holds = (c.offer_id == wanted.id, c.subject_id == lens.subject_id, c.slot.is_not(None))
    while True:
        mine = await unit.all(select(c.slot, c.created_at, c.status, c.expires_at).where(*holds))
        counted = slots.counted(mine, period, at=at)
        if len(counted) >= wanted.per_person:  # more, of two people who turned out to be one
            if any(status_of(row, at=at) is ClaimStatus.EXPIRED for row in counted):
                ended = await expiring.end(unit, wanted.id, of=lens.subject_id, at=at)
                held.ended.extend(ended)
                if ended:
                    continue
            raise limit_reached(wanted, at)
        slot = slots.free({row.slot for row in mine}, period, at=at)
        made = new(wanted, lens, slot, held.notice_hash, at) | {
            "held_cents": held.held_cents,
            "held_store_id": held.held_store_id,
        }
        entered = unit.insert(claim).values(made).on_conflict_do_nothing().returning(claim.c.id)
        if await unit.first(entered) is not None:
            return str(made["id"])


def limit_reached(wanted: Row, at: datetime) -> PersonLimitReached:
    """The refusal of one more; it says when there is another, if ever."""
    period = slots.period(wanted)
    again = None if period is None else start_of(period_of(period, at=at)[1])
    return PersonLimitReached(limit=str(wanted.per_person), retry_at=again)


def new(wanted: Row, lens: Lens, slot: int, notice_hash: str, at: datetime) -> dict[str, Any]:
    """A claim's row as it begins, without money."""
    return {
        "id": new_id("clm"),
        "version": 1,
        "offer_id": wanted.id,
        "offer_version": wanted.standing,
        "subject_id": lens.subject_id,
        "slot": slot,
        "status": ClaimStatus.CLAIMED.value,
        "handle": codes.new_handle(),
        "notice_hash": notice_hash,
        "created_at": at,
        "expires_at": wanted.ends_at,
    }


async def cancel(unit: WriteUnit, lens: Lens, claim_id: str, *, expected_version: int, at: datetime) -> bool:
    """Give an unused claim back: stock, money and slot are free again. False when it was cancelled before.

    Raises `NotAvailable`, `VersionChanged`, `NotClaimed` when it is used, over or void, or `OfflineCodeOut`.
    """
    cancelled = await unit.first(
        claim.update()
        .where(
            claim.c.id == claim_id,
            claim.c.subject_id == lens.subject_id,
            claim.c.version == expected_version,
            _stands(ClaimStatus.CLAIMED, at),
            awaiting.nothing(at),
        )
        .values(status=ClaimStatus.CANCELLED.value, version=claim.c.version + 1, slot=None)
        .returning(claim)
    )
    if cancelled is not None:
        await changes.tell(unit, Change(lens.subject_id, ChangeKind.CLAIM, claim_id, expected_version + 1), at=at)
        shown = await budgets.release(unit, [Held.by(cancelled)], at=at)
        await stocks.put_back(unit, [cancelled.offer_id], shown_otherwise=shown)
        return True
    row = await find(unit, lens, claim_id)
    if row is None:
        raise NotAvailable()
    status = status_of(row, at=at)
    if status is ClaimStatus.CANCELLED:
        return False
    if status is ClaimStatus.CLAIMED and awaiting.is_out(row, at=at):
        raise OfflineCodeOut(retry_at=row.offline_settles_at)
    raise VersionChanged() if status is ClaimStatus.CLAIMED else NotClaimed()


async def void_all(unit: WriteUnit, lens: Lens, *, at: datetime) -> int:
    """Void every unused claim of the lens's subject; put money, stock and the person's slots back; how many there were.

    One whose offline code is out is over at once; but what a till took by it stands, and so what it holds is let go
    only when no till can bring it any more.

    Called when the score closes: the consent behind the claims is gone, also behind those that are redeemed and might
    be undone. Both in one statement, so that no claim passes from one kind to the other in between.
    """
    c = claim.c
    unused = c.status == ClaimStatus.CLAIMED.value
    theirs = (c.subject_id == lens.subject_id, or_(unused, c.status == ClaimStatus.REDEEMED.value))
    is_void, is_over = and_(unused, awaiting.nothing(at)), and_(unused, awaiting.something(at), c.expires_at > at)
    # In the order in which everybody takes more than one (`expiring`).
    ordered = select(c.id).where(*theirs).order_by(c.created_at, c.id).with_for_update()
    touched = await unit.all(
        claim.update()
        .where(c.id.in_(ordered), *theirs, c.consent_ended_at.is_(None))
        .values(
            status=case((is_void, ClaimStatus.VOIDED.value), else_=claim.c.status),
            slot=case((is_void, null()), else_=claim.c.slot),
            expires_at=case((is_over, at), else_=claim.c.expires_at),
            version=claim.c.version + 1,
            consent_ended_at=at,
        )
        .returning(claim)
    )
    told = [Change(lens.subject_id, ChangeKind.CLAIM, row.id, row.version) for row in touched]
    await changes.tell(unit, *told, at=at)
    voided = [row for row in touched if row.status == ClaimStatus.VOIDED.value]
    shown = await budgets.release(unit, map(Held.by, voided), at=at)
    await stocks.put_back(unit, [row.offer_id for row in voided], shown_otherwise=shown)
    return sum(row.status != ClaimStatus.REDEEMED.value for row in touched)


async def page(
    unit: Unit,
    lens: Lens,
    request: PageRequest,
    statuses: Iterable[ClaimStatus] | None,
    *,
    only: ColumnElement[bool] | None = None,
    at: datetime,
) -> Page[Row]:
    """The subject's claims, newest first."""
    query = select(claim).where(claim.c.subject_id == lens.subject_id)
    if only is not None:
        query = query.where(only)
    if statuses is not None:
        query = query.where(or_(false(), *(_stands(status, at) for status in set(statuses))))
    return await _NEWEST.read_page(unit, query, request)


async def find(unit: Unit, lens: Lens, claim_id: str) -> Row | None:
    """One claim of the subject, or None."""
    return await unit.first(select(claim).where(claim.c.id == claim_id, claim.c.subject_id == lens.subject_id))


async def saved(unit: Unit, claim_ids: Collection[str]) -> Mapping[str, Decimal]:
    """What each of these claims saved its owner in yuan, where it is used and that is a sum of money."""
    r = redemption.c
    stands = select(r.claim_id, r.benefit_amount_yuan).outerjoin(reversal, reversal.c.redemption_id == r.id)
    mine = (r.claim_id.in_(list(claim_ids)), reversal.c.redemption_id.is_(None), r.benefit_amount_yuan.is_not(None))
    return {row.claim_id: row.benefit_amount_yuan for row in await unit.all(stands.where(*mine))}


async def offline_uses(unit: Unit, claim_ids: Collection[str]) -> Sequence[Row]:
    """What tills that had no network brought of these claims, with the store's name, the last first."""
    u = offline_upload.c
    query = select(offline_upload, store.c.name.label("store_name")).join(store, store.c.id == u.store_id)
    return await unit.all(query.where(u.claim_id.in_(list(claim_ids))).order_by(u.uploaded_at.desc(), u.acceptance))


def status_of(row: Row, *, at: datetime) -> ClaimStatus:
    """How a claim stands now: an unused one past its time has expired."""
    if row.status == ClaimStatus.CLAIMED.value and at >= row.expires_at:
        return ClaimStatus.EXPIRED
    return ClaimStatus(row.status)


def _stands(status: ClaimStatus, at: datetime) -> ColumnElement[bool]:
    unused = claim.c.status == ClaimStatus.CLAIMED.value
    if status is ClaimStatus.CLAIMED:
        return and_(unused, claim.c.expires_at > at)
    if status is ClaimStatus.EXPIRED:
        return or_(claim.c.status == status.value, and_(unused, claim.c.expires_at <= at))
    stored: ColumnElement[bool] = claim.c.status == status.value
    return stored
