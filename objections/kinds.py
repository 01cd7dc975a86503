"""The words an objection is described with, as the contract names them."""

from enum import Enum, StrEnum


class ObjectionTarget(Enum):
    """What is contested."""

    RECORD = "RECORD"
    MISSING_RECORD = "MISSING_RECORD"  # 遗漏: there is no record to name
    ACCESS = "ACCESS"  # a use: one line of the trail
    SCORE = "SCORE"
    EVALUATION = "EVALUATION"
    INDUSTRY_RESULT = "INDUSTRY_RESULT"  # what a department's model made of an organisation (Art. 9)


class ObjectionGround(Enum):
    """Why it is contested (Art. 12(1))."""

    ERROR = "ERROR"  # 错误
    OMISSION = "OMISSION"  # 遗漏
    TRADE_SECRET = "TRADE_SECRET"  # noqa: S105 (商业秘密, and no password)
    PRIVACY = "PRIVACY"  # 个人隐私
    PERSONAL_INFORMATION = "PERSONAL_INFORMATION"  # 其他个人信息
    OTHER = "OTHER"


class ObjectionRequest(Enum):
    """What is asked for."""

    CORRECT = "CORRECT"
    ADD = "ADD"
    DELETE = "DELETE"
    STOP_USE = "STOP_USE"
    NOT_ME = "NOT_ME"
    EXPLAIN = "EXPLAIN"


class ObjectionPhase(Enum):
    """In which process the fault lies (Art. 12(1)); its handler says so, not the applicant."""

    COLLECTION = "COLLECTION"  # 采集
    AGGREGATION = "AGGREGATION"  # 归集
    APPLICATION = "APPLICATION"  # 应用


class ObjectionAddressee(Enum):
    """To whom it is addressed: each has its own rules (Art. 12(2), 12(3))."""

    CREDIT_INSTITUTION = "CREDIT_INSTITUTION"  # 公共信用管理机构
    CREDIT_SERVICE_AGENCY = "CREDIT_SERVICE_AGENCY"  # 信用服务机构


class ObjectionTrack(Enum):
    """Which term runs, always from receipt: three working days, or ten."""

    OWN_SCOPE = "OWN_SCOPE"
    PROVIDER_VERIFICATION = "PROVIDER_VERIFICATION"


class ObjectionStatus(Enum):
    """Where an objection stands. DECIDED: the answer waits for its approval, or for being told."""

    FILED = "FILED"
    FORWARDED = "FORWARDED"
    STOPPED = "STOPPED"
    DECIDED = "DECIDED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"


class ObjectionOutcome(Enum):
    """What came of it."""

    CORRECTED = "CORRECTED"
    ADDED = "ADDED"
    DELETED = "DELETED"
    REASSIGNED = "REASSIGNED"
    USE_STOPPED = "USE_STOPPED"
    NOT_CORRECTED = "NOT_CORRECTED"
    UNVERIFIABLE_WITHHELD = "UNVERIFIABLE_WITHHELD"
    EXPLAINED = "EXPLAINED"  # nothing was to be changed, only made plain


class StopCause(Enum):
    """What stops the clock, and nothing else does (Art. 12(4))."""

    TESTING = "TESTING"  # 检验
    INSPECTION = "INSPECTION"  # 检测
    QUARANTINE = "QUARANTINE"  # 检疫
    APPRAISAL = "APPRAISAL"  # 鉴定
    EXPERT_REVIEW = "EXPERT_REVIEW"  # 专家评审


class DueCause(Enum):
    """Why another date is in force from then on."""

    RECEIVED = "RECEIVED"
    FORWARDED = "FORWARDED"
    STOPPED = "STOPPED"
    RESUMED = "RESUMED"
    CALENDAR = "CALENDAR"  # a notice moved it


class VerificationAnswer(Enum):
    """What a provider says of its own record."""

    CONFIRM = "CONFIRM"
    CORRECT = "CORRECT"
    DELETE = "DELETE"
    REASSIGN = "REASSIGN"
    ADD = "ADD"


class Delivery(Enum):
    """How the applicant is told."""

    APP = "APP"
    SMS = "SMS"
    POST = "POST"
    COUNTER = "COUNTER"


class Side(StrEnum):
    """Who acts in a case."""

    APPLICANT = "APPLICANT"
    HANDLER = "HANDLER"
    APPROVER = "APPROVER"
    PROVIDER = "PROVIDER"
    CLOCK = "CLOCK"  # nobody: a term that has passed
