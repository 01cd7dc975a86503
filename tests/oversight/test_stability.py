"""The stability index of two tables of classes (Art. 9): what always holds of it, and what it is of known tables."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.industry.stability import index

_CLASSES = "ABCD"
_TABLES = st.fixed_dictionaries({one: st.integers(0, 10**6) for one in _CLASSES}).filter(lambda one: any(one.values()))


@given(_TABLES, _TABLES)
def test_it_is_symmetric_never_below_nought_and_the_sum_it_says_it_is(
    before: dict[str, int], now: dict[str, int]
) -> None:
    found = index(_CLASSES, before, now)
    assert found is not None
    assert found == index(_CLASSES, now, before)
    assert found >= 0
    # Straightforwardly, in the other order, by logarithms of ratios.
    parts = []
    for one in reversed(_CLASSES):
        p = (before[one] + 0.5) / (sum(before.values()) + 2)
        q = (now[one] + 0.5) / (sum(now.values()) + 2)
        parts += [q * math.log(q / p), p * math.log(p / q)]
    assert abs(float(found) - math.fsum(parts)) <= 0.0001


@given(_TABLES, st.permutations(_CLASSES))
def test_the_same_table_is_stable_in_any_order(table: dict[str, int], order: list[str]) -> None:
    assert index(order, table, dict(table)) == 0


@given(st.integers(1, 10**5), st.integers(0, 10**5))
def test_it_grows_as_more_leave_a_class(many: int, left: int) -> None:
    before = {"A": many + left, "B": many + left}
    little, more = (
        index("AB", before, {"A": before["A"] - gone, "B": before["B"] + gone}) for gone in (left // 2, left)
    )
    assert little is not None
    assert more is not None
    assert little <= more


def test_a_known_pair() -> None:
    assert index("AB", {"A": 50, "B": 50}, {"A": 60, "B": 40}) == Decimal("0.0397")
    assert index("AB", {"A": 100, "B": 0}, {"A": 0, "B": 100}) > Decimal(10)  # type: ignore[operator]


@pytest.mark.parametrize("table", [{"A": None, "B": 20}, {"B": 20}, {"A": 0, "B": 0}])
def test_of_what_is_withheld_or_of_nobody_there_is_none(table: dict[str, int | None]) -> None:
    whole: dict[str, int | None] = {"A": 20, "B": 20}
    assert index("AB", table, whole) is None
    assert index("AB", whole, table) is None
