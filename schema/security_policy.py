"""The policy table's lines of the security officer's desk (Art. 13)."""

from collections.abc import Mapping

from core.principal import Assurance, Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    # Whoever says the second word reads what it is about.
    "Query.security": Root(Lens.SECURITY, Scope.SECURITY_CONFIRM),
    "Mutation.lookReviewTake": Root(Lens.SECURITY, Scope.SECURITY_REVIEW, Assurance.SUBSTANTIAL),
    "Mutation.lookReviewClose": Root(Lens.SECURITY, Scope.SECURITY_REVIEW, Assurance.SUBSTANTIAL),
    "Mutation.incidentRecord": Root(Lens.SECURITY, Scope.SECURITY_REVIEW, Assurance.SUBSTANTIAL),
    # Putting a stop to something must not wait for a stronger sign-in.
    "Mutation.incidentFreeze": Root(Lens.SECURITY, Scope.PARTY_FREEZE),
    "Mutation.incidentTell": Root(Lens.SECURITY, Scope.SECURITY_REVIEW, Assurance.SUBSTANTIAL),
    "Mutation.incidentPropose": Root(Lens.SECURITY, Scope.SECURITY_REVIEW, Assurance.SUBSTANTIAL),
    "Mutation.incidentClose": Root(Lens.SECURITY, Scope.SECURITY_CONFIRM, Assurance.SUBSTANTIAL),
    "Mutation.lookReviewConfirm": Root(Lens.SECURITY, Scope.SECURITY_CONFIRM, Assurance.SUBSTANTIAL),
}

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "Security": ("SECURITY", {Level.OWN: "reviews review incidents incident mayRecord", Level.OPEN: "rules"}),
    "AnomalyRule": ("SECURITY", {Level.OPEN: "rule basis sentence"}),
    "IncidentConnection": ("SECURITY", {Level.OPEN: "edges pageInfo"}),
    "IncidentEdge": ("SECURITY", {Level.OPEN: "cursor node"}),
    "Incident": (
        "SECURITY",
        {
            Level.OWN: "id number kind what since until staffId grantId partyId recordedAt state advice told toldAt "
            "withheld acts touched frozen report reportSha256 closedAt version"
        },
    ),
    "IncidentFreezeLine": ("SECURITY", {Level.OWN: "target id at"}),
    **{
        f"Incident{act}Payload": ("SECURITY", {Level.OWN: "incident", Level.OPEN: "replayed"})
        for act in ("Record", "Freeze", "Tell", "Propose", "Close")
    },
    "IncidentRecordInput": ("SECURITY", {Level.OWN: "kind what since until staffId grantId partyId idempotencyKey"}),
    "IncidentFreezeInput": ("SECURITY", {Level.OWN: "incidentId target id issuer reason"}),
    "IncidentTellInput": ("SECURITY", {Level.OWN: "incidentId expectedVersion advice"}),
    "IncidentProposeInput": ("SECURITY", {Level.OWN: "incidentId expectedVersion conclusion"}),
    "IncidentCloseInput": ("SECURITY", {Level.OWN: "incidentId expectedVersion stands"}),
    "LookReviewConnection": ("SECURITY", {Level.OPEN: "edges pageInfo"}),
    "LookReviewEdge": ("SECURITY", {Level.OPEN: "cursor node"}),
    "LookReview": (
        "SECURITY",
        {
            Level.OWN: "id number rule basis day seen limit count lookIds openedAt state outcome reason decidedAt "
            "closedAt version takeable confirmable mine sentence looker owner party"
        },
    ),
    "LookReviewTakePayload": ("SECURITY", {Level.OWN: "review", Level.OPEN: "replayed"}),
    "LookReviewClosePayload": ("SECURITY", {Level.OWN: "review", Level.OPEN: "replayed"}),
    "LookReviewConfirmPayload": ("SECURITY", {Level.OWN: "review", Level.OPEN: "replayed"}),
    "LookReviewTakeInput": ("SECURITY", {Level.OWN: "reviewId"}),
    "LookReviewCloseInput": ("SECURITY", {Level.OWN: "reviewId expectedVersion outcome reason"}),
    "LookReviewConfirmInput": ("SECURITY", {Level.OWN: "reviewId expectedVersion stands"}),
}
