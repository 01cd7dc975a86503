"""The policy table's lines of the service counter (Art. 8(3)), and of kiosks beside it."""

from collections.abc import Mapping

from core.principal import Scope
from schema import kiosk_policy
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    **kiosk_policy.ROOTS,
    "Query.counter": Root(Lens.COUNTER, Scope.COUNTER_SERVE),
    "Query.counterTrail": Root(Lens.COUNTER_TRAIL, Scope.COUNTER_SERVE),
    "Mutation.counterCaseOpen": Root(Lens.COUNTER, Scope.COUNTER_SERVE),
    "Mutation.counterPapersNote": Root(Lens.COUNTER, Scope.COUNTER_SERVE),
    "Mutation.counterSupplement": Root(Lens.COUNTER, Scope.COUNTER_SERVE),
    "Mutation.counterCaseEnd": Root(Lens.COUNTER, Scope.COUNTER_SERVE),
    "Mutation.counterPrintBegin": Root(Lens.COUNTER, Scope.COUNTER_SERVE),
    "Mutation.counterPrintEnd": Root(Lens.COUNTER, Scope.COUNTER_SERVE),
    "Mutation.counterTicket": Root(Lens.COUNTER, Scope.COUNTER_SERVE),
}

# As in `policy`: type → (lenses, {level: fields}). Nothing of a record is in the counter's own lens.
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    **kiosk_policy.TYPES,
    "Counter": ("COUNTER", {Level.OWN: "cases case"}),
    "CounterCase": (
        "COUNTER",
        {
            Level.OWN: "id number version state kind desk openedAt papers supplementAt supplement looksLeft prints",
            Level.PERSONAL: "name masked applicant applicantMasked categories authorisedUntil",
        },
    ),
    "CounterPaper": ("COUNTER", {Level.OWN: "paper words forms checks scan isLaw form seen scanned lacking"}),
    "CounterPrint": ("COUNTER", {Level.OWN: "id what outcome begunAt ready", Level.PERSONAL: "reportNumber"}),
    "CounterTrail": ("COUNTER_TRAIL", {Level.OWN: "lookId caseNumber", Level.PERSONAL: "accessHistory"}),
    "CounterCaseOpenPayload": ("COUNTER", {Level.OWN: "case", Level.OPEN: "replayed"}),
    "CounterPapersNotePayload": ("COUNTER", {Level.OWN: "case", Level.OPEN: "replayed"}),
    "CounterSupplementPayload": ("COUNTER", {Level.OWN: "case", Level.OPEN: "replayed"}),
    "CounterCaseEndPayload": ("COUNTER", {Level.OWN: "case", Level.OPEN: "replayed"}),
    "CounterPrintBeginPayload": ("COUNTER", {Level.OWN: "printout", Level.OPEN: "replayed"}),
    "CounterPrintEndPayload": ("COUNTER", {Level.OWN: "printout", Level.OPEN: "replayed"}),
    "CounterTicketPayload": ("COUNTER", {Level.SENSITIVE: "path", Level.OPEN: "validUntil replayed"}),
    "CounterTrailQueryInput": ("COUNTER_TRAIL", {Level.OWN: "caseId"}),
    "CounterCaseOpenInput": (
        "COUNTER",
        {
            Level.OWN: "kind desk noConflict idempotencyKey",
            Level.PERSONAL: "categories authorisedUntil",
            Level.SENSITIVE: "subject applicant",
        },
    ),
    "CounterPaperInput": ("COUNTER", {Level.OWN: "paper form checks scanId"}),
    "CounterCaseInput": ("COUNTER", {Level.OWN: "caseId expectedVersion"}),
    "CounterPapersNoteInput": ("COUNTER", {Level.OWN: "caseId expectedVersion papers"}),
    "CounterCaseEndInput": ("COUNTER", {Level.OWN: "caseId"}),
    "CounterPrintBeginInput": ("COUNTER", {Level.OWN: "caseId what kind from to idempotencyKey"}),
    "CounterPrintEndInput": ("COUNTER", {Level.OWN: "printId outcome"}),
    "CounterTicketInput": ("COUNTER", {Level.OWN: "printId"}),
}
