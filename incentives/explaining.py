"""What stands between somebody and an offer: the fewest things that, changed, would open it. Pure.

Each way to meet the condition lacks some things of a standing; the way that lacks the fewest is told, and of equal ones
the one whose things are easiest to change. Changing exactly these, to what is said, turns the answer; fewer never do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from credit.kinds import RecordFact, SubjectKind
from incentives.conditions import Condition
from incentives.eligibility import Standing
from incentives.ways import BANDS, DISTRICTS, FACTS, TIERS, Bits, Way, chosen, ways


class About(Enum):
    """What something that is missing is about, the easiest to change first."""

    DISTRICT = "DISTRICT"
    TIER = "TIER"
    FACT = "FACT"
    AGE = "AGE"
    SUBJECT_KIND = "SUBJECT_KIND"


@dataclass(frozen=True)
class Missing:
    """One thing that would have to be otherwise, and the values that would do. Of a fact: whether it has to hold."""

    about: About
    values: tuple[object, ...]
    fact: RecordFact | None = None


def missing(condition: Condition, standing: Standing) -> Sequence[Missing]:
    """What is missing; nothing when the standing is eligible. To an organisation offers are closed, whatever it has."""
    if standing.kind is not SubjectKind.NATURAL_PERSON:
        return (Missing(About.SUBJECT_KIND, (SubjectKind.NATURAL_PERSON,)),)
    mine = Bits.of(standing)
    return min((_lacks(way, mine) for way in ways(condition)), key=_effort)


def _lacks(way: Way, mine: Bits) -> Sequence[Missing]:
    found = []
    if not way.districts & mine.districts:
        found.append(Missing(About.DISTRICT, tuple(chosen(DISTRICTS, way.districts))))
    if not way.tiers & mine.tiers:
        found.append(Missing(About.TIER, tuple(chosen(TIERS, way.tiers))))
    for place, fact in enumerate(FACTS):
        if (way.wanted & mine.lacking | way.barred & mine.held) & 1 << place:
            found.append(Missing(About.FACT, (bool(way.wanted & 1 << place),), fact))
    if not way.ages & mine.ages:
        found.append(Missing(About.AGE, tuple(chosen(BANDS, way.ages))))
    return found


def _effort(lacks: Sequence[Missing]) -> tuple[int, list[int], int]:
    """Fewest first, then the easiest, then the lowest tier."""
    order = list(About)
    tiers = [value for one in lacks if one.about is About.TIER for value in one.values if isinstance(value, int)]
    return len(lacks), sorted((order.index(one.about) for one in lacks), reverse=True), min(tiers, default=0)
