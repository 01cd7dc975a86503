"""A device of the institution (a kiosk): a registered client, proved by its key. What it began ends with its epoch."""

from sqlalchemy import func, select

from core.database import Unit
from core.errors import NotAvailable
from parties.tables import client_key, identity_link, party, staff


async def epoch_of(unit: Unit, staff_id: str, key_id: str | None) -> int:
    """How often the device, its key, its sign-in or its institution was put out: what stood before is over, also after
    a freeze was lifted. Raises `NotAvailable` for no staff of ours."""
    key = select(client_key.c.epoch).where(client_key.c.id == key_id).scalar_subquery()
    row = await unit.first(
        select(staff.c.epoch + party.c.epoch + identity_link.c.epoch + func.coalesce(key, 0))
        .join(party, party.c.id == staff.c.party_id)
        .join(identity_link, identity_link.c.staff_id == staff.c.id)
        .where(staff.c.id == staff_id)
    )
    if row is None:
        raise NotAvailable()
    return int(row[0])
