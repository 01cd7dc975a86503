"""What we said on day X: a subject's records as they stood at an instant, for the subject alone.

Others only ever see what is current: what has been ended, repaired or withdrawn since must not come back through the
past (ADR 0092). What is in a version is what was shown then, marks and statement included.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, String, and_, literal, or_, select, tuple_, union_all

from audit.lens import Audience, Lens
from core.database import Instant, Unit
from core.errors import Detail, Invalid, NotAvailable
from core.moments import day_of
from core.paging import Order, Page, PageRequest
from core.statements import Row
from credit.catalogue import EARLIEST
from credit.kinds import RecordStatus
from credit.records import Filter
from credit.tables import record, record_version

_MADE: Mapping[str, Callable[[str], Any]] = {
    column.key: date.fromisoformat if isinstance(column.type, Date) else datetime.fromisoformat
    for column in record.c
    if isinstance(column.type, Date | Instant)
}


async def page(
    unit: Unit, lens: Lens, request: PageRequest, wanted: Filter, *, as_of: datetime, at: datetime
) -> Page[Row]:
    """The records as they stood at `as_of`, newest event first; without `include_ended` those that were current then.

    Raises `Invalid` for an instant that has not come, and `NotAvailable` for any lens but the subject's own.
    """
    if lens.audience is not Audience.SUBJECT:
        raise NotAvailable()
    if as_of > at:
        raise Invalid(Detail(("filter", "asOf"), "NOT_YET"))
    said = _said(lens, wanted, as_of).subquery("said")
    order = Order(said.c.sorted_on, said.c.id, write=date.isoformat, read=date.fromisoformat)
    keys = await order.read_page(unit, select(said), request)
    found = await _versions(unit, keys.items)
    rows = [_ended(found[key.id, key.version], as_of) for key in keys.items]
    return Page(rows, keys.more, keys.seal)


def _said(lens: Lens, wanted: Filter, as_of: datetime) -> Any:
    """Which version of each record was said at that instant: the present one, or one that has been replaced since."""
    c, old = record.c, record_version.c
    mine = c.subject_id == literal(lens.subject_id, String)
    instant = literal(as_of, Instant)
    unchanged = or_(c.changed_at.is_(None), c.changed_at <= instant)
    present = select(c.id, c.version, c.sorted_on).where(mine, c.recorded_at <= instant, unchanged)
    replaced = (
        select(old.record_id.label("id"), old.version, old.sorted_on)
        .join(record, c.id == old.record_id)
        .where(mine, old.said_since <= instant, old.replaced_at > instant)
    )
    return union_all(_wanted(present, c, wanted, as_of), _wanted(replaced, old, wanted, as_of))


def _wanted(query: Select[Any], c: Any, wanted: Filter, as_of: datetime) -> Select[Any]:
    rules: list[ColumnElement[bool]] = []
    if wanted.categories is not None:
        rules.append(c.category.in_(sorted(set(wanted.categories))))
    if wanted.start is not None:
        rules.append(c.sorted_on >= wanted.start)
    if wanted.end is not None:
        rules.append(c.sorted_on <= wanted.end)
    if not wanted.include_ended:
        in_time = or_(c.query_until.is_(None), c.query_until >= day_of(as_of))
        rules.append(and_(c.status == RecordStatus.CURRENT.value, in_time))
    return query.where(*rules)


async def _versions(unit: Unit, keys: Sequence[Row]) -> Mapping[tuple[str, int], Any]:
    """The versions' contents. One that was present when it was found may have been replaced since: it is kept, too."""
    ids = [key.id for key in keys]
    rows = await unit.all(select(record).where(record.c.id.in_(ids))) if ids else []
    found: dict[tuple[str, int], Any] = {(row.id, row.version): row for row in rows}
    missing = [(key.id, key.version) for key in keys if (key.id, key.version) not in found]
    if missing:
        c = record_version.c
        query = select(c.record_id, c.version, c.content).where(tuple_(c.record_id, c.version).in_(missing))
        found |= {(row.record_id, row.version): read(row.content) for row in await unit.all(query)}
    return found


def read(content: Mapping[str, Any]) -> SimpleNamespace:
    """A kept version as the row that it was. What came to be kept later was not said then."""
    values: dict[str, Any] = {column.key: content.get(column.key) for column in record.c}
    for name, made in _MADE.items():
        if values[name] is not None:
            values[name] = made(values[name])
    # What was kept before there were versions of the catalogue was said under the first one.
    values["catalogue"] = values["catalogue"] or EARLIEST
    return SimpleNamespace(**values)


def _ended(row: Any, as_of: datetime) -> Any:
    """The row as its subject saw it then: what was past its query period stood as ended."""
    over = row.query_until is not None and row.query_until < day_of(as_of)
    if not over or row.status != RecordStatus.CURRENT.value:
        return row
    values = {column.key: getattr(row, column.key) for column in record.c}
    return SimpleNamespace(**{**values, "status": RecordStatus.ENDED.value})
