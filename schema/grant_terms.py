"""How a grant's terms are put: by a recipient who asks, by a subject who offers, and by a subject who narrows."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol, TypeVar

import strawberry

from grants.scope import LendingStage, Period, RecordCategory
from grants.terms import Proposal

_T = TypeVar("_T")


@strawberry.input(description="Terms made narrower. What is left out stays as it was asked for.")
class GrantTermsInput:
    """A subject's narrowing."""

    stages: list[LendingStage] | None = None
    categories: list[RecordCategory] | None = None
    includes_evaluation: bool | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    uses: int | None = None
    uses_per_period: int | None = None
    period: Period | None = None
    window_months: int | None = None
    retention_days: int | None = None
    documents: list[str] | None = None
    monitoring: bool | None = None


class _Put(Protocol):
    """What every input that puts terms has; some of them must say what others may leave out."""

    valid_from: datetime | None
    uses: int | None
    uses_per_period: int | None
    period: Period | None
    window_months: int | None
    retention_days: int | None
    documents: list[str] | None

    @property
    def stages(self) -> Sequence[LendingStage] | None: ...
    @property
    def categories(self) -> Sequence[RecordCategory] | None: ...
    @property
    def includes_evaluation(self) -> bool | None: ...
    @property
    def valid_until(self) -> datetime | None: ...
    @property
    def monitoring(self) -> bool | None: ...


def proposal(put: _Put) -> Proposal:
    """The terms of an input in the domain's words."""
    return Proposal(
        stages=_kept(put.stages),
        categories=_kept(put.categories),
        includes_evaluation=put.includes_evaluation,
        valid_from=utc(put.valid_from),
        valid_until=utc(put.valid_until),
        uses=put.uses,
        per_period=put.uses_per_period,
        period=put.period,
        window_months=put.window_months,
        retention_days=put.retention_days,
        documents=_kept(put.documents),
        monitoring=put.monitoring,
    )


def utc(at: datetime | None) -> datetime | None:
    """The same instant in UTC: two ways to write one are one request."""
    return None if at is None else at.astimezone(UTC)


def _kept(given: Sequence[_T] | None) -> tuple[_T, ...] | None:
    return None if given is None else tuple(given)
