"""Does a standing meet an offer's condition? Pure; the same question is asked of the database by `matching`.

Offers are for natural persons, whatever their condition says: a limit per person would mean nothing if each of one's
companies had its own. The answer is for the citizen alone: a merchant only ever meets people who already hold a claim.
"""

from collections.abc import Collection
from dataclasses import dataclass

from credit.kinds import AgeBand, RecordFact, SubjectKind
from incentives.conditions import Age, Condition, District, Every, Fact, Kind, Not, Some, Tier


@dataclass(frozen=True)
class Standing:
    """All that an offer may ask about somebody: who has the same is in the same cell, and sees the same lists. None is
    what is absent: no open score, a number that says no birth, a district that nobody stated."""

    kind: SubjectKind
    tier: int | None = None
    age_band: AgeBand | None = None
    district: str | None = None
    facts: frozenset[RecordFact] = frozenset()


def is_eligible(condition: Condition, standing: Standing) -> bool:
    """Whether somebody of this standing may take an offer with this condition."""
    return standing.kind is SubjectKind.NATURAL_PERSON and _holds(condition, standing, asked=True)


def _holds(condition: Condition, standing: Standing, *, asked: bool) -> bool:
    """Whether a condition is met or, not `asked`, its negation is. Of an absent value neither is."""
    match condition:
        case Not(of):
            return _holds(of, standing, asked=not asked)
        case Every(of) | Some(of):
            each = (_holds(part, standing, asked=asked) for part in of)
            return all(each) if isinstance(condition, Every) is asked else any(each)
        case Tier(at_least):
            return standing.tier is not None and (standing.tier >= at_least) is asked
        case Age(bands):
            return _is_among(standing.age_band, bands, asked)
        case District(names):
            return _is_among(standing.district, names, asked)
        case Kind(kinds):
            return _is_among(standing.kind, kinds, asked)
        case Fact(fact):
            return (fact in standing.facts) is asked


def _is_among(value: object, wanted: Collection[object], asked: bool) -> bool:
    return value is not None and (value in wanted) is asked
