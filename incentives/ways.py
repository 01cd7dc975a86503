"""A condition as the ways in which it can be met: what a database compares, and what an explanation chooses from. Pure.

A way says of each thing which values will do, one bit a value; the lowest bit is for what is absent, and set where the
way does not ask. Values that are not known yet have bits too: an offer that asks for no district, or for any but one,
is open to the next one that the city gets, and nothing stored is made again. Somebody is eligible when one way has a
bit of theirs in every set, keeps no fact from them that it wants and none of theirs that it bars. What kind of subject
it is is decided here: offers are natural persons'.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import TypeVar

from core.errors import Detail, Invalid
from credit import districts
from credit.kinds import AgeBand, RecordFact, SubjectKind
from incentives.conditions import TIER_NAMES, Age, Condition, District, Every, Fact, Kind, Leaf, Not, Some, Tier, leaves
from incentives.eligibility import Standing

Value = TypeVar("Value")
TIERS, BANDS, DISTRICTS, FACTS = list(TIER_NAMES), list(AgeBand), districts.EVERY, list(RecordFact)
_ABSENT, _WHATEVER = 1, 2**31 - 1


def _bits(values: Sequence[object], chosen: Iterable[object]) -> int:
    return sum(2 << values.index(one) for one in chosen)


_KNOWN = tuple(_bits(values, values) | _ABSENT for values in (TIERS, BANDS, DISTRICTS))


@dataclass(frozen=True, order=True)
class Way:
    """One way: sets of tiers, age bands and districts, and the facts that it wants and bars."""

    tiers: int = _WHATEVER
    ages: int = _WHATEVER
    districts: int = _WHATEVER
    wanted: int = 0
    barred: int = 0

    def both(self, other: "Way") -> "Way | None":
        """What meets both; None where nobody can."""
        met = Way(
            self.tiers & other.tiers,
            self.ages & other.ages,
            self.districts & other.districts,
            self.wanted | other.wanted,
            self.barred | other.barred,
        )
        return met if met.possible else None

    @property
    def possible(self) -> bool:
        """Whether there is anybody who could meet it."""
        return all(bits & known for bits, known in zip(astuple(self), _KNOWN, strict=False)) and not (
            self.wanted & self.barred
        )

    def covers(self, other: "Way") -> bool:
        """Whether whoever meets the other meets this one too."""
        sets = zip(astuple(self)[:3], astuple(other)[:3], strict=True)
        asks_no_more = not (self.wanted & ~other.wanted or self.barred & ~other.barred)
        return asks_no_more and all(not theirs & ~mine for mine, theirs in sets)


@dataclass(frozen=True)
class Bits:
    """A standing as a way is compared with it: one bit of each thing, and which facts hold and which do not."""

    tiers: int
    ages: int
    districts: int
    held: int
    lacking: int

    @classmethod
    def of(cls, standing: Standing) -> "Bits":
        """A person's."""
        held = sum(1 << FACTS.index(fact) for fact in standing.facts)
        return cls(
            _bit(TIERS, standing.tier),
            _bit(BANDS, standing.age_band),
            _bit(DISTRICTS, standing.district),
            held,
            (1 << len(FACTS)) - 1 & ~held,
        )


def offered(condition: Condition) -> Sequence[Way]:
    """The ways of a condition that may stand in an offer. Raises `Invalid` for one that nobody can meet, and for one
    that asks for less: a low tier, or the lack of a fact. An offer rewards good standing (Art. 11), and the till's yes
    must say nothing against whoever shows the code; what is contested can then always be taken in its subject's favour.
    """
    if any(isinstance(leaf, Tier | Fact) and not asked for leaf, asked in leaves(condition)):
        raise Invalid(Detail(("condition",), "AGAINST"))
    found = ways(condition)
    if not found:
        raise Invalid(Detail(("condition",), "NOBODY"))
    return found


def reached(condition: Condition) -> Sequence[str]:
    """With which of the city's tiers a condition can be met. Tiers, and never how many people are in them."""
    bits = reduce(or_, (way.tiers for way in ways(condition)), 0)
    return [TIER_NAMES[tier] for tier in chosen(TIERS, bits)]


@lru_cache(maxsize=4096)
def ways(condition: Condition) -> Sequence[Way]:
    """The ways to meet a condition, without those that another covers, in one order for one condition."""
    return _ways(condition, asked=True)


def _ways(condition: Condition, *, asked: bool) -> Sequence[Way]:
    match condition:
        case Not(of):
            return _ways(of, asked=not asked)
        case Every(of) | Some(of):
            each = [_ways(part, asked=asked) for part in of]
            if isinstance(condition, Every) is asked:
                return reduce(_joined, each, (Way(),))
            return _fewest(way for part in each for way in part)
        case _:
            way = _way(condition, asked=asked)
            return () if way is None else (way,)


def _joined(these: Sequence[Way], those: Sequence[Way]) -> Sequence[Way]:
    each = (this.both(that) for this in these for that in those)
    return _fewest(way for way in each if way is not None)


def _fewest(found: Iterable[Way]) -> Sequence[Way]:
    """Each way that no other covers, once."""
    distinct = sorted(set(found))
    return tuple(way for way in distinct if not any(one.covers(way) for one in distinct if one is not way))


def _way(leaf: Leaf, *, asked: bool) -> Way | None:
    match leaf:
        case Tier(at_least):
            found = Way(tiers=_set(TIERS, [tier for tier in TIERS if tier < at_least], asked=not asked))
        case Age(bands):
            found = Way(ages=_set(BANDS, bands, asked=asked))
        case District(names):
            found = Way(districts=_set(DISTRICTS, names, asked=asked))
        case Fact(fact):
            bit = 1 << FACTS.index(fact)
            found = Way(wanted=bit) if asked else Way(barred=bit)
        case Kind(kinds):
            return Way() if (SubjectKind.NATURAL_PERSON in kinds) is asked else None
    return found if found.possible else None


def _set(values: Sequence[object], chosen: Iterable[object], *, asked: bool) -> int:
    """These values or, not `asked`, all others, known or not; never what is absent."""
    bits = _bits(values, chosen)
    return bits if asked else _WHATEVER & ~bits & ~_ABSENT


def _bit(values: Sequence[object], value: object | None) -> int:
    return _ABSENT if value is None else _bits(values, [value])


def chosen(values: Sequence[Value], bits: int) -> list[Value]:
    """The known values that a set has."""
    return [value for place, value in enumerate(values) if bits & 2 << place]
