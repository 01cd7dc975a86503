"""The policy table's lines of the compliance auditor's desk (个人信息保护法 54)."""

from collections.abc import Mapping

from core.principal import Assurance, Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    "Query.auditing": Root(Lens.AUDITING, Scope.AUDIT_EXPORT),
    "Mutation.complianceExportRequest": Root(Lens.AUDITING, Scope.AUDIT_EXPORT, Assurance.SUBSTANTIAL),
    "Mutation.complianceExportTicket": Root(Lens.AUDITING, Scope.AUDIT_EXPORT, Assurance.SUBSTANTIAL),
}

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "Auditing": ("AUDITING", {Level.OWN: "exports"}),
    "ComplianceExportConnection": ("AUDITING", {Level.OPEN: "edges pageInfo"}),
    "ComplianceExportEdge": ("AUDITING", {Level.OPEN: "cursor node"}),
    "ComplianceExport": (
        "AUDITING",
        {
            Level.OWN: "id number since until channel purpose requestedAt readyAt expiresAt state release "
            "firstPosition lastPosition looks sha256"
        },
    ),
    "ComplianceExportRequestPayload": ("AUDITING", {Level.OWN: "export", Level.OPEN: "replayed"}),
    "ComplianceExportTicketPayload": ("AUDITING", {Level.OWN: "path", Level.OPEN: "validUntil replayed"}),
    "ComplianceExportRequestInput": ("AUDITING", {Level.OWN: "since until channel purpose idempotencyKey"}),
    "ComplianceExportTicketInput": ("AUDITING", {Level.OWN: "exportId"}),
    # Whoever was looked at sees that the look was shown.
    "Audited": ("ME", {Level.PERSONAL: "number at"}),
}
