"""Who may ask what of copies of everything about oneself: their part of the policy table (`policy`)."""

from collections.abc import Mapping

from core.principal import Assurance, Scope
from schema.audiences import Lens, Level, Root

# Everything at once: by a stronger sign-in, for whoever asks for it and for whoever fetches it.
ROOTS: Mapping[str, Root] = {
    "Mutation.exportRequest": Root(Lens.ME, Scope.SELF_EXPORT, Assurance.SUBSTANTIAL),
    "Mutation.exportTicket": Root(Lens.ME, Scope.SELF_EXPORT, Assurance.SUBSTANTIAL),
}

TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "ExportConnection": ("ME", {Level.OPEN: "edges pageInfo"}),
    "ExportEdge": ("ME", {Level.OPEN: "cursor node"}),
    "Export": ("ME", {Level.PERSONAL: "id state requestedAt readyAt expiresAt"}),
    "ExportRequestPayload": ("ME", {Level.PERSONAL: "export", Level.OPEN: "replayed"}),
    "ExportTicketPayload": ("ME", {Level.SENSITIVE: "path", Level.OPEN: "validUntil replayed"}),
    "ExportRequestInput": ("ME", {Level.PERSONAL: "idempotencyKey"}),
    "ExportTicketInput": ("ME", {Level.PERSONAL: "exportId"}),
}
