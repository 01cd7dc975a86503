"""The policy table's lines of a supervisor's samples (Art. 4)."""

from collections.abc import Mapping

from core.principal import Assurance, Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    "Query.sampledLook": Root(Lens.SAMPLE, Scope.OVERSIGHT_READ, Assurance.SUBSTANTIAL),
    "Query.sampledCase": Root(Lens.SAMPLE, Scope.OVERSIGHT_READ, Assurance.SUBSTANTIAL),
    "Mutation.sampleRequest": Root(Lens.OVERSIGHT, Scope.OVERSIGHT_READ, Assurance.SUBSTANTIAL),
}

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "SampleConnection": ("OVERSIGHT", {Level.OPEN: "edges pageInfo"}),
    "SampleEdge": ("OVERSIGHT", {Level.OPEN: "cursor node"}),
    "Sample": (
        "OVERSIGHT",
        {
            Level.OWN: "id number state work month size reason requestedAt until seedPosition drawnAt population "
            "populationHash items cases"
        },
    ),
    "SampleItem": ("OVERSIGHT", {Level.OWN: "id position readAt"}),
    "SampleCaseItem": ("OVERSIGHT", {Level.OWN: "id number readAt"}),
    # Whom the look was at is none of its fields.
    "SampledLook": (
        "SAMPLE",
        {
            Level.OWN: "lookId sampleNumber",
            Level.PERSONAL: "at institution operator basis purpose channel caseNumber recordCount fields",
        },
    ),
    # Neither whose it is, nor a word that anybody wrote in it.
    "SampledCase": (
        "SAMPLE",
        {
            Level.OWN: "lookId sampleNumber",
            Level.PERSONAL: "number target ground request outcome filedAt dueOn late forwardedAt answeredAt notifiedAt "
            "institution decidedBy approvedBy steps",
        },
    ),
    "SampledCaseQueryInput": ("SAMPLE", {Level.OWN: "itemId"}),
    "SampledLookQueryInput": ("SAMPLE", {Level.OWN: "itemId"}),
    "SampleRequestPayload": ("OVERSIGHT", {Level.OWN: "sample", Level.OPEN: "replayed"}),
    "SampleRequestInput": ("OVERSIGHT", {Level.OWN: "work month size reason idempotencyKey"}),
}
