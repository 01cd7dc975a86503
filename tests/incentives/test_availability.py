"""Which versions of an offer could be taken in a month."""

from collections import namedtuple
from datetime import UTC, datetime

import pytest

from core.months import Month
from incentives.availability import versions_in

_Step = namedtuple("_Step", "act number at")
_Written = namedtuple("_Written", "starts_at ends_at")
_MARCH = Month.read("2026-03")


def _on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


def _steps(*acts: tuple[str, int, int, int]) -> list[_Step]:
    return [_Step(act, number, _on(month, day)) for act, number, month, day in acts]


_DRAFTED = ("DRAFT", 1, 1, 5)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], {1}),  # published before there were steps
        ([_DRAFTED], set()),
        ([_DRAFTED, ("APPROVE", 1, 2, 1)], {1}),
        ([_DRAFTED, ("REVISE", 2, 1, 6), ("APPROVE", 2, 2, 1)], {2}),
        ([_DRAFTED, ("APPROVE", 1, 4, 1)], set()),
        ([_DRAFTED, ("APPROVE", 1, 2, 1), ("APPROVE", 2, 3, 10)], {1, 2}),
        ([_DRAFTED, ("APPROVE", 1, 2, 1), ("APPROVE", 2, 2, 20)], {2}),
        ([_DRAFTED, ("APPROVE", 1, 2, 1), ("PAUSE", 1, 2, 9)], set()),
        ([_DRAFTED, ("APPROVE", 1, 2, 1), ("PAUSE", 1, 2, 9), ("RESUME", 1, 3, 31)], {1}),
        ([_DRAFTED, ("APPROVE", 1, 2, 1), ("PAUSE", 1, 2, 9), ("APPROVE", 2, 3, 9)], set()),
        ([_DRAFTED, ("APPROVE", 1, 2, 1), ("END", 1, 3, 2)], {1}),
        ([("PAUSE", 1, 2, 9), ("END", 1, 4, 2)], set()),
    ],
)
def test_versions_that_could_be_taken_in_march(steps: list[tuple[str, int, int, int]], expected: set[int]) -> None:
    written = {number: _Written(_on(1, 1), _on(12, 31)) for number in (1, 2)}
    assert versions_in(_MARCH, _steps(*steps), written, published_at=_on(1, 5)) == expected


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [(_on(1, 1), _on(2, 20), set()), (_on(4, 1), _on(5, 1), set()), (_on(3, 31), _on(5, 1), {1})],
)
def test_a_version_is_taken_in_its_own_days(starts: datetime, ends: datetime, expected: set[int]) -> None:
    assert versions_in(_MARCH, [], {1: _Written(starts, ends)}, published_at=_on(1, 1)) == expected
