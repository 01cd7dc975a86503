"""The policy table's lines of a supervisor's complaints (Art. 4)."""

from collections.abc import Mapping

from core.principal import Assurance, Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    "Query.complaintFile": Root(Lens.COMPLAINT, Scope.COMPLAINT_HANDLE, Assurance.SUBSTANTIAL),
    "Mutation.complaintRegister": Root(Lens.OVERSIGHT, Scope.COMPLAINT_HANDLE, Assurance.SUBSTANTIAL),
    "Mutation.complaintConfirm": Root(Lens.OVERSIGHT, Scope.COMPLAINT_HANDLE, Assurance.SUBSTANTIAL),
    # Closing must not wait for a stronger sign-in.
    "Mutation.complaintClose": Root(Lens.OVERSIGHT, Scope.COMPLAINT_HANDLE),
}

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "ComplaintConnection": ("OVERSIGHT", {Level.OPEN: "edges pageInfo"}),
    "ComplaintEdge": ("OVERSIGHT", {Level.OPEN: "cursor node"}),
    # Whom it is about does not stand here: who has to know looks.
    "Complaint": (
        "OVERSIGHT",
        {
            Level.OWN: "id number state byMe operator matter looksSince looksUntil receivedOn registeredAt confirmedAt "
            "until looks outcome endedAt",
            Level.PERSONAL: "words finding",
        },
    ),
    "ComplaintFile": (
        "COMPLAINT",
        {Level.OWN: "lookId number matter until", Level.PERSONAL: "subject record case looks"},
    ),
    "ComplainedCase": (
        "COMPLAINT",
        {
            Level.PERSONAL: "number target ground request status filedAt dueOn outcome answeredAt notifiedAt steps "
            "institution",
            Level.SENSITIVE: "text reason",
        },
    ),
    "ComplainedLookConnection": ("COMPLAINT", {Level.OPEN: "edges pageInfo"}),
    "ComplainedLookEdge": ("COMPLAINT", {Level.OPEN: "cursor node"}),
    "ComplainedLook": (
        "COMPLAINT",
        {
            Level.PERSONAL: "at institution operator basis purpose channel caseNumber recordCount refused fields",
        },
    ),
    "ComplaintFileQueryInput": ("COMPLAINT", {Level.OWN: "complaintId"}),
    "ComplaintRegisterPayload": ("OVERSIGHT", {Level.OWN: "complaint", Level.OPEN: "replayed"}),
    "ComplaintConfirmPayload": ("OVERSIGHT", {Level.OWN: "complaint", Level.OPEN: "replayed"}),
    "ComplaintClosePayload": ("OVERSIGHT", {Level.OWN: "complaint", Level.OPEN: "replayed"}),
    "ComplaintRegisterInput": (
        "OVERSIGHT",
        {
            Level.SENSITIVE: "subject complainant",
            Level.PERSONAL: "named words",
            Level.OWN: "matter since until receivedOn idempotencyKey",
        },
    ),
    "ComplaintConfirmInput": ("OVERSIGHT", {Level.OWN: "complaintId", Level.SENSITIVE: "subject"}),
    "ComplaintCloseInput": ("OVERSIGHT", {Level.OWN: "complaintId outcome", Level.PERSONAL: "finding"}),
}
