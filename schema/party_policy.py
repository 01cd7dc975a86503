"""The policy table's lines of who takes part: parties, staff, programs, and who acts for whom (Arts. 6, 13)."""

from collections.abc import Mapping

from core.principal import Assurance, Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    "Query.viewer": Root(Lens.VIEWER),
    "Query.parties": Root(Lens.PARTIES, signed_in=False),
    "Query.organisation": Root(Lens.ORGANISATION, Scope.STAFF_MANAGE),
    "Mutation.staffEmploy": Root(Lens.ORGANISATION, Scope.STAFF_MANAGE, Assurance.SUBSTANTIAL),
    # Putting somebody out, retiring a key and ending a mandate must not wait for a stronger sign-in either.
    "Mutation.staffLeave": Root(Lens.ORGANISATION, Scope.STAFF_MANAGE),
    "Mutation.clientRegister": Root(Lens.ORGANISATION, Scope.CLIENT_MANAGE, Assurance.SUBSTANTIAL),
    "Mutation.clientKeyAdd": Root(Lens.ORGANISATION, Scope.CLIENT_MANAGE, Assurance.SUBSTANTIAL),
    # A document gives nobody any right: registering one asks for no stronger sign-in.
    "Mutation.documentsRegister": Root(Lens.ORGANISATION, Scope.CLIENT_MANAGE),
    "Mutation.clientKeyRetire": Root(Lens.ORGANISATION, Scope.CLIENT_MANAGE),
    "Mutation.signInLink": Root(Lens.APPROVALS, Scope.PARTY_LINK, Assurance.SUBSTANTIAL),
    "Mutation.mandateGive": Root(Lens.ME, Scope.MANDATE_GIVE, Assurance.SUBSTANTIAL),
    "Mutation.mandateEnd": Root(Lens.ME, Scope.MANDATE_GIVE),
    # Which scope is a field's own: who approves a refusal need not put anybody out (`schema/membership.py`).
    "Query.approvals": Root(Lens.APPROVALS),
    "Mutation.partyRegister": Root(Lens.APPROVALS, Scope.PARTY_REGISTER, Assurance.SUBSTANTIAL),
    "Mutation.partyAdmit": Root(Lens.APPROVALS, Scope.PARTY_ADMIT, Assurance.SUBSTANTIAL),
    "Mutation.partySuspend": Root(Lens.APPROVALS, Scope.PARTY_SUSPEND, Assurance.SUBSTANTIAL),
    "Mutation.partyReinstate": Root(Lens.APPROVALS, Scope.PARTY_SUSPEND, Assurance.SUBSTANTIAL),
    # Putting a stop to something must not wait for a stronger sign-in.
    "Mutation.partyFreeze": Root(Lens.APPROVALS, Scope.PARTY_FREEZE),
    "Mutation.partyLift": Root(Lens.APPROVALS, Scope.PARTY_SUSPEND, Assurance.SUBSTANTIAL),
}

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "Viewer": (
        "VIEWER",
        {Level.PERSONAL: "name actingFor assurance mandates helperOffer", Level.OWN: "party changesCursor"},
    ),
    "HelperOffer": ("VIEWER", {Level.PERSONAL: "code validUntil"}),
    "MandateConnection": ("VIEWER", {Level.OPEN: "edges pageInfo"}),
    "MandateEdge": ("VIEWER", {Level.OPEN: "cursor node"}),
    "Mandate": ("VIEWER", {Level.PERSONAL: "id kind subject validUntil"}),
    "Party": (
        "VIEWER ME PARTIES GRANTED RECIPIENT PARTNER APPROVALS ORGANISATION AGENCY_WORK INTAKE_REVIEW PROVIDER "
        "COUNTER_TRAIL KIOSK_TRAIL SECURITY BROKEN_GLASS OVERSIGHT COMPLAINT SAMPLE",
        {Level.OPEN: "id name kind contact purposes"},
    ),
    "PartyConnection": ("PARTIES", {Level.OPEN: "edges pageInfo"}),
    "PartyEdge": ("PARTIES", {Level.OPEN: "cursor node"}),
    "Approvals": (
        "APPROVALS",
        {
            Level.OWN: "waiting parties staff clients agencyMandates offers offer lookQuestions refusals refusal "
            "postReviews brokenGlass channels orders shares releases"
        },
    ),
    "WaitingConnection": ("APPROVALS", {Level.OPEN: "edges pageInfo"}),
    "WaitingEdge": ("APPROVALS", {Level.OPEN: "cursor node"}),
    "Waiting": ("APPROVALS", {Level.OWN: "kind id what since due askedBy party"}),
    "PartyFileConnection": ("APPROVALS", {Level.OPEN: "edges pageInfo"}),
    "PartyFileEdge": ("APPROVALS", {Level.OPEN: "cursor node"}),
    "PartyFile": ("APPROVALS", {Level.OWN: "party code state version providerKind registeredAt awaiting"}),
    "Organisation": ("ORGANISATION", {Level.OWN: "party staff clients"}),
    "StaffMemberConnection": ("ORGANISATION APPROVALS", {Level.OPEN: "edges pageInfo"}),
    "StaffMemberEdge": ("ORGANISATION APPROVALS", {Level.OPEN: "cursor node"}),
    "StaffMember": (
        "ORGANISATION APPROVALS SECURITY INDUSTRY",
        {Level.OWN: "id label post storeId validFrom validUntil frozen linked"},
    ),
    "ClientConnection": ("ORGANISATION APPROVALS", {Level.OPEN: "edges pageInfo"}),
    "ClientEdge": ("ORGANISATION APPROVALS", {Level.OPEN: "cursor node"}),
    "Client": ("ORGANISATION APPROVALS", {Level.OWN: "id staffId label scopes storeId registeredAt keys"}),
    "ClientKey": ("ORGANISATION APPROVALS", {Level.OWN: "id kid validFrom validUntil state"}),
    "Helper": ("ME", {Level.PERSONAL: "id kind name validFrom validUntil endedAt"}),
    "PartyRegisterPayload": ("APPROVALS", {Level.OWN: "party", Level.OPEN: "replayed"}),
    "PartyAdmitPayload": ("APPROVALS", {Level.OWN: "party", Level.OPEN: "replayed"}),
    "PartySuspendPayload": ("APPROVALS", {Level.OWN: "party", Level.OPEN: "replayed"}),
    "PartyReinstatePayload": ("APPROVALS", {Level.OWN: "party", Level.OPEN: "replayed"}),
    "PartyFreezePayload": ("APPROVALS", {Level.OWN: "party frozen", Level.OPEN: "replayed"}),
    "PartyLiftPayload": ("APPROVALS", {Level.OWN: "party frozen", Level.OPEN: "replayed"}),
    "StaffEmployPayload": ("ORGANISATION", {Level.OWN: "staff", Level.OPEN: "replayed"}),
    "StaffLeavePayload": ("ORGANISATION", {Level.OWN: "staff", Level.OPEN: "replayed"}),
    "SignInLinkPayload": ("APPROVALS", {Level.OWN: "staff", Level.OPEN: "replayed"}),
    "ClientRegisterPayload": ("ORGANISATION", {Level.OWN: "client", Level.OPEN: "replayed"}),
    "ClientKeyAddPayload": ("ORGANISATION", {Level.OWN: "client", Level.OPEN: "replayed"}),
    "ClientKeyRetirePayload": ("ORGANISATION", {Level.OWN: "client", Level.OPEN: "replayed"}),
    "DocumentsRegisterPayload": ("ORGANISATION", {Level.OWN: "client", Level.OPEN: "replayed"}),
    "MandateGivePayload": ("ME", {Level.PERSONAL: "helper", Level.OPEN: "replayed"}),
    "MandateEndPayload": ("ME", {Level.PERSONAL: "helper", Level.OPEN: "replayed"}),
    "StaffEmployInput": (
        "ORGANISATION",
        {Level.OWN: "partyId label post storeId validFrom validUntil idempotencyKey"},
    ),
    "StaffLeaveInput": ("ORGANISATION", {Level.OWN: "staffId from"}),
    "SignInLinkInput": ("APPROVALS", {Level.PERSONAL: "issuer name staffId idempotencyKey"}),
    "ClientRegisterInput": ("ORGANISATION", {Level.OWN: "label scopes storeId idempotencyKey"}),
    "PublicKeyInput": ("ORGANISATION", {Level.OPEN: "kty crv x y"}),
    "ClientKeyAddInput": ("ORGANISATION", {Level.OWN: "clientId kid jwk validFrom validUntil idempotencyKey"}),
    "ClientKeyRetireInput": ("ORGANISATION", {Level.OWN: "keyId"}),
    "DocumentsRegisterInput": ("ORGANISATION", {Level.OWN: "clientId version documents idempotencyKey"}),
    "StoredDocumentInput": ("ORGANISATION", {Level.OWN: "name text"}),
    "MandateGiveInput": ("ME", {Level.PERSONAL: "helperCode validUntil idempotencyKey"}),
    "MandateEndInput": ("ME", {Level.PERSONAL: "mandateId"}),
    "PartyRegisterInput": ("APPROVALS", {Level.OWN: "code name kind contact purposes providerKind idempotencyKey"}),
    "PartyAdmitInput": ("APPROVALS", {Level.OWN: "partyId expectedVersion"}),
    "PartySuspendInput": ("APPROVALS", {Level.OWN: "partyId expectedVersion reason"}),
    "PartyReinstateInput": ("APPROVALS", {Level.OWN: "partyId expectedVersion reason"}),
    "PartyFreezeInput": ("APPROVALS", {Level.OWN: "target id issuer reason"}),
    "PartyLiftInput": ("APPROVALS", {Level.OWN: "target id issuer reason"}),
}
