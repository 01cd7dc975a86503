"""Taking an offer. The claim is made between citizen and service; the code the citizen shows *is* the yes.

Lock order: idempotency key (taken before), claim slot, stock, edition last. The unique slot is the per-person limit,
the conditional UPDATE the stock; each row count is checked.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, false, null, or_, select

from audit.lens import Lens
from core.database import Unit, WriteUnit
from core.errors import Detail, NotAvailable, VersionChanged
from core.ids import new_id
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from grants import consent
from grants.scope import NoticeKind
from incentives import codes, eligibility, offers, stocks
from incentives.eligibility import Standing
from incentives.errors import Ended, NotClaimed, NotEligible, NotStarted, PersonLimitReached
from incentives.kinds import ClaimStatus, OfferStatus
from incentives.tables import claim, offer

_NEWEST = Order(claim.c.created_at, claim.c.id, write=rfc3339, read=datetime.fromisoformat)


async def create(
    unit: WriteUnit, lens: Lens, offer_id: str, *, standing: Standing, notice_hash: str, at: datetime
) -> str:
    """A new claim of the lens's subject; its id.

    Raises `NotAvailable`, `NotStarted`, `Ended`, `NotEligible`, `NoticeChanged`, `PersonLimitReached`, `SoldOut`.
    """
    wanted = await unit.first(select(offer).where(offer.c.id == offer_id, offers.offered()))
    if wanted is None:
        raise NotAvailable()
    _check(wanted, standing, at)
    agreed = await consent.agreed(unit, consent.compose(NoticeKind.CLAIM), notice_hash)
    claim_id = await _take_slot(unit, lens, wanted, agreed, at)
    await stocks.take(unit, offer_id)
    return claim_id


def _check(wanted: Row, standing: Standing, at: datetime) -> None:
    if wanted.status != OfferStatus.LIVE.value or at >= wanted.ends_at:
        raise Ended()
    if at < wanted.starts_at:
        raise NotStarted(retry_at=wanted.starts_at)
    missing = eligibility.gaps(min_tier=wanted.min_tier, standing=standing)
    if missing:
        raise NotEligible(*(Detail(("offerId",), gap.condition, gap.needed) for gap in missing))


async def _take_slot(unit: WriteUnit, lens: Lens, wanted: Row, agreed: str, at: datetime) -> str:
    """Take the first free slot of this person; raises `PersonLimitReached`.

    Two at once meet on the unique key: the later one waits, finds the slot taken and looks again. The same look
    again helps the one claim in a thousand million whose random handle is somebody's already.
    """
    mine = select(claim.c.slot).where(claim.c.offer_id == wanted.id, claim.c.subject_id == lens.subject_id)
    while True:
        used = {row.slot for row in await unit.all(mine)}
        slot = next((slot for slot in range(1, wanted.per_person + 1) if slot not in used), None)
        if slot is None:
            raise PersonLimitReached(limit=str(wanted.per_person))
        claim_id = new_id("clm")
        entered = (
            unit.insert(claim)
            .values(
                id=claim_id,
                version=1,
                offer_id=wanted.id,
                subject_id=lens.subject_id,
                slot=slot,
                status=ClaimStatus.CLAIMED.value,
                handle=codes.new_handle(),
                notice_hash=agreed,
                created_at=at,
                expires_at=wanted.ends_at,
            )
            .on_conflict_do_nothing()
            .returning(claim.c.id)
        )
        if await unit.first(entered) is not None:
            return claim_id


async def cancel(unit: WriteUnit, lens: Lens, claim_id: str, *, expected_version: int, at: datetime) -> bool:
    """Give an unused claim back: stock and slot are free again. False when it was cancelled before.

    Raises `NotAvailable`, `VersionChanged`, or `NotClaimed` when it is used, over or void.
    """
    cancelled = await unit.first(
        claim.update()
        .where(
            claim.c.id == claim_id,
            claim.c.subject_id == lens.subject_id,
            claim.c.version == expected_version,
            _stands(ClaimStatus.CLAIMED, at),
        )
        .values(status=ClaimStatus.CANCELLED.value, version=claim.c.version + 1, slot=None)
        .returning(claim.c.offer_id)
    )
    if cancelled is not None:
        await stocks.put_back(unit, [cancelled.offer_id])
        return True
    row = await find(unit, lens, claim_id)
    if row is None:
        raise NotAvailable()
    status = status_of(row, at=at)
    if status is ClaimStatus.CANCELLED:
        return False
    raise VersionChanged() if status is ClaimStatus.CLAIMED else NotClaimed()


async def void_all(unit: WriteUnit, lens: Lens, *, at: datetime) -> int:
    """Void every unused claim of the lens's subject; put stock and the person's slots back; how many there were.

    Called when the score closes: the consent behind the claims is gone, also behind those that are redeemed and might
    be undone. Both in one statement, so that no claim passes from one kind to the other in between.
    """
    unused = claim.c.status == ClaimStatus.CLAIMED.value
    touched = await unit.all(
        claim.update()
        .where(
            claim.c.subject_id == lens.subject_id,
            or_(unused, claim.c.status == ClaimStatus.REDEEMED.value),
            claim.c.consent_ended_at.is_(None),
        )
        .values(
            status=case((unused, ClaimStatus.VOIDED.value), else_=claim.c.status),
            slot=case((unused, null()), else_=claim.c.slot),
            version=claim.c.version + 1,
            consent_ended_at=at,
        )
        .returning(claim.c.offer_id, claim.c.status)
    )
    voided = [row.offer_id for row in touched if row.status == ClaimStatus.VOIDED.value]
    await stocks.put_back(unit, voided)
    return len(voided)


async def page(
    unit: Unit, lens: Lens, request: PageRequest, statuses: Iterable[ClaimStatus] | None, *, at: datetime
) -> Page[Row]:
    """The subject's claims, newest first."""
    query = select(claim).where(claim.c.subject_id == lens.subject_id)
    if statuses is not None:
        query = query.where(or_(false(), *(_stands(status, at) for status in set(statuses))))
    return await _NEWEST.read_page(unit, query, request)


async def find(unit: Unit, lens: Lens, claim_id: str) -> Row | None:
    """One claim of the subject, or None."""
    return await unit.first(select(claim).where(claim.c.id == claim_id, claim.c.subject_id == lens.subject_id))


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
