"""From records to a score, by a versioned demonstration model. Pure.

Favourable records add, adverse ones take away, each kind up to a cap, so that no single kind decides. What has
ended, been repaired, or stands under an open objection does not count against anybody (CHOICE: in doubt for the
subject).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from credit.kinds import RecordNature, RecordStatus
from credit.scale import MAXIMUM, MINIMUM, band_of

_BASE = 620


@dataclass(frozen=True)
class Fact:
    """What the model may know of a record: never its text, its authority or its parties."""

    category: str
    nature: str
    status: str
    score_until: date | None
    disputed: bool


@dataclass(frozen=True)
class Factor:
    """One reason, with its contribution in points. The sum of all factors is the score before clamping."""

    code: str
    contribution: int


@dataclass(frozen=True)
class Standing:
    """The outcome: a value on the scale, its tier, and why."""

    value: int
    tier: int
    factors: tuple[Factor, ...]


def standing(facts: Iterable[Fact], *, today: date) -> Standing:
    """The score of someone with these records on this day."""
    counted = [fact for fact in facts if _counts(fact, today)]
    honours = sum(fact.category == "HONOUR" for fact in counted)
    adverse = sum(fact.nature == RecordNature.ADVERSE.value for fact in counted)
    licences = sum(fact.nature == RecordNature.NEUTRAL.value for fact in counted)
    factors = [Factor("BASE", _BASE)]
    factors += [Factor("HONOURS", min(honours * 60, 240))] if honours else []
    factors += [Factor("LICENCES", min(licences * 20, 60))] if licences else []
    factors += [Factor("NO_ADVERSE", 60)] if not adverse else [Factor("ADVERSE", max(adverse * -80, -320))]
    value = max(MINIMUM, min(MAXIMUM, sum(factor.contribution for factor in factors)))
    return Standing(value, band_of(value).tier, tuple(factors))


def _counts(fact: Fact, today: date) -> bool:
    if fact.status != RecordStatus.CURRENT.value:
        return False
    if fact.score_until is not None and fact.score_until < today:
        return False
    return not (fact.disputed and fact.nature == RecordNature.ADVERSE.value)
