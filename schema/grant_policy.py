"""The policy table's lines of authority: grants, the recipient's desk and what it is told (Arts. 6(2), 8, 10)."""

from collections.abc import Mapping

from core.principal import Assurance, Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    "Query.consentNotice": Root(Lens.NOTICE, signed_in=False),
    "Query.granted": Root(Lens.GRANTED, Scope.GRANT_USE),
    "Query.recipient": Root(Lens.RECIPIENT, Scope.GRANT_USE),
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
    "Mutation.webhookSet": Root(Lens.RECIPIENT, Scope.WEBHOOK_MANAGE, Assurance.SUBSTANTIAL),
    "Mutation.webhookRemove": Root(Lens.RECIPIENT, Scope.WEBHOOK_MANAGE),
}

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
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
    "EventConnection": ("RECIPIENT", {Level.OPEN: "edges pageInfo"}),
    "EventEdge": ("RECIPIENT", {Level.OPEN: "cursor node"}),
    "Event": ("RECIPIENT", {Level.OWN: "id kind at about category lookId lookedAt delivery"}),
    "Webhook": ("RECIPIENT", {Level.OWN: "id version url state failures pausedAt previousSecretUntil"}),
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
    "WebhookSetPayload": ("RECIPIENT", {Level.OWN: "webhook secret", Level.OPEN: "replayed"}),
    "WebhookRemovePayload": ("RECIPIENT", {Level.OPEN: "replayed"}),
    "ConsentNoticeQueryInput": (
        "NOTICE",
        {Level.OPEN: "kind recipientId handledById purpose categories retentionDays language"},
    ),
    "GrantedQueryInput": ("GRANTED", {Level.PERSONAL: "grantId stage operator attempt"}),
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
    "WebhookSetInput": ("RECIPIENT", {Level.OWN: "url expectedVersion rotateSecret idempotencyKey"}),
    "WebhookRemoveInput": ("RECIPIENT", {Level.OWN: "expectedVersion"}),
}
