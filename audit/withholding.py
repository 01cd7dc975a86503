"""Withheld looks: logged and sealed like any other, and kept from the trail until a coded, dated order ends.

个人信息保护法 18 and 35 let a state organ leave somebody untold while telling would defeat a lawful duty. One of its
officers orders it for one case and another agrees; whoever reviews it and prolongs it is another than who ordered it;
and it ends by itself. How many looks are withheld is public.
"""

from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update

from audit.tables import access, withholding
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, VersionChanged
from core.ids import new_id
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from core.waiting import Second, entry
from parties.errors import SecondPerson, WrongState

# An order lasts no longer from the day it was given or reviewed.
LONGEST = timedelta(days=180)
_LONGEST_NUMBER = 60
_NEWEST = Order(withholding.c.ordered_at, withholding.c.id, write=rfc3339, read=datetime.fromisoformat)


class WithholdingCode(Enum):
    """On which ground the person is not told for now."""

    CONFIDENTIAL_BY_LAW = "CONFIDENTIAL_BY_LAW"  # 个人信息保护法 18
    HINDERS_LAWFUL_DUTY = "HINDERS_LAWFUL_DUTY"  # 个人信息保护法 35


class WithholdingState(Enum):
    """Where an order stands. Only IN_FORCE withholds."""

    PROPOSED = "PROPOSED"
    IN_FORCE = "IN_FORCE"
    ENDED = "ENDED"


def state_of(row: Row, *, at: datetime) -> WithholdingState:
    """How the order stands. Its end is computed, never swept."""
    if row.ended_at is not None or row.until <= at:
        return WithholdingState.ENDED
    return WithholdingState.IN_FORCE if row.agreed_by is not None else WithholdingState.PROPOSED


async def order(
    unit: WriteUnit,
    code: WithholdingCode,
    *,
    party_id: str,
    case_number: str,
    by: str,
    until: datetime,
    at: datetime,
) -> str:
    """Propose an order, which withholds nothing before another agrees; its id. Raises `Invalid` for no case, or too
    long a term."""
    if not 0 < len(case_number.strip()) <= _LONGEST_NUMBER:
        raise Invalid(Detail(("caseNumber",), "LENGTH", f"1..{_LONGEST_NUMBER}"))
    _check_term(until, at)
    made = new_id("wth")
    row = {
        "id": made,
        "party_id": party_id,
        "code": code.value,
        "case_number": case_number.strip(),
        "ordered_by": by,
        "ordered_at": at,
        "until": until,
        "version": 1,
    }
    await unit.run(withholding.insert(), row)
    return made


async def agree(unit: WriteUnit, id: str, *, party_id: str, expected: int, by: str, at: datetime) -> None:
    """The order holds from now on. Raises as `_explain` says."""
    w = withholding.c
    waits = and_(_of(id, party_id), w.version == expected, w.agreed_by.is_(None), _lasts(at), w.ordered_by != by)
    agreed = update(withholding).where(waits).values(agreed_by=by, agreed_at=at, version=w.version + 1)
    if await unit.run(agreed) != 1:
        await _explain(unit, id, party_id, WithholdingState.PROPOSED, expected, by=by, at=at)


async def prolong(
    unit: WriteUnit, id: str, *, party_id: str, expected: int, by: str, until: datetime, at: datetime
) -> None:
    """Review an order in force, and let it last longer. Raises `Invalid` for a bad term, and as `_explain` says."""
    _check_term(until, at)
    w = withholding.c
    mine = and_(_of(id, party_id), w.version == expected, _in_force(at), w.ordered_by != by, w.until < until)
    changed = update(withholding).where(mine).values(until=until, agreed_by=by, agreed_at=at, version=w.version + 1)
    if await unit.run(changed) != 1:
        await _explain(unit, id, party_id, WithholdingState.IN_FORCE, expected, by=by, at=at)
        raise Invalid(Detail(("until",), "LONGER"))


async def end(unit: WriteUnit, id: str, *, party_id: str, at: datetime) -> bool:
    """Show its looks from now on; False when it has ended already. Raises `NotAvailable`."""
    ended = update(withholding).where(_of(id, party_id), _lasts(at))
    if await unit.run(ended.values(ended_at=at, version=withholding.c.version + 1)) == 1:
        return True
    await find(unit, id, party_id=party_id)
    return False


async def find(unit: Unit, id: str, *, party_id: str) -> Row:
    """An organ's own order, however it stands; raises `NotAvailable`."""
    row = await unit.first(select(withholding).where(_of(id, party_id)))
    if row is None:
        raise NotAvailable()
    return row


async def in_force(unit: Unit, id: str, *, party_id: str, case_number: str, at: datetime) -> bool:
    """Whether this order of this organ withholds the looks of this case now."""
    holds = select(withholding.c.id).where(_of(id, party_id), withholding.c.case_number == case_number, _in_force(at))
    return await unit.first(holds) is not None


async def page(unit: Unit, party_id: str, request: PageRequest) -> Page[Row]:
    """An organ's orders, newest first."""
    return await _NEWEST.read_page(unit, select(withholding).where(withholding.c.party_id == party_id), request)


def waiting(of: Second) -> Select[Any]:
    """The organ's own orders that one officer has given and nobody agreed to."""
    w = withholding.c
    listed = entry("WITHHOLDING", w.id, w.case_number, since=w.ordered_at, due=w.until, asked_by=w.ordered_by)
    return listed.where(w.party_id == of.party_id, w.agreed_by.is_(None), _lasts(of.at), w.ordered_by != of.staff_id)


def is_shown(at: datetime) -> ColumnElement[bool]:
    """Whether a row of `access` may stand in its subject's trail: no order in force at this instant withholds it."""
    kept = exists().where(withholding.c.id == access.c.withholding_id, keeps(at))
    return or_(access.c.withholding_id.is_(None), ~kept)


def keeps(at: datetime) -> ColumnElement[bool]:
    """Whether a row of `withholding` withheld at this instant, which is past or now, what was looked at under it."""
    w = withholding.c
    return and_(w.agreed_by.is_not(None), w.until > at, or_(w.ended_at.is_(None), w.ended_at > at))


def stands_in_trail(look_id: ColumnElement[str], at: datetime) -> ColumnElement[bool]:
    """Whether the look of this id may be known to its subject: a condition for another floor's statement."""
    return exists().where(access.c.id == look_id, is_shown(at))


async def _explain(
    unit: Unit, id: str, party_id: str, wanted: WithholdingState, expected: int, *, by: str, at: datetime
) -> None:
    """Why nothing was changed: `NotAvailable`, `WrongState`, `SecondPerson` for the one who gave the order, or
    `VersionChanged`."""
    row = await find(unit, id, party_id=party_id)
    if state_of(row, at=at) is not wanted:
        raise WrongState()
    if row.ordered_by == by:
        raise SecondPerson()
    if row.version != expected:
        raise VersionChanged()


def _of(id: str, party_id: str) -> ColumnElement[bool]:
    return and_(withholding.c.id == id, withholding.c.party_id == party_id)


def _lasts(at: datetime) -> ColumnElement[bool]:
    return and_(withholding.c.until > at, withholding.c.ended_at.is_(None))


def _in_force(at: datetime) -> ColumnElement[bool]:
    return and_(_lasts(at), withholding.c.agreed_by.is_not(None))


def _check_term(until: datetime, at: datetime) -> None:
    if not at < until <= at + LONGEST:
        raise Invalid(Detail(("until",), "TERM", f"{LONGEST.days} days"))
