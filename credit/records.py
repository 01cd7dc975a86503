"""Records seen through a lens: which rows, and of each row which items. The mark comes in the same statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select

from audit.lens import Audience, Lens
from core.database import Unit
from core.identity import mask
from core.moments import day_of
from core.paging import Order, Page, PageRequest
from credit.catalogue import shown_to
from credit.kinds import Publicity, RecordStatus
from credit.tables import record

_NEWEST = Order(record.c.sorted_on, record.c.id, write=date.isoformat, read=date.fromisoformat)
_COLUMNS = [column for column in record.c if column.key not in {"subject_id", "source_id", "content_hash"}]


@dataclass(frozen=True)
class Filter:
    """Which records. Days are inclusive and compare with the day of the event."""

    categories: Iterable[str] | None = None
    include_ended: bool = False
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Item:
    """One item of a record, as this audience may see it."""

    code: str
    label: str
    value: str | None
    masked: bool


async def page(unit: Unit, lens: Lens, request: PageRequest, wanted: Filter, *, at: datetime) -> Page[Row[Any]]:
    """The records inside the lens, newest event first."""
    query = select(*_COLUMNS).where(*_inside(lens, at))
    if not (wanted.include_ended and lens.audience is Audience.SUBJECT):
        query = query.where(record.c.status == RecordStatus.CURRENT.value)
    if wanted.categories is not None:
        query = query.where(record.c.category.in_(list(wanted.categories)))
    if wanted.start is not None:
        query = query.where(record.c.sorted_on >= wanted.start)
    if wanted.end is not None:
        query = query.where(record.c.sorted_on <= wanted.end)
    rows = await unit.all(_NEWEST.after(query, request))
    return _NEWEST.page(rows, request, lambda row: row)


async def find(unit: Unit, lens: Lens, record_id: str, *, at: datetime) -> Row[Any] | None:
    """One record inside the lens, or None."""
    return await unit.first(select(*_COLUMNS).where(*_inside(lens, at), record.c.id == record_id))


def items(lens: Lens, row: Row[Any]) -> Sequence[Item]:
    """The items of a row that the lens's audience may see, in the catalogue's order."""
    values = row.items
    shown = []
    for item in shown_to(lens.audience, row.kind):
        value = values.get(item.code)
        if value is not None:
            shown.append(Item(item.code, item.label, mask(value) if item.masked else value, item.masked))
    return shown


def _inside(lens: Lens, at: datetime) -> list[ColumnElement[bool]]:
    """What the lens lets through, before any filter of the caller's."""
    rules: list[ColumnElement[bool]] = [record.c.subject_id == lens.subject_id]
    if lens.categories is not None:
        rules.append(record.c.category.in_(sorted(lens.categories)))
    if lens.audience is Audience.SUBJECT:
        return rules
    today = day_of(at)
    rules.append(record.c.status == RecordStatus.CURRENT.value)
    rules.append(_not_over(record.c.query_until, today))
    if lens.audience is Audience.PUBLIC:
        rules.append(and_(record.c.publicity == Publicity.PUBLIC.value, _not_over(record.c.publicity_until, today)))
    else:
        rules.append(record.c.publicity != Publicity.ORGANS_ONLY.value)
    return rules


def _not_over(column: Any, today: date) -> ColumnElement[bool]:
    return or_(column.is_(None), column >= today)
