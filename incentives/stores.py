"""A merchant's stores: where its offers can be used, and where its tills stand."""

from collections.abc import Mapping

from sqlalchemy import select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid
from core.ids import new_id
from incentives.tables import offer_store, store

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


async def check_open(unit: WriteUnit, offer_id: str, number: int) -> None:
    """Raise `Invalid` unless a version of an offer has a store that is open, and stays open until this is committed."""
    o = offer_store.c
    there = select(o.store_id).where(o.offer_id == offer_id, o.number == number)
    open_ = select(store.c.id).where(store.c.id.in_(there), store.c.closed_at.is_(None)).order_by(store.c.id)
    if await unit.first(open_.with_for_update(read=True)) is None:
        raise Invalid(Detail(("storeIds",), "NO_SUCH_STORE"))


async def is_open(unit: WriteUnit, party_id: str, store_id: str) -> bool:
    """Whether it is a merchant's own and open, and stays open until this is committed."""
    mine = (store.c.id == store_id, store.c.party_id == party_id, store.c.closed_at.is_(None))
    return await unit.first(select(store.c.id).where(*mine).with_for_update(read=True)) is not None


async def names(unit: Unit, party_id: str) -> Mapping[str, str]:
    """What a merchant's stores are called, by id."""
    mine = select(store.c.id, store.c.name).where(store.c.party_id == party_id)
    return {row.id: row.name for row in await unit.all(mine)}
