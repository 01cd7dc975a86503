"""Withheld looks: logged and sealed like any other, and kept from the trail until a coded, dated order ends.

个人信息保护法 18 and 35 let a state organ leave somebody untold while telling would defeat a lawful duty. Two people
give the order, another than who gave it agrees to each prolongation, and it ends by itself. How many looks are withheld
is public.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from audit.tables import access, withholding
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.ids import new_id
from core.statements import Row

# An order lasts no longer from the day it was given or reviewed.
LONGEST = timedelta(days=180)
_LONGEST_NUMBER = 60


class WithholdingCode(StrEnum):
    """On which ground the person is not told for now."""

    CONFIDENTIAL_BY_LAW = "CONFIDENTIAL_BY_LAW"  # 个人信息保护法 18
    HINDERS_LAWFUL_DUTY = "HINDERS_LAWFUL_DUTY"  # 个人信息保护法 35


async def order(
    unit: WriteUnit,
    code: WithholdingCode,
    *,
    case_number: str,
    ordered_by: str,
    agreed_by: str,
    until: datetime,
    at: datetime,
) -> str:
    """Give an order; its id, which a look names. Raises `Invalid` for one person alone, no case, or too long a term."""
    if ordered_by == agreed_by:
        raise Invalid(Detail(("agreedBy",), "SECOND_PERSON"))
    if not 0 < len(case_number.strip()) <= _LONGEST_NUMBER:
        raise Invalid(Detail(("caseNumber",), "LENGTH", f"1..{_LONGEST_NUMBER}"))
    _check_term(until, at)
    made = new_id("wth")
    row = {
        "id": made,
        "code": code.value,
        "case_number": case_number.strip(),
        "ordered_by": ordered_by,
        "agreed_by": agreed_by,
        "ordered_at": at,
        "until": until,
        "version": 1,
    }
    await unit.run(withholding.insert(), row)
    return made


async def prolong(unit: WriteUnit, id: str, *, agreed_by: str, until: datetime, at: datetime) -> None:
    """Let an order in force last longer; raises `NotAvailable` when it has ended or was this person's own."""
    _check_term(until, at)
    w = withholding.c
    mine = and_(_in_force(id, at), w.ordered_by != agreed_by, w.until < until)
    changed = update(withholding).where(mine).values(until=until, agreed_by=agreed_by, version=w.version + 1)
    if await unit.run(changed) != 1:
        raise NotAvailable()


async def end(unit: WriteUnit, id: str, *, at: datetime) -> None:
    """Show its looks from now on; raises `NotAvailable` when it has ended already."""
    ended = update(withholding).where(_in_force(id, at)).values(ended_at=at, version=withholding.c.version + 1)
    if await unit.run(ended) != 1:
        raise NotAvailable()


async def in_force(unit: Unit, id: str, *, at: datetime) -> Row:
    """The order, for whoever is about to look under it; raises `NotAvailable` when it is not in force."""
    row = await unit.first(select(withholding).where(_in_force(id, at)))
    if row is None:
        raise NotAvailable()
    return row


def is_shown(at: datetime) -> ColumnElement[bool]:
    """Whether a row of `access` may stand in its subject's trail: no order in force at this instant withholds it."""
    w = withholding.c
    kept = exists().where(w.id == access.c.withholding_id, w.until > at, or_(w.ended_at.is_(None), w.ended_at > at))
    return or_(access.c.withholding_id.is_(None), ~kept)


def _in_force(id: str, at: datetime) -> ColumnElement[bool]:
    w = withholding.c
    return and_(w.id == id, w.until > at, w.ended_at.is_(None))


def _check_term(until: datetime, at: datetime) -> None:
    if not at < until <= at + LONGEST:
        raise Invalid(Detail(("until",), "TERM", f"{LONGEST.days} days"))
