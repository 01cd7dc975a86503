"""The institution's own posts, as who watches over them sees them: who holds one on a day, and ending one."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, or_, select

from core.database import Unit, WriteUnit
from core.statements import Row
from parties import admission, freezing, hiring
from parties.kinds import Post
from parties.tables import party, staff

# Programs and devices hold no post that somebody could still need: their keys end by themselves.
_NOT_PEOPLE = (Post.SYSTEM.value, Post.KIOSK.value)


async def held(unit: Unit, *, on: date) -> Sequence[Row]:
    """Every post that a person of an institution, the city's or a district's, holds that day: `id`, `party_id`. A
    frozen one is held."""
    return await unit.all(_held(on))


async def approvers(unit: Unit, *, on: date) -> Sequence[Row]:
    """The city's approvers of a day: `id`, `party_id`."""
    return await unit.all(_held(on).where(party.c.district.is_(None), staff.c.post == Post.APPROVER.value))


async def terms(unit: Unit, *, since: date, until: date) -> Sequence[Row]:
    """Every post of an institution that was held on one of these days, by people, programs and devices, with its terms:
    `id`, `party_id`, `label`, `post`, `valid_from`, `valid_until`, `given_by`, `state`."""
    c = staff.c
    begun, stands = (
        or_(c.valid_from.is_(None), c.valid_from <= until),
        or_(c.valid_until.is_(None), c.valid_until >= since),
    )
    columns = (c.id, c.party_id, c.label, c.post, c.valid_from, c.valid_until, c.given_by, c.state)
    query = select(*columns).join(party, party.c.id == c.party_id)
    return await unit.all(query.where(party.c.institution, begun, stands).order_by(c.id))


async def end(unit: WriteUnit, staff_id: str, *, on: date) -> None:
    """Its holder is gone from this day; nothing happens when they had left by then.

    Raises `NobodyLeft` when too few of the city's institution would be left.
    """
    await freezing.leave_enough(unit, staff_id, on=on)
    held_by = (await hiring.by_ids(unit, [staff_id]))[staff_id]
    await admission.leave(unit, held_by.party_id, staff_id, on=on)


def _held(on: date) -> Select[tuple[str, str]]:
    begun = or_(staff.c.valid_from.is_(None), staff.c.valid_from <= on)
    stands = or_(staff.c.valid_until.is_(None), staff.c.valid_until >= on)
    people = staff.c.post.not_in(_NOT_PEOPLE)
    query = select(staff.c.id, staff.c.party_id).join(party, party.c.id == staff.c.party_id)
    return query.where(party.c.institution, people, begun, stands).order_by(staff.c.id)
