"""The policy table's lines of state organs: their looks, their desk, and how their mandates are entered."""

from collections.abc import Mapping

from core.principal import Assurance, Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    "Query.agency": Root(Lens.AGENCY, Scope.AGENCY_LOOK),
    "Query.agencyWork": Root(Lens.AGENCY_WORK, Scope.AGENCY_LOOK),
    "Mutation.agencyMandatePropose": Root(Lens.APPROVALS, Scope.AGENCY_ADMIT, Assurance.SUBSTANTIAL),
    "Mutation.agencyMandateApprove": Root(Lens.APPROVALS, Scope.AGENCY_ADMIT, Assurance.SUBSTANTIAL),
    # Ending a mandate must not wait for a stronger sign-in.
    "Mutation.agencyMandateEnd": Root(Lens.APPROVALS, Scope.AGENCY_ADMIT),
    "Mutation.agencyBatchOpen": Root(Lens.AGENCY_WORK, Scope.AGENCY_LOOK, Assurance.SUBSTANTIAL),
    "Mutation.agencyBatchApprove": Root(Lens.AGENCY_WORK, Scope.AGENCY_LOOK, Assurance.SUBSTANTIAL),
    "Mutation.agencyBatchReturn": Root(Lens.AGENCY_WORK, Scope.AGENCY_LOOK),
    "Mutation.agencyBatchTicket": Root(Lens.AGENCY_WORK, Scope.AGENCY_LOOK, Assurance.SUBSTANTIAL),
    "Mutation.withholdingOrder": Root(Lens.AGENCY_WORK, Scope.AGENCY_LOOK, Assurance.SUBSTANTIAL),
    "Mutation.withholdingAgree": Root(Lens.AGENCY_WORK, Scope.AGENCY_LOOK, Assurance.SUBSTANTIAL),
    "Mutation.withholdingProlong": Root(Lens.AGENCY_WORK, Scope.AGENCY_LOOK, Assurance.SUBSTANTIAL),
    # Telling somebody must not wait for a stronger sign-in.
    "Mutation.withholdingEnd": Root(Lens.AGENCY_WORK, Scope.AGENCY_LOOK),
}

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "AgencyView": (
        "AGENCY",
        {Level.PERSONAL: "subject records evaluation industryResults objections", Level.OWN: "lookId caseNumber"},
    ),
    "AgencyWork": (
        "AGENCY_WORK",
        {Level.OWN: "mandates batches batch looks withholdings receipt shares", Level.OPEN: "districts"},
    ),
    "AgencyMandate": (
        "AGENCY_WORK APPROVALS",
        {Level.OWN: "id version state purpose purposeText instrument article categories validFrom validUntil"},
    ),
    "AgencyBatchConnection": ("AGENCY_WORK", {Level.OPEN: "edges pageInfo"}),
    "AgencyBatchEdge": ("AGENCY_WORK", {Level.OPEN: "cursor node"}),
    "AgencyBatch": (
        "AGENCY_WORK",
        {
            Level.OWN: "id version state caseNumber purpose mandateId withholdingId rowCount found byMe openedBy "
            "openedAt decidedBy decidedAt reason answeredAt until"
        },
    ),
    "WithholdingConnection": ("AGENCY_WORK", {Level.OPEN: "edges pageInfo"}),
    "WithholdingEdge": ("AGENCY_WORK", {Level.OPEN: "cursor node"}),
    "Withholding": (
        "AGENCY_WORK",
        {Level.OWN: "id version state byMe code caseNumber orderedAt agreedAt until endedAt"},
    ),
    "AgencyMandateFile": ("APPROVALS", {Level.OWN: "party mandate"}),
    "AgencyMandateFileConnection": ("APPROVALS", {Level.OPEN: "edges pageInfo"}),
    "AgencyMandateFileEdge": ("APPROVALS", {Level.OPEN: "cursor node"}),
    "AgencyMandateProposePayload": ("APPROVALS", {Level.OWN: "mandate", Level.OPEN: "replayed"}),
    "AgencyMandateApprovePayload": ("APPROVALS", {Level.OWN: "mandate", Level.OPEN: "replayed"}),
    "AgencyMandateEndPayload": ("APPROVALS", {Level.OWN: "mandate", Level.OPEN: "replayed"}),
    "AgencyBatchOpenPayload": ("AGENCY_WORK", {Level.OWN: "batch", Level.OPEN: "replayed"}),
    "AgencyBatchApprovePayload": ("AGENCY_WORK", {Level.OWN: "batch", Level.OPEN: "replayed"}),
    "AgencyBatchReturnPayload": ("AGENCY_WORK", {Level.OWN: "batch", Level.OPEN: "replayed"}),
    "AgencyBatchTicketPayload": ("AGENCY_WORK", {Level.OWN: "path validUntil", Level.OPEN: "replayed"}),
    "WithholdingOrderPayload": ("AGENCY_WORK", {Level.OWN: "withholding", Level.OPEN: "replayed"}),
    "WithholdingAgreePayload": ("AGENCY_WORK", {Level.OWN: "withholding", Level.OPEN: "replayed"}),
    "WithholdingProlongPayload": ("AGENCY_WORK", {Level.OWN: "withholding", Level.OPEN: "replayed"}),
    "WithholdingEndPayload": ("AGENCY_WORK", {Level.OWN: "withholding", Level.OPEN: "replayed"}),
    "AgencyMandateProposeInput": (
        "APPROVALS",
        {Level.OWN: "partyId purpose purposeText instrument article categories validFrom validUntil idempotencyKey"},
    ),
    "AgencyMandateApproveInput": ("APPROVALS", {Level.OWN: "mandateId expectedVersion"}),
    "AgencyMandateEndInput": ("APPROVALS", {Level.OWN: "mandateId"}),
    "AgencyBatchApproveInput": ("AGENCY_WORK", {Level.OWN: "batchId expectedVersion"}),
    "AgencyBatchReturnInput": ("AGENCY_WORK", {Level.OWN: "batchId expectedVersion reason"}),
    "AgencyBatchTicketInput": ("AGENCY_WORK", {Level.OWN: "batchId answer"}),
    "WithholdingOrderInput": ("AGENCY_WORK", {Level.OWN: "code caseNumber until idempotencyKey"}),
    "WithholdingAgreeInput": ("AGENCY_WORK", {Level.OWN: "withholdingId expectedVersion"}),
    "WithholdingProlongInput": ("AGENCY_WORK", {Level.OWN: "withholdingId expectedVersion until"}),
    "WithholdingEndInput": ("AGENCY_WORK", {Level.OWN: "withholdingId"}),
    "AgencyBatchOpenInput": (
        "AGENCY_WORK",
        {Level.OWN: "uploadId caseNumber purpose mandateId withholdingId idempotencyKey"},
    ),
    "AgencyQueryInput": ("AGENCY", {Level.PERSONAL: "caseNumber purpose mandateId subject withholdingId"}),
}
