"""What k merchants learn of somebody, all together, with the whole API: nothing by a no, and by every yes the tier.

Nothing here is drawn or estimated. The answer to everything that merchants can do is one text for each score; which
scores make one text is counted, and that is what is learnt, for whatever distribution of scores (ADR 0152).
"""

import math
import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Set
from datetime import UTC, datetime
from itertools import combinations

import pytest

from api.house import House
from core.moments import day_of
from credit import models
from credit.kinds import SubjectKind
from incentives.conditions import DEEPEST, Condition, Every, Not, Some, Tier
from incentives.eligibility import Standing, is_eligible
from tests.harness import city, colluding
from tests.harness.callers import inhabited
from tests.harness.city import Templates
from tests.harness.colluding import Merchant, Watch
from tests.harness.scale import FULL, scaled

_MODEL = models.in_force(day_of(datetime.now(UTC)))
_SCORES = range(_MODEL.minimum, _MODEL.maximum + 1)
_EDGES = [value for band in _MODEL.bands for value in (band.start, band.end - 1)]


class _Collusion:
    """A city with the merchants in it, of which each question has a copy."""

    def __init__(self, templates: Templates, name: str) -> None:
        self._templates, self._name = templates, name
        self.merchants: list[Merchant] = []

    async def found(self, many: int) -> None:
        """The merchants and their offers."""
        house = House(self._templates.settings(await city.copy(self._templates, "sqlite", self._name)))
        async with inhabited(house) as town:
            self.merchants = await colluding.founded(town, many)
        await house.database.close()

    async def learnt(
        self, value: int | None, *, tries: bool = True, shows: bool = False
    ) -> tuple[str, Set[tuple[int, int]]]:
        """What is learnt of somebody with this score (None: closed), and what they got, by merchant and tier."""
        name = f"t_{uuid.uuid4().hex[:12]}"
        folder = self._templates.folder
        for path in folder.glob(f"{self._name}.db*"):
            shutil.copyfile(path, folder / path.name.replace(self._name, name))
        house = House(self._templates.settings(f"sqlite+aiosqlite:///{folder / name}.db"))
        async with inhabited(house) as town:
            colluding.sign_in(town, self.merchants)
            await colluding.stand(town, value)
            watch = Watch(town, self.merchants)
            told = await watch.spy(tries=tries, shows=shows)
        await house.database.close()
        await city.drop(self._templates, "sqlite", name)
        return told, watch.taken


@pytest.fixture
async def collusion(templates: Templates) -> AsyncIterator[_Collusion]:
    """Merchants who have told each other everything."""
    made = _Collusion(templates, f"t_{uuid.uuid4().hex[:12]}")
    await made.found(scaled(2, 4))
    yield made
    await city.drop(templates, "sqlite", made._name)


async def test_a_no_leaks_nothing_and_neither_does_a_yes_that_is_not_shown(collusion: _Collusion) -> None:
    nothing, _ = await collusion.learnt(None, tries=False)
    for value in (*(_EDGES if FULL else _EDGES[4:5]), None):
        told, taken = await collusion.learnt(value)
        # Something was there to be learnt: yes to as many offers of each merchant as the tier goes.
        tier = 0 if value is None else _MODEL.band_of(value).tier
        assert {(one.number, place) for one in collusion.merchants for place in range(1, tier + 1)} == taken
        assert _first_difference(told, nothing) is None


async def test_shown_yeses_tell_the_tier_and_nothing_more(collusion: _Collusion) -> None:
    """What is seen of a score is a function of its tier, so that it is the grid's entropy at most."""
    values = {*_EDGES, *_SCORES[::29]} if FULL else {_EDGES[4], _EDGES[5], _EDGES[-1]}
    told = {value: (await collusion.learnt(value, shows=True))[0] for value in values}
    for one, other in combinations(told, 2):
        same_tier = _MODEL.band_of(one) is _MODEL.band_of(other)
        assert (told[one] == told[other]) is same_tier, _first_difference(told[one], told[other])


def test_no_condition_of_tiers_cuts_finer_than_the_grid() -> None:
    """Every merchant asks every question that there is of a tier: together they tell scores of one tier apart never."""
    asked = list(_trees(DEEPEST))
    assert len(asked) > 900
    standing = {tier: Standing(SubjectKind.NATURAL_PERSON, tier) for tier in range(1, colluding.TIERS + 1)}
    answers = {tier: tuple(is_eligible(one, who) for one in asked) for tier, who in standing.items()}
    assert len(set(answers.values())) == len(_MODEL.bands) == colluding.TIERS
    for weight in _WEIGHTS:
        learnt = _bits(weight, lambda score: answers[_MODEL.band_of(score).tier])
        assert learnt == pytest.approx(_bits(weight, lambda score: _MODEL.band_of(score).tier), abs=1e-12)
    # Of whoever has no open score nothing is asked in vain: they are those whom no offer with a tier takes.
    unknown = Standing(SubjectKind.NATURAL_PERSON)
    assert {is_eligible(one, unknown) for one in asked} == {False}
    assert set(Standing.__dataclass_fields__) == {"kind", "tier", "age_band", "district", "facts"}


def _trees(deepest: int) -> Iterator[Condition]:
    """Every tree of tiers of this depth at most, of one or two parts at each place."""
    if deepest == 1:
        yield from (Tier(tier) for tier in range(1, colluding.TIERS + 1))
        return
    smaller = list(_trees(deepest - 1))
    yield from smaller
    for one in smaller:
        yield Not(one)
    for pair in combinations(smaller, 2):
        yield Every(pair)
        yield Some(pair)


def _bits(weight: Callable[[int], float], seen: Callable[[int], object]) -> float:
    """The entropy of what is seen of a score: what is learnt of it, as what is seen is a function of it."""
    weights: dict[object, float] = {}
    for score in _SCORES:
        weights[seen(score)] = weights.get(seen(score), 0.0) + weight(score)
    whole = math.fsum(weights.values())
    return -math.fsum(one / whole * math.log2(one / whole) for one in weights.values())


def _first_difference(one: str, other: str) -> tuple[str, str] | None:
    """Where two texts differ, with what stands around it."""
    if one == other:
        return None
    place = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[max(0, place - 200) : place + 80], other[max(0, place - 200) : place + 80]


_WEIGHTS: Iterable[Callable[[int], float]] = (
    lambda score: 1.0,
    lambda score: math.exp(-(((score - 650) / 60) ** 2) / 2),
    lambda score: 1.0 / (1 + abs(score - 850)),
)
