"""The policy table's lines of the security officer's desk (Art. 13)."""

from collections.abc import Mapping

from core.principal import Assurance, Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    # Whoever says the second word reads what it is about.
    "Query.security": Root(Lens.SECURITY, Scope.SECURITY_CONFIRM),
    "Mutation.lookReviewTake": Root(Lens.SECURITY, Scope.SECURITY_REVIEW, Assurance.SUBSTANTIAL),
    "Mutation.lookReviewClose": Root(Lens.SECURITY, Scope.SECURITY_REVIEW, Assurance.SUBSTANTIAL),
    "Mutation.lookReviewConfirm": Root(Lens.SECURITY, Scope.SECURITY_CONFIRM, Assurance.SUBSTANTIAL),
}

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "Security": ("SECURITY", {Level.OWN: "reviews review"}),
    "LookReviewConnection": ("SECURITY", {Level.OPEN: "edges pageInfo"}),
    "LookReviewEdge": ("SECURITY", {Level.OPEN: "cursor node"}),
    "LookReview": (
        "SECURITY",
        {
            Level.OWN: "id number rule basis day seen limit count lookIds openedAt state outcome reason decidedAt "
            "closedAt version takeable mine sentence looker owner party"
        },
    ),
    "LookReviewTakePayload": ("SECURITY", {Level.OWN: "review", Level.OPEN: "replayed"}),
    "LookReviewClosePayload": ("SECURITY", {Level.OWN: "review", Level.OPEN: "replayed"}),
    "LookReviewConfirmPayload": ("SECURITY", {Level.OWN: "review", Level.OPEN: "replayed"}),
    "LookReviewTakeInput": ("SECURITY", {Level.OWN: "reviewId"}),
    "LookReviewCloseInput": ("SECURITY", {Level.OWN: "reviewId expectedVersion outcome reason"}),
    "LookReviewConfirmInput": ("SECURITY", {Level.OWN: "reviewId expectedVersion stands"}),
}
