"""The judge of timing twins finds what is there and nothing else."""

import random

import pytest

from benchmarks import timing
from benchmarks.timing import auc, judged
from tests.harness.scale import scaled


@pytest.fixture(autouse=True)
def _fewer_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "_RESAMPLES", scaled(80, 1000))


def _times(seed: int, *, slower: float = 0.0, tail: float = 0.0) -> list[float]:
    chance = random.Random(seed)
    return [chance.gauss(5e6 + slower, 1e6) + (4e6 if chance.random() < tail else 0) for _ in range(4000)]


def test_auc_is_the_chance_that_the_other_is_slower() -> None:
    assert auc([1, 2], [3, 4]) == 1
    assert auc([3, 4], [1, 2]) == 0
    assert auc([1, 1], [1, 1]) == 0.5
    assert auc([1, 3], [2, 4]) == 0.75


def test_equal_times_are_kept_and_a_twentieth_slower_is_found() -> None:
    assert judged(_times(1), _times(2))["kept"]
    slower = judged(_times(1), _times(2, slower=250_000))
    assert not slower["kept"]
    assert slower["interval"][0] > 0.53
    faster = judged(_times(1, slower=250_000), _times(2))
    assert not faster["kept"]


def test_a_rare_detour_is_found() -> None:
    assert not judged(_times(1), _times(2, tail=0.15))["kept"]
