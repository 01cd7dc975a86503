"""Taking parties, staff and representatives in at once. Whoever calls this has decided that they may.

Between two people of the institution it goes step by step, in `membership`.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_

from core.database import WriteUnit
from core.ids import new_id
from parties.kinds import MandateKind, PartyKind, Post, ProviderKind
from parties.tables import party, representation, staff


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
    institution: bool = False,
    district: str | None = None,
    at: datetime,
) -> str:
    """A new active party; its id. `code` is unique; `institution` is the public credit institution itself, the city's
    or, with `district` (行政区划代码), that district's."""
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
            institution=institution,
            district=district,
            created_at=at,
        )
    )
    return party_id


async def employ(
    unit: WriteUnit,
    party_id: str,
    *,
    label: str,
    post: Post,
    store_id: str | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    given_by: str | None = None,
    given_at: datetime | None = None,
) -> str:
    """A staff member of a party, for a term of which both days count; the staff id. A till names its store, and
    `given_by` which staff member gave the post, `given_at` when."""
    staff_id = new_id("stf")
    await unit.run(
        staff.insert().values(
            id=staff_id,
            party_id=party_id,
            label=label,
            post=post.value,
            store_id=store_id,
            valid_from=valid_from,
            valid_until=valid_until,
            given_by=given_by,
            given_at=given_at,
        )
    )
    return staff_id


async def leave(unit: WriteUnit, party_id: str, staff_id: str, *, on: date) -> bool:
    """The party's staff member is gone from this day; False when they are no staff of it or have left before."""
    last = on - timedelta(days=1)
    still = or_(staff.c.valid_until.is_(None), staff.c.valid_until > last)
    left = staff.update().where(staff.c.id == staff_id, staff.c.party_id == party_id, still).values(valid_until=last)
    return await unit.run(left) == 1


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
