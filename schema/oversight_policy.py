"""The policy table's lines of supervision (Art. 4)."""

from collections.abc import Mapping

from core.principal import Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    "Query.oversight": Root(Lens.OVERSIGHT, Scope.OVERSIGHT_READ),
}

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "Oversight": ("OVERSIGHT", {Level.OWN: "area figures people log orders institutions samples complaints"}),
    "PeopleFigures": ("OVERSIGHT", {Level.OWN: "kind month publishedAt atLeast roundedTo rows"}),
    "PeopleRow": ("OVERSIGHT", {Level.OWN: "row count cells"}),
    "PeopleCell": ("OVERSIGHT", {Level.OWN: "column count"}),
    "OversightFigures": (
        "OVERSIGHT",
        {Level.OPEN: "period from to soFar", Level.OWN: "objections looks grants providers offers shares channels"},
    ),
    "ObjectionFigures": (
        "OVERSIGHT",
        {Level.OWN: "filed answered withdrawn open late upheld medianDays stops"},
    ),
    "StopFigures": ("OVERSIGHT", {Level.OWN: "cause count"}),
    "LookFigures": ("OVERSIGHT", {Level.OWN: "basis purpose purposeText answered refused"}),
    "GrantFigures": ("OVERSIGHT", {Level.OWN: "purpose asked given rejected revoked relinquished"}),
    "ProviderFigures": ("OVERSIGHT", {Level.OWN: "providerId name reporting compliance timeliness"}),
    "OfferFigures": ("OVERSIGHT", {Level.OWN: "sector published redeemed undone"}),
    "ShareFigures": ("OVERSIGHT", {Level.OWN: "asked begun refused ended inForce"}),
    "ChannelFigures": ("OVERSIGHT", {Level.OWN: "channel answered faults"}),
    "LogFigures": ("OVERSIGHT", {Level.OWN: "sealed sealedAt waiting gaps"}),
    "PeriodInput": ("OVERSIGHT", {Level.OPEN: "year quarter month"}),
    "SupervisedArea": ("OVERSIGHT", {Level.OPEN: "code name"}),
}
