"""The database's side of a condition: its ways as rows, kept with the offer, and the lists of everyone in a cell."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, bindparam, false, select

from core.database import Unit, WriteUnit
from core.statements import Row, Statement
from credit.kinds import SubjectKind
from incentives.conditions import Condition
from incentives.eligibility import Standing
from incentives.kinds import Sector
from incentives.offers import NEWEST, live, selected
from incentives.tables import offer, offer_way
from incentives.ways import Bits, offered


@dataclass(frozen=True)
class Cell:
    """Everything about a person that an offer list depends on: tier, district, age band and flags. There is no score in
    it, and no person. Who has a birthday is in another cell from that day on."""

    standing: Standing
    eligible_only: bool
    sector: Sector | None


async def keep(unit: WriteUnit, offer_id: str, condition: Condition) -> None:
    """Let an offer be listed by this condition, and by no other. Raises `Invalid` for one that no offer may have."""
    found = offered(condition)
    await unit.run(offer_way.delete().where(offer_way.c.offer_id == offer_id))
    rows = [{"offer_id": offer_id, "number": number, **asdict(way)} for number, way in enumerate(found, 1)]
    await unit.run(offer_way.insert(), rows)


async def for_cell(unit: Unit, cell: Cell, paging: Mapping[str, Any], *, at: datetime) -> Sequence[Row]:
    """The rows of a page of live offers for everyone in a cell."""
    closed = cell.standing.kind is not SubjectKind.NATURAL_PERSON
    statement = _for(cell.sector is not None, cell.eligible_only, closed, "page_by" in paging)
    bits = asdict(Bits.of(cell.standing))
    values = {"sector": cell.sector.value if cell.sector else None, "at": at, **bits, **paging}
    return await unit.all(statement, values)


@cache
def _for(in_sector: bool, eligible_only: bool, closed: bool, continued: bool) -> Statement:
    query = selected().where(live(bindparam("at", type_=offer.c.starts_at.type)))
    if in_sector:
        query = query.where(offer.c.sector == bindparam("sector"))
    if eligible_only:
        query = query.where(false() if closed else _met())
    return Statement(NEWEST.query(query, continued=continued))


def _met() -> ColumnElement[bool]:
    """The SQL twin of `eligibility.is_eligible`, for a natural person; a proof holds them together.

    Not EXISTS: PostgreSQL takes bits for rare, makes a join of it and sorts all that is met. So it is asked of each
    offer in turn, newest first, until the page is full.
    """
    w = offer_way.c
    sets = [_shares(column) for column in (w.tiers, w.ages, w.districts)]
    facts = [_bits(w.wanted, "lacking") == 0, _bits(w.barred, "held") == 0]
    way = select(w.number).where(w.offer_id == offer.c.id, *sets, *facts).limit(1)
    return way.scalar_subquery().is_not(None)


def _shares(column: Column[int]) -> ColumnElement[bool]:
    return _bits(column, column.name) != 0


def _bits(column: Column[int], name: str) -> ColumnElement[int]:
    return column.bitwise_and(bindparam(name, type_=Integer))
