"""The policy table's lines of what providers send: their desk, and rows that wait for a person of the institution."""

from collections.abc import Mapping

from core.principal import Assurance, Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    "Query.provider": Root(Lens.PROVIDER, Scope.INTAKE_SEND),
    "Query.intakeReview": Root(Lens.INTAKE_REVIEW, Scope.INTAKE_REVIEW),
    "Mutation.intakeNothing": Root(Lens.PROVIDER, Scope.INTAKE_SEND),
    "Mutation.rowSetAsideDecide": Root(Lens.INTAKE_REVIEW, Scope.INTAKE_REVIEW, Assurance.SUBSTANTIAL),
}

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "Provider": ("PROVIDER", {Level.OWN: "party terms batches batch nothing quality verifications evaluationsToRenew"}),
    "EvaluationToRenewConnection": ("PROVIDER", {Level.OPEN: "edges pageInfo"}),
    "EvaluationToRenewEdge": ("PROVIDER", {Level.OPEN: "cursor node"}),
    "EvaluationToRenew": (
        "PROVIDER",
        {Level.PERSONAL: "id subject uscc grade basis assessedOn validUntil basisChangedAt"},
    ),
    "ProviderTerms": ("PROVIDER", {Level.OWN: "version kinds districts responsible contact answerWorkdays enteredAt"}),
    "IntakeNothing": ("PROVIDER", {Level.OWN: "id kind period saidAt"}),
    "IntakeNothingConnection": ("PROVIDER", {Level.OPEN: "edges pageInfo"}),
    "IntakeNothingEdge": ("PROVIDER", {Level.OPEN: "cursor node"}),
    "IntakeNothingInput": ("PROVIDER", {Level.OWN: "kind period"}),
    "IntakeNothingPayload": ("PROVIDER", {Level.OWN: "nothing", Level.OPEN: "replayed"}),
    "IntakeQuality": ("PROVIDER", {Level.OWN: "month reporting compliance timeliness missing"}),
    "QualityShare": ("PROVIDER OVERSIGHT", {Level.OWN: "count of rate"}),
    "IntakeBatchConnection": ("PROVIDER", {Level.OPEN: "edges pageInfo"}),
    "IntakeBatchEdge": ("PROVIDER", {Level.OPEN: "cursor node"}),
    "IntakeBatch": (
        "PROVIDER",
        {
            Level.OWN: "id checksOnly state reason sha256 kind rows rowsDone added changed unchanged dropped rejected "
            "setAside findings rejectedPath openedAt arrivedAt endedAt until"
        },
    ),
    "IntakeFinding": ("PROVIDER", {Level.OWN: "code severity message count lines"}),
    "IntakeReview": ("INTAKE_REVIEW", {Level.OWN: "rows"}),
    "RowSetAsideConnection": ("INTAKE_REVIEW", {Level.OPEN: "edges pageInfo"}),
    "RowSetAsideEdge": ("INTAKE_REVIEW", {Level.OPEN: "cursor node"}),
    "RowSetAside": (
        "INTAKE_REVIEW",
        {Level.OWN: "id layout line setAsideAt until provider", Level.PERSONAL: "age", Level.SENSITIVE: "masked"},
    ),
    "RowSetAsideDecideInput": ("INTAKE_REVIEW", {Level.OWN: "rowId decision reason"}),
    "RowSetAsideDecidePayload": ("INTAKE_REVIEW", {Level.OWN: "rowId decision", Level.OPEN: "replayed"}),
}
