"""What waits for somebody else's word, in one shape for every floor: so that a desk reads all of it in one list.

A floor says what of its own waits, under the same conditions under which its act would be let through; the list is one
UNION of what they say, ordered by when a word is due.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FunctionElement,
    Select,
    String,
    cast,
    literal,
    literal_column,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.ext.compiler import compiles

from core.database import Instant, Unit
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row

# CHOICE: what no rule sets a term to waits no longer than a week before what has one.
USUAL_DAYS = 7
_AHEAD_DAYS = -3650


@dataclass(frozen=True)
class Second:
    """Who may give the word: a staff member, of which organisation; the city's institution speaks for districts too."""

    staff_id: str
    party_id: str
    is_city: bool
    at: datetime


class later(FunctionElement[datetime]):  # noqa: N801 (a function of SQL's)
    """An instant so many days after another."""

    type = Instant()
    name = "later"
    inherit_cache = True

    def __init__(self, instant: ColumnElement[Any], days: int) -> None:
        super().__init__(instant, literal_column(str(days)))


@compiles(later, "postgresql")
def _later_on_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    instant, days = (compiler.process(one, **kw) for one in element.clauses)
    return f"({instant} + make_interval(days => {days}))"


@compiles(later, "sqlite")
def _later_on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    instant, days = (compiler.process(one, **kw) for one in element.clauses)
    return f"strftime('%Y-%m-%d %H:%M:%f000', {instant}, ({days}) || ' days')"


def entry(
    kind: str,
    id: ColumnElement[str],
    what: ColumnElement[str],
    *,
    since: ColumnElement[Any],
    due: ColumnElement[Any] | None = None,
    asked_by: ColumnElement[Any] | None = None,
    party: ColumnElement[Any] | None = None,
    within_hours: bool = False,
) -> Select[Any]:
    """One kind of thing that waits, to be narrowed: which, what it is called, since when, by when, who asked, and
    which organisation it is about. What is due within hours stands before whatever is late by days."""
    by_when = later(since, _AHEAD_DAYS if within_hours else USUAL_DAYS)
    return select(
        literal(kind, String).label("kind"),
        id.label("id"),
        type_coerce(what, String).label("what"),
        (cast(null(), String) if asked_by is None else asked_by).label("asked_by"),
        (cast(null(), String) if party is None else party).label("party_id"),
        type_coerce(since, Instant).label("since"),
        (cast(null(), Instant) if due is None else type_coerce(due, Instant)).label("due"),
        (by_when if due is None or within_hours else type_coerce(due, Instant)).label("by_when"),
        (literal(kind + ":", String) + id).label("key"),
    )


async def page(unit: Unit, entries: Sequence[Select[Any]], request: PageRequest) -> Page[Row]:
    """All of it in one statement, what is due first in front."""
    listed = union_all(*entries).subquery()
    by_due = Order(listed.c.by_when, listed.c.key, write=rfc3339, read=datetime.fromisoformat, ascending=True)
    return await by_due.read_page(unit, select(listed), request)
