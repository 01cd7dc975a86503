"""How a grant's terms are put: by a recipient who asks, by a subject who offers, and by a subject who narrows."""

from datetime import UTC, datetime

import strawberry

from grants.scope import LendingStage, Period, RecordCategory
from grants.terms import Proposal


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

    def proposal(self) -> Proposal:
        """The terms in the domain's words."""
        return Proposal(
            stages=self.stages,
            categories=self.categories,
            includes_evaluation=self.includes_evaluation,
            valid_from=utc(self.valid_from),
            valid_until=utc(self.valid_until),
            uses=self.uses,
            per_period=self.uses_per_period,
            period=self.period,
            window_months=self.window_months,
            retention_days=self.retention_days,
            documents=self.documents,
        )


def utc(at: datetime | None) -> datetime | None:
    """The same instant in UTC: two ways to write one are one request."""
    return None if at is None else at.astimezone(UTC)
