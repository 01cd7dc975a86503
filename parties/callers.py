"""From a verified token to the one who calls, in one statement: the first of every operation.

Because the rows are read inside the operation, a freeze, an ended post or an ended mandate holds from the next request
on. What the token looks like says which statement it is: a person's own, an organisation's, or somebody's for another.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, case, func, or_, select

from core import editions
from core.database import Unit
from core.moments import day_of
from core.principal import ANONYMOUS, Principal, Scope
from core.statements import Row, Statement
from parties import capacity
from parties.errors import Frozen, Unknown
from parties.kinds import MandateKind, PartyKind, Post
from parties.tables import client_key, identity_link, mandate, party, representation, staff

_ACTIVE = "ACTIVE"


@dataclass(frozen=True)
class Caller:
    """Who calls, and for whom. `principal`'s scopes are cut to what post or mandate covers.

    `person_id` is the signed-in person, `subject_id` the subject acted for (the person, the organisation or the person
    they represent); `party_id` the organisation whose staff or representative calls; `mandate` the capacity, and
    `mandate_id` is set when a person acts for another person. `party_epoch` is what anything long-lived is bound to.
    `stopped` says that the organisation is frozen or suspended: it takes part in nothing, and is a subject still
    (Art. 7), who reads its own record and takes back what it gave.
    """

    principal: Principal
    person_id: str | None = None
    subject_id: str | None = None
    party_id: str | None = None
    party_name: str | None = None
    party_epoch: int = 0
    stopped: bool = False
    staff_id: str | None = None
    staff_label: str | None = None
    # Whether the organisation looks at other people: its staff's tokens are bound to a key.
    third_party: bool = False
    store_id: str | None = None
    # The staff member's post, whether it is one of a credit institution, the city's or a district's, and whether it is
    # one of the city's itself.
    post: Post | None = None
    credit_institution: bool = False
    institution: bool = False
    mandate: str | None = None
    mandate_id: str | None = None
    # What this process keeps of the database is exact for one edition (`core.editions`).
    edition: int | None = None

    @property
    def officer_id(self) -> str | None:
        """Who it is that acts for somebody else: the staff member, or the person by mandate or representation."""
        return self.staff_id or (self.person_id if self.person_id != self.subject_id else None)


NOBODY = Caller(ANONYMOUS)


async def identify(unit: Unit, principal: Principal, *, at: datetime) -> Caller:
    """Who the token's bearer is here. Raises `Unknown` or `Frozen`; an anonymous principal is `NOBODY`."""
    if principal is ANONYMOUS:
        return NOBODY
    values: dict[str, Any] = {"issuer": principal.issuer, "sub": principal.name}
    if principal.organisation is not None:
        values |= {"org": principal.organisation, "today": day_of(at), "key": principal.client_key}
        row = await unit.first(_FOR_PARTY, values)
        return _for_party(principal, _live(row), day_of(at))
    if principal.mandate is not None:
        row = await unit.first(_FOR_PERSON, values | {"mandate": principal.mandate, "today": day_of(at)})
        return _for_person(principal, _live(row))
    row = _live(await unit.first(_SELF, values))
    if row.subject_id is None:
        raise Unknown()
    own = _cut(principal, capacity.of_mandate(MandateKind.SELF))
    return Caller(own, person_id=row.subject_id, subject_id=row.subject_id, edition=row.edition)


def _live(row: Row | None) -> Row:
    if row is None:
        raise Unknown()
    if row.link_state != _ACTIVE:
        raise Frozen()
    return row


def _for_party(principal: Principal, row: Row, today: date) -> Caller:
    if row.party_id is None or row.party_id != principal.organisation:
        raise Unknown()
    stopped = row.state != _ACTIVE
    if stopped and (row.staff_id is not None or row.party_subject_id is None):
        raise Frozen()
    if row.staff_id is not None:
        return _staff(principal, row, today)
    if row.party_subject_id is None:
        raise Unknown()
    return Caller(
        _cut(principal, capacity.of_mandate(MandateKind(row.mandate))),
        person_id=row.subject_id,
        subject_id=row.party_subject_id,
        party_id=row.party_id,
        party_name=row.party_name,
        party_epoch=row.party_epoch,
        stopped=stopped,
        mandate=row.mandate,
        edition=row.edition,
    )


def _staff(principal: Principal, row: Row, today: date) -> Caller:
    if row.staff_state != _ACTIVE:
        raise Frozen()
    if not (row.valid_from or today) <= today <= (row.valid_until or today):
        raise Unknown()
    if principal.client_key is not None and row.key_state != _ACTIVE:
        raise Frozen()
    post = Post(row.post)
    return Caller(
        _cut(principal, capacity.of_post(post, institution=row.institution, district=row.district is not None)),
        party_id=row.party_id,
        party_name=row.party_name,
        party_epoch=row.party_epoch,
        staff_id=row.staff_id,
        staff_label=row.label,
        third_party=capacity.is_third_party(PartyKind(row.kind), post, institution=row.institution),
        store_id=row.store_id,
        post=post,
        credit_institution=row.institution,
        institution=row.institution and row.district is None,
        edition=row.edition,
    )


def _for_person(principal: Principal, row: Row) -> Caller:
    if row.mandate_id is None:
        raise Unknown()
    return Caller(
        _cut(principal, capacity.of_mandate(MandateKind(row.mandate))),
        person_id=row.subject_id,
        subject_id=row.ward_id,
        mandate=row.mandate,
        mandate_id=row.mandate_id,
        edition=row.edition,
    )


def _cut(principal: Principal, covered: frozenset[Scope]) -> Principal:
    return principal if principal.scopes <= covered else replace(principal, scopes=principal.scopes & covered)


def _in_term(table: Table) -> ColumnElement[bool]:
    until = table.c.valid_until
    return or_(until.is_(None), until >= bindparam("today", type_=until.type))


_IS_LINK = and_(identity_link.c.issuer == bindparam("issuer"), identity_link.c.name == bindparam("sub"))
_LINK = (
    identity_link.c.subject_id,
    identity_link.c.state.label("link_state"),
    editions.current().label("edition"),
)
_SELF = Statement(select(*_LINK).where(_IS_LINK))


# Who is several things to one organisation acts as the strongest of them.
_STRONGEST = case(
    (representation.c.kind == MandateKind.LEGAL_REPRESENTATIVE.value, 0),
    (representation.c.kind == MandateKind.SEAL_KEEPER.value, 1),
    else_=2,
)


def _for_party_statement() -> Select[Any]:
    org = bindparam("org", type_=party.c.id.type)
    mine = representation.c.person_id == identity_link.c.subject_id
    represented = and_(mine, representation.c.party_id == org, _in_term(representation))
    acting = party.c.id == func.coalesce(staff.c.party_id, representation.c.party_id)
    return (
        select(
            *_LINK,
            staff.c.id.label("staff_id"),
            staff.c.label,
            staff.c.store_id,
            staff.c.post,
            staff.c.state.label("staff_state"),
            staff.c.valid_from,
            staff.c.valid_until,
            party.c.id.label("party_id"),
            party.c.name.label("party_name"),
            party.c.kind,
            party.c.state,
            party.c.epoch.label("party_epoch"),
            party.c.institution,
            party.c.district,
            party.c.subject_id.label("party_subject_id"),
            representation.c.kind.label("mandate"),
            client_key.c.state.label("key_state"),
        )
        .select_from(identity_link)
        .outerjoin(staff, staff.c.id == identity_link.c.staff_id)
        .outerjoin(representation, represented)
        .outerjoin(party, acting)
        .outerjoin(client_key, client_key.c.id == bindparam("key", type_=client_key.c.id.type))
        .where(_IS_LINK)
        .order_by(_STRONGEST)
        .limit(1)
    )


def _for_person_statement() -> Select[Any]:
    held = and_(
        mandate.c.id == bindparam("mandate"),
        mandate.c.person_id == identity_link.c.subject_id,
        mandate.c.ended_at.is_(None),
        mandate.c.valid_from <= bindparam("today", type_=mandate.c.valid_from.type),
        _in_term(mandate),
    )
    return (
        select(
            *_LINK,
            mandate.c.id.label("mandate_id"),
            mandate.c.kind.label("mandate"),
            mandate.c.subject_id.label("ward_id"),
        )
        .select_from(identity_link)
        .outerjoin(mandate, held)
        .where(_IS_LINK)
    )


_FOR_PARTY = Statement(_for_party_statement())
_FOR_PERSON = Statement(_for_person_statement())
