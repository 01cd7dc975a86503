"""The second step: a till or its merchant says that a deferral is finished, and nothing of how.

What is finished is not undone, and what was undone is not finished: both take the claim's row first, and the deferral's
own row decides. Said again, it is said once. Like redeeming, it knows nothing of people.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core import editions
from core.database import WriteUnit
from core.errors import NotAvailable
from core.statements import Row
from incentives import budgets, deferrals
from incentives.budgets import Held
from incentives.errors import AlreadyReversed
from incentives.redemption import Till, told_to_merchant
from incentives.tables import claim, deferral, redemption, reversal, store
from notices import changes, outbox
from notices.changes import Change
from notices.kinds import ChangeKind, EventKind


@dataclass(frozen=True)
class Desk:
    """Who says so: a merchant's staff member; a till speaks for its own store alone."""

    party_id: str
    store_id: str | None
    staff_id: str


async def finish(unit: WriteUnit, desk: Desk, redemption_id: str, *, at: datetime) -> bool:
    """Finish what a receipt opened, and let go of its money; False when it was over before, by a word or by its day.

    Raises `NotAvailable`, or `AlreadyReversed` when the receipt was undone.
    """
    found = await _find(unit, desk, redemption_id)
    if found.reversed_at is not None:
        raise AlreadyReversed()
    if deferrals.ended_at(found, at=at) is not None:
        return False
    held = await unit.first(select(claim).where(claim.c.id == found.claim_id).with_for_update())
    if held is None or held.reversals != found.cycle - 1:
        raise AlreadyReversed()
    if not await deferrals.end(unit, redemption_id, at=at):
        return False
    raised = claim.update().where(claim.c.id == held.id).values(version=claim.c.version + 1)
    now = await unit.first(raised.returning(claim))
    assert now is not None  # its row is held
    ended = Change(now.subject_id, ChangeKind.CLAIM, now.id, now.version)
    told = told_to_merchant(Till(desk.party_id, found.store_id, desk.staff_id), redemption_id, 2)
    await changes.tell(unit, ended, *told, at=at)
    said = {"about": now.id, "at": at, "offer": found.offer_title, "store": found.store_name}
    await outbox.tell_subject(unit, now.subject_id, EventKind.DEFERRAL_FINISHED, **said)
    if await budgets.release(unit, [Held.by(now)], at=at):
        await editions.raise_(unit)
    return True


async def _find(unit: WriteUnit, desk: Desk, redemption_id: str) -> Row:
    r = redemption.c
    query = (
        select(
            redemption, store.c.name.label("store_name"), reversal.c.reversed_at, deferral.c.due_at, deferral.c.ended_at
        )
        .join(deferral, deferral.c.redemption_id == r.id)
        .join(store, store.c.id == r.store_id)
        .outerjoin(reversal, reversal.c.redemption_id == r.id)
        .where(r.id == redemption_id, r.party_id == desk.party_id)
    )
    row = await unit.first(query if desk.store_id is None else query.where(r.store_id == desk.store_id))
    if row is None:
        raise NotAvailable()
    return row
