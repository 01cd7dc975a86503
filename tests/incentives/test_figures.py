"""What a published table of people tells: nothing of any small number, whoever reads it and whatever else they know."""

from collections.abc import Iterable, Mapping
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incentives.figures import LEAST, UNIT, UNUSED, Counts, counted, ranges, shown, tells, told
from incentives.recovering import UNBOUNDED, Contradiction, Place, Range, places, possible
from tests.harness.scale import scaled

Said = Mapping[Place, int | None]
_FEW = settings(max_examples=scaled(40, 2000), deadline=None)
_SMALL = range(LEAST)


def _counts(people: Mapping[Place, int]) -> Counts:
    """So many people at each cell, each of them once."""
    takings = ((f"{cell}{number}", cell) for cell, many in people.items() for number in range(many))
    return counted(people, takings)


@st.composite
def _tables(draw: st.DrawFn, largest: int = 60) -> Counts:
    """Some offers, each at some of the stores; many numbers about where they become too small to be shown."""
    stores = [f"s{number}" for number in range(draw(st.integers(1, 4)))]
    used_at = st.lists(st.sampled_from(stores), min_size=1, unique=True)
    many = st.integers(0, 14) | st.integers(0, largest) | st.just(0)
    cells = [Place(f"o{o}", c) for o in range(draw(st.integers(1, 4))) for c in [*draw(used_at), UNUSED]]
    return _counts({cell: draw(many) for cell in cells})


def _small(counts: Counts, table: Said) -> list[Place]:
    return [place for place, said in table.items() if said is None and counts.people[place] < LEAST]


# ------------------------------------------------------------------------------------------------- what is possible
def _by_trying(known: Mapping[Place, Range]) -> dict[Place, Range]:
    """Every table of small numbers that is in the ranges, tried one after another."""
    cells = [place for place in known if None not in place]
    found: dict[Place, list[int]] = {}
    for numbers in product(*(range(known[cell][0], known[cell][1] + 1) for cell in cells)):
        table = {place: sum(n for c, n in zip(cells, numbers, strict=True) if _within(c, place)) for place in known}
        if all(known[place][0] <= number <= known[place][1] for place, number in table.items()):
            for place, number in table.items():
                found.setdefault(place, []).append(number)
    return {place: (min(numbers), max(numbers)) for place, numbers in found.items()}


def _within(cell: Place, place: Place) -> bool:
    return place.row in (None, cell.row) and place.column in (None, cell.column)


@given(st.data())
@_FEW
def test_what_is_possible_is_what_trying_all_tables_finds(data: st.DataObject) -> None:
    pairs = [Place(row, column) for row in "ab" for column in "xy"]
    cells = data.draw(st.lists(st.sampled_from(pairs), min_size=1, unique=True))
    known = {}
    for place in places(cells):
        low = data.draw(st.integers(0, 3 if None not in place else 8))
        known[place] = (low, low + data.draw(st.integers(0, 3)))
    expected = _by_trying(known)
    try:
        assert possible(known, known) == expected
    except Contradiction:
        assert expected == {}


# ---------------------------------------------------------------------------------------------- what is told by whom
@given(_tables(), st.integers(0, 2**32))
@_FEW
def test_whoever_has_the_table_alone_learns_no_small_number(counts: Counts, seed: int) -> None:
    table = shown(counts, Random(seed))
    assert told(table) == []
    found = possible(ranges(table), table)
    for place in _small(counts, table):
        assert found[place][0] == 0
        assert found[place][1] >= LEAST - 1, place


@given(_tables(), st.integers(0, 2**32))
@_FEW
def test_few_people_are_never_shown_and_the_others_are_near_the_truth(counts: Counts, seed: int) -> None:
    for place, said in shown(counts, Random(seed)).items():
        if said is not None:
            assert counts.people[place] >= LEAST
            assert said % UNIT == 0
            assert abs(said - counts.taken[place]) < UNIT


@given(_tables(), st.integers(0, 2**32))
@_FEW
def test_a_merchant_who_knows_its_receipts_learns_not_how_many_did_not_come(counts: Counts, seed: int) -> None:
    table = shown(counts, Random(seed))
    known = ranges(table) | {
        cell: (taken, taken) for cell, taken in counts.taken.items() if cell.column not in (None, UNUSED) and cell.row
    }
    found = possible(known, table)
    for place in _small(counts, table):
        if place.column == UNUSED:
            assert found[place][0] == 0
            assert found[place][1] >= LEAST - 1, place


@given(_tables(), st.integers(0, 2**32), st.data())
@_FEW
def test_who_is_told_which_others_are_small_learns_no_small_number(
    counts: Counts, seed: int, data: st.DataObject
) -> None:
    table = shown(counts, Random(seed))
    small = _small(counts, table)
    if not small:
        return
    place = data.draw(st.sampled_from(small))
    known = dict(ranges(table))
    for other in small:
        if None not in other and not _within(other, place):
            known[other] = (0, LEAST - 1)
    low, high = possible(known, [place])[place]
    assert low == 0
    assert high >= LEAST - 1


@given(_tables(), st.integers(0, 2**32), st.data())
@_FEW
def test_two_months_that_differ_by_one_person_tell_no_more(counts: Counts, seed: int, data: st.DataObject) -> None:
    """Both tables at once, by somebody who knows that the second month is the first with one taking more somewhere."""
    cells = {cell: taken for cell, taken in counts.taken.items() if None not in cell}
    one = data.draw(st.sampled_from(list(cells)))
    later = _counts(cells | {one: cells[one] + 1})
    if any((counts.people[place] < LEAST) != (later.people[place] < LEAST) for place in counts.people):
        return  # what begins to be shown says by that alone that it has grown
    first = shown(counts, Random(seed))
    withheld = {place for place, said in first.items() if said is None}
    second = shown(later, Random(seed + 1), before=withheld)
    known = {}
    for place, (low, high) in ranges(first).items():
        again, most = ranges(second)[place]
        known[place] = (max(low, again - 1), min(high, most))
    found = possible(known, known)
    for place in set(_small(counts, first)) & set(_small(later, second)):
        assert not tells(found[place]), (place, found[place])


# ------------------------------------------------------------------------------ what is told to who knows the method
def _all_small(cells: Iterable[Place], largest: int) -> Iterable[Counts]:
    cells = list(cells)
    for numbers in product(range(largest + 1), repeat=len(cells)):
        if sum(numbers) <= largest:
            yield _counts(dict(zip(cells, numbers, strict=True)))


_ONE_OFFER = [Place("o", column) for column in ("x", "y", UNUSED)]
_TWO_OFFERS = [Place(row, column) for row in "ab" for column in "xy"]


@pytest.mark.parametrize(
    ("cells", "least", "largest"),
    [(_ONE_OFFER[1:], 3, 9), (_ONE_OFFER, 3, 9), (_TWO_OFFERS, 2, scaled(6, 8))],
    ids=["one store", "two stores", "two offers"],
)
def test_who_runs_the_method_on_every_table_finds_any_small_number_behind_what_is_shown(
    cells: list[Place], least: int, largest: int
) -> None:
    """With fewer than 3 or 2 withheld and no rounding, so that every table can be tried, and by many lots."""
    lots = scaled(16, 100)
    behind: dict[tuple[tuple[Place, int | None], ...], list[Counts]] = {}
    for counts in _all_small(cells, largest):
        for lot in range(lots):
            table = shown(counts, Random(lot), least=least, unit=1)
            behind.setdefault(tuple(table.items()), []).append(counts)
    assert len(behind) > 1
    for said, tables in behind.items():
        table = dict(said)
        for cell in cells:
            numbers = {counts.taken[cell] for counts in tables}
            if table[cell] is None and min(numbers) < least and not _is_at_the_edge(table):
                assert numbers >= set(range(least)), (said, cell, numbers)


def _is_at_the_edge(table: Said) -> bool:
    """Whether larger tables than were tried might be behind it."""
    return table[Place(None, None)] is None


_ONE_IS_SMALL = _counts({Place("o", f"s{number}"): 3 if number == 0 else 40 for number in range(6)})


def test_what_is_withheld_for_anothers_sake_is_drawn() -> None:
    """A fixed choice could be read backwards: were it another that is small, another would be withheld with it."""
    for_its_sake = {
        place
        for lot in range(60)
        for place, said in shown(_ONE_IS_SMALL, Random(lot)).items()
        if said is None and place.row and place.column and place.column != "s0"
    }
    assert len(for_its_sake) == 5


def test_a_month_like_the_one_before_withholds_the_same() -> None:
    """Or what the one shows would be what the other hides."""
    first = shown(_ONE_IS_SMALL, Random(0))
    withheld = {place for place, said in first.items() if said is None}
    for lot in range(40):
        second = shown(_ONE_IS_SMALL, Random(lot), before=withheld)
        assert {place for place, said in second.items() if said is None} == withheld


# -------------------------------------------------------------------------------------------- that it can be told
@pytest.mark.parametrize(
    ("numbers", "place"),
    [
        # One number is missing in its row: it is the difference.
        ({("o", "a"): None, ("o", "b"): 40, ("o", UNUSED): 60, ("o", None): 100}, Place("o", "a")),
        # Two are, and together they are nobody, or nearly.
        ({("o", "a"): None, ("o", "b"): None, ("o", UNUSED): 60, ("o", None): 60}, Place("o", "b")),
    ],
)
def test_the_audit_finds_what_a_careless_table_tells(
    numbers: dict[tuple[str, str | None], int | None], place: Place
) -> None:
    given_ = {Place(*key): said for key, said in numbers.items()}
    totals = {Place(None, key.column): said for key, said in given_.items()}
    assert place in told(given_ | totals, unit=1)


def test_a_number_is_rounded_right_on_average_and_once_for_a_total_of_one_part() -> None:
    counts = _counts({Place("o", "a"): 33, Place("o", UNUSED): 102})
    tables = [shown(counts, Random(lot)) for lot in range(400)]
    values = [said for table in tables if (said := table[Place("o", "a")]) is not None]
    assert set(values) == {30, 35}
    assert 32.5 < sum(values) / len(values) < 33.5
    assert all(table[Place("o", "a")] == table[Place(None, "a")] for table in tables)
    assert all(table[Place("o", None)] == table[Place(None, None)] for table in tables)


def test_many_takings_of_few_people_are_few_people() -> None:
    cells = [Place(f"o{number}", UNUSED) for number in range(20)]
    counts = counted(cells, [(person, cell) for person in ("one", "two") for cell in cells])
    assert counts.taken[Place(None, None)] == 40
    assert set(shown(counts, Random(1)).values()) == {None}


def test_a_contradiction_is_said() -> None:
    known = dict.fromkeys(places([Place("o", "a")]), (0, UNBOUNDED))
    with pytest.raises(Contradiction):
        possible(known | {Place("o", "a"): (3, 3), Place("o", None): (4, 4)}, [Place("o", "a")])
    with pytest.raises(Contradiction):
        possible(known | {Place("o", "a"): (3, 2)}, [])
