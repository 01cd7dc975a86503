"""Which numbers of a month's table a merchant is shown, and which are withheld. Pure.

Rows are offers; columns are where one was used, and UNUSED. Fewer than LEAST people are never shown, no people being
no exception. What could be worked out from the rest is withheld too, until every withheld place could hold any number
from nobody up to one less than LEAST (or is certainly larger), for whoever

- has the table alone, or was told besides its numbers as they were, and which of the other cells are small;
- is the merchant, who knows its own receipts to the last: then what is left, who took an offer and did not come.

What is shown is rounded up or down to a multiple of UNIT by lot. What else is withheld is chosen by lot too: a fixed
choice could be read backwards. So a table is made once and kept; asking again is reading again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from incentives import recovering
from incentives.recovering import UNBOUNDED, Place, Range, places

# CHOICE: the rule of health statistics for small cells (CMS): 11, with its complement.
LEAST = 11
UNIT = 5
UNUSED = ""
Said = Mapping[Place, int | None]


@dataclass(frozen=True)
class Counts:
    """A month as it was: how often an offer was taken (once for each person and offer), and by how many people.

    Both have every cell that there could be something in, and every total.
    """

    taken: Mapping[Place, int]
    people: Mapping[Place, int]


def counted(cells: Iterable[Place], takings: Iterable[tuple[str, Place]]) -> Counts:
    """Count who took what: a person and the cell, at most once for a person and an offer."""
    everywhere = places(cells)
    taken = dict.fromkeys(everywhere, 0)
    people: dict[Place, set[str]] = {place: set() for place in everywhere}
    for person, (row, column) in takings:
        for place in (Place(row, column), Place(row, None), Place(None, column), Place(None, None)):
            taken[place] += 1
            people[place].add(person)
    return Counts(taken, {place: len(found) for place, found in people.items()})


def shown(
    counts: Counts,
    lot: Random,
    *,
    before: Collection[Place] = (),
    hidden: Collection[Place] = (),
    least: int = LEAST,
    unit: int = UNIT,
) -> dict[Place, int | None]:
    """What is said of each place: a rounded number, or None. There is at least one cell.

    For another's sake what was withheld the month `before` is withheld before anything else: of two months that are
    much alike one would else show what the other hid. What is `hidden` is withheld in any case, a total with the only
    part that it has.
    """
    making = _Making(counts, lot, least, unit)
    making.table.update(dict.fromkeys(making.table.keys() & set(hidden)))
    drawn = lot.sample(list(making.table), len(making.table))
    drawn.sort(key=lambda place: (place not in before, _worth(place)))
    waiting = [place for place in drawn if making.table[place] is None]
    while waiting:
        looked_at: set[Place] = set()
        while waiting:
            while making.tells(waiting[0]):
                left = [place for place in drawn if making.table[place] is not None]
                making.withhold_for(waiting[0], [place for place in left if place in before] or left)
            looked_at.add(waiting[0])  # whatever is withheld after it leaves more open
            waiting = [place for place in drawn if making.table[place] is None and place not in looked_at]
        # What was certainly large when it was looked at may be open down to a small number by now.
        waiting = [place for place in told(making.whole(), least=least, unit=unit) if place in making.table]
    return making.whole()


def _worth(place: Place) -> int:
    """How late to withhold a place for another's sake. The total of all goes first: it shelters every other total.
    What an offer is worth to its merchant goes last."""
    if place.row is None:
        return 0 if place.column is None else 1
    if place.column is None:
        return 3
    return 4 if place.column == UNUSED else 2


class _Making:
    """A table while it is made: what is said of each place that is not another one's twin."""

    def __init__(self, counts: Counts, lot: Random, least: int, unit: int) -> None:
        self._counts, self._least, self._unit = counts, least, unit
        self._twins = _twins(counts.taken)
        self.table: dict[Place, int | None] = {
            place: _rounded(taken, lot, unit) if counts.people[place] >= least else None
            for place, taken in counts.taken.items()
            if place not in self._twins
        }

    def whole(self) -> dict[Place, int | None]:
        """The table with the twins."""
        return {**self.table, **{total: self.table[part] for total, part in self._twins.items()}}

    def tells(self, place: Place) -> bool:
        """Whether a withheld place is told: a small one, to whoever knows more; another, by the table alone."""
        if self._counts.people[place] >= self._least and (place.column != UNUSED or place.row is None):
            alone = ranges(self.whole(), least=self._least, unit=self._unit)
            return tells(recovering.possible(alone, [place], enough=self._least)[place], least=self._least)
        low, high = self._open(place, self.whole())
        return low > 0 or high < self._least - 1

    def withhold_for(self, place: Place, left: Sequence[Place]) -> None:
        """Withhold what opens a place most, of its row, its column, and the total of all; else any."""
        near = [one for one in left if one.row == place.row or one.column == place.column or one == Place(None, None)]

        def opened(other: Place) -> int:
            twins = [total for total, part in self._twins.items() if part == other]
            low, high = self._open(place, {**self.whole(), **dict.fromkeys([other, *twins])})
            return high - low

        self.table[max(near or left, key=opened)] = None

    def _open(self, place: Place, table: Said) -> Range:
        """What a place may be for whoever knows the numbers that are shown as they were, and which of the other cells
        are small; of UNUSED, for whoever knows all receipts.

        By the first, whether a number is withheld does not hang on how others happened to be rounded.
        """
        known: dict[Place, Range] = {}
        for other, taken in self._counts.taken.items():
            is_cell, is_near = None not in other, _is_part(other, place) or _is_part(place, other)
            if table[other] is not None or (is_cell and not is_near and place.column == UNUSED != other.column):
                known[other] = (taken, taken)
            elif is_near or not is_cell:
                known[other] = (0, UNBOUNDED)
            else:
                is_small = self._counts.people[other] < self._least
                known[other] = (0, self._least - 1) if is_small else (self._least, UNBOUNDED)
        return recovering.possible(known, [place], enough=self._least)[place]


def _twins(everywhere: Iterable[Place]) -> dict[Place, Place]:
    """Totals of one part, with that part: a number is rounded once, or it is two clues to itself."""
    parts: dict[Place, list[Place]] = {}
    for place in everywhere:
        if place.row is not None:
            parts.setdefault(Place(None, place.column), []).append(place)
    return {total: one[0] for total, one in parts.items() if len(one) == 1}


def ranges(table: Said, *, least: int = LEAST, unit: int = UNIT) -> dict[Place, Range]:
    """What the table says of each place to whoever has it alone."""
    return {place: _range(said, least, unit) for place, said in table.items()}


def tells(found: Range, *, least: int = LEAST) -> bool:
    """Whether a range says more of a withheld place than that it may be any small number, or is none."""
    low, high = found
    return low < least and (low > 0 or high < least - 1)


def told(table: Said, *, least: int = LEAST, unit: int = UNIT) -> list[Place]:
    """The withheld places that a table tells to whoever has it alone: the audit of what was published."""
    withheld = [place for place, said in table.items() if said is None]
    found = recovering.possible(ranges(table, least=least, unit=unit), withheld, enough=least) if withheld else {}
    return [place for place, possible in found.items() if tells(possible, least=least)]


def _is_part(part: Place, whole: Place) -> bool:
    return whole.row in (None, part.row) and whole.column in (None, part.column)


def _rounded(taken: int, lot: Random, unit: int) -> int:
    """Up or down by lot, the nearer one as much more likely as it is nearer: right on average."""
    over = taken % unit
    return taken - over + (unit if lot.randrange(unit) < over else 0)


def _range(said: int | None, least: int, unit: int) -> Range:
    return (0, UNBOUNDED) if said is None else (max(least, said - unit + 1), said + unit - 1)
