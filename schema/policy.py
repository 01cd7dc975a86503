"""Who may ask what: one table, printed into the SDL as @lens and @privacy, and enforced from the same words.

A lens is a root field's audience. Every field of every object and input stands here with the lenses through which it
may be reached; a field that does not stand here breaks the build, so nothing is ever open by omission.
"""

from collections.abc import Iterator, Mapping

from core.principal import Assurance, Scope
from schema import (
    agency_policy,
    auditing_policy,
    change_policy,
    complaint_policy,
    counter_policy,
    duty_policy,
    export_policy,
    grant_policy,
    handling_policy,
    industry_policy,
    inspection_policy,
    intake_policy,
    objection_policy,
    offer_policy,
    order_policy,
    oversight_policy,
    party_policy,
    record_policy,
    review_policy,
    security_policy,
    sharing_policy,
)
from schema.audiences import Entry, Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    **party_policy.ROOTS,
    **grant_policy.ROOTS,
    **offer_policy.ROOTS,
    **order_policy.ROOTS,
    **agency_policy.ROOTS,
    **review_policy.ROOTS,
    **handling_policy.ROOTS,
    **intake_policy.ROOTS,
    **export_policy.ROOTS,
    **change_policy.ROOTS,
    **objection_policy.ROOTS,
    **counter_policy.ROOTS,
    **duty_policy.ROOTS,
    **oversight_policy.ROOTS,
    **security_policy.ROOTS,
    **auditing_policy.ROOTS,
    **sharing_policy.ROOTS,
    **inspection_policy.ROOTS,
    **complaint_policy.ROOTS,
    **industry_policy.ROOTS,
    "Query.reportCheck": Root(Lens.REPORT_CHECK, signed_in=False),
    # Whose scope it takes depends on the input: a subject's own, or a recipient's (`schema/reports.py`).
    "Mutation.reportIssue": Root(Lens.REPORT),
    "Mutation.reportTicket": Root(Lens.REPORT),
    "Query.me": Root(Lens.ME, Scope.SELF_READ),
    "Query.published": Root(Lens.PUBLISHED, signed_in=False),
    "Query.offers": Root(Lens.OFFERS, signed_in=False),
    "Query.offer": Root(Lens.OFFERS, signed_in=False),
    "Query.partner": Root(Lens.PARTNER, Scope.PARTNER_READ),
    "Mutation.scoreOpen": Root(Lens.ME, Scope.SCORE_MANAGE, Assurance.SUBSTANTIAL),
    "Mutation.scoreClose": Root(Lens.ME, Scope.SCORE_MANAGE),
    "Mutation.recordStatementAttach": Root(Lens.ME, Scope.SELF_SPEAK),
    "Mutation.recordStatementWithdraw": Root(Lens.ME, Scope.SELF_SPEAK, takes_back=True),
    "Mutation.residenceState": Root(Lens.ME, Scope.SELF_SPEAK),
    "Mutation.residenceForget": Root(Lens.ME, Scope.SELF_SPEAK, takes_back=True),
    "Mutation.accessQuestion": Root(Lens.ME, Scope.SELF_READ),
    "Mutation.noticeRead": Root(Lens.ME, Scope.SELF_READ),
    "Mutation.claimCreate": Root(Lens.ME, Scope.CLAIM_MAKE),
    "Mutation.claimCancel": Root(Lens.ME, Scope.CLAIM_MAKE),
    "Mutation.claimOffline": Root(Lens.ME, Scope.CLAIM_MAKE),
    "Mutation.offlineUpload": Root(Lens.TILL, Scope.CLAIM_REDEEM),
    "Mutation.claimCheck": Root(Lens.TILL, Scope.CLAIM_REDEEM),
    "Mutation.claimRedeem": Root(Lens.TILL, Scope.CLAIM_REDEEM),
    "Mutation.redemptionReverse": Root(Lens.TILL, Scope.CLAIM_REDEEM),
}

# Lenses whose documents must select the mark wherever they select the value (design §3): the mark, and what makes it
# needed where that is not the value itself. What is missing of a list of records is marked beside the list.
MARKED: Mapping[str, tuple[str, str | None]] = {
    "CreditRecord": ("objections", None),
    "PublicCreditEvaluation": ("objections", None),
    "GrantedView": ("objections", "records"),
    "AgencyView": ("objections", "records"),
    "PublishedView": ("objections", "records"),
    "BrokenGlassView": ("objections", "records"),
    "SharedChange": ("objections", "record"),
}
# Whoever is not the subject: what anybody may read is contested as what few may (ADR 0135).
MARK_LENSES = frozenset({Lens.GRANTED, Lens.AGENCY, Lens.PUBLISHED, Lens.BROKEN_GLASS, Lens.SHARING, Lens.COMPLAINT})

# Lenses that are asked with what everybody may read: it may stand in an address, which whoever passes it on keeps.
SAID_OPENLY = frozenset({Lens.PUBLISHED, Lens.OFFERS, Lens.PARTIES, Lens.NOTICE})

_EVERY = " ".join(lens.value for lens in Lens)
_ACTS = (
    "ME COUNTER KIOSK TILL PARTNER RECIPIENT APPROVALS ORGANISATION AGENCY_WORK REPORT HANDLING BROKEN_GLASS "
    "INTAKE_REVIEW PROVIDER SECURITY OVERSIGHT INDUSTRY AUDITING"
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
    **duty_policy.TYPES,
    **sharing_policy.TYPES,
    **oversight_policy.TYPES,
    **security_policy.TYPES,
    **auditing_policy.TYPES,
    **inspection_policy.TYPES,
    **complaint_policy.TYPES,
    **industry_policy.TYPES,
    **party_policy.TYPES,
    **grant_policy.TYPES,
    **offer_policy.TYPES,
    **order_policy.TYPES,
    "PageInfo": (_EVERY, {Level.OPEN: "hasNextPage endCursor"}),
    # ------------------------------------------------------------------------------------ people and parties
    "LookQuestionConnection": ("APPROVALS", {Level.OPEN: "edges pageInfo"}),
    "LookQuestionEdge": ("APPROVALS", {Level.OPEN: "cursor node"}),
    "LookQuestion": ("APPROVALS", {Level.OWN: "lookId questionedAt lookedAt basis party"}),
    # ------------------------------------------------------------------------------------ the subject's own view
    "Me": (
        "ME",
        {
            Level.PERSONAL: "id kind name scoreStatus records record grants grant grantPreview accessHistory offers "
            "claims claim notices unreadNotices helpers corrections evaluation reports exports scoreReviews "
            "industryResults industryResult objections objection residence districts",
            Level.SENSITIVE: "identity score formerly",
        },
    ),
    "FormerIdentity": ("ME", {Level.PERSONAL: "name until basis source", Level.SENSITIVE: "identity"}),
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
            "grant@ME receipt@ME questionedAt@ME audits@ME"
        },
    ),
    "AccessReceipt": ("ME RECIPIENT AGENCY_WORK", {Level.PERSONAL: "position data salt link@ME linkSalt@ME proof"}),
    "Actor": ("ME AGENCY_WORK COUNTER_TRAIL KIOSK_TRAIL", {Level.PERSONAL: "name operator party"}),
    "CorrectionConnection": ("ME", {Level.OPEN: "edges pageInfo"}),
    "CorrectionEdge": ("ME", {Level.OPEN: "cursor node"}),
    "Correction": ("ME", {Level.PERSONAL: "id recordId category at toldAt informed"}),
    "Informed": ("ME", {Level.PERSONAL: "lookId lookedAt grantId party"}),
    # ------------------------------------------------------------------------------------ the record
    "CreditRecordConnection": ("ME PUBLISHED GRANTED AGENCY BROKEN_GLASS", {Level.OPEN: "edges pageInfo"}),
    "CreditRecordEdge": ("ME PUBLISHED GRANTED AGENCY BROKEN_GLASS", {Level.OPEN: "cursor node"}),
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
    # ------------------------------------------------------------------------------------ what one is told
    "NoticeConnection": ("ME", {Level.OPEN: "edges pageInfo"}),
    "NoticeEdge": ("ME", {Level.OPEN: "cursor node"}),
    "Notice": ("ME", {Level.PERSONAL: "id kind message at about readAt deliveries"}),
    "Delivery": ("ME RECIPIENT", {Level.OWN: "way state attempts lastError endedAt"}),
    # ------------------------------------------------------------------------------------ acts
    "Refusal": (_ACTS, {Level.OPEN: "code message details retryAt"}),
    "RefusalDetail": (_ACTS, {Level.OPEN: "path code message limit"}),
    "ReportIssuePayload": ("REPORT", {Level.PERSONAL: "report", Level.OPEN: "replayed"}),
    "ReportTicketPayload": ("REPORT", {Level.SENSITIVE: "path", Level.OPEN: "validUntil replayed"}),
    "ScoreOpenPayload": ("ME", {Level.SENSITIVE: "score", Level.OPEN: "replayed"}),
    "ScoreClosePayload": ("ME", {Level.PERSONAL: "scoreStatus voidedClaims", Level.OPEN: "replayed"}),
    "RecordStatementAttachPayload": ("ME", {Level.PERSONAL: "record", Level.OPEN: "replayed"}),
    "RecordStatementWithdrawPayload": ("ME", {Level.PERSONAL: "record", Level.OPEN: "replayed"}),
    "AccessQuestionPayload": ("ME", {Level.PERSONAL: "accessId questionedAt", Level.OPEN: "replayed"}),
    "NoticeReadPayload": ("ME", {Level.PERSONAL: "notice", Level.OPEN: "replayed"}),
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
    # ------------------------------------------------------------------------------------ inputs
    "RecordFilter": (
        "ME PUBLISHED GRANTED AGENCY BROKEN_GLASS",
        {Level.OPEN: "categories includeEnded@ME from to asOf@ME"},
    ),
    "PublishedQueryInput": ("PUBLISHED", {Level.OPEN: "uscc name"}),
    "ReportIssueInput": ("REPORT", {Level.PERSONAL: "kind from to grantId stage operator idempotencyKey"}),
    "ReportTicketInput": ("REPORT", {Level.PERSONAL: "reportId"}),
    "ScoreOpenInput": ("ME", {Level.PERSONAL: "noticeHash idempotencyKey"}),
    "ScoreCloseInput": ("ME", {Level.PERSONAL: "idempotencyKey"}),
    "RecordStatementAttachInput": ("ME", {Level.PERSONAL: "recordId expectedVersion text"}),
    "RecordStatementWithdrawInput": ("ME", {Level.PERSONAL: "recordId"}),
    "AccessQuestionInput": ("ME", {Level.PERSONAL: "accessId idempotencyKey"}),
    "NoticeReadInput": ("ME", {Level.PERSONAL: "noticeId"}),
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
