"""When a grant lives, what it covers, and what terms can be agreed. Pure: the instant comes in as `at`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.errors import Detail
from grants.scope import GrantStatus, LendingStage, Purpose, RecordCategory

# CHOICE: no consent lasts longer than three years, nor is data kept longer; issue-specific ceilings may be lower.
LONGEST_TERM = timedelta(days=3 * 365)
MOST_USES = 1000
RETENTION_DAYS = 180


class Standing(Protocol):
    """The part of a grant's row that decides whether it lives."""

    @property
    def status(self) -> str:
        """The stored status; EXPIRED and EXHAUSTED may be due without being stored."""

    @property
    def valid_from(self) -> datetime:
        """The first instant of validity."""

    @property
    def valid_until(self) -> datetime:
        """The first instant after validity."""

    @property
    def uses_left(self) -> int | None:
        """How many uses remain; None for any number."""


def status_at(grant: Standing, *, at: datetime) -> GrantStatus:
    """How the grant stands now. Expiry and exhaustion are computed, never swept."""
    stored = GrantStatus(grant.status)
    if stored not in (GrantStatus.ACTIVE, GrantStatus.PAUSED):
        return stored
    if at >= grant.valid_until:
        return GrantStatus.EXPIRED
    if grant.uses_left == 0:
        return GrantStatus.EXHAUSTED
    return stored


@dataclass(frozen=True)
class Asked:
    """What one operation asks of a grant: read from its document and variables, before any data."""

    categories: frozenset[str]
    stage: str | None


def missing(asked: Asked, *, categories: Collection[str], stages: Collection[str]) -> tuple[Detail, ...]:
    """Everything asked for that is not granted; empty when the grant covers the operation."""
    found = [Detail(("records", "filter", "categories"), name) for name in sorted(asked.categories - set(categories))]
    if stages and asked.stage not in stages:
        found.append(Detail(("query", "stage"), asked.stage or "STAGE_REQUIRED", "|".join(sorted(stages))))
    if not stages and asked.stage is not None:
        found.append(Detail(("query", "stage"), asked.stage))
    return tuple(found)


def faults(
    *,
    purpose: Purpose,
    stages: Iterable[LendingStage],
    categories: Collection[RecordCategory],
    evaluation_of_person: bool,
    valid_until: datetime,
    uses: int | None,
    at: datetime,
) -> tuple[Detail, ...]:
    """Which of the proposed terms break a rule, with the limit each one broke."""
    found: list[Detail] = []
    if not categories:
        found.append(Detail(("categories",), "EMPTY"))
    if evaluation_of_person:
        found.append(Detail(("includesEvaluation",), "ONLY_FOR_ORGANISATIONS"))  # 公共信用综合评价 is of organisations
    if valid_until <= at:
        found.append(Detail(("validUntil",), "PAST"))
    elif valid_until > at + LONGEST_TERM:
        found.append(Detail(("validUntil",), "TERM_TOO_LONG", f"P{LONGEST_TERM.days}D"))
    if uses is not None and not 1 <= uses <= MOST_USES:
        found.append(Detail(("uses",), "OUT_OF_RANGE", f"1..{MOST_USES}"))
    stages = list(stages)
    if purpose is Purpose.FINANCING and not stages:
        found.append(Detail(("stages",), "STAGE_REQUIRED"))  # Art. 10: the authorisation names its stages
    if purpose is not Purpose.FINANCING and stages:
        found.append(Detail(("stages",), "ONLY_FOR_FINANCING"))
    return tuple(found)
