"""A recipient asks. Whether anybody is there, and whether they want to be asked, does not show in the answer.

A number that is nobody's, one that does not belong to the name, and a subject who does not want to hear from this
recipient all get an id that is nobody's: from there on everything is done as for anybody, and the request lapses.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.identity import mask_numbers_in
from core.ids import new_id
from core.statements import Row
from grants import consent, cooling, edges, recipients, rules, terms
from grants.edges import LONGEST_REASON
from grants.scope import GrantStatus, Purpose
from grants.states import Actor, GrantAct, Side
from grants.tables import grant
from grants.terms import Proposal, Terms
from notices import changes, outbox
from notices.changes import Change
from notices.kinds import ChangeKind, EventKind

LONGEST_REFERENCE = 80


class Way(Enum):
    """How the recipient names whom it asks."""

    IDENTITY = "IDENTITY"
    CODE = "CODE"
    SCAN = "SCAN"


@dataclass(frozen=True)
class Asked:
    """Whom a recipient asks. `subject_id` is None when the number is nobody's or nobody has scanned yet; `person` says
    that what was typed can only be a natural person's or a 个体工商户's number."""

    way: Way
    subject_id: str | None = None
    person: bool = False


@dataclass(frozen=True)
class Wish:
    """What a recipient asks for."""

    purpose: Purpose
    proposal: Proposal
    reason: str
    reference: str | None = None
    handled_by_id: str | None = None

    def faults(self) -> list[Detail]:
        """What is wrong with its words."""
        reference = self.reference
        rules_ = (
            ("reason", f"1..{LONGEST_REASON}", not 1 <= len(self.reason.strip()) <= LONGEST_REASON),
            (
                "reference",
                f"1..{LONGEST_REFERENCE}",
                reference is not None and not 1 <= len(reference.strip()) <= LONGEST_REFERENCE,
            ),
        )
        found = [Detail((name,), "LENGTH", limit) for name, limit, broken in rules_ if broken]
        if reference is not None and mask_numbers_in(reference) != reference:
            found.append(Detail(("reference",), "IDENTITY_NUMBER"))
        return found


async def request(unit: WriteUnit, party_id: str, staff_id: str, asked: Asked, wish: Wish, *, at: datetime) -> str:
    """A request that waits for its subject; its id, or that of an active grant which covers all that is asked.

    Raises `RecipientRefused`, and `Invalid` with every broken term and every ceiling that would be passed.
    """
    recipient = await recipients.find(unit, party_id, wish.purpose, handled_by_id=wish.handled_by_id, at=at)
    wanted = wish.proposal.under(recipient.template, wish.purpose, at=at)
    broken = [*wish.faults(), *terms.faults(wanted, recipient.template, of_person=asked.person, at=at)]
    if broken:
        raise Invalid(*broken)
    nobody = new_id("sub")
    named = asked.subject_id or nobody
    active = await _active(unit, named, recipient, at)
    covering = next((row for row in active if not terms.beyond(wanted, Terms.of(row))), None)
    if covering is not None:
        return str(covering.id)
    heard = await cooling.until(unit, named, party_id, at=at) is None or asked.way is Way.CODE
    subject_id = named if heard else nobody
    notice = consent.before_grant(recipient.about(wanted.categories, wanted.retention_days))
    grant_id = new_id("grt")
    await edges.make(
        unit,
        GrantAct.REQUEST,
        Actor(Side.RECIPIENT, staff_id),
        at=at,
        **wanted.columns,
        id=grant_id,
        subject_id=subject_id,
        recipient_id=party_id,
        handled_by_id=wish.handled_by_id,
        template=recipient.template.name,
        notice_hash=await consent.keep(unit, notice),
        asked=True,
        unclaimed=asked.way is Way.SCAN,
        reason=mask_numbers_in(wish.reason.strip()),
        reference=wish.reference.strip() if wish.reference else None,
        lapses_at=rules.lapse_of(wanted.valid_until, at=at),
        extends_id=active[0].id if active and heard else None,
    )
    await changes.tell(unit, Change(party_id, ChangeKind.GRANT, grant_id, 1), at=at)
    if asked.way is not Way.SCAN:
        kind = EventKind.GRANT_REQUESTED
        await outbox.tell_subject(unit, subject_id, kind, about=grant_id, at=at, recipient=recipient.name)
    return grant_id


async def of_party(unit: Unit, party_id: str, grant_id: str) -> Row:
    """A request as its own recipient reads it. Raises `NotAvailable`."""
    row = await unit.first(select(grant).where(grant.c.id == grant_id, grant.c.recipient_id == party_id))
    if row is None:
        raise NotAvailable()
    return rules.as_recipient(row)


async def _active(unit: Unit, subject_id: str, recipient: recipients.Recipient, at: datetime) -> list[Row]:
    """The subject's active grants to this recipient for this purpose, through the same hands; newest first."""
    handler = grant.c.handled_by_id
    query = select(grant).where(
        grant.c.subject_id == subject_id,
        grant.c.recipient_id == recipient.id,
        grant.c.purpose == recipient.purpose.value,
        handler.is_(None) if recipient.handled_by_id is None else handler == recipient.handled_by_id,
        grant.c.status == GrantStatus.ACTIVE.value,
    )
    rows = await unit.all(query.order_by(grant.c.created_at.desc(), grant.c.id).limit(20))
    return [row for row in rows if rules.status_at(row, at=at) is GrantStatus.ACTIVE and row.valid_from <= at]
