"""The policy table's lines of objections (Art. 12), as their subject files, reads and answers them."""

from collections.abc import Mapping

from core.principal import Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    # Contesting must be as easy as being recorded: no step-up.
    "Mutation.objectionFile": Root(Lens.ME, Scope.OBJECTION_FILE),
    "Mutation.objectionSupplement": Root(Lens.ME, Scope.OBJECTION_FILE),
    "Mutation.objectionSay": Root(Lens.ME, Scope.OBJECTION_FILE),
    "Mutation.objectionWithdraw": Root(Lens.ME, Scope.OBJECTION_FILE, takes_back=True),
    "Mutation.letterTicket": Root(Lens.ME, Scope.OBJECTION_FILE),
    "Mutation.objectionReceive": Root(Lens.HANDLING, Scope.OBJECTION_RECEIVE),
    "Mutation.evidenceTicket": Root(Lens.ME, Scope.OBJECTION_FILE),
}

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "ObjectionConnection": ("ME", {Level.OPEN: "edges pageInfo"}),
    "ObjectionEdge": ("ME", {Level.OPEN: "cursor node"}),
    "Objection": (
        "ME",
        {
            Level.PERSONAL: "id number version rehears target targetId ground request phase status track addressee "
            "district institution capacity filedAt dueAt held provisionalCalendar workdaysLeft overdue supplementBy "
            "delivery outcome answeredAt notifiedAt informed dueDates days stops steps letterReady remedy source "
            "record",
            Level.SENSITIVE: "text described applicant reason messages evidence",
        },
    ),
    "ObjectionStep": ("ME HANDLING APPROVALS COMPLAINT SAMPLE", {Level.PERSONAL: "act side at ground request printed"}),
    "DueDate": ("ME HANDLING APPROVALS", {Level.PERSONAL: "dueOn since held provisional cause"}),
    "ClockDay": ("ME HANDLING APPROVALS", {Level.OPEN: "on isWorkday provisional"}),
    "ClockStop": ("ME HANDLING APPROVALS", {Level.PERSONAL: "id cause startedOn endedOn"}),
    "ObjectionMessage": ("ME HANDLING APPROVALS", {Level.PERSONAL: "id side at", Level.SENSITIVE: "text"}),
    "Evidence": ("ME HANDLING APPROVALS PROVIDER", {Level.PERSONAL: "id mediaType size sha256 broughtAt side"}),
    "ObjectionFilePayload": ("ME", {Level.PERSONAL: "objection", Level.OPEN: "joined replayed"}),
    "ObjectionSupplementPayload": ("ME", {Level.PERSONAL: "objection", Level.OPEN: "replayed"}),
    "ObjectionSayPayload": ("ME", {Level.PERSONAL: "objection", Level.OPEN: "replayed"}),
    "ObjectionWithdrawPayload": ("ME", {Level.PERSONAL: "objection", Level.OPEN: "replayed"}),
    "EvidenceTicketPayload": ("ME", {Level.SENSITIVE: "path", Level.OPEN: "validUntil replayed"}),
    "ObjectionFileInput": (
        "ME",
        {
            Level.PERSONAL: "target targetId ground request addressee addresseeId delivery evidenceIds idempotencyKey",
            Level.SENSITIVE: "text described address",
        },
    ),
    "ObjectionReceivePayload": ("HANDLING", {Level.PERSONAL: "receipt", Level.OPEN: "joined replayed"}),
    "ObjectionReceipt": ("HANDLING", {Level.PERSONAL: "id number filedAt dueOn supplementBy"}),
    "ObjectionReceiveInput": (
        "HANDLING",
        {
            Level.PERSONAL: "capacity target targetId documentNumber ground request delivery evidenceIds "
            "idempotencyKey",
            Level.SENSITIVE: "subject applicantName text described address",
        },
    ),
    "ObjectionSupplementInput": (
        "ME",
        {Level.PERSONAL: "objectionId evidenceIds idempotencyKey", Level.SENSITIVE: "text"},
    ),
    "ObjectionSayInput": ("ME", {Level.PERSONAL: "objectionId idempotencyKey", Level.SENSITIVE: "text"}),
    "ObjectionChangeInput": ("ME", {Level.PERSONAL: "objectionId expectedVersion"}),
    "LetterTicketPayload": ("ME", {Level.SENSITIVE: "path", Level.OPEN: "validUntil replayed"}),
    "LetterTicketInput": ("ME HANDLING", {Level.PERSONAL: "objectionId"}),
    "EvidenceTicketInput": ("ME", {Level.PERSONAL: "objectionId evidenceId"}),
}
