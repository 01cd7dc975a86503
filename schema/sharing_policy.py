"""The policy table's lines of sharing out (Art. 5): what organs ask for, and two people's word on it."""

from collections.abc import Mapping

from core.principal import Assurance, Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    "Query.shared": Root(Lens.SHARING, Scope.SHARE_READ),
    "Mutation.shareRequest": Root(Lens.AGENCY_WORK, Scope.AGENCY_LOOK, Assurance.SUBSTANTIAL),
    "Mutation.shareApprove": Root(Lens.APPROVALS, Scope.SHARE_APPROVE, Assurance.SUBSTANTIAL),
    "Mutation.shareReview": Root(Lens.APPROVALS, Scope.SHARE_APPROVE, Assurance.SUBSTANTIAL),
    # Saying no, and ending, must not wait for a stronger sign-in.
    "Mutation.shareRefuse": Root(Lens.APPROVALS, Scope.SHARE_APPROVE),
    "Mutation.shareEnd": Root(Lens.APPROVALS, Scope.SHARE_APPROVE),
    "Mutation.shareGiveBack": Root(Lens.AGENCY_WORK, Scope.AGENCY_LOOK),
}

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "ShareConnection": ("AGENCY_WORK APPROVALS", {Level.OPEN: "edges pageInfo"}),
    "ShareEdge": ("AGENCY_WORK APPROVALS", {Level.OPEN: "cursor node"}),
    "Share": (
        "AGENCY_WORK APPROVALS",
        {
            Level.OWN: "id version number state approvedByMe organ need instrument article categories kinds districts "
            "districtNames validUntil askedBy askedAt approvedAt reviewedAt endedAt reason"
        },
    ),
    "ShareDistrict": ("AGENCY_WORK", {Level.OPEN: "code name"}),
    "SharedChanges": ("SHARING", {Level.PERSONAL: "changes", Level.OWN: "cursor more"}),
    "SharedChange": ("SHARING", {Level.PERSONAL: "id subject record objections"}),
    "SharedQueryInput": ("SHARING", {Level.OWN: "shareId first after"}),
    "ShareRequestPayload": ("AGENCY_WORK", {Level.OWN: "share", Level.OPEN: "replayed"}),
    "ShareApprovePayload": ("APPROVALS", {Level.OWN: "share", Level.OPEN: "replayed"}),
    "ShareReviewPayload": ("APPROVALS", {Level.OWN: "share", Level.OPEN: "replayed"}),
    "ShareRefusePayload": ("APPROVALS", {Level.OWN: "share", Level.OPEN: "replayed"}),
    "ShareEndPayload": ("APPROVALS", {Level.OWN: "share", Level.OPEN: "replayed"}),
    "ShareGiveBackPayload": ("AGENCY_WORK", {Level.OWN: "share", Level.OPEN: "replayed"}),
    "ShareRequestInput": (
        "AGENCY_WORK",
        {Level.OWN: "need instrument article categories kinds districts wholeCity validUntil idempotencyKey"},
    ),
    "ShareApproveInput": ("APPROVALS", {Level.OWN: "shareId expectedVersion"}),
    "ShareReviewInput": ("APPROVALS", {Level.OWN: "shareId expectedVersion"}),
    "ShareRefuseInput": ("APPROVALS", {Level.OWN: "shareId expectedVersion reason"}),
    "ShareEndInput": ("APPROVALS", {Level.OWN: "shareId"}),
    "ShareGiveBackInput": ("AGENCY_WORK", {Level.OWN: "shareId"}),
}
