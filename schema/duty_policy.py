"""The policy table's lines of staff's duty (Art. 13): the quarterly word on every post, break-glass, and how
the channels fared."""

from collections.abc import Mapping

from core.principal import Assurance, Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    "Mutation.postReviewDecide": Root(Lens.APPROVALS, Scope.POST_REVIEW, Assurance.SUBSTANTIAL),
    "Query.brokenGlass": Root(Lens.BROKEN_GLASS, Scope.GLASS_BREAK, Assurance.SUBSTANTIAL),
    "Mutation.glassBreak": Root(Lens.BROKEN_GLASS, Scope.GLASS_BREAK, Assurance.SUBSTANTIAL),
    "Mutation.releaseDecide": Root(Lens.APPROVALS, Scope.RELEASE_REVIEW, Assurance.SUBSTANTIAL),
    # Contesting must not wait for a stronger sign-in.
    "Mutation.glassAnswer": Root(Lens.APPROVALS, Scope.GLASS_ANSWER),
    "Mutation.glassReview": Root(Lens.APPROVALS, Scope.GLASS_ANSWER, Assurance.SUBSTANTIAL),
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
    "BrokenGlassConnection": ("APPROVALS", {Level.OPEN: "edges pageInfo"}),
    "BrokenGlassEdge": ("APPROVALS", {Level.OPEN: "cursor node"}),
    # Whose record it is does not stand here: who wants to know looks.
    "BrokenGlass": (
        "APPROVALS BROKEN_GLASS",
        {
            Level.OWN: "id number state byMe answerable reviewable operator openedAt confirmBy readsUntil looks "
            "answeredAt answer reviewedAt finding institution",
            Level.PERSONAL: "reason",
        },
    ),
    "BrokenGlassView": (
        "BROKEN_GLASS",
        {Level.PERSONAL: "subject records objections", Level.OWN: "lookId number confirmBy"},
    ),
    "BrokenGlassQueryInput": ("BROKEN_GLASS", {Level.OWN: "glassId"}),
    "GlassBreakPayload": ("BROKEN_GLASS", {Level.OWN: "glass", Level.OPEN: "replayed"}),
    "GlassAnswerPayload": ("APPROVALS", {Level.OWN: "glass", Level.OPEN: "replayed"}),
    "GlassReviewPayload": ("APPROVALS", {Level.OWN: "glass", Level.OPEN: "replayed"}),
    "GlassBreakInput": ("BROKEN_GLASS", {Level.SENSITIVE: "subject", Level.OWN: "reason noConflict idempotencyKey"}),
    "GlassAnswerInput": ("APPROVALS", {Level.OWN: "glassId stands reason"}),
    "GlassReviewInput": ("APPROVALS", {Level.OWN: "glassId finding"}),
    "ChannelDay": ("APPROVALS", {Level.OWN: "day channels measuredHours asked unready"}),
    "ChannelCount": ("APPROVALS", {Level.OWN: "channel answered faults"}),
    "ReleaseConnection": ("APPROVALS", {Level.OPEN: "edges pageInfo"}),
    "ReleaseEdge": ("APPROVALS", {Level.OPEN: "cursor node"}),
    "Release": (
        "APPROVALS",
        {Level.OWN: "id kind about holds count sha256 recipient requestedAt outcome decidedAt reason"},
    ),
    "ReleaseDecidePayload": ("APPROVALS", {Level.OWN: "release", Level.OPEN: "replayed"}),
    "ReleaseDecideInput": ("APPROVALS", {Level.OWN: "releaseId leaves reason"}),
}
