"""The policy table's lines of what good standing earns: offers and their life, claims, a partner's desk (Art. 11)."""

from collections.abc import Mapping

from core.principal import Assurance, Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    "Mutation.storeOpen": Root(Lens.PARTNER, Scope.OFFER_MANAGE),
    "Mutation.storeClose": Root(Lens.PARTNER, Scope.OFFER_MANAGE),
    # A till's or a manager's: which scope, the act asks itself (`schema/finishing.py`).
    "Mutation.deferralFinish": Root(Lens.PARTNER),
    "Mutation.offerDraft": Root(Lens.PARTNER, Scope.OFFER_MANAGE),
    "Mutation.offerRevise": Root(Lens.PARTNER, Scope.OFFER_MANAGE),
    "Mutation.offerSubmit": Root(Lens.PARTNER, Scope.OFFER_MANAGE, Assurance.SUBSTANTIAL),
    "Mutation.offerResume": Root(Lens.PARTNER, Scope.OFFER_MANAGE, Assurance.SUBSTANTIAL),
    # Putting a stop to something must not wait for a stronger sign-in.
    "Mutation.offerPause": Root(Lens.PARTNER, Scope.OFFER_MANAGE),
    "Mutation.offerEnd": Root(Lens.PARTNER, Scope.OFFER_MANAGE),
    "Mutation.offerReturn": Root(Lens.APPROVALS, Scope.OFFER_APPROVE),
    "Mutation.offerApprove": Root(Lens.APPROVALS, Scope.OFFER_APPROVE, Assurance.SUBSTANTIAL),
}
_BY_PARTNER = ("Draft", "Revise", "Submit", "Pause", "Resume", "End")
_BY_APPROVER = ("Approve", "Return")
_CONDITION = "all any not tier age district fact kind"
_TERMS = (
    "title sector benefit condition terms startsAt endsAt perPerson perPersonPeriod stock storeIds budgetYuan "
    "storeBudgets combinesWith worksOffline note"
)

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "OfferConnection": ("OFFERS PARTNER", {Level.OPEN: "edges pageInfo"}),
    "OfferEdge": ("OFFERS PARTNER", {Level.OPEN: "cursor node"}),
    "Offer": (
        "OFFERS ME PARTNER APPROVALS",
        {
            Level.OPEN: "id version status title sector partner stores benefit benefitText requirement terms "
            "startsAt endsAt remaining takenByStore worksOffline perPerson perPersonPeriod"
        },
    ),
    "PartnerCard": ("OFFERS ME PARTNER APPROVALS", {Level.OPEN: "id name"}),
    "Store": ("OFFERS ME PARTNER APPROVALS", {Level.OPEN: "id name district address"}),
    "Benefit": ("OFFERS ME PARTNER APPROVALS", {Level.OPEN: "kind percent yuan capYuan days"}),
    "OfferFileConnection": ("APPROVALS", {Level.OPEN: "edges pageInfo"}),
    "OfferFileEdge": ("APPROVALS", {Level.OPEN: "cursor node"}),
    "OfferFile": (
        "PARTNER APPROVALS",
        {Level.OWN: "id offer review standing proposed changed takesTwo stock budgets steps"},
    ),
    "OfferVersion": (
        "PARTNER APPROVALS",
        {
            Level.OWN: "number title sector benefit benefitText condition requirement tiersReached terms startsAt "
            "endsAt perPerson perPersonPeriod stock stores budgetYuan storeBudgets combinesWith "
            "worksOffline note draftedAt"
        },
    ),
    "OfferCondition": ("PARTNER APPROVALS", {Level.OWN: _CONDITION}),
    "OfferStock": ("PARTNER APPROVALS", {Level.OWN: "total left committed"}),
    "StoreBudget": ("PARTNER APPROVALS", {Level.OWN: "storeId store yuan"}),
    "StoreBudgetInput": ("PARTNER", {Level.OWN: "storeId yuan"}),
    "OfferBudget": ("PARTNER APPROVALS", {Level.OWN: "store totalYuan freeYuan heldYuan spentYuan"}),
    "OfferStepConnection": ("PARTNER APPROVALS", {Level.OPEN: "edges pageInfo"}),
    "OfferStepEdge": ("PARTNER APPROVALS", {Level.OPEN: "cursor node"}),
    "OfferStep": ("PARTNER APPROVALS", {Level.OWN: "version act side number reasons at"}),
    "StoreOpenInput": ("PARTNER", {Level.OWN: "name district address idempotencyKey"}),
    "StoreOpenPayload": ("PARTNER", {Level.OPEN: "store replayed"}),
    "StoreCloseInput": ("PARTNER", {Level.OWN: "storeId"}),
    "StoreClosePayload": ("PARTNER", {Level.OPEN: "store replayed"}),
    "DeferralFinishInput": ("PARTNER", {Level.OWN: "redemptionId"}),
    "DeferralFinishPayload": ("PARTNER", {Level.OWN: "redemption", Level.OPEN: "replayed"}),
    "OfferBenefitInput": ("PARTNER", {Level.OWN: "kind text percent yuan capYuan days"}),
    "ConditionInput": ("PARTNER", {Level.OWN: _CONDITION}),
    "OfferDraftInput": ("PARTNER", {Level.OWN: f"{_TERMS} idempotencyKey"}),
    "OfferReviseInput": ("PARTNER", {Level.OWN: f"{_TERMS} offerId expectedVersion"}),
    "OfferChangeInput": ("PARTNER", {Level.OWN: "offerId expectedVersion reasons"}),
    "OfferDecideInput": ("APPROVALS", {Level.OWN: "offerId expectedVersion reasons"}),
    **{
        f"Offer{act}Payload": (lens, {Level.OPEN: "offer replayed"})
        for lens, acts in (("PARTNER", _BY_PARTNER), ("APPROVALS", _BY_APPROVER))
        for act in acts
    },
    "MyOfferConnection": ("ME", {Level.OPEN: "edges pageInfo"}),
    "MyOfferEdge": ("ME", {Level.OPEN: "cursor node"}),
    "MyOffer": ("ME", {Level.OPEN: "offer", Level.SENSITIVE: "eligible gaps"}),
    "ConditionGap": ("ME", {Level.SENSITIVE: "condition message needed have"}),
    "Residence": ("ME", {Level.PERSONAL: "district"}),
    "ResidenceStateInput": ("ME", {Level.PERSONAL: "district"}),
    "ResidenceForgetInput": ("ME", {Level.PERSONAL: "district"}),
    "ResidenceStatePayload": ("ME", {Level.PERSONAL: "residence", Level.OPEN: "replayed"}),
    "ResidenceForgetPayload": ("ME", {Level.OPEN: "replayed"}),
    "ClaimConnection": ("ME", {Level.OPEN: "edges pageInfo"}),
    "ClaimEdge": ("ME", {Level.OPEN: "cursor node"}),
    "Claim": (
        "ME",
        {
            Level.PERSONAL: "id version offer status expiresAt savedYuan mostYuan store deferredYuan deferredUntil "
            "finishedAt offlineUses",
            Level.SENSITIVE: "codes offline",
        },
    ),
    "OfflineCode": ("ME", {Level.SENSITIVE: "text store issuedAt validUntil settlesAt"}),
    "OfflineUse": ("ME", {Level.PERSONAL: "store outcome acceptedAt uploadedAt"}),
    "ClaimCode": ("ME", {Level.SENSITIVE: "digits validFrom validUntil"}),
    "Partner": (
        "PARTNER",
        {Level.OWN: "party stores offers offer redemptions settlement statistics offlineBundle"},
    ),
    "Settlement": ("PARTNER", {Level.OWN: "month final count orderAmountYuan benefitAmountYuan deferredYuan lines"}),
    "SettlementLine": (
        "PARTNER",
        {Level.OWN: "storeId store offerId offerTitle count orderAmountYuan benefitAmountYuan deferredYuan"},
    ),
    "PartnerStatistics": ("PARTNER", {Level.OWN: "month redeemed reversed offers people"}),
    "PartnerPeople": ("PARTNER", {Level.OWN: "publishedAt atLeast roundedTo people unused stores offers"}),
    "OfferPeople": ("PARTNER", {Level.OWN: "offerId offerTitle people unused stores"}),
    "StorePeople": ("PARTNER", {Level.OWN: "storeId store people"}),
    "OfferStatistics": ("PARTNER", {Level.OWN: "offerId offerTitle redeemed reversed"}),
    "RedemptionConnection": ("PARTNER", {Level.OPEN: "edges pageInfo"}),
    "RedemptionEdge": ("PARTNER", {Level.OPEN: "cursor node"}),
    "Redemption": (
        "TILL PARTNER",
        {
            Level.OWN: "id number offerTitle benefitText store redeemedAt reversed reversibleUntil orderNumber "
            "orderAmountYuan benefitAmountYuan deferredYuan deferredUntil finishedAt customer"
        },
    ),
}
