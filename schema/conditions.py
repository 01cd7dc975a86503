"""What an offer asks, as its merchant writes it and reads it again: the closed tree of `incentives.conditions`."""

from collections.abc import Mapping
from typing import Any, Optional

import strawberry

from credit.kinds import AgeBand, RecordFact, SubjectKind
from incentives.conditions import EVERYBODY, Age, Condition, District, Every, Fact, Kind, Not, Some, Tier, built

_DEPTH = "At most three levels, leaves counted, and 16 leaves."


@strawberry.input(
    one_of=True,
    description=f"What an offer asks of whoever takes it. tier: one of the city's, or a higher one. {_DEPTH} No "
    "negation of a tier or of a fact: an offer asks for good standing, and never for less.",
)
class ConditionInput:
    """Exactly one of them."""

    all: list["ConditionInput"] | None = strawberry.UNSET
    any: list["ConditionInput"] | None = strawberry.UNSET
    not_: Optional["ConditionInput"] = strawberry.field(default=strawberry.UNSET, name="not")
    tier: int | None = strawberry.UNSET
    age: list[AgeBand] | None = strawberry.UNSET
    district: list[str] | None = strawberry.UNSET
    fact: RecordFact | None = strawberry.UNSET
    kind: list[SubjectKind] | None = strawberry.UNSET


def read(given: ConditionInput | None) -> Condition:
    """The condition; everybody where nothing is asked. Raises `Invalid`, which names the place that is wrong."""
    return EVERYBODY if given is None else built(_plain(given))


def _plain(given: ConditionInput) -> Mapping[str, Any]:
    ((name, value),) = ((name, value) for name, value in vars(given).items() if value is not strawberry.UNSET)
    return {name.rstrip("_"): _said(value)}


def _said(value: Any) -> Any:
    if isinstance(value, ConditionInput):
        return _plain(value)
    if isinstance(value, list):
        return [_said(one) for one in value]
    return value.value if isinstance(value, AgeBand | RecordFact | SubjectKind) else value


@strawberry.type(description=f"What an offer asks, to be written again: exactly one of these is there. {_DEPTH}")
class OfferCondition:
    """One place of the tree."""

    all: list["OfferCondition"] | None = None
    any: list["OfferCondition"] | None = None
    not_: Optional["OfferCondition"] = strawberry.field(default=None, name="not")
    tier: int | None = None
    age: list[AgeBand] | None = None
    district: list[str] | None = None
    fact: RecordFact | None = None
    kind: list[SubjectKind] | None = None

    @classmethod
    def of(cls, condition: Condition) -> "OfferCondition":
        """A tree as it was written."""
        match condition:
            case Every(of):
                return cls(all=[cls.of(part) for part in of])
            case Some(of):
                return cls(any=[cls.of(part) for part in of])
            case Not(of):
                return cls(not_=cls.of(of))
            case Tier(at_least):
                return cls(tier=at_least)
            case Age(bands):
                return cls(age=[band for band in AgeBand if band in bands])
            case District(names):
                return cls(district=sorted(names))
            case Fact(fact):
                return cls(fact=fact)
            case Kind(kinds):
                return cls(kind=[kind for kind in SubjectKind if kind in kinds])
