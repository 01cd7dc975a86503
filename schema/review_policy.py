"""The policy table's lines of 人工复核: what a person asks about their score, and the desk where it is answered."""

from collections.abc import Mapping

from core.principal import Assurance, Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    "Mutation.scoreReviewRequest": Root(Lens.ME, Scope.SCORE_MANAGE),
    "Mutation.scoreReviewAnswer": Root(Lens.HANDLING, Scope.REVIEW_ANSWER, Assurance.SUBSTANTIAL),
}

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "ScoreReviewConnection": ("ME HANDLING", {Level.OPEN: "edges pageInfo"}),
    "ScoreReviewEdge": ("ME HANDLING", {Level.OPEN: "cursor node"}),
    "ScoreReview": (
        "ME HANDLING",
        {Level.PERSONAL: "id version state overdue text askedAt dueOn provisionalCalendar answer answeredAt"},
    ),
    # What moved a score, and never its value: that is its owner's alone.
    "ScoreReviewFile": ("HANDLING", {Level.PERSONAL: "review modelVersion", Level.SENSITIVE: "factors"}),
    "ReviewedFactor": ("HANDLING", {Level.SENSITIVE: "code dimension message contribution"}),
    "ScoreReviewRequestPayload": ("ME", {Level.PERSONAL: "review", Level.OPEN: "replayed"}),
    "ScoreReviewAnswerPayload": ("HANDLING", {Level.PERSONAL: "review", Level.OPEN: "replayed"}),
    "ScoreReviewRequestInput": ("ME", {Level.PERSONAL: "text idempotencyKey"}),
    "ScoreReviewAnswerInput": ("HANDLING", {Level.PERSONAL: "reviewId expectedVersion reasons"}),
}
