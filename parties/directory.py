"""Organisations anyone may read about: whom one can authorise (Art. 6(2)), and cards by id."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, String, cast, or_, select

from core.database import Unit
from core.paging import Order, Page, PageRequest
from core.statements import Row
from parties.kinds import AUTHORISABLE as _KINDS
from parties.tables import party, staff

AUTHORISABLE = tuple(kind.value for kind in _KINDS)
_CARD = select(party.c.id, party.c.name, party.c.kind, party.c.contact, party.c.purposes, party.c.state)
_PROVIDER = select(party.c.id, party.c.code, party.c.name, party.c.provider_kind).where(
    party.c.kind == "PROVIDER", party.c.state == "ACTIVE"
)
_BY_NAME = Order(party.c.name, party.c.id, write=str, read=str)


async def page(
    unit: Unit, request: PageRequest, *, kinds: Iterable[str] | None, purpose: str | None, search: str | None
) -> Page[Row]:
    """Active parties that can be authorised, optionally of some kinds, for a purpose, or with a word in the name."""
    query = _CARD.where(party.c.state == "ACTIVE", party.c.kind.in_(AUTHORISABLE))
    if kinds is not None:
        query = query.where(party.c.kind.in_(list(kinds)))
    if purpose is not None:
        query = query.where(cast(party.c.purposes, String).contains(f'"{purpose}"', autoescape=True))
    if search:
        query = query.where(party.c.name.contains(search, autoescape=True))
    return await _BY_NAME.read_page(unit, query, request)


def acts(party_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the party with this id acts now: a condition for another floor's statement."""
    return party_id.in_(select(party.c.id).where(party.c.state == "ACTIVE"))


def works_for(staff_id: ColumnElement[str], party_id: str) -> ColumnElement[bool]:
    """Whether the staff member with this id is, or was, of a party: a condition for another floor's statement."""
    return staff_id.in_(select(staff.c.id).where(staff.c.party_id == party_id))


async def find(unit: Unit, party_id: str) -> Row | None:
    """One active party by id, or None."""
    return await unit.first(_CARD.where(party.c.id == party_id, party.c.state == "ACTIVE"))


async def cards(unit: Unit, ids: Iterable[str]) -> Mapping[str, Row]:
    """Cards by id, frozen ones too: a grant's history names its recipient for ever."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {row.id: row for row in await unit.all(_CARD.where(party.c.id.in_(wanted)))}


async def provider(unit: Unit, code: str) -> Row | None:
    """The active information provider with this code (Art. 2), with its kind."""
    return await unit.first(_PROVIDER.where(party.c.code == code))


async def provider_of(unit: Unit, party_id: str) -> Row | None:
    """The same by the party's id; None for every other party."""
    return await unit.first(_PROVIDER.where(party.c.id == party_id))


async def providers(unit: Unit) -> Sequence[Row]:
    """Every active information provider, by name."""
    return await unit.all(_PROVIDER.order_by(party.c.name, party.c.id))


async def institution(unit: Unit) -> str | None:
    """The public credit institution's own party: the city's."""
    city = select(party.c.id).where(party.c.institution, party.c.district.is_(None))
    row = await unit.first(city.order_by(party.c.id).limit(1))
    return row.id if row else None


async def institution_of(unit: Unit, district: str | None) -> Row | None:
    """The active credit institution of a district (行政区划代码), with its `id` and `district`; the city's where that
    district has none of its own."""
    city = party.c.district.is_(None)
    here = city if district is None else or_(party.c.district == district, city)
    rows = select(party.c.id, party.c.district).where(party.c.institution, party.c.state == "ACTIVE", here)
    return await unit.first(rows.order_by(city, party.c.id).limit(1))


async def institution_by_id(unit: Unit, party_id: str) -> Row | None:
    """An institution's `id` and `district`, the city's or a district's; None for every other party."""
    return await unit.first(select(party.c.id, party.c.district).where(party.c.id == party_id, party.c.institution))


async def institutions(unit: Unit) -> Sequence[Row]:
    """Every institution, as a card, with its `district`; the city's first."""
    query = _CARD.add_columns(party.c.district).where(party.c.institution)
    return await unit.all(query.order_by(party.c.district.is_not(None), party.c.district, party.c.id))


async def subject_of(unit: Unit, party_id: str) -> str | None:
    """The subject that a party is, where it also has a record."""
    row = await unit.first(select(party.c.subject_id).where(party.c.id == party_id))
    return row.subject_id if row else None
