"""Posts given and taken: by an organisation's own manager, or by the institution's approver.

A post alone opens nothing: somebody of another post links the sign-in to it (`links.link_staff`), so that two people
stand behind everyone who can act for an organisation.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, exists, or_, select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.moments import day_of
from core.paging import Order, Page, PageRequest
from core.statements import Row
from parties import admission, capacity, freezing
from parties.kinds import PartyKind, Post
from parties.tables import identity_link, party, staff

LONGEST_LABEL = 60
_BY_LABEL = Order(staff.c.label, staff.c.id, write=str, read=str)


@dataclass(frozen=True)
class Giver:
    """Who gives posts: a staff member's party and post, and whether that party is the city's institution."""

    party_id: str
    post: Post
    institution: bool

    def may(self, kind: PartyKind, party_id: str, *, in_institution: bool) -> frozenset[Post]:
        """The posts they give in a party, which is a credit institution or none."""
        own = party_id == self.party_id
        return capacity.may_give(self.post, kind, institution=self.institution, own=own, in_institution=in_institution)


@dataclass(frozen=True)
class Vacancy:
    """A post to be given. Both days count; `store_id` is a till's and nobody else's."""

    label: str
    post: Post
    store_id: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    def faults(self, given: frozenset[Post], today: date) -> list[Detail]:
        """Every rule it breaks."""
        begins = self.valid_from or today
        rules = (
            ("label", "LENGTH", f"1..{LONGEST_LABEL}", not 1 <= len(self.label.strip()) <= LONGEST_LABEL),
            ("post", "POST_NOT_GIVEN", ", ".join(sorted(given)), self.post not in given),
            ("storeId", "STORE_OF_TILL", None, (self.post is Post.TILL) != (self.store_id is not None)),
            ("validUntil", "PAST", None, self.valid_until is not None and self.valid_until < max(begins, today)),
        )
        return [Detail((path,), code, limit) for path, code, limit, broken in rules if broken]


async def give(unit: WriteUnit, giver: Giver, party_id: str, vacancy: Vacancy, *, by: str, at: datetime) -> str:
    """A new staff member of a party; the id. Whoever calls this has seen that the store is the party's.

    Raises `NotAvailable` for a party in which the giver gives no post at all, or that is not there, and `Invalid`.
    """
    row = await unit.first(select(party.c.kind, party.c.institution).where(party.c.id == party_id))
    given = frozenset[Post]()
    if row is not None:
        given = giver.may(PartyKind(row.kind), party_id, in_institution=row.institution)
    if not given:
        raise NotAvailable()
    broken = vacancy.faults(given, day_of(at))
    if broken:
        raise Invalid(*broken)
    return await admission.employ(
        unit,
        party_id,
        label=vacancy.label.strip(),
        post=vacancy.post,
        store_id=vacancy.store_id,
        valid_from=vacancy.valid_from or day_of(at),
        valid_until=vacancy.valid_until,
        given_by=by,
        given_at=at,
    )


async def take(unit: WriteUnit, giver: Giver, staff_id: str, *, on: date, at: datetime) -> bool:
    """A staff member is gone from this day; False when they had left by then.

    Raises `NotAvailable` for anybody whose post the giver does not give, `Invalid` for a day that has passed, and
    `NobodyLeft` when too few of the city's institution would be left. A manager also ends the organisation's own
    programs.
    """
    row = await unit.first(
        select(staff.c.party_id, staff.c.post, party.c.kind, party.c.institution)
        .join(party, party.c.id == staff.c.party_id)
        .where(staff.c.id == staff_id)
    )
    if row is None:
        raise NotAvailable()
    taken = giver.may(PartyKind(row.kind), row.party_id, in_institution=row.institution)
    if giver.post is Post.MANAGER and taken:
        taken |= {Post.SYSTEM}
    if Post(row.post) not in taken:
        raise NotAvailable()
    if on < day_of(at):
        raise Invalid(Detail(("from",), "DAY_PASSED"))
    if row.institution:
        await freezing.leave_enough(unit, staff_id, on=on)
    return await admission.leave(unit, row.party_id, staff_id, on=on)


async def vacate(unit: WriteUnit, party_id: str, store_id: str, *, on: date) -> None:
    """Everybody who works in a party's store is gone from this day, its tills and their programs too."""
    last = on - timedelta(days=1)
    still = or_(staff.c.valid_until.is_(None), staff.c.valid_until > last)
    there = (staff.c.party_id == party_id, staff.c.store_id == store_id)
    await unit.run(staff.update().where(*there, still).values(valid_until=last))


async def page(unit: Unit, party_id: str, request: PageRequest) -> Page[Row]:
    """Everybody who works or worked for a party, programs too."""
    return await _BY_LABEL.read_page(unit, _members().where(staff.c.party_id == party_id), request)


async def find(unit: Unit, staff_id: str) -> Row:
    """One staff member; raises `NotAvailable`."""
    row = await unit.first(_members().where(staff.c.id == staff_id))
    if row is None:
        raise NotAvailable()
    return row


async def by_ids(unit: Unit, ids: Collection[str]) -> Mapping[str, Row]:
    """Staff members by id, with who gave the post and who linked the sign-in."""
    linker = select(identity_link.c.linked_by).where(identity_link.c.staff_id == staff.c.id).scalar_subquery()
    query = _members().add_columns(staff.c.party_id, staff.c.given_by, linker.label("linked_by"))
    return {row.id: row for row in await unit.all(query.where(staff.c.id.in_(list(ids))))}


def _members() -> Select[tuple[object, ...]]:
    linked = exists().where(identity_link.c.staff_id == staff.c.id)
    return select(
        staff.c.id,
        staff.c.label,
        staff.c.post,
        staff.c.store_id,
        staff.c.valid_from,
        staff.c.valid_until,
        staff.c.state,
        linked.label("linked"),
    )
