"""Which numbers of people are said, month after month, and the audit of all that was said. Pure.

A table by itself is as merchants' are (`incentives.figures`): fewer than LEAST are withheld, with whatever they could
be worked out from, also by somebody who knows every other number exactly; the rest is rounded by lot. But how many
stand where changes little from a month to the next, so that two tables read together are one that shows more. What was
withheld once therefore stays withheld: a later table shows nothing that an earlier one did not.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from random import Random

from incentives import figures
from incentives.figures import Counts, Said
from incentives.recovering import Place, places


def counts_of(cells: Mapping[Place, int]) -> Counts:
    """A table of people who stand in one cell each: with the totals."""
    whole = dict.fromkeys(places(cells), 0)
    for (row, column), many in cells.items():
        for place in (Place(row, column), Place(row, None), Place(None, column), Place(None, None)):
            whole[place] += many
    return Counts(whole, whole)


def made(counts: Counts, lot: Random, before: Said | None) -> Said:
    """What is said of a month, after what was said of the one before."""
    hidden = {place for place, said in (before or {}).items() if said is None}
    return figures.shown(counts, lot, hidden=hidden)


def told(tables: Sequence[Said]) -> Iterator[tuple[int, Place]]:
    """The audit of a kind's months, the oldest first: which of them, by number, tells what it or an earlier one
    withholds, and where."""
    for number, table in enumerate(tables):
        yield from ((number, place) for place in figures.told(table))
    for number, (one, other) in enumerate(pairwise(tables), start=1):
        for place, said in other.items():
            if said is not None and one.get(place, said) is None:
                yield number, place
