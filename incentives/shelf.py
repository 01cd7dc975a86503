"""Offer lists kept by each process: the same for everyone in a cell, exact to the edition and to the instant.

A list is good while two things hold: nothing was published, changed or came near its end (the edition is the same), and
no offer has begun or ended by itself (the instant is before the next one at which one does). Neither a person nor a
score stands in a key.
"""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from core.database import Unit
from core.paging import Page, PageRequest
from core.statements import Row
from incentives import offers
from incentives.offers import NEWEST, Cell

_MOST_LISTS = 2000
_NEVER = datetime.max.replace(tzinfo=UTC)


class _Kept(NamedTuple):
    edition: int
    since: datetime
    until: datetime
    rows: Sequence[Row]


class Shelf:
    """First pages by cell and size; the least recently used goes first."""

    def __init__(self) -> None:
        self._lists: OrderedDict[tuple[Cell, int], _Kept] = OrderedDict()

    async def page(
        self, unit: Unit, request: PageRequest, cell: Cell, *, edition: int | None, at: datetime
    ) -> Page[Row]:
        """A page of live offers for a cell. Continued pages, and callers without an edition, read the database."""
        if request.after is not None or edition is None:
            return NEWEST.page(await offers.for_cell(unit, cell, NEWEST.values(request), at=at), request)
        key = (cell, request.first)
        kept = self._lists.get(key)
        if kept is None or kept.edition != edition or not kept.since <= at < kept.until:
            kept = await self._read(unit, request, cell, edition, at)
            self._lists[key] = kept
            if len(self._lists) > _MOST_LISTS:
                self._lists.popitem(last=False)
        self._lists.move_to_end(key)
        return NEWEST.page(kept.rows, request)

    async def _read(self, unit: Unit, request: PageRequest, cell: Cell, edition: int, at: datetime) -> _Kept:
        """The list as of now. What is read is at least as new as the edition, which was read before it."""
        rows = await offers.for_cell(unit, cell, NEWEST.values(request), at=at)
        return _Kept(edition, at, await offers.next_change(unit, at=at) or _NEVER, rows)
