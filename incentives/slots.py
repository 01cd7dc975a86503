"""How many of an offer one natural person may take, in all or in each of the city's days, weeks or months. Pure.

A claim's slot is a number that nobody else of that person's has for that offer: the unique key over it is the limit.
Where the limit is for a period, the period is in the number, so that another period's slots are others.
"""

from collections.abc import Sequence, Set
from datetime import date, datetime
from itertools import count
from typing import Protocol, TypeVar

from core.moments import start_of
from grants.rules import period_of
from grants.scope import Period

# More than anybody may take in one period.
_STRIDE = 1000
_FIRST_DAY = date(2020, 1, 1)


class Limited(Protocol):
    """An offer, whose limit for a person may be one for a period."""

    per_person_period: str | None


def before(period: Period | None, *, at: datetime) -> int:
    """The number before the first slot of the period that the instant falls in; 0 where the limit is for good."""
    if period is None:
        return 0
    first, _ = period_of(period, at=at)
    return (first - _FIRST_DAY).days * _STRIDE


def period(wanted: Limited) -> Period | None:
    """The period that an offer's limit is for; None where it is for good."""
    return None if wanted.per_person_period is None else Period(wanted.per_person_period)


def free(used: Set[int], period: Period | None, *, at: datetime) -> int:
    """The first slot of the instant's period that is not used."""
    return next(slot for slot in count(before(period, at=at) + 1) if slot not in used)


def before_same(slot: int) -> int:
    """The number before the first slot of the period that a slot is of."""
    return (slot - 1) // _STRIDE * _STRIDE


class Taken(Protocol):
    """A claim that has a slot."""

    created_at: datetime


One = TypeVar("One", bound=Taken)


def counted(taken: Sequence[One], period: Period | None, *, at: datetime) -> list[One]:
    """Those of somebody's claims that count now, in all or in the period that the instant falls in.

    By when they were taken, and not by their slots: the limit may have been another one then.
    """
    if period is None:
        return list(taken)
    first, end = map(start_of, period_of(period, at=at))
    return [one for one in taken if first <= one.created_at < end]
