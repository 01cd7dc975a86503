"""Taking parties, staff, links and representations in. Whoever calls this has decided that they may."""

from collections.abc import Sequence
from datetime import date, datetime

from core.database import WriteUnit
from core.ids import new_id
from parties.kinds import MandateKind, PartyKind, Post, ProviderKind
from parties.tables import identity_link, party, representation, staff


async def register(
    unit: WriteUnit,
    *,
    code: str,
    name: str,
    kind: PartyKind,
    contact: str,
    purposes: Sequence[str] = (),
    provider_kind: ProviderKind | None = None,
    subject_id: str | None = None,
    at: datetime,
) -> str:
    """A new active party; its id. `code` is unique."""
    party_id = new_id("pty")
    await unit.run(
        party.insert().values(
            id=party_id,
            code=code,
            name=name,
            kind=kind.value,
            state="ACTIVE",
            contact=contact,
            purposes=list(purposes),
            provider_kind=provider_kind.value if provider_kind else None,
            subject_id=subject_id,
            created_at=at,
        )
    )
    return party_id


async def employ(unit: WriteUnit, party_id: str, *, label: str, post: Post, store_id: str | None = None) -> str:
    """A staff member of a party; the staff id. A till names its store."""
    staff_id = new_id("stf")
    await unit.run(
        staff.insert().values(id=staff_id, party_id=party_id, label=label, post=post.value, store_id=store_id)
    )
    return staff_id


async def link_person(unit: WriteUnit, *, issuer: str, name: str, subject_id: str) -> None:
    """A token's (iss, sub) belongs to this natural person."""
    await unit.run(identity_link.insert().values(issuer=issuer, name=name, subject_id=subject_id))


async def link_staff(unit: WriteUnit, *, issuer: str, name: str, staff_id: str) -> None:
    """A token's (iss, sub) belongs to this staff member."""
    await unit.run(identity_link.insert().values(issuer=issuer, name=name, staff_id=staff_id))


async def represent(
    unit: WriteUnit, *, person_id: str, party_id: str, kind: MandateKind, valid_until: date | None = None
) -> str:
    """A person may act for an organisation, in one capacity, until a day (or until ended)."""
    mandate_id = new_id("mdt")
    await unit.run(
        representation.insert().values(
            id=mandate_id, person_id=person_id, party_id=party_id, kind=kind.value, valid_until=valid_until, version=1
        )
    )
    return mandate_id


async def freeze(unit: WriteUnit, party_id: str) -> bool:
    """Stop a party from acting, from the next request on; False when it was frozen already."""
    frozen = party.update().where(party.c.id == party_id, party.c.state == "ACTIVE").values(state="FROZEN")
    return await unit.run(frozen) == 1
