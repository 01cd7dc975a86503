"""The words of an offer and of what becomes of it, as the contract names them."""

from enum import Enum


class Sector(Enum):
    """The fields in which good standing earns something (Art. 11)."""

    HEALTHCARE = "HEALTHCARE"  # 医疗
    CHILDCARE = "CHILDCARE"  # 托育
    ELDERCARE = "ELDERCARE"  # 养老
    DOMESTIC_SERVICE = "DOMESTIC_SERVICE"  # 家政
    TRAVEL = "TRAVEL"  # 旅游
    SHOPPING = "SHOPPING"  # 购物
    TRANSPORT = "TRANSPORT"  # 出行
    OTHER = "OTHER"  # 等


class BenefitKind(Enum):
    """What an offer gives."""

    DISCOUNT = "DISCOUNT"
    FEE_WAIVER = "FEE_WAIVER"
    DEPOSIT_FREE = "DEPOSIT_FREE"
    PAY_LATER = "PAY_LATER"
    PRIORITY = "PRIORITY"
    EXTRA_QUOTA = "EXTRA_QUOTA"
    GIFT = "GIFT"


class OfferStatus(Enum):
    """Where an offer stands in its life."""

    DRAFT = "DRAFT"
    IN_REVIEW = "IN_REVIEW"
    RETURNED = "RETURNED"
    SCHEDULED = "SCHEDULED"
    LIVE = "LIVE"
    PAUSED = "PAUSED"
    ENDED = "ENDED"


class OfferAct(Enum):
    """What is done to an offer. AGREE is the first of two approvals, where two are wanted."""

    DRAFT = "DRAFT"
    REVISE = "REVISE"
    SUBMIT = "SUBMIT"
    AGREE = "AGREE"
    APPROVE = "APPROVE"
    RETURN = "RETURN"
    PAUSE = "PAUSE"
    RESUME = "RESUME"
    END = "END"


class OfferSide(Enum):
    """Who acts on an offer."""

    PARTNER = "PARTNER"
    INSTITUTION = "INSTITUTION"


class BudgetAct(Enum):
    """What happens to an offer's money."""

    SET = "SET"
    HOLD = "HOLD"
    SPEND = "SPEND"  # what is over goes back with it
    RELEASE = "RELEASE"
    RETURN = "RETURN"  # spent, and undone


class ClaimStatus(Enum):
    """What became of a claim. EXPIRED is computed, never swept."""

    CLAIMED = "CLAIMED"
    REDEEMED = "REDEEMED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"
    VOIDED = "VOIDED"


class OfflineOutcome(Enum):
    """What became of a code that a till took without a network, when it brought it."""

    REDEEMED = "REDEEMED"
    ALREADY = "ALREADY"  # used otherwise: written down, and not counted
    LATE = "LATE"  # after its time, or with a time that cannot be: written down, and not counted


class StockBand(Enum):
    """How much is left, in three words: exact figures would tell merchants about each other."""

    PLENTY = "PLENTY"
    FEW = "FEW"
    NONE = "NONE"
