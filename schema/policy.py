"""Who may ask what: one table, printed into the SDL as @lens and @privacy, and enforced from the same words.

A lens is a root field's audience. Every field of every object and input stands here with the lenses through which it
may be reached; a field that does not stand here breaks the build, so nothing is ever open by omission.
"""

from collections.abc import Iterator, Mapping

from core.principal import Assurance, Scope
from schema import (
    agency_policy,
    change_policy,
    counter_policy,
    export_policy,
    handling_policy,
    intake_policy,
    objection_policy,
    offer_policy,
    record_policy,
    review_policy,
)
from schema.audiences import Entry, Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    **offer_policy.ROOTS,
    **agency_policy.ROOTS,
    **review_policy.ROOTS,
    **handling_policy.ROOTS,
    **intake_policy.ROOTS,
    **export_policy.ROOTS,
    **change_policy.ROOTS,
    **objection_policy.ROOTS,
    **counter_policy.ROOTS,
    "Query.reportCheck": Root(Lens.REPORT_CHECK, signed_in=False),
    # Whose scope it takes depends on the input: a subject's own, or a recipient's (`schema/reports.py`).
    "Mutation.reportIssue": Root(Lens.REPORT),
    "Mutation.reportTicket": Root(Lens.REPORT),
    "Query.viewer": Root(Lens.VIEWER),
    "Query.me": Root(Lens.ME, Scope.SELF_READ),
    "Query.published": Root(Lens.PUBLISHED, signed_in=False),
    "Query.offers": Root(Lens.OFFERS, signed_in=False),
    "Query.offer": Root(Lens.OFFERS, signed_in=False),
    "Query.parties": Root(Lens.PARTIES, signed_in=False),
    "Query.consentNotice": Root(Lens.NOTICE, signed_in=False),
    "Query.granted": Root(Lens.GRANTED, Scope.GRANT_USE),
    "Query.recipient": Root(Lens.RECIPIENT, Scope.GRANT_USE),
    "Query.partner": Root(Lens.PARTNER, Scope.PARTNER_READ),
    "Mutation.scoreOpen": Root(Lens.ME, Scope.SCORE_MANAGE, Assurance.SUBSTANTIAL),
    "Mutation.scoreClose": Root(Lens.ME, Scope.SCORE_MANAGE),
    "Mutation.grantIssue": Root(Lens.ME, Scope.GRANT_GIVE, Assurance.SUBSTANTIAL),
    # Taking consent back must be as easy as giving it (个人信息保护法 15): no step-up.
    "Mutation.grantRevoke": Root(Lens.ME, Scope.GRANT_GIVE, takes_back=True),
    "Mutation.grantMonitoringEnd": Root(Lens.ME, Scope.GRANT_GIVE, takes_back=True),
    "Mutation.grantRequest": Root(Lens.RECIPIENT, Scope.GRANT_USE),
    "Mutation.grantRelinquish": Root(Lens.RECIPIENT, Scope.GRANT_USE),
    "Mutation.grantApprove": Root(Lens.ME, Scope.GRANT_GIVE, Assurance.SUBSTANTIAL),
    "Mutation.grantReject": Root(Lens.ME, Scope.GRANT_GIVE, takes_back=True),
    "Mutation.grantPause": Root(Lens.ME, Scope.GRANT_GIVE, takes_back=True),
    "Mutation.grantResume": Root(Lens.ME, Scope.GRANT_GIVE, Assurance.SUBSTANTIAL),
    "Mutation.grantMarksSet": Root(Lens.ME, Scope.GRANT_GIVE, Assurance.SUBSTANTIAL),
    "Mutation.partyBlock": Root(Lens.ME, Scope.GRANT_GIVE),
    "Mutation.connectCodeCreate": Root(Lens.ME, Scope.GRANT_GIVE),
    "Mutation.recordStatementAttach": Root(Lens.ME, Scope.SELF_SPEAK),
    "Mutation.recordStatementWithdraw": Root(Lens.ME, Scope.SELF_SPEAK, takes_back=True),
    "Mutation.residenceState": Root(Lens.ME, Scope.SELF_SPEAK),
    "Mutation.residenceForget": Root(Lens.ME, Scope.SELF_SPEAK, takes_back=True),
    "Mutation.accessQuestion": Root(Lens.ME, Scope.SELF_READ),
    "Mutation.noticeRead": Root(Lens.ME, Scope.SELF_READ),
    "Mutation.webhookSet": Root(Lens.RECIPIENT, Scope.WEBHOOK_MANAGE, Assurance.SUBSTANTIAL),
    "Mutation.webhookRemove": Root(Lens.RECIPIENT, Scope.WEBHOOK_MANAGE),
    "Mutation.claimCreate": Root(Lens.ME, Scope.CLAIM_MAKE),
    "Mutation.claimCancel": Root(Lens.ME, Scope.CLAIM_MAKE),
    "Mutation.claimOffline": Root(Lens.ME, Scope.CLAIM_MAKE),
    "Mutation.offlineUpload": Root(Lens.TILL, Scope.CLAIM_REDEEM),
    "Mutation.claimCheck": Root(Lens.TILL, Scope.CLAIM_REDEEM),
    "Mutation.claimRedeem": Root(Lens.TILL, Scope.CLAIM_REDEEM),
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
    "Mutation.redemptionReverse": Root(Lens.TILL, Scope.CLAIM_REDEEM),
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

# Lenses whose documents must select the mark wherever they select the value (design §3): the mark, and what makes it
# needed where that is not the value itself. What is missing of a list of records is marked beside the list.
MARKED: Mapping[str, tuple[str, str | None]] = {
    "CreditRecord": ("objections", None),
    "PublicCreditEvaluation": ("objections", None),
    "GrantedView": ("objections", "records"),
    "AgencyView": ("objections", "records"),
    "PublishedView": ("objections", "records"),
}
# Whoever is not the subject: what anybody may read is contested as what few may (ADR 0135).
MARK_LENSES = frozenset({Lens.GRANTED, Lens.AGENCY, Lens.PUBLISHED})

# Lenses that are asked with what everybody may read: it may stand in an address, which whoever passes it on keeps.
SAID_OPENLY = frozenset({Lens.PUBLISHED, Lens.OFFERS, Lens.PARTIES, Lens.NOTICE})

_EVERY = " ".join(lens.value for lens in Lens)
_ACTS = (
    "ME COUNTER KIOSK TILL PARTNER RECIPIENT APPROVALS ORGANISATION AGENCY_WORK REPORT HANDLING INTAKE_REVIEW PROVIDER"
)

# type → (lenses, {level: fields}); a field may narrow its type's lenses as "field@LENS+LENS".
_TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    **agency_policy.TYPES,
    **review_policy.TYPES,
    **handling_policy.TYPES,
    **record_policy.TYPES,
    **intake_policy.TYPES,
    **export_policy.TYPES,
    **change_policy.TYPES,
    **objection_policy.TYPES,
    **counter_policy.TYPES,
    **offer_policy.TYPES,
    "PageInfo": (_EVERY, {Level.OPEN: "hasNextPage endCursor"}),
    # ------------------------------------------------------------------------------------ people and parties
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
        "COUNTER_TRAIL KIOSK_TRAIL",
        {Level.OPEN: "id name kind contact purposes"},
    ),
    "PartyConnection": ("PARTIES", {Level.OPEN: "edges pageInfo"}),
    "PartyEdge": ("PARTIES", {Level.OPEN: "cursor node"}),
    "Approvals": (
        "APPROVALS",
        {Level.OWN: "parties staff clients agencyMandates offers offer lookQuestions refusals refusal"},
    ),
    "LookQuestionConnection": ("APPROVALS", {Level.OPEN: "edges pageInfo"}),
    "LookQuestionEdge": ("APPROVALS", {Level.OPEN: "cursor node"}),
    "LookQuestion": ("APPROVALS", {Level.OWN: "lookId questionedAt lookedAt basis party"}),
    "PartyFileConnection": ("APPROVALS", {Level.OPEN: "edges pageInfo"}),
    "PartyFileEdge": ("APPROVALS", {Level.OPEN: "cursor node"}),
    "PartyFile": ("APPROVALS", {Level.OWN: "party code state version providerKind registeredAt awaiting"}),
    "Organisation": ("ORGANISATION", {Level.OWN: "party staff clients"}),
    "StaffMemberConnection": ("ORGANISATION APPROVALS", {Level.OPEN: "edges pageInfo"}),
    "StaffMemberEdge": ("ORGANISATION APPROVALS", {Level.OPEN: "cursor node"}),
    "StaffMember": (
        "ORGANISATION APPROVALS",
        {Level.OWN: "id label post storeId validFrom validUntil frozen linked"},
    ),
    "ClientConnection": ("ORGANISATION APPROVALS", {Level.OPEN: "edges pageInfo"}),
    "ClientEdge": ("ORGANISATION APPROVALS", {Level.OPEN: "cursor node"}),
    "Client": ("ORGANISATION APPROVALS", {Level.OWN: "id staffId label scopes storeId registeredAt keys"}),
    "ClientKey": ("ORGANISATION APPROVALS", {Level.OWN: "id kid validFrom validUntil state"}),
    # ------------------------------------------------------------------------------------ the subject's own view
    "Me": (
        "ME",
        {
            Level.PERSONAL: "id kind name scoreStatus records record grants grant grantPreview accessHistory offers "
            "claims claim notices unreadNotices helpers corrections evaluation reports exports scoreReviews "
            "objections objection residence districts",
            Level.SENSITIVE: "identity score formerly",
        },
    ),
    "FormerIdentity": ("ME", {Level.PERSONAL: "name until basis source", Level.SENSITIVE: "identity"}),
    "Helper": ("ME", {Level.PERSONAL: "id kind name validFrom validUntil endedAt"}),
    "HaiheScore": (
        "ME",
        {
            Level.OPEN: "scale",
            Level.PERSONAL: "computedAt modelVersion objections",
            Level.SENSITIVE: "value band tier factors",
        },
    ),
    "ScoreScale": ("ME", {Level.OPEN: "min max bands demonstration"}),
    "ScoreBand": ("ME", {Level.OPEN: "code name from to"}),
    "ScoreFactor": ("ME", {Level.SENSITIVE: "code dimension message contribution"}),
    "AccessConnection": ("ME AGENCY_WORK COUNTER_TRAIL KIOSK_TRAIL", {Level.OPEN: "edges pageInfo"}),
    "AccessEdge": ("ME AGENCY_WORK COUNTER_TRAIL KIOSK_TRAIL", {Level.OPEN: "cursor node"}),
    "Access": (
        "ME AGENCY_WORK COUNTER_TRAIL KIOSK_TRAIL",
        {
            Level.PERSONAL: "id at actor basis purpose stage@ME channel summary fields recordCount times@ME caseNumber "
            "grant@ME receipt@ME questionedAt@ME"
        },
    ),
    "AccessReceipt": ("ME RECIPIENT AGENCY_WORK", {Level.PERSONAL: "position data salt link@ME linkSalt@ME proof"}),
    "Actor": ("ME AGENCY_WORK COUNTER_TRAIL KIOSK_TRAIL", {Level.PERSONAL: "name operator party"}),
    "CorrectionConnection": ("ME", {Level.OPEN: "edges pageInfo"}),
    "CorrectionEdge": ("ME", {Level.OPEN: "cursor node"}),
    "Correction": ("ME", {Level.PERSONAL: "id recordId category at toldAt informed"}),
    "Informed": ("ME", {Level.PERSONAL: "lookId lookedAt grantId party"}),
    # ------------------------------------------------------------------------------------ the record
    "CreditRecordConnection": ("ME PUBLISHED GRANTED AGENCY", {Level.OPEN: "edges pageInfo"}),
    "CreditRecordEdge": ("ME PUBLISHED GRANTED AGENCY", {Level.OPEN: "cursor node"}),
    "ReportConnection": ("ME", {Level.OPEN: "edges pageInfo"}),
    "ReportEdge": ("ME", {Level.OPEN: "cursor node"}),
    "Report": (
        "ME REPORT",
        {
            Level.PERSONAL: "id number kind from to recordCount issuedAt validUntil state pdfReady",
            Level.SENSITIVE: "code data",
        },
    ),
    "ReportCheck": ("REPORT_CHECK", {Level.PERSONAL: "state issuedAt validUntil subjectMasked"}),
    "PublishedView": ("PUBLISHED", {Level.OPEN: "name uscc formerNames asOf records objections"}),
    # ------------------------------------------------------------------------------------ authority
    "ConsentNotice": (
        "NOTICE ME GRANTED RECIPIENT",
        {Level.OPEN: "hash version language text retention withdrawalEffect"},
    ),
    "GrantConnection": ("ME RECIPIENT", {Level.OPEN: "edges pageInfo"}),
    "GrantEdge": ("ME RECIPIENT", {Level.OPEN: "cursor node"}),
    "Grant": (
        "ME GRANTED RECIPIENT",
        {
            Level.PERSONAL: "id version status recipient handledBy subject@ME+GRANTED reference reason purpose stages "
            "categories includesEvaluation validFrom validUntil usesLeft usesPerPeriod period windowMonths documents "
            "retentionDays notice template approvals@ME+RECIPIENT requestUrl lapsesAt endedBy endReason@ME endedAt "
            "monitoring monitoringNotice monitored@ME steps@ME extends@ME beyond@ME"
        },
    ),
    "Monitored": ("ME", {Level.PERSONAL: "since until running told"}),
    "Approval": ("ME RECIPIENT", {Level.PERSONAL: "capacity at"}),
    "GrantStep": ("ME", {Level.PERSONAL: "version act ledTo side capacity reason at"}),
    "TermBeyond": ("ME", {Level.PERSONAL: "attribute granted asked"}),
    "GrantedView": ("GRANTED", {Level.PERSONAL: "grant subject records evaluation objections", Level.OWN: "lookId"}),
    "Recipient": ("RECIPIENT", {Level.OWN: "party grants grant events webhook receipt"}),
    # ------------------------------------------------------------------------------------ what one is told
    "NoticeConnection": ("ME", {Level.OPEN: "edges pageInfo"}),
    "NoticeEdge": ("ME", {Level.OPEN: "cursor node"}),
    "Notice": ("ME", {Level.PERSONAL: "id kind message at about readAt deliveries"}),
    "Delivery": ("ME RECIPIENT", {Level.OWN: "way state attempts lastError endedAt"}),
    "EventConnection": ("RECIPIENT", {Level.OPEN: "edges pageInfo"}),
    "EventEdge": ("RECIPIENT", {Level.OPEN: "cursor node"}),
    "Event": ("RECIPIENT", {Level.OWN: "id kind at about category lookId lookedAt delivery"}),
    "Webhook": ("RECIPIENT", {Level.OWN: "id version url state failures pausedAt previousSecretUntil"}),
    # ------------------------------------------------------------------------------------ acts
    "Refusal": (_ACTS, {Level.OPEN: "code message details retryAt"}),
    "RefusalDetail": (_ACTS, {Level.OPEN: "path code message limit"}),
    "ReportIssuePayload": ("REPORT", {Level.PERSONAL: "report", Level.OPEN: "replayed"}),
    "ReportTicketPayload": ("REPORT", {Level.SENSITIVE: "path", Level.OPEN: "validUntil replayed"}),
    "ScoreOpenPayload": ("ME", {Level.SENSITIVE: "score", Level.OPEN: "replayed"}),
    "ScoreClosePayload": ("ME", {Level.PERSONAL: "scoreStatus voidedClaims", Level.OPEN: "replayed"}),
    "GrantIssuePayload": ("ME", {Level.PERSONAL: "grant", Level.OPEN: "replayed"}),
    "GrantRevokePayload": ("ME", {Level.PERSONAL: "grant", Level.OPEN: "replayed"}),
    "GrantMonitoringEndPayload": ("ME", {Level.PERSONAL: "grant", Level.OPEN: "replayed"}),
    "GrantApprovePayload": ("ME", {Level.PERSONAL: "grant", Level.OPEN: "replayed"}),
    "GrantRejectPayload": ("ME", {Level.PERSONAL: "grant", Level.OPEN: "replayed"}),
    "GrantPausePayload": ("ME", {Level.PERSONAL: "grant", Level.OPEN: "replayed"}),
    "GrantResumePayload": ("ME", {Level.PERSONAL: "grant", Level.OPEN: "replayed"}),
    "GrantRequestPayload": ("RECIPIENT", {Level.PERSONAL: "grant", Level.OPEN: "replayed"}),
    "GrantRelinquishPayload": ("RECIPIENT", {Level.PERSONAL: "grant", Level.OPEN: "replayed"}),
    "PartyBlockPayload": ("ME", {Level.PERSONAL: "party until", Level.OPEN: "replayed"}),
    "ConnectCodeCreatePayload": ("ME", {Level.SENSITIVE: "connectCode expiresAt", Level.OPEN: "replayed"}),
    "GrantMarksSetPayload": ("ME", {Level.PERSONAL: "fromTwoPeople", Level.OPEN: "replayed"}),
    "RecordStatementAttachPayload": ("ME", {Level.PERSONAL: "record", Level.OPEN: "replayed"}),
    "RecordStatementWithdrawPayload": ("ME", {Level.PERSONAL: "record", Level.OPEN: "replayed"}),
    "AccessQuestionPayload": ("ME", {Level.PERSONAL: "accessId questionedAt", Level.OPEN: "replayed"}),
    "NoticeReadPayload": ("ME", {Level.PERSONAL: "notice", Level.OPEN: "replayed"}),
    "WebhookSetPayload": ("RECIPIENT", {Level.OWN: "webhook secret", Level.OPEN: "replayed"}),
    "WebhookRemovePayload": ("RECIPIENT", {Level.OPEN: "replayed"}),
    "ClaimCreatePayload": ("ME", {Level.PERSONAL: "claim", Level.OPEN: "replayed"}),
    "ClaimCancelPayload": ("ME", {Level.PERSONAL: "claim", Level.OPEN: "replayed"}),
    "ClaimOfflinePayload": ("ME", {Level.PERSONAL: "claim", Level.OPEN: "replayed"}),
    "OfflineUploadPayload": ("TILL", {Level.OWN: "outcome redemption", Level.OPEN: "replayed"}),
    "ClaimCheckPayload": (
        "TILL",
        {
            Level.OWN: "offerTitle benefitText redemption orderNumberNeeded orderAmountNeeded mostYuan deferredUntil",
            Level.OPEN: "replayed",
        },
    ),
    "ClaimRedeemPayload": ("TILL", {Level.OWN: "redemption", Level.OPEN: "replayed"}),
    "RedemptionReversePayload": ("TILL", {Level.OWN: "redemption", Level.OPEN: "replayed"}),
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
    # ------------------------------------------------------------------------------------ inputs
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
    "RecordFilter": ("ME PUBLISHED GRANTED AGENCY", {Level.OPEN: "categories includeEnded@ME from to asOf@ME"}),
    "PublishedQueryInput": ("PUBLISHED", {Level.OPEN: "uscc name"}),
    "ConsentNoticeQueryInput": (
        "NOTICE",
        {Level.OPEN: "kind recipientId handledById purpose categories retentionDays language"},
    ),
    "GrantedQueryInput": ("GRANTED", {Level.PERSONAL: "grantId stage operator attempt"}),
    "ReportIssueInput": ("REPORT", {Level.PERSONAL: "kind from to grantId stage operator idempotencyKey"}),
    "ReportTicketInput": ("REPORT", {Level.PERSONAL: "reportId"}),
    "ScoreOpenInput": ("ME", {Level.PERSONAL: "noticeHash idempotencyKey"}),
    "ScoreCloseInput": ("ME", {Level.PERSONAL: "idempotencyKey"}),
    "GrantIssueInput": (
        "ME",
        {
            Level.PERSONAL: "recipientId handledById purpose stages categories includesEvaluation validFrom validUntil "
            "uses usesPerPeriod period windowMonths retentionDays documents monitoring capacity noticeHash "
            "monitoringNoticeHash idempotencyKey"
        },
    ),
    "GrantRequestInput": (
        "RECIPIENT",
        {
            Level.PERSONAL: "requestId subject handledById purpose stages categories includesEvaluation validFrom "
            "validUntil uses usesPerPeriod period windowMonths retentionDays documents monitoring reference "
            "reason"
        },
    ),
    "SubjectRefInput": ("RECIPIENT", {Level.SENSITIVE: "identity connectCode"}),
    "GrantRelinquishInput": ("RECIPIENT", {Level.PERSONAL: "grantId expectedVersion reason"}),
    "GrantTermsInput": (
        "ME",
        {
            Level.PERSONAL: "stages categories includesEvaluation validFrom validUntil uses usesPerPeriod period "
            "windowMonths retentionDays documents monitoring"
        },
    ),
    "GrantApproveInput": (
        "ME",
        {Level.PERSONAL: "grantId expectedVersion noticeHash monitoringNoticeHash terms capacity"},
    ),
    "GrantRejectInput": ("ME", {Level.PERSONAL: "grantId expectedVersion tell reason"}),
    "GrantChangeInput": ("ME", {Level.PERSONAL: "grantId expectedVersion reason"}),
    "GrantMarksSetInput": ("ME", {Level.PERSONAL: "fromTwoPeople"}),
    "PartyBlockInput": ("ME", {Level.PERSONAL: "partyId"}),
    "ConnectCodeCreateInput": ("ME", {Level.PERSONAL: "idempotencyKey"}),
    "GrantMonitoringEndInput": ("ME", {Level.PERSONAL: "grantId"}),
    "GrantRevokeInput": ("ME", {Level.PERSONAL: "grantId"}),
    "RecordStatementAttachInput": ("ME", {Level.PERSONAL: "recordId expectedVersion text"}),
    "RecordStatementWithdrawInput": ("ME", {Level.PERSONAL: "recordId"}),
    "AccessQuestionInput": ("ME", {Level.PERSONAL: "accessId idempotencyKey"}),
    "NoticeReadInput": ("ME", {Level.PERSONAL: "noticeId"}),
    "WebhookSetInput": ("RECIPIENT", {Level.OWN: "url expectedVersion rotateSecret idempotencyKey"}),
    "WebhookRemoveInput": ("RECIPIENT", {Level.OWN: "expectedVersion"}),
    "ClaimCreateInput": ("ME", {Level.PERSONAL: "offerId noticeHash storeId idempotencyKey"}),
    "ClaimCancelInput": ("ME", {Level.PERSONAL: "claimId expectedVersion"}),
    "ClaimOfflineInput": ("ME", {Level.PERSONAL: "claimId storeId expectedVersion"}),
    "OfflineUploadInput": ("TILL", {Level.OWN: "code acceptance acceptedAt orderNumber orderAmountYuan"}),
    "ClaimCheckInput": ("TILL", {Level.OWN: "code"}),
    "ClaimRedeemInput": ("TILL", {Level.OWN: "code idempotencyKey orderNumber orderAmountYuan deferredYuan"}),
    "RedemptionReverseInput": ("TILL", {Level.OWN: "redemptionId reason idempotencyKey"}),
}


def _entries() -> Iterator[tuple[str, Entry]]:
    for type_name, (lenses, levels) in _TYPES.items():
        for level, fields in levels.items():
            for word in fields.split():
                name, _, narrowed = word.partition("@")
                reach = narrowed.split("+") if narrowed else lenses.split()
                yield f"{type_name}.{name}", Entry(level, frozenset(Lens(lens) for lens in reach))


ENTRIES: Mapping[str, Entry] = dict(_entries())
