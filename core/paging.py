"""Pages by keyset: forward only, at most 100 rows, no counting and no offsets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Integer, Select, bindparam, tuple_

from core.cursors import Sealer
from core.database import Unit
from core.errors import BadCall
from core.statements import Row

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
    """Rows, and whether more follow. A cursor is sealed only when it is asked for."""

    items: Sequence[Item]
    more: bool
    seal: Callable[[Any], str]


@dataclass(frozen=True)
class Order:
    """Two ordering columns, newest first, or `ascending`: a sortable value and the id that breaks ties.

    `write` and `read` turn the sortable value into cursor text and back.
    """

    by: ColumnElement[Any]
    tie: ColumnElement[str]
    write: Callable[[Any], str]
    read: Callable[[str], Any]
    ascending: bool = False

    def query(self, query: Select[Any], *, continued: bool) -> Select[Any]:
        """The query in this order, with parameters for how many rows and, when continued, after which."""
        if continued:
            position = tuple_(bindparam("page_by", type_=self.by.type), bindparam("page_tie", type_=self.tie.type))
            here = tuple_(self.by, self.tie)
            query = query.where(here > position if self.ascending else here < position)
        columns = (self.by, self.tie) if self.ascending else (self.by.desc(), self.tie.desc())
        return query.order_by(*columns).limit(bindparam("page_size", type_=Integer))

    def values(self, request: PageRequest) -> dict[str, Any]:
        """The parameters' values: one row more than asked for, which says whether more follow."""
        size = {"page_size": request.first + 1}
        if request.after is None:
            return size
        keyset = request.sealer.open(request.after)
        if len(keyset) != 2:
            raise BadCall("BAD_CURSOR")
        return {**size, "page_by": self.read(keyset[0]), "page_tie": keyset[1]}

    async def read_page(self, unit: Unit, query: Select[Any], request: PageRequest) -> Page[Row]:
        """A page of a query that is written for this one request."""
        found = await unit.all(self.query(query, continued=request.after is not None), self.values(request))
        return self.page(found, request)

    def page(self, rows: Sequence[Row], request: PageRequest) -> Page[Row]:
        """Cut the extra row off."""
        return Page(rows[: request.first], len(rows) > request.first, partial(self._seal, request.sealer))

    def _seal(self, sealer: Sealer, row: Row) -> str:
        by, tie = self.by.key or "", self.tie.key or ""
        return sealer.seal((self.write(getattr(row, by)), getattr(row, tie)))
