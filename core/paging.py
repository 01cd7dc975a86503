"""Pages by keyset: forward only, at most 100 rows, no counting and no offsets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Row, Select, literal, tuple_

from core.cursors import Sealer
from core.errors import BadCall

LARGEST_PAGE = 100
Item = TypeVar("Item")


@dataclass(frozen=True)
class PageRequest:
    """How many rows after which position. `sealer` is bound to the field, the filter and the caller."""

    first: int
    after: str | None
    sealer: Sealer

    def __post_init__(self) -> None:
        if not 1 <= self.first <= LARGEST_PAGE:
            raise BadCall("PAGE_SIZE", limit=LARGEST_PAGE)


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Rows with their cursors, and whether more follow."""

    items: Sequence[Item]
    cursors: Sequence[str]
    more: bool


@dataclass(frozen=True)
class Order:
    """Two ordering columns, newest first: a sortable value and the id that breaks ties.

    `write` and `read` turn the sortable value into cursor text and back.
    """

    by: ColumnElement[Any]
    tie: ColumnElement[str]
    write: Callable[[Any], str]
    read: Callable[[str], Any]

    def after(self, query: Select[Any], request: PageRequest) -> Select[Any]:
        """The query, continued after the request's position and one row longer than asked for."""
        if request.after is not None:
            keyset = request.sealer.open(request.after)
            if len(keyset) != 2:
                raise BadCall("BAD_CURSOR")
            position = tuple_(literal(self.read(keyset[0]), self.by.type), literal(keyset[1], self.tie.type))
            query = query.where(tuple_(self.by, self.tie) < position)
        return query.order_by(self.by.desc(), self.tie.desc()).limit(request.first + 1)

    def page(self, rows: Sequence[Row[Any]], request: PageRequest, make: Callable[[Row[Any]], Item]) -> Page[Item]:
        """Cut the extra row off and seal a cursor for each of the others."""
        kept = rows[: request.first]
        by, tie = self.by.key or "", self.tie.key or ""
        cursors = [request.sealer.seal((self.write(getattr(r, by)), getattr(r, tie))) for r in kept]
        return Page([make(row) for row in kept], cursors, len(rows) > request.first)
