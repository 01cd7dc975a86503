"""A department's scorecard (Art. 9): from an organisation's facts to a class, with a reason for every point. Pure.

Each indicator puts a value into one bin and gives the bin's points times its weight; the sum falls into one class. Bins
of numbers and classes are half-open and begin one where another ends, so that there is no gap and no overlap to check:
each says where it begins, the first one nowhere. Whoever has the grade D in 公共信用综合评价 never has the top class.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from credit.kinds import EvaluationGrade, RecordNature
from grants.scope import RecordCategory

Value = Decimal | str
BARRED = "D_BARS_TOP"


class IndicatorSource(Enum):
    """Where an indicator's value comes from. OWN: a number or a code of the department's own."""

    EVALUATION = "EVALUATION"
    RECORD_FACT = "RECORD_FACT"
    OWN_NUMBER = "OWN_NUMBER"
    OWN_CODE = "OWN_CODE"


NUMBERS = frozenset({IndicatorSource.RECORD_FACT, IndicatorSource.OWN_NUMBER})


@dataclass(frozen=True)
class Bin:
    """What falls into it: numbers from `start` up to the next bin's (None: from anywhere below it), or one code."""

    points: Decimal
    reason: str
    start: Decimal | None = None
    value: str | None = None


@dataclass(frozen=True)
class Indicator:
    """One thing that is looked at. `missing` are the points of who has no value; a RECORD_FACT counts the records of a
    category and nature within so many years."""

    code: str
    label: str
    description: str
    source: IndicatorSource
    weight: Decimal
    missing: Decimal
    bins: tuple[Bin, ...]
    category: RecordCategory | None = None
    nature: RecordNature | None = None
    years: int | None = None


@dataclass(frozen=True)
class Grade:
    """A class: its word, and the sum from which it is given (None for the lowest)."""

    code: str
    start: Decimal | None


@dataclass(frozen=True)
class Scorecard:
    """A whole model: its name, on which instrument it rests, its indicators, its classes from the lowest up."""

    name: str
    instrument: str
    indicators: tuple[Indicator, ...]
    classes: tuple[Grade, ...]


@dataclass(frozen=True)
class Factor:
    """What one indicator gave, and why."""

    indicator: str
    reason: str
    contribution: Decimal


@dataclass(frozen=True)
class Outcome:
    """A class, the sum it rests on, and each indicator's part. `barred`: the top class by its sum, and a D."""

    grade: str
    points: Decimal
    factors: tuple[Factor, ...]
    barred: bool


def outcome(card: Scorecard, values: Mapping[str, Value]) -> Outcome:
    """The class of an organisation with these values, by indicator; who is not in them has none. Of a scorecard that
    `checking.faults` finds nothing wrong with."""
    factors = tuple(_factor(one, values.get(one.code)) for one in card.indicators)
    points = sum((one.contribution for one in factors), Decimal(0))
    place = _place([one.start for one in card.classes], points)
    barred = place == len(card.classes) - 1 and _graded_d(card, values)
    return Outcome(card.classes[place - 1 if barred else place].code, points, factors, barred)


def _factor(indicator: Indicator, value: Value | None) -> Factor:
    found = _bin(indicator, value) if value is not None else None
    points, reason = (found.points, found.reason) if found else (indicator.missing, f"{indicator.code}_MISSING")
    return Factor(indicator.code, reason, points * indicator.weight)


def _bin(indicator: Indicator, value: Value) -> Bin | None:
    if indicator.source in NUMBERS:
        return indicator.bins[_place([one.start for one in indicator.bins], Decimal(value))]
    return next((one for one in indicator.bins if one.value == value), None)


def _place(starts: Sequence[Decimal | None], value: Decimal) -> int:
    """In which of these half-open stretches a number lies."""
    return max(place for place, start in enumerate(starts) if start is None or start <= value)


def _graded_d(card: Scorecard, values: Mapping[str, Value]) -> bool:
    graded = [one.code for one in card.indicators if one.source is IndicatorSource.EVALUATION]
    return any(values.get(code) == EvaluationGrade.D.value for code in graded)
