"""A merchant's stores: where its offers can be used, and where its tills stand."""

from collections.abc import Mapping

from sqlalchemy import select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid
from core.ids import new_id
from incentives.tables import store

_LONGEST = {"name": 120, "district": 12, "address": 200}


async def open_(unit: WriteUnit, party_id: str, *, name: str, district: str, address: str) -> str:
    """A new store of a merchant; its id. Raises `Invalid`."""
    said = {"name": name.strip(), "district": district.strip(), "address": address.strip()}
    broken = [
        Detail((field,), "LENGTH", f"1..{most}")
        for field, most in _LONGEST.items()
        if not 1 <= len(said[field]) <= most
    ]
    if broken:
        raise Invalid(*broken)
    store_id = new_id("sto")
    await unit.run(store.insert().values(id=store_id, party_id=party_id, **said))
    return store_id


async def names(unit: Unit, party_id: str) -> Mapping[str, str]:
    """What a merchant's stores are called, by id."""
    mine = select(store.c.id, store.c.name).where(store.c.party_id == party_id)
    return {row.id: row.name for row in await unit.all(mine)}
