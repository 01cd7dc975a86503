"""The policy table's lines of cases at the desks of who handles them and who approves a refusal (Art. 12)."""

from collections.abc import Mapping

from core.principal import Assurance, Scope
from schema.audiences import Lens, Level, Root

_STAFF = "HANDLING APPROVALS"

ROOTS: Mapping[str, Root] = {
    "Query.handling": Root(Lens.HANDLING, Scope.OBJECTION_HANDLE),
    "Mutation.objectionOpen": Root(Lens.HANDLING, Scope.OBJECTION_HANDLE),
    # Whose scope it takes depends on who asks: a handler, or an approver (`schema/handling_acts.py`).
    "Mutation.objectionReassign": Root(Lens.HANDLING),
    "Mutation.objectionDecide": Root(Lens.HANDLING, Scope.OBJECTION_HANDLE, Assurance.SUBSTANTIAL),
    "Mutation.objectionStopOpen": Root(Lens.HANDLING, Scope.OBJECTION_HANDLE),
    "Mutation.objectionStopClose": Root(Lens.HANDLING, Scope.OBJECTION_HANDLE),
    "Mutation.objectionTell": Root(Lens.HANDLING, Scope.OBJECTION_HANDLE),
    "Mutation.caseLetterTicket": Root(Lens.HANDLING, Scope.OBJECTION_HANDLE),
    "Mutation.counterLetterTicket": Root(Lens.HANDLING, Scope.OBJECTION_RECEIVE),
    "Mutation.counterLetterEnd": Root(Lens.HANDLING, Scope.OBJECTION_RECEIVE),
    "Mutation.objectionApprove": Root(Lens.APPROVALS, Scope.OBJECTION_APPROVE, Assurance.SUBSTANTIAL),
    "Mutation.objectionReply": Root(Lens.HANDLING, Scope.OBJECTION_HANDLE),
    "Mutation.caseEvidenceTicket": Root(Lens.HANDLING, Scope.OBJECTION_HANDLE),
    "Mutation.objectionForward": Root(Lens.HANDLING, Scope.OBJECTION_HANDLE),
    "Mutation.objectionVerify": Root(Lens.PROVIDER, Scope.OBJECTION_VERIFY, Assurance.SUBSTANTIAL),
    "Mutation.verificationTicket": Root(Lens.PROVIDER, Scope.OBJECTION_VERIFY),
    "Mutation.objectionReturn": Root(Lens.APPROVALS, Scope.OBJECTION_APPROVE),
}

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "Handling": (
        "HANDLING",
        {Level.OWN: "cases case providers scoreReviews scoreReview", Level.PERSONAL: "letterPreview"},
    ),
    "AskedProvider": ("HANDLING", {Level.OPEN: "id name"}),
    "CaseConnection": (_STAFF, {Level.OPEN: "edges pageInfo"}),
    "CaseEdge": (_STAFF, {Level.OPEN: "cursor node"}),
    "Case": (
        _STAFF,
        {
            Level.OWN: "id version number target ground request status track outcome filedAt dueAt held workdaysLeft "
            "overdue provisionalCalendar handler opened byMe"
        },
    ),
    "CaseFile": (_STAFF, {Level.PERSONAL: "case objection subject record industryResult versions verification"}),
    "HandledObjection": (
        _STAFF,
        {
            Level.PERSONAL: "described capacity district phase delivery supplementBy forwardedAt outcome reason "
            "answeredAt notifiedAt dueDates days stops steps",
            Level.SENSITIVE: "text applicant messages evidence",
        },
    ),
    "RecordVersion": (_STAFF, {Level.PERSONAL: "record saidSince replacedAt"}),
    "ObjectionOpenInput": ("HANDLING", {Level.PERSONAL: "objectionId expectedVersion noConflict"}),
    "ObjectionReassignInput": ("HANDLING", {Level.PERSONAL: "objectionId expectedVersion reason"}),
    "ObjectionDecideInput": (
        "HANDLING",
        {Level.PERSONAL: "objectionId expectedVersion outcome reason phase", Level.SENSITIVE: "items subject"},
    ),
    "RightItemInput": ("HANDLING PROVIDER", {Level.SENSITIVE: "code value"}),
    "ObjectionForwardInput": (
        "HANDLING",
        {Level.PERSONAL: "objectionId expectedVersion question withText evidenceIds providerId"},
    ),
    "ObjectionVerifyInput": (
        "PROVIDER",
        {
            Level.PERSONAL: "verificationId expectedVersion answer reason evidenceIds kind idempotencyKey",
            Level.SENSITIVE: "items subject",
        },
    ),
    "VerificationTicketInput": ("PROVIDER", {Level.PERSONAL: "verificationId evidenceId"}),
    "ObjectionForwardPayload": ("HANDLING", {Level.OWN: "case", Level.OPEN: "replayed"}),
    "ObjectionVerifyPayload": ("PROVIDER", {Level.PERSONAL: "verification", Level.OPEN: "replayed"}),
    "VerificationTicketPayload": ("PROVIDER", {Level.SENSITIVE: "path", Level.OPEN: "replayed"}),
    "VerificationConnection": ("PROVIDER", {Level.OPEN: "edges pageInfo"}),
    "VerificationEdge": ("PROVIDER", {Level.OPEN: "cursor node"}),
    "ProposedItem": ("PROVIDER HANDLING APPROVALS", {Level.SENSITIVE: "code value"}),
    "Verification": (
        "PROVIDER HANDLING APPROVALS",
        {
            Level.OWN: "id version number target askedAt dueOn overdue open late answer answeredAt",
            Level.PERSONAL: "question reason subject@PROVIDER record@PROVIDER",
            Level.SENSITIVE: "text@PROVIDER described@PROVIDER evidence@PROVIDER proposed",
        },
    ),
    "ObjectionReplyInput": ("HANDLING", {Level.PERSONAL: "objectionId idempotencyKey", Level.SENSITIVE: "text"}),
    "ObjectionReplyPayload": ("HANDLING", {Level.OWN: "case", Level.OPEN: "replayed"}),
    "CaseEvidenceTicketInput": ("HANDLING", {Level.PERSONAL: "objectionId evidenceId"}),
    "CaseEvidenceTicketPayload": ("HANDLING", {Level.SENSITIVE: "path", Level.OPEN: "replayed"}),
    "ObjectionDecisionInput": ("APPROVALS", {Level.PERSONAL: "objectionId expectedVersion reason"}),
    "ObjectionStopOpenInput": ("HANDLING", {Level.PERSONAL: "objectionId expectedVersion cause startedOn proofId"}),
    "ObjectionStopCloseInput": ("HANDLING", {Level.PERSONAL: "stopId expectedVersion endedOn"}),
    "ObjectionTellInput": ("HANDLING", {Level.PERSONAL: "objectionId expectedVersion way"}),
    "ObjectionStopOpenPayload": ("HANDLING", {Level.OWN: "case stopId", Level.OPEN: "replayed"}),
    "ObjectionStopClosePayload": ("HANDLING", {Level.OWN: "case", Level.OPEN: "replayed"}),
    "ObjectionTellPayload": ("HANDLING", {Level.OWN: "case", Level.OPEN: "replayed"}),
    "CounterLetterTicketInput": ("HANDLING", {Level.PERSONAL: "number"}),
    "CounterLetterEndInput": ("HANDLING", {Level.PERSONAL: "number outcome idempotencyKey"}),
    "CounterLetterEndPayload": ("HANDLING", {Level.PERSONAL: "outcome", Level.OPEN: "replayed"}),
    "CaseLetterTicketPayload": ("HANDLING", {Level.SENSITIVE: "path", Level.OPEN: "validUntil replayed"}),
    "ObjectionOpenPayload": ("HANDLING", {Level.OWN: "case", Level.OPEN: "replayed"}),
    "ObjectionReassignPayload": ("HANDLING", {Level.OWN: "case", Level.OPEN: "replayed"}),
    "ObjectionDecidePayload": ("HANDLING", {Level.OWN: "case", Level.OPEN: "replayed"}),
    "ObjectionApprovePayload": ("APPROVALS", {Level.OWN: "case", Level.OPEN: "replayed"}),
    "ObjectionReturnPayload": ("APPROVALS", {Level.OWN: "case", Level.OPEN: "replayed"}),
}
