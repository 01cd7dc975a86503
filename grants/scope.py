"""What can be granted, and for what: the closed lists of the regulation and of the national catalogue."""

from enum import Enum


class RecordCategory(Enum):
    """The 13 classes of the national basic catalogue (全国公共信用信息基础目录)."""

    REGISTRATION = "REGISTRATION"  # 登记注册基本信息
    JUDICIAL = "JUDICIAL"  # 司法裁判及执行信息
    ADMINISTRATIVE = "ADMINISTRATIVE"  # 行政管理信息
    PROFESSIONAL = "PROFESSIONAL"  # 职称和职业信息
    ABNORMAL_OPERATION = "ABNORMAL_OPERATION"  # 经营异常名录信息
    SERIOUS_DISHONESTY = "SERIOUS_DISHONESTY"  # 严重失信主体名单信息
    CONTRACT = "CONTRACT"  # 合同履行信息
    COMMITMENT = "COMMITMENT"  # 信用承诺及履行信息
    EVALUATION_RESULT = "EVALUATION_RESULT"  # 信用评价结果信息
    COMPLIANCE = "COMPLIANCE"  # 遵守法律法规情况信息
    HONOUR = "HONOUR"  # 诚实守信相关荣誉信息
    INTELLECTUAL_PROPERTY = "INTELLECTUAL_PROPERTY"  # 知识产权信息
    SELF_SUBMITTED = "SELF_SUBMITTED"  # 主体自愿提供信息


class Purpose(Enum):
    """What an authorised look may be for (Art. 6(2))."""

    MARKET_TRANSACTIONS = "MARKET_TRANSACTIONS"  # 市场交易
    BUSINESS_OPERATION = "BUSINESS_OPERATION"  # 企业经营
    INDUSTRY_MANAGEMENT = "INDUSTRY_MANAGEMENT"  # 行业管理
    EMPLOYMENT = "EMPLOYMENT"  # 人才聘用
    FINANCING = "FINANCING"  # 融资信贷
    PUBLIC_WELFARE = "PUBLIC_WELFARE"  # 社会公益
    OTHER = "OTHER"  # 等


class StatutoryPurpose(Enum):
    """What a state organ looks for by law, without a grant (Art. 6(1))."""

    LICENSING = "LICENSING"  # 行政许可
    GOVERNMENT_PROCUREMENT = "GOVERNMENT_PROCUREMENT"  # 政府采购
    TENDERING = "TENDERING"  # 招标投标
    FUNDING_SUPPORT = "FUNDING_SUPPORT"  # 资金和项目支持
    CIVIL_SERVICE_RECRUITMENT = "CIVIL_SERVICE_RECRUITMENT"  # 公务员录用
    CIVIL_SERVICE_TRANSFER = "CIVIL_SERVICE_TRANSFER"  # 公务员调任
    TALENT_RECRUITMENT = "TALENT_RECRUITMENT"  # 人才引进
    COMMENDATION = "COMMENDATION"  # 表彰奖励
    OTHER = "OTHER"  # 等


class AgencyMandateState(Enum):
    """Where a state organ's mandate stands. Only IN_FORCE may be looked under."""

    PROPOSED = "PROPOSED"  # waits for a second person
    APPROVED = "APPROVED"  # its first day is still to come
    IN_FORCE = "IN_FORCE"
    ENDED = "ENDED"


class AgencyBatchState(Enum):
    """Where a batch stands. Everything from ANSWERED on is terminal but for the answer's own end."""

    OPEN = "OPEN"  # waits for the second officer
    APPROVED = "APPROVED"  # is being answered
    ANSWERED = "ANSWERED"
    RETURNED = "RETURNED"
    LAPSED = "LAPSED"  # nobody decided in time
    STOPPED = "STOPPED"  # what it rested on ended before it was answered
    EXPIRED = "EXPIRED"  # the answer is gone


class LendingStage(Enum):
    """At which step of a loan a bank looks (Art. 10)."""

    CUSTOMER_SCREENING = "CUSTOMER_SCREENING"  # 客户筛选
    PRE_LOAN = "PRE_LOAN"  # 贷前调查
    LOAN_APPROVAL = "LOAN_APPROVAL"  # 贷中审批
    POST_LOAN = "POST_LOAN"  # 贷后管理


class GrantStatus(Enum):
    """Where a grant stands. Everything from REVOKED on is terminal."""

    REQUESTED = "REQUESTED"
    PARTLY_APPROVED = "PARTLY_APPROVED"
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    EXHAUSTED = "EXHAUSTED"
    REJECTED = "REJECTED"
    LAPSED = "LAPSED"
    TERMINATED = "TERMINATED"


class GrantEndedBy(Enum):
    """Who ended a grant."""

    SUBJECT = "SUBJECT"
    RECIPIENT = "RECIPIENT"
    AUTHORITY = "AUTHORITY"
    TIME = "TIME"
    USE = "USE"


class Period(Enum):
    """A calendar unit of the city in which uses are counted, from short to long."""

    DAY = "DAY"
    WEEK = "WEEK"  # from Monday
    MONTH = "MONTH"
    YEAR = "YEAR"


class NoticeKind(Enum):
    """What a consent notice is read before."""

    SCORE_OPEN = "SCORE_OPEN"
    GRANT = "GRANT"
    CLAIM = "CLAIM"
    MONITORING = "MONITORING"
