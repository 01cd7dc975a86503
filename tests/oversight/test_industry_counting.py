"""What a simulation says: no small number, and nothing by which one is told (Art. 9)."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from incentives.figures import LEAST, UNIT
from oversight.industry import counting
from oversight.industry.counting import CLASSES

_TABLES = st.dictionaries(st.text("ABCDEFGH", min_size=1, max_size=2), st.integers(0, 60), min_size=2, max_size=7)


@given(_TABLES, st.integers(0, 2**32))
def test_no_small_number_is_said_and_what_is_said_is_rounded(table: dict[str, int], seed: int) -> None:
    shown = counting.shown({CLASSES: table}, Random(seed))[CLASSES]
    assert list(shown) == list(table)
    for place, said in shown.items():
        if table[place] < LEAST:
            assert said is None
        if said is not None:
            assert said % UNIT == 0
            assert abs(said - table[place]) < UNIT


@given(_TABLES, st.integers(0, 2**32))
def test_whoever_knows_all_that_is_said_and_how_many_there_are_is_told_no_small_number(
    table: dict[str, int], seed: int
) -> None:
    """By trying: some other whole numbers in the withheld places, each small or large as it is, have the same sum."""
    shown = counting.shown({CLASSES: table}, Random(seed))[CLASSES]
    hidden = [place for place, said in shown.items() if said is None]
    if len(hidden) == len(table):
        return  # nothing is said at all
    together = sum(table[place] for place in hidden)
    for place in hidden:
        if table[place] >= LEAST:
            continue
        others = [table[other] for other in hidden if other != place]
        least = sum(LEAST for many in others if many >= LEAST)
        most = sum(LEAST - 1 if many < LEAST else together for many in others)
        possible = {x for x in range(LEAST) if least <= together - x <= most}
        assert possible == set(range(LEAST))


def test_the_same_people_draw_the_same_lot() -> None:
    counts = {CLASSES: {"A": 52, "B": 33, "C": 18}, "X": {"Y": 103, "Z": 0}}
    assert counting.shown(counts, Random(b"k")) == counting.shown(counts, Random(b"k"))
    assert counting.shown(counts, Random(b"k"))["X"] == {"Y": None, "Z": None}
