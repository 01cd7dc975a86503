"""What is kept about a subject as somebody who takes part, as plain values for their own copy (个人信息保护法 45).

Who acts for whom is said without the other's name: a copy is about nobody else.
"""

from sqlalchemy import select

from core.database import Unit
from core.portions import Portion
from parties.tables import identity_link, mandate, party, representation


async def sign_ins(unit: Unit, subject_id: str) -> Portion:
    """Whose sign-ins are linked: the issuer and its name for them."""
    c = identity_link.c
    rows = await unit.all(select(identity_link).where(c.subject_id == subject_id).order_by(c.issuer, c.name))
    return Portion([{"issuer": row.issuer, "name": row.name, "state": row.state} for row in rows])


async def organisation(unit: Unit, subject_id: str) -> Portion:
    """The subject as an organisation that takes part here; nothing of who works for it."""
    row = await unit.first(select(party).where(party.c.subject_id == subject_id))
    if row is None:
        return Portion([])
    entry = {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "state": row.state,
        "contact": row.contact,
        "purposes": row.purposes,
        "providerKind": row.provider_kind,
        "since": row.created_at,
    }
    return Portion([entry])


async def mandates(unit: Unit, subject_id: str) -> Portion:
    """Who may or might act for the subject, and for whom the subject may or might; ended ones too."""
    m, r = mandate.c, representation.c
    mine = select(mandate).where((m.subject_id == subject_id) | (m.person_id == subject_id))
    between = [
        {
            "id": row.id,
            "side": "GIVEN" if row.subject_id == subject_id else "HELD",
            "kind": row.kind,
            "validFrom": row.valid_from,
            "validUntil": row.valid_until,
            "givenAt": row.given_at,
            "endedAt": row.ended_at,
        }
        for row in await unit.all(mine.order_by(m.given_at, m.id))
    ]
    held = (
        select(r.id, r.kind, r.valid_until, party.c.name)
        .join(party, party.c.id == r.party_id)
        .where(r.person_id == subject_id)
    )
    of_organisations = [
        {"id": row.id, "side": "HELD", "kind": row.kind, "organisation": row.name, "validUntil": row.valid_until}
        for row in await unit.all(held.order_by(r.id))
    ]
    return Portion([*between, *of_organisations])
