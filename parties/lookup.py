"""Finding the party that a sign-in acts for, by name: what an issuer needs in order to write the `org` claim."""

from collections.abc import Collection, Mapping

from sqlalchemy import or_, select

from core.database import Unit
from parties.tables import identity_link, mandate, party, representation, staff


async def employer_of(unit: Unit, *, issuer: str, name: str) -> str | None:
    """The party whose staff member this (iss, sub) is, or None."""
    row = await unit.first(
        select(staff.c.party_id)
        .join(identity_link, identity_link.c.staff_id == staff.c.id)
        .where(identity_link.c.issuer == issuer, identity_link.c.name == name)
    )
    return str(row.party_id) if row else None


async def represented_by(unit: Unit, *, issuer: str, name: str) -> list[str]:
    """The parties that this person represents."""
    rows = await unit.all(
        select(representation.c.party_id)
        .join(identity_link, identity_link.c.subject_id == representation.c.person_id)
        .where(identity_link.c.issuer == issuer, identity_link.c.name == name)
        .order_by(representation.c.party_id)
    )
    return [row.party_id for row in rows]


async def find(unit: Unit, id_or_code: str) -> str | None:
    """A party's id, by id or code."""
    row = await unit.first(select(party.c.id).where(or_(party.c.id == id_or_code, party.c.code == id_or_code)))
    return str(row.id) if row else None


async def mandate_for(unit: Unit, *, issuer: str, name: str, ward: str) -> str | None:
    """The live mandate by which this (iss, sub) acts for the person whom the same issuer calls `ward`, or None."""
    person, other = identity_link.alias("person"), identity_link.alias("other")
    row = await unit.first(
        select(mandate.c.id)
        .join(person, person.c.subject_id == mandate.c.person_id)
        .join(other, other.c.subject_id == mandate.c.subject_id)
        .where(person.c.issuer == issuer, person.c.name == name, other.c.issuer == issuer, other.c.name == ward)
        .where(mandate.c.ended_at.is_(None))
    )
    return str(row.id) if row else None


async def labels(unit: Unit, staff_ids: Collection[str]) -> Mapping[str, str]:
    """What staff members are called in their organisation, by their ids."""
    rows = (
        await unit.all(select(staff.c.id, staff.c.label).where(staff.c.id.in_(sorted(staff_ids)))) if staff_ids else []
    )
    return {row.id: row.label for row in rows}
