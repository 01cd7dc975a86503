"""From a verified token to the one who calls, in one statement: the first of every operation.

Because the rows are read inside the operation, a freeze or an ended representation holds from the next request on.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, or_, select

from core import editions
from core.database import Unit
from core.moments import day_of
from core.principal import ANONYMOUS, Principal
from core.statements import Row, Statement
from parties.errors import Frozen, Unknown
from parties.tables import identity_link, party, representation, staff


@dataclass(frozen=True)
class Caller:
    """Who calls, and for whom.

    `person_id` is the signed-in person, `subject_id` the subject acted for (the person, or the organisation they
    represent); `party_id` the organisation whose staff or representative calls.
    """

    principal: Principal
    person_id: str | None = None
    subject_id: str | None = None
    party_id: str | None = None
    party_name: str | None = None
    staff_id: str | None = None
    staff_label: str | None = None
    store_id: str | None = None
    mandate: str | None = None
    edition: int | None = None


NOBODY = Caller(ANONYMOUS)


async def identify(unit: Unit, principal: Principal, *, at: datetime) -> Caller:
    """Who the token's bearer is here. Raises `Unknown` or `Frozen`; an anonymous principal is `NOBODY`."""
    if principal is ANONYMOUS:
        return NOBODY
    values = {"issuer": principal.issuer, "sub": principal.name, "org": principal.organisation, "today": day_of(at)}
    row = await unit.first(_LINK, values)
    if row is None:
        raise Unknown()
    if row.staff_id is not None:
        return _staff(principal, row)
    if principal.organisation is None:
        return Caller(principal, person_id=row.subject_id, subject_id=row.subject_id, edition=row.edition)
    return _representative(principal, row)


def _staff(principal: Principal, row: Row) -> Caller:
    if principal.organisation != row.party_id:
        raise Unknown()
    if row.state != "ACTIVE":
        raise Frozen()
    return Caller(
        principal,
        party_id=row.party_id,
        party_name=row.party_name,
        staff_id=row.staff_id,
        staff_label=row.label,
        store_id=row.store_id,
        edition=row.edition,
    )


def _representative(principal: Principal, row: Row) -> Caller:
    if row.mandate is None or row.party_subject_id is None:
        raise Unknown()
    if row.state != "ACTIVE":
        raise Frozen()
    return Caller(
        principal,
        person_id=row.subject_id,
        subject_id=row.party_subject_id,
        party_id=row.party_id,
        party_name=row.party_name,
        mandate=row.mandate,
        edition=row.edition,
    )


def _link_statement() -> Select[Any]:
    org = bindparam("org", type_=party.c.id.type)
    live = or_(
        representation.c.valid_until.is_(None),
        representation.c.valid_until >= bindparam("today", type_=representation.c.valid_until.type),
    )
    mine = representation.c.person_id == identity_link.c.subject_id
    represented = and_(mine, representation.c.party_id == org, live)
    acting = party.c.id == func.coalesce(staff.c.party_id, representation.c.party_id)
    return (
        select(
            identity_link.c.subject_id,
            staff.c.id.label("staff_id"),
            staff.c.label,
            staff.c.store_id,
            party.c.id.label("party_id"),
            party.c.name.label("party_name"),
            party.c.state,
            party.c.subject_id.label("party_subject_id"),
            representation.c.kind.label("mandate"),
            editions.current().label("edition"),
        )
        .select_from(identity_link)
        .outerjoin(staff, staff.c.id == identity_link.c.staff_id)
        .outerjoin(representation, represented)
        .outerjoin(party, acting)
        .where(identity_link.c.issuer == bindparam("issuer"), identity_link.c.name == bindparam("sub"))
        .order_by(representation.c.kind)
        .limit(1)
    )


_LINK = Statement(_link_statement())
