"""Conditions and people drawn by chance, with what is absent: what the proofs and the benchmark of lists run over."""

import random

from credit.kinds import AgeBand, RecordFact, SubjectKind
from incentives.conditions import (
    DEEPEST,
    MOST_LEAVES,
    Age,
    Condition,
    District,
    Every,
    Fact,
    Kind,
    Leaf,
    Not,
    Some,
    Tier,
)
from incentives.eligibility import Standing

# Few, so that people and conditions meet.
PLACES = ("和平区", "滨海新区", "滨河区", "东港区")
_KINDS, _BANDS, _FACTS = list(SubjectKind), list(AgeBand), list(RecordFact)


def leaf(chance: random.Random) -> Leaf:
    """One leaf of any sort."""
    match chance.randrange(9):
        case 0 | 1 | 2:
            return Tier(chance.randint(1, 5))
        case 3 | 4:
            return Age(frozenset(chance.sample(_BANDS, chance.randint(1, 4))))
        case 5 | 6:
            return District(frozenset(chance.sample(PLACES, chance.randint(1, 2))))
        case 7:
            return Fact(chance.choice(_FACTS))
        case _:
            return Kind(frozenset(chance.sample(_KINDS, chance.randint(1, 3))))


def tree(chance: random.Random, level: int = 1, most: int = MOST_LEAVES) -> Condition:
    """A tree within the limits, with `not` anywhere."""
    if level == DEEPEST or most == 1 or chance.random() < 0.15:
        return leaf(chance)
    if chance.random() < 0.2:
        return Not(tree(chance, level + 1, most))
    parts = chance.randint(0 if level == 1 and chance.random() < 0.05 else 1, min(4, most))
    of = tuple(tree(chance, level + 1, most // parts) for _ in range(parts))
    return chance.choice([Every, Some])(of)


def standing(chance: random.Random) -> Standing:
    """Somebody, mostly a person; each thing about them may be absent."""
    return Standing(
        SubjectKind.NATURAL_PERSON if chance.random() < 0.9 else chance.choice(_KINDS),
        chance.choice([None, 1, 2, 3, 4, 5]),
        chance.choice([None, *_BANDS]),
        chance.choice([None, None, *PLACES, "西营区"]),
        frozenset(chance.sample(_FACTS, chance.randint(0, len(_FACTS)))),
    )
