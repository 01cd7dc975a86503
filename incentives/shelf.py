"""Offer lists kept by each process: the same for everyone in a cell, exact to the edition and to the instant.

A list is good while two things hold: nothing was published, changed or came near its end (the edition is the same), and
no offer has begun or ended by itself (the instant is before the next one at which one does). Neither a person nor a
score stands in a key, nor is either in what is kept: whose age or district changes asks for another cell's list.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from core.database import Unit
from core.paging import Page, PageRequest
from core.statements import Row
from incentives import matching, offers
from incentives.eligibility import Standing
from incentives.matching import Cell
from incentives.offers import NEWEST

Made = TypeVar("Made")
_MOST_LISTS = 2000
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class _Kept(Generic[Made]):
    edition: int
    since: datetime
    until: datetime
    rows: Sequence[Row]
    made: Sequence[Made]


class Shelf(Generic[Made]):
    """First pages by cell and size, with what was made of their rows; the least recently used goes first."""

    def __init__(self, make: Callable[[Row, Standing], Made]) -> None:
        self._make = make
        self._lists: OrderedDict[tuple[Cell, int], _Kept[Made]] = OrderedDict()

    async def page(
        self, unit: Unit, request: PageRequest, cell: Cell, *, edition: int | None, at: datetime
    ) -> tuple[Page[Row], Sequence[Made]]:
        """A page of live offers for a cell. Continued pages, and callers without an edition, read the database."""
        if request.after is not None or edition is None:
            page = NEWEST.page(await matching.for_cell(unit, cell, NEWEST.values(request), at=at), request)
            return page, [self._make(row, cell.standing) for row in page.items]
        key = (cell, request.first)
        kept = self._lists.get(key)
        if kept is None or kept.edition != edition or not kept.since <= at < kept.until:
            kept = await self._read(unit, request, cell, edition, at)
            self._lists[key] = kept
            if len(self._lists) > _MOST_LISTS:
                self._lists.popitem(last=False)
        self._lists.move_to_end(key)
        return NEWEST.page(kept.rows, request), kept.made

    async def _read(self, unit: Unit, request: PageRequest, cell: Cell, edition: int, at: datetime) -> _Kept[Made]:
        """The list as of now. What is read is at least as new as the edition, which was read before it."""
        rows = await matching.for_cell(unit, cell, NEWEST.values(request), at=at)
        made = [self._make(row, cell.standing) for row in rows[: request.first]]
        return _Kept(edition, at, await offers.next_change(unit, at=at) or _NEVER, rows, made)
