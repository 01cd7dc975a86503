"""A till brings what it took without a network. Like redeeming, it knows nothing of people.

Each acceptance is answered once, and the same forever: its row is the answer. One conditional UPDATE of the claim
decides which of several is the redemption; the receipt's own key (claim, cycle) is the belt. What does not count is
written down with why, and its owner sees it.

    REDEEMED   in time, and the claim's only use: receipt and money as of now, so that no month that is final changes
    ALREADY    the claim's redemption of that cycle was made otherwise: online, or by another till of the store
    LATE       after the horizon, or taken at a time that the code was not good for
    a no       nobody's code, or not this store's; it is counted for the till, and leaves no trace

Lock order: the till's turn, claim, budgets, edition.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid
from core.statements import Row
from incentives import offline, redemption
from incentives.errors import NotRedeemable
from incentives.kinds import ClaimStatus, OfflineOutcome
from incentives.offline import SKEW, Code, Signer
from incentives.redemption import Sale, Till
from incentives.tables import claim, offline_upload
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind

_ACCEPTANCE = re.compile(r"[0-9a-zA-Z_-]{16,64}", re.ASCII)


@dataclass(frozen=True)
class Accepted:
    """What a till said yes to, under its own name for that, and when by its clock."""

    text: str
    acceptance: str
    at: datetime
    sale: Sale


@dataclass(frozen=True)
class Uploaded:
    """What became of it, its receipt when it counts, and whether this call decided it."""

    outcome: OfflineOutcome
    redemption_id: str | None
    is_fresh: bool


async def upload(
    unit: WriteUnit, till: Till, signers: Sequence[Signer], brought: Accepted, *, at: datetime
) -> Uploaded:
    """Take what a till brings, once. Raises `NotRedeemable`, or `Invalid` for the sale or the acceptance's name."""
    redemption.check_sale(brought.sale)
    if not _ACCEPTANCE.fullmatch(brought.acceptance):
        raise Invalid(Detail(("acceptance",), "LENGTH", "16..64"))
    code = offline.read(brought.text, signers)
    if code is None or code.store != offline.tag_of_store(till.store_id):
        raise NotRedeemable()
    row = await unit.first(select(claim).where(claim.c.handle == code.handle))
    found = None if row is None else await redemption.find_good_for(unit, till, row.id)
    if row is None or found is None:
        raise NotRedeemable()
    before = await _answered(unit, row.id, code, brought)
    if before is not None:
        return before
    redemption.check_told(found, brought.sale)
    outcome, redemption_id = await _decide(unit, till, code, found, brought, at)
    decided = await _write_down(unit, till, found, code, brought, outcome, redemption_id, at)
    if outcome is not OfflineOutcome.REDEEMED:  # of a redemption its owner hears anyway
        await changes.tell(unit, Change(row.subject_id, ChangeKind.CLAIM, row.id, row.version), at=at)
    return decided


async def _decide(
    unit: WriteUnit, till: Till, code: Code, found: Row, brought: Accepted, at: datetime
) -> tuple[OfflineOutcome, str | None]:
    c = claim.c
    if not is_in_time(code, taken_at=brought.at, at=at):
        return OfflineOutcome.LATE, None
    won = await unit.first(
        claim.update()
        .where(
            c.id == found.claim_id,
            c.status == ClaimStatus.CLAIMED.value,
            c.reversals == code.cycle - 1,
            c.offline_cycle == code.cycle,
            c.offline_store_id == till.store_id,
            c.offline_until == code.expires_at,
        )
        .values(status=ClaimStatus.REDEEMED.value, version=c.version + 1, redeemed_at=at)
        .returning(claim)
    )
    if won is None:
        await _ensure_used(unit, found.claim_id, code)
        return OfflineOutcome.ALREADY, None
    redemption_id = await redemption.receive(unit, till, found, won, brought.sale, at=at)
    return OfflineOutcome.REDEEMED, redemption_id


async def _ensure_used(unit: Unit, claim_id: str, code: Code) -> None:
    """Raise `NotRedeemable` unless the claim's use of this cycle was made: what is signed, and was never issued, is
    somebody's with our key."""
    row = await unit.first(select(claim).where(claim.c.id == claim_id))
    is_used = row is not None and row.reversals + (row.status == ClaimStatus.REDEEMED.value) >= code.cycle
    if not is_used:
        raise NotRedeemable()


def is_in_time(code: Code, *, taken_at: datetime, at: datetime) -> bool:
    """Whether what a till says it took then, and brings now, counts: its clock may be `SKEW` from ours."""
    return code.issued_at - SKEW <= taken_at < code.expires_at and taken_at <= at + SKEW and at < code.settles_at


async def _answered(unit: Unit, claim_id: str, code: Code, brought: Accepted) -> Uploaded | None:
    u = offline_upload.c
    same = (u.claim_id == claim_id, u.cycle == code.cycle, u.acceptance == brought.acceptance)
    row = await unit.first(select(offline_upload).where(*same))
    return None if row is None else Uploaded(OfflineOutcome(row.outcome), row.redemption_id, is_fresh=False)


async def _write_down(
    unit: WriteUnit,
    till: Till,
    found: Row,
    code: Code,
    brought: Accepted,
    outcome: OfflineOutcome,
    redemption_id: str | None,
    at: datetime,
) -> Uploaded:
    """The acceptance's row, for good; or what was answered to a twin of this call meanwhile."""
    entered = (
        unit.insert(offline_upload)
        .values(
            claim_id=found.claim_id,
            cycle=code.cycle,
            acceptance=brought.acceptance,
            party_id=till.party_id,
            store_id=till.store_id,
            staff_id=till.staff_id,
            outcome=outcome.value,
            accepted_at=brought.at,
            uploaded_at=at,
            redemption_id=redemption_id,
        )
        .on_conflict_do_nothing()
        .returning(offline_upload.c.claim_id)
    )
    if await unit.first(entered) is not None:
        return Uploaded(outcome, redemption_id, is_fresh=True)
    twin = await _answered(unit, found.claim_id, code, brought)
    assert twin is not None
    return twin
