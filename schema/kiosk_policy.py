"""The policy table's lines of kiosks (Art. 8(2))."""

from collections.abc import Mapping

from core.principal import Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    "Query.kiosk": Root(Lens.KIOSK, Scope.KIOSK_SERVE),
    "Query.kioskTrail": Root(Lens.KIOSK_TRAIL, Scope.KIOSK_SERVE),
    "Mutation.kioskVisitBegin": Root(Lens.KIOSK, Scope.KIOSK_SERVE),
    "Mutation.kioskVisitStay": Root(Lens.KIOSK, Scope.KIOSK_SERVE),
    "Mutation.kioskVisitEnd": Root(Lens.KIOSK, Scope.KIOSK_SERVE),
    "Mutation.kioskPrintBegin": Root(Lens.KIOSK, Scope.KIOSK_SERVE),
    "Mutation.kioskPrintEnd": Root(Lens.KIOSK, Scope.KIOSK_SERVE),
}

# As in `policy`: type → (lenses, {level: fields}). Of a record, only what is printed is in a kiosk's lens.
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "Kiosk": ("KIOSK", {Level.OWN: "id label reader visit"}),
    "KioskReader": ("KIOSK", {Level.OPEN: "name offers"}),
    "KioskVisit": ("KIOSK", {Level.OWN: "id number document until latest over looksLeft", Level.PERSONAL: "prints"}),
    "KioskPrint": (
        "KIOSK",
        {Level.OWN: "id outcome begunAt", Level.PERSONAL: "reportNumber", Level.SENSITIVE: "code data"},
    ),
    "KioskTrail": ("KIOSK_TRAIL", {Level.OWN: "lookId visitNumber", Level.PERSONAL: "accessHistory"}),
    "KioskVisitBeginPayload": ("KIOSK", {Level.OWN: "visit", Level.OPEN: "replayed"}),
    "KioskVisitStayPayload": ("KIOSK", {Level.OWN: "visit", Level.OPEN: "replayed"}),
    "KioskVisitEndPayload": ("KIOSK", {Level.OWN: "visit", Level.OPEN: "replayed"}),
    "KioskPrintBeginPayload": ("KIOSK", {Level.PERSONAL: "printout", Level.OPEN: "replayed"}),
    "KioskPrintEndPayload": ("KIOSK", {Level.PERSONAL: "printout", Level.OPEN: "replayed"}),
    "KioskTrailQueryInput": ("KIOSK_TRAIL", {Level.OWN: "visitId"}),
    "KioskVisitBeginInput": ("KIOSK", {Level.SENSITIVE: "statement", Level.OWN: "idempotencyKey"}),
    "KioskVisitStayInput": ("KIOSK", {Level.OWN: "visitId"}),
    "KioskVisitEndInput": ("KIOSK", {Level.OWN: "visitId"}),
    "KioskPrintBeginInput": ("KIOSK", {Level.OWN: "visitId kind from to idempotencyKey"}),
    "KioskPrintEndInput": ("KIOSK", {Level.OWN: "printId outcome"}),
}
