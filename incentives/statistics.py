"""A merchant's month in people: how many took what it offers, where they used it, and how many did not come.

A duty publishes each month once, when nothing in it can be undone any more, and keeps what it published: whoever asks
again reads the same, and a month that changes afterwards (two people turn out to be one) changes nothing that was said.
There are no windows but the city's months, so that no two differ by a few. Who took something counts once for an
offer, where they first used it that month. Every merchant has its table, also where nobody took anything.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from random import Random, SystemRandom
from typing import Any

import orjson
import structlog
from sqlalchemy import and_, func, select

from core.database import Database, Unit
from core.months import Month
from core.statements import Row
from incentives import availability, figures
from incentives.figures import UNUSED, Said
from incentives.recovering import Place
from incentives.settlement import is_final
from incentives.tables import (
    claim,
    offer,
    offer_step,
    offer_store,
    offer_version,
    partner_figures,
    redemption,
    reversal,
)

_log = structlog.get_logger("haihe.statistics")
PAUSE_SECONDS = 3600.0
# A service that stood still for longer publishes no older months.
_MONTHS_BACK = 12
_BATCH = 20
# Of more, a table takes minutes, and is told without its stores (4 s for 600 on two cores).
_MOST_CELLS = 600
ANY_STORE = "*"


class Publisher:
    """Publishes what has not been."""

    def __init__(self, database: Database, lot: Random | None = None) -> None:
        self._database = database
        self._lot = lot or SystemRandom()

    async def run_once(self, at: datetime) -> float:
        """Publish some merchants' months; in how many seconds to look again."""
        for month in _final_months(at):
            async with self._database.reading() as unit:
                due = [row.party_id for row in await unit.all(_due(month))]
            for party_id in due:
                await self._publish(party_id, month, at)
            if due:
                return 0.0
        return PAUSE_SECONDS

    async def _publish(self, party_id: str, month: Month, at: datetime) -> None:
        async with self._database.reading() as unit:
            cells = await _cells(unit, party_id, month)
            takings = await _takings(unit, party_id, month)
            earlier = await find(unit, party_id, month.before())
        before = {place for place, said in earlier[0].items() if said is None} if earlier else ()
        cells |= {cell for _, cell in takings}
        if len(cells) > _MOST_CELLS:
            cells = {_at_any_store(cell) for cell in cells}
            takings = [(person, _at_any_store(cell)) for person, cell in takings]
        counts = figures.counted(sorted(cells), takings)
        # Off the loop: a large merchant's table is looked at from every side.
        made = partial(figures.shown, counts, self._lot, before=before)
        table = await asyncio.to_thread(made) if len(counts.taken) > 1 else {}
        content = orjson.dumps([[*place, said] for place, said in table.items()]).decode()
        async with self._database.writing() as unit:
            new = unit.insert(partner_figures).values(
                party_id=party_id, month=month.text, content=content, published_at=at
            )
            await unit.run(new.on_conflict_do_nothing())
        _log.info("figures_published", month=month.text)


async def find(unit: Unit, party_id: str, month: Month) -> tuple[Said, datetime] | None:
    """What was published of a merchant's month, and when; None before."""
    f = partner_figures.c
    row = await unit.first(select(f.content, f.published_at).where(f.party_id == party_id, f.month == month.text))
    return None if row is None else (read(row.content), row.published_at)


def read(content: str) -> Said:
    """A table as it is kept."""
    return {Place(row, column): said for row, column, said in orjson.loads(content)}


async def told(unit: Unit) -> Sequence[tuple[str, str, Place]]:
    """Of everything that was ever published, the withheld numbers that it tells: whose, of which month, and where.
    None, unless a mistake was made."""
    f = partner_figures.c
    rows = await unit.all(select(f.party_id, f.month, f.content).order_by(f.month, f.party_id))
    return [(row.party_id, row.month, place) for row in rows for place in figures.told(read(row.content))]


async def published(unit: Unit) -> int:
    """How many tables were published."""
    row = await unit.first(select(func.count()).select_from(partner_figures))
    return int(row[0]) if row is not None else 0


def _at_any_store(cell: Place) -> Place:
    return cell if cell.column == UNUSED else Place(cell.row, ANY_STORE)


def _final_months(at: datetime) -> Sequence[Month]:
    """The oldest first: each is made after the one before it."""
    months = [Month.ended(at=at)]
    while len(months) < _MONTHS_BACK:
        months.append(months[-1].before())
    return [month for month in reversed(months) if is_final(month, at=at)]


def _due(month: Month) -> Any:
    """Merchants that had an offer by then, and no table of that month yet."""
    f = partner_figures.c
    published = select(f.party_id).where(f.party_id == offer.c.party_id, f.month == month.text)
    had = (offer.c.standing.is_not(None), offer.c.published_at < month.ends, ~published.exists())
    return select(offer.c.party_id).where(*had).distinct().order_by(offer.c.party_id).limit(_BATCH)


async def _cells(unit: Unit, party_id: str, month: Month) -> set[Place]:
    """Where there could be somebody: each offer that could be taken that month, its stores, and UNUSED."""
    mine = offer.c.party_id == party_id
    offers = await unit.all(
        select(offer.c.id, offer.c.published_at).where(mine, offer.c.standing.is_not(None)).order_by(offer.c.id)
    )
    steps = _by_offer(
        await unit.all(
            select(offer_step)
            .join(offer, offer.c.id == offer_step.c.offer_id)
            .where(mine)
            .order_by(offer_step.c.version)
        )
    )
    v = offer_version.c
    written = _by_offer(
        await unit.all(
            select(v.offer_id, v.number, v.starts_at, v.ends_at).join(offer, offer.c.id == v.offer_id).where(mine)
        )
    )
    stores = _by_offer(
        await unit.all(select(offer_store).join(offer, offer.c.id == offer_store.c.offer_id).where(mine))
    )
    found = set()
    for one in offers:
        versions = {row.number: row for row in written.get(one.id, ())}
        could = availability.versions_in(month, steps.get(one.id, ()), versions, published_at=one.published_at)
        used_at = {row.store_id for row in stores.get(one.id, ()) if row.number in could}
        found |= {Place(one.id, column) for column in (*used_at, UNUSED)} if could else set()
    return found


async def _takings(unit: Unit, party_id: str, month: Month) -> Sequence[tuple[str, Place]]:
    """Each person and offer once, at the store of the first use in that month that stands."""
    in_month = and_(
        redemption.c.claim_id == claim.c.id,
        redemption.c.redeemed_at < month.ends,
        ~select(reversal.c.redemption_id).where(reversal.c.redemption_id == redemption.c.id).exists(),
    )
    query = (
        select(claim.c.subject_id, claim.c.offer_id, redemption.c.store_id)
        .join(offer, offer.c.id == claim.c.offer_id)
        .outerjoin(redemption, in_month)
        .where(offer.c.party_id == party_id, claim.c.created_at >= month.begins, claim.c.created_at < month.ends)
        .order_by(redemption.c.redeemed_at, redemption.c.id)
    )
    first: dict[tuple[str, str], str | None] = {}
    for row in await unit.all(query):
        taking = (row.subject_id, row.offer_id)
        first[taking] = first.get(taking) or row.store_id
    return [(person, Place(offer_id, store or UNUSED)) for (person, offer_id), store in first.items()]


def _by_offer(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.offer_id, []).append(row)
    return found
