"""How many organisations fell where: counted one by one, and said only where many did. Pure.

Fewer than LEAST are never said, none being no exception. What else is withheld is drawn by lot until each small number
may be anything from nobody to one less than LEAST for whoever knows how many there are in all, which the department
does, every number that is said, and which of the others are small. What is said is rounded by lot.
"""

from collections.abc import Collection, Mapping
from random import Random

from incentives.figures import LEAST, UNIT
from oversight.industry.scorecards import Outcome, Scorecard

# By class; and by indicator and reason.
Counts = dict[str, dict[str, int]]
Table = Mapping[str, int | None]
Shown = Mapping[str, Table]
CLASSES = ""


def empty(card: Scorecard) -> Counts:
    """Every place that there could be somebody in. The classes stand under an empty code."""
    counts = {CLASSES: {one.code: 0 for one in card.classes}}
    for one in card.indicators:
        counts[one.code] = dict.fromkeys([*(bin_.reason for bin_ in one.bins), f"{one.code}_MISSING"], 0)
    return counts


def add(counts: Counts, outcome: Outcome) -> None:
    """One more organisation."""
    counts[CLASSES][outcome.grade] += 1
    for factor in outcome.factors:
        counts[factor.indicator][factor.reason] += 1


def shown(counts: Counts, lot: Random) -> Shown:
    """What may be said of them. Whoever counts the same people again draws the same lot, or two answers tell more."""
    return {name: _table(table, lot) for name, table in counts.items()}


def _table(table: Mapping[str, int], lot: Random) -> Table:
    hidden = {place for place, many in table.items() if many < LEAST}
    while hidden and len(hidden) < len(table) and not covers(table, hidden):
        hidden.add(lot.choice([place for place in table if place not in hidden]))
    return {place: None if place in hidden else _rounded(many, lot) for place, many in table.items()}


def covers(table: Mapping[str, int], hidden: Collection[str]) -> bool:
    """Whether each small number among the hidden ones may be anything from 0 to one less than LEAST, for whoever knows
    their sum and how many of them are large."""
    together, most = sum(table[place] for place in hidden), LEAST - 1
    small = sum(table[place] < LEAST for place in hidden)
    large = len(hidden) - small
    may_be_none = bool(large) or together <= most * (small - 1)
    return may_be_none and together - LEAST * large >= most


def _rounded(many: int, lot: Random) -> int:
    over = many % UNIT
    return many - over + (UNIT if lot.randrange(UNIT) < over else 0)
