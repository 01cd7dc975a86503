"""`make bench-offers`: the 20 newest offers that somebody may take, among 1,000 and among 100,000.

Two PostgreSQL servers of one city, with offers whose conditions are drawn alike; the sizes take turns. Measured is the
statement that fills a cell's list when nothing is kept of it: afterwards a list is in memory until the next edition.
"""

import asyncio
import random
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import click
from sqlalchemy import select, text

from api.house import House
from api.settings import Settings
from benchmarks import ground, reports
from core.database import metadata
from credit.districts import INVENTED
from credit.kinds import AgeBand, RecordFact, SubjectKind
from incentives import conditions, matching
from incentives.conditions import EVERYBODY, Age, Condition, District, Every, Fact, Some, Tier
from incentives.eligibility import Standing
from incentives.matching import Cell
from incentives.ways import offered

_PROMISED, _FIRST, _CHUNK = 1.5, 20, 5000
_PERSON, _OLD = SubjectKind.NATURAL_PERSON, frozenset({AgeBand.FROM_60, AgeBand.FROM_65, AgeBand.FROM_80})
_PEOPLE = {
    "in good standing": Standing(_PERSON, 4, AgeBand.FROM_35, INVENTED[0], frozenset(RecordFact)),
    "low tier": Standing(_PERSON, 1, AgeBand.FROM_65, INVENTED[1], frozenset({RecordFact.NO_ADVERSE})),
    "nothing known": Standing(_PERSON),
}


def drawn(chance: random.Random) -> Condition:
    """What offers ask, by turns: nothing, a tier, an age, a district, a fact, or several of them."""
    tier, home = Tier(chance.randint(1, 5)), District(frozenset({chance.choice(INVENTED)}))
    fact = Fact(chance.choice(list(RecordFact)))
    several: list[Condition] = [Every((tier, home)), Some((Age(_OLD), tier)), Every((fact, Some((tier, Age(_OLD)))))]
    return chance.choice([EVERYBODY, tier, tier, Age(_OLD), home, fact, *several])


@click.command()
@click.option("--small", default=1_000, show_default=True)
@click.option("--large", default=100_000, show_default=True)
@click.option("--times", default=200, show_default=True, help="Lists of each in a round.")
@click.option("--rounds", default=5, show_default=True)
def main(small: int, large: int, times: int, rounds: int) -> None:
    """Microseconds for a list, and their ratio; exits 1 above the promised one."""
    head = reports.begin()
    with ExitStack() as stack:
        grounds = {size: stack.enter_context(ground.filled(1000)) for size in (small, large)}
        found = asyncio.run(_measured(grounds, times, rounds))
    p50 = {
        name: {str(size): round(statistics.median(rounds_of[size]), 1) for size in grounds}
        for name, rounds_of in found.items()
    }
    ratios = {
        name: round(statistics.median(a / b for a, b in zip(of[large], of[small], strict=True)), 3)
        for name, of in found.items()
    }
    shape = {"first": _FIRST, "times": times, "rounds": rounds, "promised": _PROMISED}
    reports.write("offers", head, {**shape, "p50_us": p50, "ratios": ratios})
    for name, ratio in ratios.items():
        print(f"{name:20} {p50[name]} ratio {ratio} (promised ≤ {_PROMISED})")
    sys.exit(0 if max(ratios.values()) <= _PROMISED else 1)


async def _measured(
    grounds: Mapping[int, Settings], times: int, rounds: int
) -> Mapping[str, Mapping[int, Sequence[float]]]:
    houses = {size: House(settings) for size, settings in grounds.items()}
    try:
        for size, house in houses.items():
            await _fill(house, size)
        found: dict[str, dict[int, list[float]]] = {name: {size: [] for size in houses} for name in _PEOPLE}
        for _ in range(rounds):
            for name, who in _PEOPLE.items():
                for size, house in houses.items():
                    found[name][size].append(await _p50(house, who, times))
        return found
    finally:
        for house in houses.values():
            await house.database.close()


async def _p50(house: House, who: Standing, times: int) -> float:
    """The median time of a list, after some that are not counted."""
    taken = []
    for turn in range(times + 20):
        async with house.database.reading() as unit:
            begun = time.perf_counter()
            rows = await matching.for_cell(unit, Cell(who, True, None), {"page_size": _FIRST + 1}, at=datetime.now(UTC))
            if turn >= 20:
                taken.append((time.perf_counter() - begun) * 1e6)
        assert len(rows) == _FIRST + 1
    return statistics.median(taken)


async def _fill(house: House, size: int) -> None:
    """Write so many offers in place of the city's own."""
    chance = random.Random(1)
    tables = {name: metadata.tables[name] for name in ("offer", "offer_way", "stock")}
    async with house.database.writing() as unit:
        model = await unit.first(select(tables["offer"]).limit(1))
        assert model is not None
        # Their versions and steps are only ever added to: nothing but this takes rows from there.
        await unit.run(text("TRUNCATE offer CASCADE"))
        for start in range(0, size, _CHUNK):
            made: dict[str, list[dict[str, object]]] = {"offer": [], "offer_way": [], "stock": []}
            for n in range(start, min(size, start + _CHUNK)):
                condition = drawn(chance)
                id_ = f"ofr_{n:020d}"
                said = {"id": id_, "condition": conditions.text(condition)}
                made["offer"].append(model._asdict() | said | {"published_at": _at(n)})
                ways = enumerate(offered(condition), 1)
                made["offer_way"] += [{"offer_id": id_, "number": number, **asdict(way)} for number, way in ways]
                made["stock"].append({"offer_id": id_, "left_over": 100, "standing": 1})
            for name, rows in made.items():
                await unit.run(tables[name].insert(), rows)
    async with house.database.writing() as unit:
        await unit.run(text("ANALYZE"))


def _at(number: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)


if __name__ == "__main__":
    main()
