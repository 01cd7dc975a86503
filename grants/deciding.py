"""A subject decides on what was asked: approves it, narrower if they like, or says no.

A request that nobody was named in is decided by whoever scanned it, and is theirs from then on.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from audit.lens import Lens
from core.database import Unit, WriteUnit
from core.errors import Invalid
from core.moments import day_of
from core.statements import Row
from grants import consent, cooling, edges, marks, monitoring_notice, recipients, rules, terms
from grants.errors import TermsFixed
from grants.marks import Signer
from grants.scope import GrantStatus, Purpose
from grants.states import GrantAct
from grants.tables import grant
from grants.terms import Proposal, Terms
from notices import changes, outbox
from notices.changes import Change
from notices.kinds import ChangeKind, EventKind


def mine(lens: Lens) -> ColumnElement[bool]:
    """The grants that the lens's subject decides on: their own, and those that wait for whoever scans them."""
    unclaimed = and_(grant.c.unclaimed, grant.c.status == GrantStatus.REQUESTED.value)
    return or_(grant.c.subject_id == lens.subject_id, unclaimed)


async def waiting(unit: Unit, grant_id: str) -> Row | None:
    """A request that waits for whoever scans it, or None."""
    query = select(grant).where(grant.c.id == grant_id, grant.c.unclaimed)
    return await unit.first(query.where(grant.c.status == GrantStatus.REQUESTED.value))


async def approve(
    unit: WriteUnit,
    lens: Lens,
    grant_id: str,
    narrower: Proposal | None,
    signer: Signer,
    *,
    expected: int,
    notice_hash: str,
    monitoring_notice_hash: str | None,
    at: datetime,
) -> None:
    """Approve, as one of two marks for an organisation.

    Raises `NotAvailable`, `WrongState`, `VersionChanged`, `Invalid` (wider than asked, or beyond a ceiling),
    `RecipientRefused`, `NoticeChanged`, and of organisations
    `MarksRequired`, `MarkGiven`, `OtherPerson`, `TermsFixed`.
    """
    row = await edges.locked(unit, grant_id, mine(lens))
    edges.check(row, GrantAct.APPROVE, signer.actor, expected=expected, at=at)
    whole = await marks.check(unit, lens, signer, grant_id)
    agreed, recipient = await _agreed(unit, row, narrower, signer, at)
    about = recipient.about(agreed.categories, agreed.retention_days)
    noticed = await consent.agreed_grant(unit, about, notice_hash)
    monitored = await monitoring_notice.agreed(unit, about, agreed, monitoring_notice_hash)
    await marks.put(unit, signer, grant_id, at=at)
    led_to = await edges.go(
        unit,
        row,
        GrantAct.APPROVE,
        signer.actor,
        expected=expected,
        whole=whole,
        at=at,
        **_settled(lens, agreed, whole=whole),
        notice_hash=noticed,
        monitoring_notice_hash=monitored,
    )
    await tell_agreed(unit, lens, grant_id, recipient, agreed, led_to, at, version=row.version + 1)


async def reject(
    unit: WriteUnit, lens: Lens, grant_id: str, signer: Signer, *, expected: int, tell: bool, reason: str | None,
    at: datetime,
) -> None:  # fmt: skip
    """Say no; the recipient is not heard again for a while, and is told only if the subject wants it told.

    Raises `NotAvailable`, `WrongState`, `VersionChanged` or `Invalid`.
    """
    row = await edges.locked(unit, grant_id, mine(lens))
    act = GrantAct.REJECT
    moved: dict[str, Any] = {"subject_id": lens.subject_id}
    if tell:
        moved["unclaimed"] = False
    else:  # a code that nobody scanned goes on waiting, as its recipient reads it
        moved |= {"shown_status": row.status, "shown_version": row.version}
    await edges.go(unit, row, act, signer.actor, expected=expected, reason=reason, at=at, **moved)
    if row.asked:
        await cooling.refused(unit, lens.subject_id, row.recipient_id, at=at)
        if tell:
            await tell_parties(unit, row, EventKind.GRANT_REJECTED, at=at)


async def foresee(
    unit: Unit, lens: Lens, row: Row, narrower: Proposal | None, signer: Signer, *, language: str, at: datetime
) -> tuple[Any, consent.Notice | None]:
    """The row as it will be once this request is approved, and the notice it will have. Changes nothing.

    For a grant that has been decided on, the row as it is. Raises `Invalid`, `RecipientRefused` or `TermsFixed`.
    """
    status = rules.status_at(row, at=at)
    if status not in rules.PENDING:
        if narrower is not None:
            raise TermsFixed()
        return row, None
    agreed, recipient = await _agreed(unit, row, narrower, signer, at)
    lacking = 1 if status is GrantStatus.PARTLY_APPROVED or not signer.of_organisation else 2
    foreseen = rules.changed(
        row,
        **_settled(lens, agreed, whole=True),
        status=GrantStatus.ACTIVE.value,
        version=row.version + lacking,
    )
    return foreseen, consent.before_grant(recipient.about(agreed.categories, agreed.retention_days), language)


def _settled(lens: Lens, agreed: Terms, *, whole: bool) -> dict[str, Any]:
    """What an approval makes of a row, beside its state: whole, it no longer lapses."""
    ours = {**agreed.columns, "subject_id": lens.subject_id, "unclaimed": False}
    return {**ours, "lapses_at": None} if whole else ours


async def _agreed(
    unit: Unit, row: Row, narrower: Proposal | None, signer: Signer, at: datetime
) -> tuple[Terms, recipients.Recipient]:
    """The terms to be approved, judged by today's ceilings, and their recipient."""
    asked = Terms.of(row)
    agreed = narrower.narrowing(asked) if narrower is not None else asked
    if row.status == GrantStatus.PARTLY_APPROVED.value and agreed != asked:
        raise TermsFixed()
    recipient = await recipients.find(
        unit, row.recipient_id, Purpose(row.purpose), handled_by_id=row.handled_by_id, at=at
    )
    broken = terms.faults(agreed, recipient.template, of_person=not signer.of_organisation, at=at)
    if broken:
        raise Invalid(*broken)
    return agreed, recipient


async def tell_agreed(
    unit: WriteUnit,
    lens: Lens,
    grant_id: str,
    recipient: recipients.Recipient,
    agreed: Terms,
    status: GrantStatus,
    at: datetime,
    *,
    version: int,
) -> None:
    """Both sides hear that the grant holds now; a platform that handles it does too. Of an organisation's first mark
    nobody hears but the organisation: another has to give the second."""
    tell, name = outbox.tell_subject, recipient.name
    if status is GrantStatus.PARTLY_APPROVED:
        await tell(unit, lens.subject_id, EventKind.GRANT_MARKED, about=grant_id, at=at, recipient=name)
        return
    until, kind = day_of(agreed.valid_until).isoformat(), EventKind.GRANT_ISSUED
    await tell(unit, lens.subject_id, kind, about=grant_id, at=at, recipient=name, until=until)
    for party_id in (recipient.id, recipient.handled_by_id):
        if party_id is not None:
            await _tell_party(unit, party_id, kind, grant_id, version, at)


async def tell_parties(unit: WriteUnit, row: Row, kind: EventKind, *, at: datetime) -> None:
    """The recipient, and a platform that handles the grant, hear what became of it; `row` is from before the step."""
    for party_id in (row.recipient_id, row.handled_by_id):
        if party_id is not None:
            await _tell_party(unit, party_id, kind, row.id, row.version + 1, at)


async def _tell_party(
    unit: WriteUnit, party_id: str, kind: EventKind, grant_id: str, version: int, at: datetime
) -> None:
    """An event, and a change for whoever listens: of nothing that the event does not say."""
    await outbox.tell_party(unit, party_id, kind, about=grant_id, at=at)
    await changes.tell(unit, Change(party_id, ChangeKind.GRANT, grant_id, version), at=at)
