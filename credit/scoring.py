"""From records to a score, by a model. Pure: the same records in any order, on the same day, are the same score.

What has ended, been repaired or withdrawn does not count at all, and what stands under an open objection does not count
against anybody (CHOICE: in doubt for the subject).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from credit.kinds import RecordNature, RecordStatus
from credit.models import Counts, Model, Reason


@dataclass(frozen=True)
class Fact:
    """What a model may know of a record: never its text, its authority or its parties."""

    category: str
    nature: str
    status: str
    score_until: date | None
    disputed: bool


@dataclass(frozen=True)
class Factor:
    """One reason, with its contribution in points. All of them together are the score before the scale cuts it."""

    code: str
    contribution: int


@dataclass(frozen=True)
class Standing:
    """The outcome: a value on the model's scale, its tier, and why. From `changes_on` on it may be another one, because
    a score date ends; None when none does."""

    value: int
    tier: int
    factors: tuple[Factor, ...]
    changes_on: date | None


def standing(facts: Iterable[Fact], model: Model, *, today: date) -> Standing:
    """The score of someone with these records on this day."""
    counted = [fact for fact in facts if counts(fact, today)]
    factors = tuple(factor for reason in model.reasons for factor in _factor(reason, counted))
    value = max(model.minimum, min(model.maximum, sum(factor.contribution for factor in factors)))
    last_days = [fact.score_until for fact in counted if fact.score_until is not None]
    changes_on = min(last_days) + timedelta(days=1) if last_days and min(last_days) < date.max else None
    return Standing(value, model.band_of(value).tier, factors, changes_on)


def _factor(reason: Reason, counted: Sequence[Fact]) -> Iterable[Factor]:
    points = max(-reason.most, min(reason.most, reason.points * _times(reason, counted)))
    return [Factor(reason.code, points)] if points else []


def _times(reason: Reason, counted: Sequence[Fact]) -> int:
    match reason.counts:
        case Counts.ALWAYS:
            return 1
        case Counts.CATEGORY:
            return sum(fact.category == reason.of for fact in counted)
        case Counts.NATURE:
            return sum(fact.nature == reason.of for fact in counted)
        case Counts.NO_NATURE:
            return int(all(fact.nature != reason.of for fact in counted))


def counts(fact: Fact, today: date) -> bool:
    """Whether a record counts for a score on a day."""
    if fact.status != RecordStatus.CURRENT.value:
        return False
    if fact.score_until is not None and fact.score_until < today:
        return False
    return not (fact.disputed and fact.nature == RecordNature.ADVERSE.value)
