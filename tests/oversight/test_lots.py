"""By what lot a sample is drawn."""

from hypothesis import given
from hypothesis import strategies as st

from oversight.supervision import lots

_SEEDS = st.binary(min_size=32, max_size=32)
_POSITIONS = st.lists(st.integers(1, 10**6), unique=True, max_size=60).map(sorted)


@given(_SEEDS, _POSITIONS, st.integers(1, 20))
def test_so_many_are_drawn_of_what_is_there_each_once_and_in_whatever_order_they_are_given(
    seed: bytes, positions: list[int], size: int
) -> None:
    chosen = lots.drawn(seed, positions, size)
    assert len(chosen) == len(set(chosen)) == min(size, len(positions))
    assert set(chosen) <= set(positions)
    assert chosen == lots.drawn(seed, positions[::-1], size)
    assert chosen == lots.drawn(seed, positions, size + 1)[:size], "a larger sample has the smaller one in it"


def test_every_position_is_drawn_alike() -> None:
    """Of ten, one: in two thousand lots each near two hundred times."""
    counted = dict.fromkeys(range(1, 11), 0)
    for number in range(2000):
        counted[lots.drawn(lots.seed_of(b"leaf", str(number)), list(counted), 1)[0]] += 1
    assert all(140 < many < 260 for many in counted.values()), counted


def test_a_known_lot() -> None:
    """As a shell's sha256sum has it."""
    seed = lots.seed_of(bytes(32), "smp_1")
    assert lots.digest([1, 12]) == "8f23f724d30f28e87e75b9f18080012e3d57877ca121e79e2568da552c885422"
    assert lots.drawn(seed, range(1, 30), 3) == [24, 16, 6]
