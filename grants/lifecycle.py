"""Giving a grant, pausing and resuming it, taking it back, handing it back. One recipient, one purpose."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.lens import Lens
from core.database import WriteUnit
from core.errors import Invalid, NotAvailable, VersionChanged
from core.ids import new_id
from core.statements import Row
from grants import consent, deciding, edges, marks, monitoring_notice, recipients, rules, states, terms
from grants.errors import WrongState
from grants.marks import Signer
from grants.scope import GrantStatus, Purpose
from grants.states import Actor, GrantAct, No, Side
from grants.tables import grant
from grants.terms import Proposal
from notices import outbox
from notices.kinds import EventKind
from parties import directory


@dataclass(frozen=True)
class Offer:
    """What the subject offers, as they saw it when they agreed."""

    recipient_id: str
    purpose: Purpose
    proposal: Proposal
    notice_hash: str
    handled_by_id: str | None = None
    monitoring_notice_hash: str | None = None


async def issue(unit: WriteUnit, lens: Lens, offer: Offer, signer: Signer, *, at: datetime) -> str:
    """A new grant by the lens's subject; its id. An organisation's waits for its second mark.

    Raises `Invalid` with every broken term, `RecipientRefused`, `NoticeChanged`, or `MarksRequired` for whoever gives
    neither of an organisation's marks.
    """
    recipient = await recipients.find(unit, offer.recipient_id, offer.purpose, handled_by_id=offer.handled_by_id, at=at)
    offered = offer.proposal.under(recipient.template, offer.purpose, at=at)
    broken = terms.faults(offered, recipient.template, of_person=not signer.of_organisation, at=at)
    if broken:
        raise Invalid(*broken)
    whole = await marks.check(unit, lens, signer, None)
    about = recipient.about(offered.categories, offered.retention_days)
    grant_id = new_id("grt")
    await edges.make(
        unit,
        GrantAct.ISSUE,
        signer.actor,
        whole=whole,
        at=at,
        **offered.columns,
        id=grant_id,
        subject_id=lens.subject_id,
        recipient_id=offer.recipient_id,
        handled_by_id=offer.handled_by_id,
        template=recipient.template.name,
        notice_hash=await consent.agreed_grant(unit, about, offer.notice_hash),
        monitoring_notice_hash=await monitoring_notice.agreed(unit, about, offered, offer.monitoring_notice_hash),
        lapses_at=None if whole else rules.lapse_of(offered.valid_until, at=at),
    )
    await marks.put(unit, signer, grant_id, at=at)
    status = GrantStatus.ACTIVE if whole else GrantStatus.PARTLY_APPROVED
    await deciding.tell_agreed(unit, lens, grant_id, recipient, offered, status, at, version=1)
    return grant_id


async def change(
    unit: WriteUnit,
    lens: Lens,
    grant_id: str,
    act: GrantAct,
    signer: Signer,
    *,
    expected: int,
    reason: str | None,
    at: datetime,
) -> None:
    """Pause or resume. Either mark of an organisation does. Raises `NotAvailable`, `WrongState`, `VersionChanged`."""
    row = await edges.locked(unit, grant_id, grant.c.subject_id == lens.subject_id)
    await edges.go(unit, row, act, signer.actor, expected=expected, reason=reason, at=at)
    kind = EventKind.GRANT_PAUSED if act is GrantAct.PAUSE else EventKind.GRANT_RESUMED
    await _tell_both(unit, row, kind, at=at)


async def revoke(unit: WriteUnit, lens: Lens, grant_id: str, signer: Signer, *, at: datetime) -> bool:
    """End a grant of the lens's subject at once. True when this call ended it; False when it had ended before.

    A look that begins after this commit finds the grant ended. Raises `NotAvailable`, and `WrongState` for what has not
    been answered yet: that is rejected.
    """
    row = await edges.locked(unit, grant_id, grant.c.subject_id == lens.subject_id)
    status = rules.status_at(row, at=at)
    if status in states.TERMINAL:
        return False
    never_whole = row.asked and status is GrantStatus.PARTLY_APPROVED
    shown = {"shown_status": row.status, "shown_version": row.version} if never_whole else {}
    led_to = await edges.go(unit, row, GrantAct.REVOKE, signer.actor, expected=None, at=at, **shown)
    if led_to is GrantStatus.REVOKED:
        await _tell_both(unit, row, EventKind.GRANT_REVOKED, at=at)
    return True


async def end_monitoring(unit: WriteUnit, lens: Lens, grant_id: str, signer: Signer, *, at: datetime) -> bool:
    """Tell the recipient of no more changes, and leave the rest of the grant as it is. Either mark does.

    True when this call ended it; False when there was none, or none any more. Raises `NotAvailable`, and `WrongState`
    for what has not been answered yet: that is narrowed as it is approved.
    """
    row = await edges.locked(unit, grant_id, grant.c.subject_id == lens.subject_id)
    if not row.monitoring or rules.status_at(row, at=at) in states.TERMINAL:
        return False
    await edges.go(unit, row, GrantAct.MONITOR_END, signer.actor, expected=None, at=at, monitoring=False)
    await _tell_both(unit, row, EventKind.MONITORING_ENDED, at=at)
    return True


async def relinquish(
    unit: WriteUnit, party_id: str, staff_id: str, grant_id: str, *, expected: int, reason: str | None, at: datetime
) -> None:
    """The recipient hands a grant back, or withdraws its request.

    Raises `NotAvailable`, `WrongState` or `VersionChanged`, all as the recipient reads the grant.
    """
    row = await edges.locked(unit, grant_id, grant.c.recipient_id == party_id)
    if not rules.known_to_recipient(row):
        raise NotAvailable()
    edges.check_reason(reason)
    if row.shown_status is not None:
        await _withdraw_refused(unit, row, expected, at)
        return
    actor = Actor(Side.RECIPIENT, staff_id)
    led_to = await edges.go(unit, row, GrantAct.RELINQUISH, actor, expected=expected, reason=reason, at=at)
    if led_to is GrantStatus.TERMINATED:
        await _tell_both(unit, row, EventKind.GRANT_RELINQUISHED, at=at)


async def _withdraw_refused(unit: WriteUnit, row: Row, expected: int, at: datetime) -> None:
    """A request that was refused, and not told so, is withdrawn like any other: nothing of the grant changes but what
    its recipient reads of it."""
    read = rules.as_recipient(row)
    led_to = states.leads(GrantAct.RELINQUISH, rules.status_at(read, at=at), Side.RECIPIENT)
    if isinstance(led_to, No):
        raise WrongState()
    if read.version != expected:
        raise VersionChanged()
    judged = (grant.c.id == row.id, grant.c.shown_version == row.shown_version)
    shown: dict[str, Any] = {"shown_status": led_to.value, "shown_version": expected + 1, "shown_ended_at": at}
    if await unit.run(grant.update().where(*judged).values(shown)) != 1:
        raise VersionChanged()


async def _tell_both(unit: WriteUnit, row: Row, kind: EventKind, *, at: datetime) -> None:
    """Both sides hear of it from the same commit: the one confirmed, the other told."""
    card = (await directory.cards(unit, [row.recipient_id]))[row.recipient_id]
    await outbox.tell_subject(unit, row.subject_id, kind, about=row.id, at=at, recipient=card.name)
    await deciding.tell_parties(unit, row, kind, at=at)
