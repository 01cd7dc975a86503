"""Records seen through a lens: which rows, and of each row which items. The mark comes in the same statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, bindparam, case, false, or_, select

from audit.lens import Audience, Lens
from core.database import Unit
from core.identity import mask
from core.moments import day_of
from core.paging import Order, Page, PageRequest
from core.statements import Row, Statement
from credit.catalogue import shown_to
from credit.kinds import Publicity, RecordStatus
from credit.tables import record, subject

_NEWEST = Order(record.c.sorted_on, record.c.id, write=date.isoformat, read=date.fromisoformat)
_HIDDEN = {"subject_id", "source_id", "district", "content_hash", "changed_at", "items", "strand"}
# Who is shown a list that may lack something, and hears so where that is contested.
_MARKED = frozenset({Audience.RECIPIENT, Audience.ORGAN, Audience.PUBLIC})
_COLUMNS = [column for column in record.c if column.key not in _HIDDEN]


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


async def page(
    unit: Unit, lens: Lens, request: PageRequest, wanted: Filter, *, with_items: bool, at: datetime
) -> Page[Row]:
    """The records inside the lens, newest event first. Their items are read only where they are asked for."""
    kind, values = _asked(lens, request, wanted, with_items=with_items, at=at)
    return _NEWEST.page(await unit.all(_page(kind), values), request)


async def omissions(
    unit: Unit, lens: Lens, request: PageRequest, wanted: Filter, page: Page[Row], *, at: datetime
) -> Sequence[str] | None:
    """Since when it is contested that something is missing, as of the statement that read this page for anybody but
    the subject; None when the page was empty and is so no more."""
    if page.items:
        found: Sequence[str] = page.items[0].omissions
        return found
    kind, values = _asked(lens, request, wanted, with_items=False, at=at)
    row = await unit.first(_nothing(kind), values)
    return None if row is None or row.there else row.omissions


def _asked(
    lens: Lens, request: PageRequest, wanted: Filter, *, with_items: bool, at: datetime
) -> tuple["_Kind", dict[str, Any]]:
    categories = None if wanted.categories is None else sorted(set(wanted.categories))
    kind = _Kind(
        lens.audience,
        ended=wanted.include_ended and lens.audience is Audience.SUBJECT,
        inside=None if lens.categories is None else len(lens.categories),
        since=lens.since is not None,
        strands=None if lens.strands is None else len(lens.strands),
        wanted=None if categories is None else len(categories),
        start=wanted.start is not None,
        end=wanted.end is not None,
        continued=request.after is not None,
        items=with_items,
    )
    values = {
        **_inside_values(lens, at),
        **{f"wanted_{n}": category for n, category in enumerate(categories or ())},
        "start": wanted.start,
        "end": wanted.end,
        **_NEWEST.values(request),
    }
    return kind, values


async def find(unit: Unit, lens: Lens, record_id: str, *, at: datetime) -> Row | None:
    """One record inside the lens, or None."""
    inside = None if lens.categories is None else len(lens.categories)
    strands = None if lens.strands is None else len(lens.strands)
    kind = _Kind(lens.audience, inside=inside, since=lens.since is not None, strands=strands)
    return await unit.first(_one(kind), {**_inside_values(lens, at), "id": record_id})


async def numbered(unit: Unit, lens: Lens, document_number: str, *, district: str | None = None) -> str | None:
    """The id of the subject's one record with this document number, by which somebody names it on paper, of a district
    where one is given; None where there is none, or more than one."""
    c = record.c
    rules = [c.subject_id == lens.subject_id, c.document_number == document_number.strip()]
    if district is not None:
        rules.append(c.district == district)
    rows = await unit.all(select(c.id).where(*rules).limit(2))
    return str(rows[0].id) if len(rows) == 1 else None


def items(lens: Lens, row: Row) -> Sequence[Item]:
    """The items of a row that the lens's audience may see, in the catalogue's order."""
    values = row.items
    shown = []
    for item in shown_to(lens.audience, row.catalogue, row.kind):
        value = values.get(item.code)
        if value is not None:
            shown.append(Item(item.code, item.label, mask(value) if item.masked else value, item.masked))
    return shown


@dataclass(frozen=True)
class _Kind:
    """Everything about a reading that is in its statement's text: a statement is compiled once for each kind.

    `inside` and `wanted` count the categories of the lens and of the filter; there are thirteen at most. `strands`
    counts those of an old grant of a merged subject; hardly anybody has one.
    """

    audience: Audience
    ended: bool = True
    inside: int | None = None
    since: bool = False
    strands: int | None = None
    wanted: int | None = None
    start: bool = False
    end: bool = False
    continued: bool = False
    items: bool = True

    @property
    def columns(self) -> list[ColumnElement[Any]]:
        columns: list[ColumnElement[Any]] = [*_COLUMNS, record.c["items"]] if self.items else [*_COLUMNS]
        if self.audience in _MARKED:
            # What is missing is marked on its subject, and the mark comes with the list, in the same statement.
            mine = select(subject.c.omissions).where(subject.c.id == bindparam("subject_id"))
            columns.append(mine.scalar_subquery().label("omissions"))
        if self.audience is not Audience.SUBJECT:
            return columns
        return [_standing().label("status") if column is record.c.status else column for column in columns]


@cache
def _page(kind: _Kind) -> Statement:
    return Statement(_NEWEST.query(_matching(kind), continued=kind.continued))


@cache
def _nothing(kind: _Kind) -> Statement:
    """Whether a page has anything in it, and its subject's marks, in one row."""
    there = _NEWEST.query(_matching(kind), continued=kind.continued).exists()
    return Statement(select(subject.c.omissions, there.label("there")).where(subject.c.id == bindparam("subject_id")))


def _matching(kind: _Kind) -> Select[Any]:
    query = select(*kind.columns).where(*_inside(kind))
    if kind.audience is Audience.SUBJECT and not kind.ended:
        query = query.where(record.c.status == RecordStatus.CURRENT.value, _not_over(record.c.query_until))
    if kind.wanted is not None:
        query = query.where(_among(record.c.category, "wanted", kind.wanted))
    if kind.start:
        query = query.where(record.c.sorted_on >= bindparam("start"))
    if kind.end:
        query = query.where(record.c.sorted_on <= bindparam("end"))
    return query


@cache
def _one(kind: _Kind) -> Statement:
    return Statement(select(*kind.columns).where(*_inside(kind), record.c.id == bindparam("id")))


def _inside(kind: _Kind) -> list[ColumnElement[bool]]:
    """What the lens lets through, before any filter of the caller's."""
    rules: list[ColumnElement[bool]] = [record.c.subject_id == bindparam("subject_id")]
    if kind.inside is not None:
        rules.append(_among(record.c.category, "inside", kind.inside))
    if kind.since:
        rules.append(record.c.sorted_on >= bindparam("since"))
    if kind.strands is not None:
        rules.append(or_(record.c.strand.is_(None), _among(record.c.strand, "strand", kind.strands)))
    if kind.audience is Audience.SUBJECT:
        return rules
    rules.append(record.c.status == RecordStatus.CURRENT.value)
    if kind.audience is Audience.PUBLIC:
        # Each date ends its own use: what is published is over with its publicity, what is asked for with its query.
        rules.append(and_(record.c.publicity == Publicity.PUBLIC.value, _not_over(record.c.publicity_until)))
        return rules
    rules.append(_not_over(record.c.query_until))
    if kind.audience is Audience.RECIPIENT:
        rules.append(record.c.publicity != Publicity.ORGANS_ONLY.value)
    return rules


def _standing() -> ColumnElement[Any]:
    """A record's status to its subject: what nobody else can ask for any more has ended."""
    over = and_(record.c.status == RecordStatus.CURRENT.value, record.c.query_until < bindparam("today"))
    return case((over, RecordStatus.ENDED.value), else_=record.c.status)


def _inside_values(lens: Lens, at: datetime) -> dict[str, Any]:
    inside = {f"inside_{n}": category for n, category in enumerate(sorted(lens.categories or ()))}
    strands = {f"strand_{n}": strand for n, strand in enumerate(sorted(lens.strands or ()))}
    return {"subject_id": lens.subject_id, "today": day_of(at), "since": lens.since, **inside, **strands}


def _among(column: Column[str], name: str, count: int) -> ColumnElement[bool]:
    if not count:
        return false()
    return column.in_([bindparam(f"{name}_{n}") for n in range(count)])


def _not_over(column: Any) -> ColumnElement[bool]:
    return or_(column.is_(None), column >= bindparam("today"))
