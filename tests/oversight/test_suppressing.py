"""What months of tables tell, read one by one and together: nothing of fewer than eleven."""

from collections.abc import Mapping
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from incentives import figures as rules
from incentives.figures import LEAST, UNIT, Said
from incentives.recovering import Place, Range, possible
from oversight.supervision import suppressing
from tests.harness.scale import scaled

_FEW = settings(max_examples=scaled(25, 1500), deadline=None)
_ROWS, _COLUMNS = ("1", "2", "3"), ("滨河区", "东港区", "UNSTATED")
_CELLS = st.fixed_dictionaries(
    {Place(row, column): st.integers(0, 14) | st.integers(0, 80) for row in _ROWS for column in _COLUMNS}
)


def _months(cells: Mapping[Place, int], chance: Random, many: int) -> list[tuple[Mapping[Place, int], Said]]:
    """Months in which a few people come and go, or nobody does, as they are published one after another."""
    months: list[tuple[Mapping[Place, int], Said]] = []
    for _ in range(many):
        before = months[-1][1] if months else None
        months.append((cells, suppressing.made(suppressing.counts_of(cells), chance, before)))
        if chance.random() < 0.5:
            moved = chance.choice(list(cells))
            cells = {**cells, moved: max(0, cells[moved] + chance.choice((-1, 1)))}
    return months


def _learnt(one: Said, other: Said, moved: Mapping[Place, int]) -> dict[Place, Range]:
    """What both say of the first, to somebody who knows by how much every number has changed since."""
    known = dict(rules.ranges(one))
    for place, (low, high) in rules.ranges(other).items():
        if other[place] is not None:
            known[place] = (max(known[place][0], low - moved[place]), min(known[place][1], high - moved[place]))
    return known


@given(_CELLS, st.randoms(use_true_random=False))
@_FEW
def test_months_read_together_tell_no_number_that_they_withhold(cells: Mapping[Place, int], chance: Random) -> None:
    assert list(suppressing.told([said for _, said in _months(cells, chance, 4)])) == []


def test_of_random_pairs_of_queries_none_reveals_a_number_under_eleven(figures: dict[str, int]) -> None:
    """A query is one month's table. Whoever knows what changed between two of them has both, and is answered with no
    small number; nor has whoever takes one shown number of the one from one of the other."""
    chance, pairs, most = Random(11), 0, scaled(150, 10_000)
    while pairs < most:
        cells = {Place(row, column): chance.choice((chance.randint(0, 14), chance.randint(0, 80)))
                 for row in _ROWS for column in _COLUMNS}  # fmt: skip
        months = _months(cells, chance, 4)
        for _ in range(8):
            (one, said), (other, said_later) = (months[number] for number in sorted(chance.sample(range(4), 2)))
            truth, later = suppressing.counts_of(one).people, suppressing.counts_of(other).people
            crossed = {place for place in truth if (truth[place] < LEAST) != (later[place] < LEAST)}
            if crossed:
                continue  # what begins or ends to be shown says by that alone on which side of eleven it is
            pairs += 1
            found = possible(_learnt(said, said_later, {p: later[p] - truth[p] for p in truth}), truth, enough=LEAST)
            for place, many in truth.items():
                if many < LEAST:
                    assert said[place] is said_later[place] is None
                    assert not rules.tells(found[place]), (place, found[place])
    figures["pairs of queries"] = pairs


def test_a_planted_leak_is_found_in_one_table_and_between_two() -> None:
    cells = {Place("1", "a"): 4, Place("1", "b"): 60, Place("2", "a"): 100, Place("2", "b"): 30}
    whole = suppressing.counts_of(cells).people
    careless = {place: None if many < LEAST else many - many % UNIT for place, many in whole.items()}
    assert (0, Place("1", "a")) in list(suppressing.told([careless]))
    # Each by itself withholds a rectangle, and tells nothing; together they show all of its corners but one.
    one = {**whole, **dict.fromkeys((Place("1", "a"), Place("1", "b"), Place("2", "a"), Place("2", "b")))}
    other = {**whole, **dict.fromkeys((Place("1", "a"), Place("1", None), Place(None, "a"), Place(None, None)))}
    assert list(suppressing.told([one])) == []
    assert list(suppressing.told([other])) == []
    assert {place for number, place in suppressing.told([one, other]) if number == 1} == {
        Place("1", "b"),
        Place("2", "a"),
        Place("2", "b"),
    }
