"""The policy table's lines of staff's duty (Art. 13): the quarterly word on every post."""

from collections.abc import Mapping

from core.principal import Assurance, Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    "Mutation.postReviewDecide": Root(Lens.APPROVALS, Scope.POST_REVIEW, Assurance.SUBSTANTIAL),
}

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "PostReviewConnection": ("APPROVALS", {Level.OPEN: "edges pageInfo"}),
    "PostReviewEdge": ("APPROVALS", {Level.OPEN: "cursor node"}),
    "PostReview": (
        "APPROVALS",
        {Level.OWN: "id quarter openedAt until outcome decidedAt decidable staff institution"},
    ),
    "PostReviewDecidePayload": ("APPROVALS", {Level.OWN: "review", Level.OPEN: "replayed"}),
    "PostReviewDecideInput": ("APPROVALS", {Level.OWN: "reviewId stays"}),
}
