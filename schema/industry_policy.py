"""The policy table's lines of a department's industry models (Art. 9)."""

from collections.abc import Mapping

from core.principal import Assurance, Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    "Query.industry": Root(Lens.INDUSTRY, Scope.INDUSTRY_KEEP),
    "Mutation.industryModelDraft": Root(Lens.INDUSTRY, Scope.INDUSTRY_KEEP, Assurance.SUBSTANTIAL),
    "Mutation.industryModelRevise": Root(Lens.INDUSTRY, Scope.INDUSTRY_KEEP, Assurance.SUBSTANTIAL),
    "Mutation.industryModelSubmit": Root(Lens.INDUSTRY, Scope.INDUSTRY_KEEP, Assurance.SUBSTANTIAL),
    "Mutation.industryModelReview": Root(Lens.INDUSTRY, Scope.INDUSTRY_KEEP, Assurance.SUBSTANTIAL),
    "Mutation.industrySheetUpload": Root(Lens.INDUSTRY, Scope.INDUSTRY_KEEP, Assurance.SUBSTANTIAL),
    "Mutation.industrySimulate": Root(Lens.INDUSTRY, Scope.INDUSTRY_KEEP, Assurance.SUBSTANTIAL),
    "Mutation.industryModelGoLive": Root(Lens.INDUSTRY, Scope.INDUSTRY_KEEP, Assurance.SUBSTANTIAL),
    "Mutation.industryModelRetire": Root(Lens.INDUSTRY, Scope.INDUSTRY_KEEP, Assurance.SUBSTANTIAL),
    "Mutation.industryRunStart": Root(Lens.INDUSTRY, Scope.INDUSTRY_KEEP, Assurance.SUBSTANTIAL),
}

_PAYLOAD: Mapping[Level, str] = {Level.OWN: "model", Level.OPEN: "replayed"}
# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "Industry": ("INDUSTRY", {Level.OWN: "models model sheets sheet runs run"}),
    "IndustryModelConnection": ("INDUSTRY", {Level.OPEN: "edges pageInfo"}),
    "IndustryModelEdge": ("INDUSTRY", {Level.OPEN: "cursor node"}),
    "IndustryModel": (
        "INDUSTRY",
        {
            Level.OWN: "id code edition sha256 state draftedAt submittedAt reviewedAt reason version byMe name "
            "instrument indicators classes author before trial simulationId liveAt retiredAt"
        },
    ),
    "IndustrySheetConnection": ("INDUSTRY", {Level.OPEN: "edges pageInfo"}),
    "IndustrySheetEdge": ("INDUSTRY", {Level.OPEN: "cursor node"}),
    "IndustrySheet": (
        "INDUSTRY",
        {
            Level.OWN: "id modelId number sha256 whole state refused refusedOf taken rejected uploadedAt readAt "
            "rejects uploader"
        },
    ),
    "IndustrySheetRejectConnection": ("INDUSTRY", {Level.OPEN: "edges pageInfo"}),
    "IndustrySheetRejectEdge": ("INDUSTRY", {Level.OPEN: "cursor node"}),
    "IndustrySheetReject": ("INDUSTRY", {Level.OWN: "number code indicator"}),
    "IndustryRunConnection": ("INDUSTRY", {Level.OPEN: "edges pageInfo"}),
    "IndustryRunEdge": ("INDUSTRY", {Level.OPEN: "cursor node"}),
    "IndustryRun": (
        "INDUSTRY",
        {
            Level.OWN: "id number kind modelId sheetId sha256 instrument asOf askedAt state population done passedOver "
            "finishedAt digest counts stability asker"
        },
    ),
    "IndustryCount": ("INDUSTRY", {Level.OWN: "indicator code many"}),
    "IndustryIndicator": (
        "INDUSTRY",
        {Level.OWN: "code label description source category nature years weight missing bins"},
    ),
    "IndustryBin": ("INDUSTRY", {Level.OWN: "start value points reason"}),
    "IndustryClass": ("INDUSTRY", {Level.OWN: "code start"}),
    "IndustryTrial": ("INDUSTRY", {Level.OWN: "grade points barred barredText factors"}),
    "IndustryFactor": ("INDUSTRY", {Level.OWN: "indicator reason reasonText contribution"}),
    "IndustryResultConnection": ("ME", {Level.OPEN: "edges pageInfo"}),
    "IndustryResultEdge": ("ME", {Level.OPEN: "cursor node"}),
    "IndustryResult": (
        "ME AGENCY HANDLING APPROVALS",
        {
            Level.OPEN: "run code edition model instrument classes department",
            Level.PERSONAL: "id grade points barred barredText factors asOf madeAt objections",
        },
    ),
    "IndustryResultFactor": (
        "ME AGENCY HANDLING APPROVALS",
        {Level.PERSONAL: "indicator label reason reasonText contribution restsOn contested"},
    ),
    "IndustryValueInput": ("INDUSTRY", {Level.OWN: "indicator number value"}),
    "IndustryModelDraftPayload": ("INDUSTRY", _PAYLOAD),
    "IndustryModelRevisePayload": ("INDUSTRY", _PAYLOAD),
    "IndustryModelSubmitPayload": ("INDUSTRY", _PAYLOAD),
    "IndustryModelReviewPayload": ("INDUSTRY", _PAYLOAD),
    "IndustryModelGoLivePayload": ("INDUSTRY", _PAYLOAD),
    "IndustryModelRetirePayload": ("INDUSTRY", _PAYLOAD),
    "IndustrySheetUploadPayload": ("INDUSTRY", {Level.OWN: "sheet", Level.OPEN: "replayed"}),
    "IndustrySimulatePayload": ("INDUSTRY", {Level.OWN: "run", Level.OPEN: "replayed"}),
    "IndustryRunStartPayload": ("INDUSTRY", {Level.OWN: "run", Level.OPEN: "replayed"}),
    "IndustrySheetUploadInput": ("INDUSTRY", {Level.OWN: "modelId number uploadId whole"}),
    "IndustrySimulateInput": ("INDUSTRY", {Level.OWN: "modelId sheetId asOf idempotencyKey"}),
    "IndustryRunStartInput": ("INDUSTRY", {Level.OWN: "modelId sheetId asOf idempotencyKey"}),
    "IndustryModelGoLiveInput": ("INDUSTRY", {Level.OWN: "modelId expectedVersion"}),
    "IndustryModelRetireInput": ("INDUSTRY", {Level.OWN: "modelId expectedVersion"}),
    "IndustryBinInput": ("INDUSTRY", {Level.OWN: "points reason start value"}),
    "IndustryIndicatorInput": (
        "INDUSTRY",
        {Level.OWN: "code label description source weight missing bins category nature years"},
    ),
    "IndustryClassInput": ("INDUSTRY", {Level.OWN: "code start"}),
    "IndustryScorecardInput": ("INDUSTRY", {Level.OWN: "name instrument indicators classes"}),
    "IndustryModelDraftInput": ("INDUSTRY", {Level.OWN: "code scorecard idempotencyKey"}),
    "IndustryModelReviseInput": ("INDUSTRY", {Level.OWN: "modelId expectedVersion scorecard"}),
    "IndustryModelSubmitInput": ("INDUSTRY", {Level.OWN: "modelId expectedVersion"}),
    "IndustryModelReviewInput": ("INDUSTRY", {Level.OWN: "modelId expectedVersion stands reason"}),
}
