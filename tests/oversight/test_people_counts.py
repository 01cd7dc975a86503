"""How many people and organisations stand where is what a straightforward recount says, whatever happened to each."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.house import House
from core.moments import day_of, start_of
from core.rehearsing import Rehearsal
from credit import counts, districts
from incentives.recovering import Place
from oversight.supervision import suppressing
from oversight.supervision.publishing import PeopleKind, PeoplePublisher
from tests.harness import residing
from tests.harness.residing import Crowd
from tests.harness.scale import FULL, scaled

_TIERS, _GRADES = (1, 2, 3, 4, 5), "ABCD"
_KINDS = ("INDIVIDUAL_BUSINESS", "LEGAL_PERSON", "UNINCORPORATED")
_DAY = date(2026, 11, 27)
# The first and the last instant of the city's day, and its noon in another one of the world's.
_MOMENTS = (
    start_of(_DAY),
    start_of(_DAY + timedelta(days=1)) - timedelta(microseconds=1),
    datetime(2026, 11, 27, 4, tzinfo=UTC),
)
_CALM = settings(
    deadline=None,
    derandomize=not FULL,
    max_examples=scaled(6, 300),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _tiers(crowd: Crowd) -> Counter[tuple[int, str]]:
    return Counter((one.tier, one.district or "UNSTATED") for one in crowd.people if one.tier is not None)


def _grades(crowd: Crowd, today: date) -> Counter[tuple[str, str]]:
    return Counter((one.grade, one.kind) for one in crowd.organisations if not one.is_withdrawn and one.until >= today)


def _table(kind: PeopleKind, crowd: Crowd, today: date) -> dict[Place, int]:
    """Every cell, also those that nobody is in."""
    if kind is PeopleKind.SCORE_TIERS:
        tiers, columns = _tiers(crowd), (*districts.INVENTED, "UNSTATED")
        return {Place(str(tier), column): tiers[tier, column] for tier in _TIERS for column in columns}
    grades = _grades(crowd, today)
    return {Place(grade, column): grades[grade, column] for grade in _GRADES for column in _KINDS}


def _with_totals(cells: dict[Place, int]) -> dict[Place, int]:
    """With each row's sum, each column's, and that of all."""
    rows, columns = {one.row for one in cells}, {one.column for one in cells}
    return {
        Place(row, column): sum(
            many for place, many in cells.items() if row in (None, place.row) and column in (None, place.column)
        )
        for row in (*rows, None)
        for column in (*columns, None)
    }


@given(st.randoms(use_true_random=False), st.sampled_from(_MOMENTS))
@_CALM
async def test_how_many_stand_where_is_what_a_straightforward_recount_says(
    house: House, chance: Random, at: datetime
) -> None:
    publisher, today = PeoplePublisher(house.database, demonstration=True), day_of(at)
    assert today == _DAY
    async with Rehearsal(house.database).writing() as unit:
        crowd = await residing.here(unit) + await residing.drawn(unit, chance, today, at=at, most=scaled(25, 60))
        assert dict(await counts.tiers(unit)) == _tiers(crowd)
        assert dict(await counts.grades(unit, today=today)) == _grades(crowd, today)
        for kind in PeopleKind:
            cells = await publisher._cells(unit, kind, at)
            assert cells == _table(kind, crowd, today), kind
            assert suppressing.counts_of(cells).people == _with_totals(_table(kind, crowd, today))
