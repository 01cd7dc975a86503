"""Whose sign-in is whose: (issuer, name) to a natural person or to a staff member. One sign-in is one of them.

Linking the same again changes nothing; linking to another is refused, because a sign-in that changes hands silently
hands a record over. A staff member has one sign-in. Moving one is an act of its own, names whom it is taken from, and
raises the link's epoch.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select, union_all

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from parties.errors import LinkTaken, PostLinked, WrongState
from parties.kinds import Post
from parties.tables import identity_link, mandate, party, representation, staff

_LONGEST = 200


@dataclass(frozen=True)
class Owner:
    """Exactly one of a natural person and a staff member."""

    subject_id: str | None = None
    staff_id: str | None = None

    def __post_init__(self) -> None:
        if (self.subject_id is None) == (self.staff_id is None):
            raise ValueError("a sign-in belongs to a person or to a staff member")

    @property
    def has(self) -> ColumnElement[bool]:
        """The rows that are this owner's."""
        c = identity_link.c
        return c.staff_id == self.staff_id if self.staff_id is not None else c.subject_id == self.subject_id


async def link(unit: WriteUnit, *, issuer: str, name: str, owner: Owner, by: str | None = None) -> bool:
    """The sign-in belongs to this owner; False when it did already. `by` is which staff member said so.

    Raises `LinkTaken` when it is somebody else's, and `PostLinked` when the staff member has another.
    """
    made = await unit.first(
        unit.insert(identity_link)
        .values(issuer=issuer, name=name, subject_id=owner.subject_id, staff_id=owner.staff_id, linked_by=by)
        .on_conflict_do_nothing()
        .returning(identity_link.c.name)
    )
    if made is not None:
        return True
    taken = await unit.first(select(identity_link.c.staff_id, owner.has.label("same")).where(_is(issuer, name)))
    if taken is None:
        raise PostLinked()
    if not taken.same:
        raise LinkTaken()
    return False


async def link_staff(unit: WriteUnit, *, issuer: str, name: str, staff_id: str, by: str, reserved: str) -> bool:
    """A person's sign-in becomes a staff member's; False when it was already.

    Raises `Invalid` for a name that is none or belongs to the `reserved` issuer, `NotAvailable` when there is no such
    staff member or it is a program, and as `link` does.
    """
    broken = [
        Detail((path,), "LENGTH", f"1..{_LONGEST}")
        for path, text in (("issuer", issuer), ("name", name))
        if not 1 <= len(text) <= _LONGEST or not text.isprintable()
    ]
    if issuer == reserved:
        broken.append(Detail(("issuer",), "ISSUER_RESERVED"))
    if broken:
        raise Invalid(*broken)
    person = select(staff.c.id).where(staff.c.id == staff_id, staff.c.post != Post.SYSTEM.value)
    if await unit.first(person) is None:
        raise NotAvailable()
    return await link(unit, issuer=issuer, name=name, owner=Owner(staff_id=staff_id), by=by)


async def move(unit: WriteUnit, *, issuer: str, name: str, taken_from: Owner, to: Owner) -> None:
    """The sign-in passes from one owner to another, from the next request on.

    One statement decides between two who move it. Raises `NotAvailable` when it is not `taken_from`'s, and `WrongState`
    when it is frozen: a frozen sign-in is lifted first, by two people.
    """
    moved = await unit.run(
        identity_link.update()
        .where(_is(issuer, name), taken_from.has, identity_link.c.state == "ACTIVE")
        .values(subject_id=to.subject_id, staff_id=to.staff_id, linked_by=None, epoch=identity_link.c.epoch + 1)
    )
    if moved == 1:
        return
    if await unit.first(select(identity_link.c.name).where(_is(issuer, name), taken_from.has)) is None:
        raise NotAvailable()
    raise WrongState()


def _is(issuer: str, name: str) -> ColumnElement[bool]:
    return and_(identity_link.c.issuer == issuer, identity_link.c.name == name)


async def is_same_person(unit: Unit, staff_id: str, subject_ids: Collection[str]) -> bool:
    """Whether one of these people signs in by the same name as the staff member, at whichever issuer. One sign-in is a
    person's or a staff member's, never both; a city that knows its staff and its citizens by one name shows it here."""
    c, theirs = identity_link.c, select(identity_link.c.name).where(identity_link.c.staff_id == staff_id)
    row = await unit.first(select(c.name).where(c.subject_id.in_(sorted(subject_ids)), c.name.in_(theirs)).limit(1))
    return row is not None


async def acting_for(unit: Unit, subject_id: str) -> Collection[str]:
    """The people who act for a subject, or ever did: by a mandate, or for the organisation that it is."""
    m, r = mandate.c, representation.c
    given = select(m.person_id).where(m.subject_id == subject_id)
    represents = select(r.person_id).join(party, party.c.id == r.party_id).where(party.c.subject_id == subject_id)
    return {row.person_id for row in await unit.all(union_all(given, represents))}
