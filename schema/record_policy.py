"""The policy table's lines of a subject, a record and an evaluation: which lens reaches which of their fields."""

from collections.abc import Mapping

from schema.audiences import Level

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "SubjectCard": (
        "VIEWER ME GRANTED AGENCY HANDLING PROVIDER APPROVALS BROKEN_GLASS SHARING COMPLAINT",
        {Level.PERSONAL: "name kind", Level.SENSITIVE: "identity"},
    ),
    "Identity": (
        "VIEWER ME GRANTED AGENCY HANDLING PROVIDER APPROVALS BROKEN_GLASS SHARING COMPLAINT",
        {Level.PERSONAL: "type", Level.SENSITIVE: "masked"},
    ),
    "IdentityInput": (
        "RECIPIENT AGENCY HANDLING PROVIDER COUNTER BROKEN_GLASS OVERSIGHT",
        {Level.SENSITIVE: "type number name"},
    ),
    "CreditRecord": (
        "ME PUBLISHED GRANTED AGENCY HANDLING PROVIDER APPROVALS BROKEN_GLASS SHARING COMPLAINT",
        {
            Level.PERSONAL: "id category nature title documentNumber authority occurredOn dateLabel publicity "
            "publicityUntil queryUntil scoreUntil@ME status source repair@ME repairFrom@ME "
            "withdrawal@ME+HANDLING+PROVIDER+APPROVALS statement objections version recordedAt",
            Level.SENSITIVE: "items",
        },
    ),
    "RecordItem": (
        "ME PUBLISHED GRANTED AGENCY HANDLING PROVIDER APPROVALS BROKEN_GLASS SHARING COMPLAINT",
        {Level.PERSONAL: "code label masked", Level.SENSITIVE: "value"},
    ),
    "Source": (
        "ME PUBLISHED GRANTED AGENCY HANDLING PROVIDER APPROVALS BROKEN_GLASS SHARING COMPLAINT",
        {Level.OPEN: "name kind"},
    ),
    "ObjectionMark": (
        "ME PUBLISHED GRANTED AGENCY HANDLING PROVIDER APPROVALS BROKEN_GLASS SHARING COMPLAINT",
        {Level.PERSONAL: "filedAt"},
    ),
    "PublicCreditEvaluation": (
        "ME GRANTED AGENCY",
        {Level.PERSONAL: "grade basis assessedOn validUntil basisChangedAt objections"},
    ),
}
