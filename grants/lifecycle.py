"""Giving a grant and taking it back. A grant names one recipient, one purpose and its kinds of information."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from audit.lens import Lens
from core.database import WriteUnit
from core.errors import Invalid, NotAvailable
from core.ids import new_id
from core.moments import day_of
from grants import consent, rules
from grants.errors import MarksRequired, RecipientRefused
from grants.scope import GrantEndedBy, GrantStatus, LendingStage, NoticeKind, Purpose, RecordCategory
from grants.tables import grant
from notices import outbox
from notices.kinds import EventKind
from parties import directory

# Art. 8(3): an organisation authorises by seal and by its legal representative. 个体工商户 give one mark.
TWO_MARKS = ("LEGAL_PERSON", "UNINCORPORATED")


@dataclass(frozen=True)
class Terms:
    """What the subject offers, as they saw it when they agreed."""

    recipient_id: str
    purpose: Purpose
    stages: Sequence[LendingStage]
    categories: Sequence[RecordCategory]
    includes_evaluation: bool
    valid_until: datetime
    uses: int | None
    notice_hash: str


async def issue(unit: WriteUnit, lens: Lens, terms: Terms, *, subject_kind: str, at: datetime) -> str:
    """A new active grant by the lens's subject; its id.

    Raises `Invalid` with every broken term, `RecipientRefused`, `NoticeChanged`, or `MarksRequired` for an
    organisation, whose second mark comes with `grantApprove`.
    """
    broken = rules.faults(
        purpose=terms.purpose,
        stages=terms.stages,
        categories=terms.categories,
        evaluation_of_person=terms.includes_evaluation and subject_kind not in TWO_MARKS,
        valid_until=terms.valid_until,
        uses=terms.uses,
        at=at,
    )
    if broken:
        raise Invalid(*broken)
    if subject_kind in TWO_MARKS:
        raise MarksRequired()
    recipient = await directory.find(unit, terms.recipient_id)
    if (
        recipient is None
        or recipient.kind not in directory.AUTHORISABLE
        or terms.purpose.value not in recipient.purposes
    ):
        raise RecipientRefused()
    notice = consent.compose(
        NoticeKind.GRANT,
        recipient=recipient.name,
        contact=recipient.contact,
        purpose=terms.purpose,
        categories=terms.categories,
    )
    notice_hash = await consent.agreed(unit, notice, terms.notice_hash)
    grant_id = new_id("grt")
    await unit.run(
        grant.insert().values(
            id=grant_id,
            version=1,
            status=GrantStatus.ACTIVE.value,
            subject_id=lens.subject_id,
            recipient_id=terms.recipient_id,
            purpose=terms.purpose.value,
            stages=sorted({stage.value for stage in terms.stages}),
            categories=sorted({category.value for category in terms.categories}),
            includes_evaluation=terms.includes_evaluation,
            valid_from=at,
            valid_until=terms.valid_until,
            uses_left=terms.uses,
            retention_days=rules.RETENTION_DAYS,
            notice_hash=notice_hash,
            created_at=at,
        )
    )
    until = day_of(terms.valid_until).isoformat()
    subject_id, kind = lens.subject_id, EventKind.GRANT_ISSUED
    await outbox.tell_subject(unit, subject_id, kind, about=grant_id, at=at, recipient=recipient.name, until=until)
    await outbox.tell_party(unit, terms.recipient_id, kind, about=grant_id, at=at)
    return grant_id


async def revoke(unit: WriteUnit, lens: Lens, grant_id: str, *, at: datetime) -> bool:
    """End a grant of the lens's subject at once. True when this call ended it; False when it had ended before.

    One statement decides: a look that begins after this commit finds the grant ended. Raises `NotAvailable`.
    """
    live = and_(
        grant.c.status.in_([GrantStatus.ACTIVE.value, GrantStatus.PAUSED.value, GrantStatus.PARTLY_APPROVED.value]),
        grant.c.valid_until > at,
        or_(grant.c.uses_left.is_(None), grant.c.uses_left > 0),
    )
    ended = await unit.first(
        grant.update()
        .where(grant.c.id == grant_id, grant.c.subject_id == lens.subject_id, live)
        .values(
            status=GrantStatus.REVOKED.value,
            version=grant.c.version + 1,
            ended_at=at,
            ended_by=GrantEndedBy.SUBJECT.value,
        )
        .returning(grant.c.recipient_id)
    )
    if ended is not None:
        await _tell_revoked(unit, lens, grant_id, ended.recipient_id, at)
        return True
    known = select(grant.c.id).where(grant.c.id == grant_id, grant.c.subject_id == lens.subject_id)
    if await unit.first(known) is None:
        raise NotAvailable()
    return False


async def _tell_revoked(unit: WriteUnit, lens: Lens, grant_id: str, recipient_id: str, at: datetime) -> None:
    """Both sides hear of it from the same commit: the one confirmed, the other told to stop."""
    cards = await directory.cards(unit, [recipient_id])
    name = cards[recipient_id].name
    await outbox.tell_subject(unit, lens.subject_id, EventKind.GRANT_REVOKED, about=grant_id, at=at, recipient=name)
    await outbox.tell_party(unit, recipient_id, EventKind.GRANT_REVOKED, about=grant_id, at=at)
