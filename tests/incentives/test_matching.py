"""Python, the database and the explanation say the same of every offer and everybody, and of what is absent (ADR 0118).

The oracles know nothing of ways: one is Kleene's logic of three values over the tree, the other tries every change.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from typing import Any

from sqlalchemy import select

from api.house import House
from credit.kinds import AgeBand, RecordFact, SubjectKind
from incentives import conditions, matching
from incentives.conditions import Age, Condition, District, Every, Fact, Kind, Not, Some, Tier
from incentives.eligibility import Standing, is_eligible
from incentives.explaining import About, Missing, missing
from incentives.matching import Cell
from incentives.tables import offer, offer_way, stock
from incentives.ways import ways
from tests.harness import conditions as drawn
from tests.harness.conditions import PLACES
from tests.harness.scale import scaled

_OFFERS, _PEOPLE = scaled(100, 1000), scaled(30, 200)
_AT = datetime.now(UTC)
_PERSON = SubjectKind.NATURAL_PERSON


def _kleene(condition: Condition, who: Standing) -> bool | None:
    """Three values: None is unknown."""
    match condition:
        case Not(of):
            inner = _kleene(of, who)
            return None if inner is None else not inner
        case Every(of):
            found = {_kleene(part, who) for part in of}
            return False if False in found else None if None in found else True
        case Some(of):
            found = {_kleene(part, who) for part in of}
            return True if True in found else None if None in found else False
        case Tier(at_least):
            return None if who.tier is None else who.tier >= at_least
        case Age(bands):
            return None if who.age_band is None else who.age_band in bands
        case District(names):
            return None if who.district is None else who.district in names
        case Fact(fact):
            return fact in who.facts
        case Kind(kinds):
            return who.kind in kinds


def _changes(who: Standing) -> dict[str, list[Standing]]:
    """Each thing about somebody, and what they would be with another value of it. Where one lives that no condition
    names, and where one that no one names either, are one change."""
    toggled = {
        fact.value: [replace(who, facts=who.facts - {fact}), replace(who, facts=who.facts | {fact})]
        for fact in RecordFact
    }
    return {
        "tier": [replace(who, tier=tier) for tier in (1, 2, 3, 4, 5)],
        "age": [replace(who, age_band=band) for band in AgeBand],
        "district": [replace(who, district=name) for name in (*PLACES, "西营区")],
        **toggled,
    }


def _with(who: Standing, things: Sequence[str]) -> Iterator[Standing]:
    """Everybody that they could be by changing these things."""
    if not things:
        yield who
        return
    for changed in _changes(who)[things[0]]:
        yield from _with(changed, things[1:])


def _met(who: Standing, gap: Missing, value: Any) -> Standing:
    match gap.about:
        case About.TIER:
            return replace(who, tier=value)
        case About.AGE:
            return replace(who, age_band=value)
        case About.DISTRICT:
            return replace(who, district=value)
        case About.FACT:
            assert gap.fact is not None
            return replace(who, facts=who.facts | {gap.fact} if value else who.facts - {gap.fact})
        case About.SUBJECT_KIND:
            return replace(who, kind=value)


def _explained(condition: Condition, who: Standing, told: Sequence[Missing]) -> None:
    """Nothing is told to who may take it; else exactly what is told turns the answer, and no fewer things do."""
    assert is_eligible(condition, who) is (not told)
    if who.kind is not _PERSON:
        assert [gap.about for gap in told] == [About.SUBJECT_KIND]
        return
    for values in product(*(gap.values for gap in told)):
        changed = who
        for gap, value in zip(told, values, strict=True):
            changed = _met(changed, gap, value)
        assert is_eligible(condition, changed)
    for fewer in combinations(_changes(who), max(0, len(told) - 1)):
        assert not told or not any(is_eligible(condition, one) for one in _with(who, fewer))


async def test_python_sql_and_the_explanation_agree(house: House, figures: dict[str, int]) -> None:
    chance = random.Random(20261126)
    trees = [tree for tree in (drawn.tree(chance) for _ in range(_OFFERS * 2)) if ways(tree)][:_OFFERS]
    by_id = {f"ofr_{number}": tree for number, tree in enumerate(trees)}
    async with house.database.writing() as unit:
        model = await unit.first(select(offer).limit(1))
        assert model is not None
        rows = [
            model._asdict()
            | {"id": id_, "condition": conditions.text(tree), "published_at": _AT + timedelta(seconds=number)}
            for number, (id_, tree) in enumerate(by_id.items())
        ]
        met = [
            {"offer_id": id_, "number": number, **asdict(way)}
            for id_, tree in by_id.items()
            for number, way in enumerate(ways(tree))
        ]
        await unit.run(offer.insert(), rows)
        await unit.run(offer_way.insert(), met)
        await unit.run(stock.insert(), [{"offer_id": id_, "left_over": 1} for id_ in by_id])
    pairs = taken = 0
    for who in [drawn.standing(chance) for _ in range(_PEOPLE)]:
        async with house.database.reading() as unit:  # each its own: none is held for as long as the oracles think
            listed = await matching.for_cell(unit, Cell(who, True, None), {"page_size": 10_000}, at=datetime.now(UTC))
        ids = {row.id for row in listed}
        for id_, tree in by_id.items():
            oracle = who.kind is _PERSON and _kleene(tree, who) is True
            assert (id_ in ids) is is_eligible(tree, who) is oracle, (tree, who)
            _explained(tree, who, missing(tree, who))
            pairs, taken = pairs + 1, taken + oracle
    assert pairs // 10 < taken < pairs * 9 // 10  # neither answer is rare
    figures["pairs of an offer and a person"] = pairs


def test_what_nobody_can_meet_is_met_by_nobody() -> None:
    chance = random.Random(7)
    impossible = [tree for tree in (drawn.tree(chance) for _ in range(2000)) if not ways(tree)]
    assert len(impossible) > 10
    assert not any(is_eligible(tree, drawn.standing(chance)) for tree in impossible for _ in range(20))
