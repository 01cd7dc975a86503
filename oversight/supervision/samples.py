"""Art. 4: a supervisor checks a random sample of the institutions' looks at people, and never sees whom they were at.

What is drawn is decided by the log's first leaf after the request: its hash has a secret in it and is public once it is
sealed, so nobody chooses and anybody can draw again (`lots`). Each reading of what was drawn is a look of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import structlog
from sqlalchemy import func, select

from audit import sampling
from audit.lens import Audience, BasisKind, Lens
from core import calendar
from core.database import Database, Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.identity import mask_numbers_in
from core.ids import new_id, new_number
from core.moments import day_of, rfc3339
from core.months import Month
from core.paging import Order, Page, PageRequest
from core.statements import Row
from objections import sampling as cases
from oversight.supervision import lots
from oversight.supervision.areas import Inspector
from oversight.supervision.errors import SampleOver, SamplesSpent
from oversight.supervision.tables import supervision_sample, supervision_sample_case, supervision_sample_item

# CHOICE: one a week, of what one person reads in a day; a month of working days to read it.
MOST_IN_A_QUARTER = 12
MOST_DRAWN = 20
WORKING_DAYS = 20
PURPOSE, CASE_PURPOSE = "SUPERVISION_SAMPLE", "SUPERVISION_SAMPLE_CASE"
PAUSE_SECONDS = 30.0
_LONGEST, _BATCH = 200, 20
_log = structlog.get_logger("haihe.supervision")
_s, _i, _k = supervision_sample.c, supervision_sample_item.c, supervision_sample_case.c
_NEWEST = Order(_s.requested_at, _s.id, write=rfc3339, read=datetime.fromisoformat)


class SampledWork(Enum):
    """What is drawn from: looks at the counter, in handling objections, or in an emergency; or answered cases."""

    COUNTER = "COUNTER"
    OBJECTION = "OBJECTION"
    BREAK_GLASS = "BREAK_GLASS"
    CASE = "CASE"


class SampleState(Enum):
    """WAITING for the leaf that decides, DRAWN, or OVER."""

    WAITING = "WAITING"
    DRAWN = "DRAWN"
    OVER = "OVER"


@dataclass(frozen=True)
class Wanted:
    """What is asked for: which work of which ended month, how many, and why."""

    work: SampledWork
    month: Month
    size: int
    reason: str


def state_of(row: Any, *, at: datetime) -> SampleState:
    """How it stands."""
    if row.until <= at:
        return SampleState.OVER
    return SampleState.DRAWN if row.drawn_at is not None else SampleState.WAITING


async def request(unit: WriteUnit, by: Inspector, wanted: Wanted, *, at: datetime) -> str:
    """Ask for a sample; its id. Raises `Invalid`, and `SamplesSpent` when the quarter has no slot left."""
    said = mask_numbers_in(wanted.reason.strip())
    rules = (
        (("size",), "OUT_OF_RANGE", f"1..{MOST_DRAWN}", not 1 <= wanted.size <= MOST_DRAWN),
        (("month",), "MONTH_NOT_OVER", None, wanted.month.ends > at),
        (("reason",), "LENGTH", f"1..{_LONGEST}", not 1 <= len(said) <= _LONGEST),
    )
    broken = [Detail(path, code, limit) for path, code, limit, is_broken in rules if is_broken]
    if broken:
        raise Invalid(*broken)
    today = day_of(at)
    values = {
        "id": new_id("smp"),
        "number": new_number("CY"),
        "party_id": by.party_id,
        "staff_id": by.staff_id,
        "district": by.area.code,
        "work": wanted.work.value,
        "month": wanted.month.text,
        "size": wanted.size,
        "reason": said,
        "quarter": f"{today.year}Q{(today.month + 2) // 3}",
        "seed_position": await sampling.sealed(unit) + 1,
        "requested_at": at,
        "until": (await calendar.due(unit, at, WORKING_DAYS)).until,
    }
    for slot in range(1, MOST_IN_A_QUARTER + 1):
        made = unit.insert(supervision_sample).values(**values, slot=slot).on_conflict_do_nothing()
        if await unit.run(made) == 1:
            return str(values["id"])
    raise SamplesSpent()


async def draw(unit: WriteUnit, *, at: datetime) -> int:
    """Draw what waits for a leaf that is sealed by now; how many samples, at most a batch."""
    waiting = select(supervision_sample).where(_s.drawn_at.is_(None), _s.until > at)
    size = await sampling.sealed(unit)
    rows = await unit.all(waiting.where(_s.seed_position <= size).order_by(_s.requested_at, _s.id).limit(_BATCH))
    many = 0
    for row in rows:
        many += await _draw_one(unit, row, at)
    return many


async def read(unit: WriteUnit, by: Inspector, item_id: str, *, at: datetime) -> tuple[Row, Row]:
    """One drawn look, and of which sample's; it is written down when it was first read.

    Raises `NotAvailable` for another department's, another area's, and an erased one, and `SampleOver`.
    """
    item, sample = await _owned(unit, by, item_id)
    looked = await sampling.one(unit, item.access_id)
    if looked is None:
        raise NotAvailable()
    if state_of(sample, at=at) is SampleState.OVER:
        raise SampleOver()
    first = supervision_sample_item.update().where(_i.id == item_id).values(read_at=func.coalesce(_i.read_at, at))
    await unit.run(first)
    return looked, sample


async def read_case(unit: WriteUnit, by: Inspector, item_id: str, *, at: datetime) -> tuple[Row, Row]:
    """One drawn case, and of which sample's; as `read`."""
    item, sample = await _owned_case(unit, by, item_id)
    case = await cases.one(unit, item.objection_id)
    if case is None:
        raise NotAvailable()
    if state_of(sample, at=at) is SampleState.OVER:
        raise SampleOver()
    first = supervision_sample_case.update().where(_k.id == item_id).values(read_at=func.coalesce(_k.read_at, at))
    await unit.run(first)
    return case, sample


def lens_of(sample: Any, subject_id: str) -> Lens:
    """Through what was drawn is read: it is logged at whom that look was at, or whose case it is, who is not shown."""
    return Lens(Audience.ORGAN, BasisKind.SUPERVISION_SAMPLE, subject_id, grant_id=sample.id)


async def named(unit: Unit, by: Inspector, item_id: str) -> tuple[str, Row] | None:
    """At whom a department's own drawn look was, or whose its drawn case is, and its sample: for an attempt's line;
    None for every other."""
    try:
        item, sample = await _owned(unit, by, item_id)
    except NotAvailable:
        return await _named_case(unit, by, item_id)
    looked = await sampling.one(unit, item.access_id)
    return (looked.subject_id, sample) if looked is not None else None


async def find(unit: Unit, by: Inspector, sample_id: str) -> Row:
    """One of the department's own; raises `NotAvailable`."""
    row = await unit.first(select(supervision_sample).where(_s.id == sample_id, *_own(by)))
    if row is None:
        raise NotAvailable()
    return row


async def page(unit: Unit, by: Inspector, request: PageRequest) -> Page[Row]:
    """The department's own, newest first."""
    return await _NEWEST.read_page(unit, select(supervision_sample).where(*_own(by)), request)


async def items(unit: Unit, sample_id: str) -> Sequence[Row]:
    """The looks that were drawn, in the lot's order."""
    query = select(supervision_sample_item).where(_i.sample_id == sample_id)
    return await unit.all(query.order_by(_i.ordinal))


async def case_items(unit: Unit, sample_id: str) -> Sequence[Row]:
    """The cases that were drawn, in the lot's order."""
    query = select(supervision_sample_case).where(_k.sample_id == sample_id)
    return await unit.all(query.order_by(_k.ordinal))


def _own(by: Inspector) -> tuple[Any, ...]:
    """A department whose area has changed has lost what it drew elsewhere."""
    return _s.party_id == by.party_id, _s.district.is_not_distinct_from(by.area.code)


async def _owned(unit: Unit, by: Inspector, item_id: str) -> tuple[Row, Row]:
    item = await unit.first(select(supervision_sample_item).where(_i.id == item_id))
    if item is None:
        raise NotAvailable()
    return item, await find(unit, by, item.sample_id)


async def _owned_case(unit: Unit, by: Inspector, item_id: str) -> tuple[Row, Row]:
    item = await unit.first(select(supervision_sample_case).where(_k.id == item_id))
    if item is None:
        raise NotAvailable()
    return item, await find(unit, by, item.sample_id)


async def _named_case(unit: Unit, by: Inspector, item_id: str) -> tuple[str, Row] | None:
    try:
        item, sample = await _owned_case(unit, by, item_id)
    except NotAvailable:
        return None
    case = await cases.one(unit, item.objection_id)
    return (case.subject_id, sample) if case is not None else None


async def _draw_one(unit: WriteUnit, row: Row, at: datetime) -> int:
    leaf = await sampling.leaf_hash(unit, row.seed_position)
    if leaf is None:
        return 0
    seed = lots.seed_of(leaf, row.id)
    if row.work == SampledWork.CASE.value:
        return await _draw_cases(unit, row, seed, at)
    span = Month.read(row.month).span
    there = await sampling.positions(unit, span, BasisKind(row.work), district=row.district)
    if not await _take(unit, row, there, at):
        return 0
    chosen = lots.drawn(seed, there, row.size)
    looks = await sampling.look_ids(unit, chosen)
    for ordinal, position in enumerate(chosen, 1):
        line = {"id": new_id("smi"), "sample_id": row.id, "ordinal": ordinal, "position": position}
        await unit.run(supervision_sample_item.insert().values(**line, access_id=looks[position]))
    return 1


async def _draw_cases(unit: WriteUnit, row: Row, seed: bytes, at: datetime) -> int:
    there = await cases.answered(unit, Month.read(row.month).span, district=row.district)
    if not await _take(unit, row, list(there), at):
        return 0
    for ordinal, number in enumerate(lots.drawn(seed, list(there), row.size), 1):
        line = {"id": new_id("smc"), "sample_id": row.id, "ordinal": ordinal, "number": number}
        await unit.run(supervision_sample_case.insert().values(**line, objection_id=there[number]))
    return 1


async def _take(unit: WriteUnit, row: Row, there: Sequence[lots.Name], at: datetime) -> bool:
    """One statement decides who draws, and says what there was to draw from."""
    said = {"drawn_at": at, "population": len(there), "population_hash": lots.digest(there)}
    mine = supervision_sample.update().where(_s.id == row.id, _s.drawn_at.is_(None))
    return await unit.run(mine.values(**said)) == 1


class Drawer:
    """The duty that draws what was asked for, as soon as the log has gone on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self, at: datetime) -> float:
        """Do what is due; in how many seconds to look again."""
        async with self._database.reading() as unit:
            due = await unit.first(select(_s.id).where(_s.drawn_at.is_(None), _s.until > at).limit(1))
        if due is None:
            return PAUSE_SECONDS
        async with self._database.writing() as unit:
            many = await draw(unit, at=at)
        if many:
            _log.info("samples_drawn", count=many)
        return PAUSE_SECONDS
