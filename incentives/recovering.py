"""How near whoever reads a table of counts comes to a number that it withholds. Pure.

A table counts people by row and column, with the totals of rows, of columns, and of all. Everything that is known of it
is a range for each place: one number, what a rounded number may have been, or nothing. As an equation, each total is
the sum of its parts; as a picture, the table is a circulation: from a root to the rows, by the cells to the columns,
and by the total of all back to the root. What is possible at one place is then a greatest flow, and exact: whole
numbers between both ends are all possible (integrality of flows).
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

UNBOUNDED = 10**9


class Place(NamedTuple):
    """A cell by its row and column; without a row the total of a column, without a column that of a row."""

    row: str | None
    column: str | None


Range = tuple[int, int]
_Node = tuple[str, str]
_ROOT, _END = ("root", ""), ("end", "")


class Contradiction(ValueError):
    """No table of whole numbers is in these ranges."""


def places(cells: Iterable[Place]) -> list[Place]:
    """The cells with the totals above them, each once."""
    listed = list(cells)
    totals = (Place(row, column) for cell in listed for row, column in ((cell.row, None), (None, cell.column)))
    return list(dict.fromkeys([*listed, *totals, Place(None, None)]))


def possible(known: Mapping[Place, Range], wanted: Iterable[Place], *, enough: int = UNBOUNDED) -> dict[Place, Range]:
    """Least and most that each wanted place can be, given what is known; `enough` ends the search upwards.

    `known` has a range for every place of a table. Raises `Contradiction`.
    """
    circulation = _Circulation(known)
    return {place: circulation.range_of(place, enough) for place in wanted}


@dataclass
class _Arc:
    """A place in the picture: from where, to where, its range, and what flows now."""

    start: _Node
    end: _Node
    low: int
    high: int
    flow: int


def _arc(place: Place, low: int, high: int) -> _Arc:
    row, column = ("row", place.row or ""), ("column", place.column or "")
    if place.row is None:
        start, end = (_END, _ROOT) if place.column is None else (column, _END)
    else:
        start, end = (_ROOT, row) if place.column is None else (row, column)
    return _Arc(start, end, low, high, low)


class _Circulation:
    """Some table that is possible, which is moved towards the ends of a place's range."""

    def __init__(self, known: Mapping[Place, Range]) -> None:
        self._arcs = {place: _arc(place, low, high) for place, (low, high) in known.items()}
        self._at: dict[_Node, list[_Arc]] = {}
        for arc in self._arcs.values():
            self._at.setdefault(arc.start, []).append(arc)
            self._at.setdefault(arc.end, []).append(arc)
        self._settle()

    def range_of(self, place: Place, enough: int) -> Range:
        """Least and most at a place."""
        arc = self._arcs[place]
        while arc.flow > arc.low and (moved := self._push(arc.start, {arc.end}, arc.flow - arc.low, arc)):
            arc.flow -= moved
        low = arc.flow
        while arc.flow < (most := min(arc.high, enough)):
            moved = self._push(arc.end, {arc.start}, most - arc.flow, arc)
            if not moved:
                break
            arc.flow += moved
        return low, arc.flow

    def _settle(self) -> None:
        """From the least of each range to a table whose totals are right. Raises `Contradiction`."""
        if any(arc.low > arc.high for arc in self._arcs.values()):
            raise Contradiction()
        excess = dict.fromkeys(self._at, 0)
        for arc in self._arcs.values():
            excess[arc.end] += arc.flow
            excess[arc.start] -= arc.flow
        for node in excess:
            while excess[node] > 0:
                lacking = {one for one, amount in excess.items() if amount < 0}
                reached, moved = self._augment(node, lacking, excess[node], None, excess)
                if not moved:
                    raise Contradiction()
                excess[node] -= moved
                excess[reached] += moved

    def _push(self, start: _Node, ends: set[_Node], most: int, but: _Arc) -> int:
        return self._augment(start, ends, most, but, {})[1]

    def _augment(
        self, start: _Node, ends: set[_Node], most: int, but: _Arc | None, lacking: Mapping[_Node, int]
    ) -> tuple[_Node, int]:
        """Move as much as one shortest way lets through, at most `most`; where to, and how much."""
        came: dict[_Node, tuple[_Node, _Arc, bool] | None] = {start: None}
        waiting = deque([start])
        while waiting:
            node = waiting.popleft()
            if node in ends:
                moved = min(most, -lacking[node]) if node in lacking else most
                return node, self._along(came, node, moved)
            for arc in self._at[node]:
                forward = arc.start == node
                other, room = (arc.end, arc.high - arc.flow) if forward else (arc.start, arc.flow - arc.low)
                if arc is not but and room > 0 and other not in came:
                    came[other] = (node, arc, forward)
                    waiting.append(other)
        return start, 0

    def _along(self, came: Mapping[_Node, tuple[_Node, _Arc, bool] | None], end: _Node, most: int) -> int:
        way, node = [], end
        while (step := came[node]) is not None:
            way.append(step[1:])
            node = step[0]
        moved = min([most, *(arc.high - arc.flow if forward else arc.flow - arc.low for arc, forward in way)])
        for arc, forward in way:
            arc.flow += moved if forward else -moved
        return moved
