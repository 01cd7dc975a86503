"""The invented city's institutions: who sends information, who may be authorised, who makes offers."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from api.settings import ServiceCounter
from credit.districts import INVENTED
from credit.kinds import AgeBand, RecordFact
from grants.scope import Purpose
from incentives.conditions import EVERYBODY, Age, Condition, District, Every, Fact, Some, Tier
from incentives.kinds import BenefitKind, Sector
from incentives.terms import Benefit
from intake.layouts import LayoutName
from intake.providers import Terms
from oversight.supervision.areas import CITY, Area
from parties.kinds import PartyKind, Post, ProviderKind

DISTRICTS = INVENTED


@dataclass(frozen=True)
class Provider:
    """An information provider, the layouts it sends, and the encoding its old system writes."""

    code: str
    name: str
    kind: ProviderKind
    layouts: tuple[LayoutName, ...]
    encoding: str = "utf-8"

    @property
    def terms(self) -> Terms:
        """What it may send, as the institution's list says it."""
        kinds = tuple(layout.value for layout in self.layouts)
        return Terms(self.code, self.kind, kinds, None, "数据责任人", "022-12990000")


_P, _L, _H = LayoutName.PENALTY, LayoutName.LICENCE, LayoutName.HONOUR
_S = LayoutName.SUBJECT
_OF_HUB = (_S, LayoutName.SCORE, LayoutName.EVALUATION, LayoutName.SELF_SUBMITTED)
_OF_REGISTRAR = (LayoutName.REGISTRATION, LayoutName.ABNORMAL_OPERATION, LayoutName.COMMITMENT, LayoutName.IP_RIGHT)
_OF_LABOUR = (LayoutName.QUALIFICATION, LayoutName.SERIOUS_LIST)
_OF_TAX = (LayoutName.ASSESSMENT, LayoutName.COMPLIANCE)
_OF_COURT = (LayoutName.JUDGMENT, LayoutName.DISHONEST_DEBTOR)
PROVIDERS = (
    Provider("HUB", "海津市信用信息共享平台", ProviderKind.STATE_ORGAN, _OF_HUB),
    Provider("SCJG", "海津市市场监督管理委员会", ProviderKind.STATE_ORGAN, (_P, _L, *_OF_REGISTRAR), "gb18030"),
    Provider("JTYS", "海津市交通运输委员会", ProviderKind.STATE_ORGAN, (_P, _L)),
    Provider("WSJK", "海津市卫生健康委员会", ProviderKind.STATE_ORGAN, (_P, _L), "utf-8-sig"),
    Provider("ZJ", "海津市住房和城乡建设委员会", ProviderKind.STATE_ORGAN, (_P, _L, LayoutName.CONTRACT), "gb18030"),
    Provider("RSJ", "海津市人力资源和社会保障局", ProviderKind.STATE_ORGAN, (_L, *_OF_LABOUR)),
    Provider("SWJ", "海津市税务局", ProviderKind.STATE_ORGAN, (_P, *_OF_TAX)),
    Provider("WLJ", "海津市文化和旅游局", ProviderKind.STATE_ORGAN, (_L,)),
    Provider("GJFY", "海津市高级人民法院", ProviderKind.STATE_ORGAN, _OF_COURT, "gb18030"),
    Provider("XFJY", "海津市消防救援总队", ProviderKind.AUTHORISED_ORGANISATION, (_P,)),
    Provider("ZGH", "海津市总工会", ProviderKind.MASS_ORGANISATION, (_H,)),
    Provider("TSW", "共青团海津市委员会", ProviderKind.MASS_ORGANISATION, (_H,), "gb18030"),
    Provider("GSJT", "海津市供水集团", ProviderKind.PUBLIC_SERVICE, (_H,)),
)


@dataclass(frozen=True)
class Recipient:
    """A party that can be authorised; `persona` signs in for it."""

    code: str
    name: str
    kind: PartyKind
    purposes: tuple[Purpose, ...]
    persona: str | None = None


RECIPIENTS = (
    Recipient("BANK1", "海津示例银行", PartyKind.BANK, (Purpose.FINANCING,), "bank-1"),
    Recipient("BANK2", "海津农村合作银行", PartyKind.BANK, (Purpose.FINANCING,)),
    Recipient("PLATFORM1", "海津融资信用服务平台", PartyKind.FINANCING_PLATFORM, (Purpose.FINANCING,), "platform-1"),
    Recipient("EMPLOYER1", "海津示例人才服务公司", PartyKind.EMPLOYER, (Purpose.EMPLOYMENT,), "employer-1"),
    Recipient(
        "ASSOC1",
        "海津家政服务行业协会",
        PartyKind.INDUSTRY_ASSOCIATION,
        (Purpose.INDUSTRY_MANAGEMENT,),
        "association-1",
    ),
    Recipient(
        "AGENCY1",
        "海津示例信用服务公司",
        PartyKind.CREDIT_SERVICE_AGENCY,
        (Purpose.MARKET_TRANSACTIONS, Purpose.BUSINESS_OPERATION),
        "creditservice-1",
    ),
)


@dataclass(frozen=True)
class Institution:
    """An institution with its own people: persona, label and post of each."""

    code: str
    name: str
    staff: tuple[tuple[str, str, Post], ...]


# The public credit institution (公共信用管理机构) itself.
CREDIT_INSTITUTION = "CREDIT"
INSTITUTIONS = (
    Institution(
        CREDIT_INSTITUTION,
        "海津市公共信用管理机构",
        (
            ("clerk-1", "服务窗口1号", Post.CLERK),
            ("kiosk-1", "自助终端1号", Post.KIOSK),
            ("handler-1", "异议处理员甲", Post.HANDLER),
            ("handler-2", "异议处理员乙", Post.HANDLER),
            ("approver-1", "审批人甲", Post.APPROVER),
            ("approver-2", "审批人乙", Post.APPROVER),
            ("officer-1", "信息安全责任人", Post.SECURITY),
            ("auditor-1", "合规审计人员", Post.AUDITOR),
        ),
    ),
    Institution(
        "FGW",
        "海津市发展和改革委员会",
        (
            ("supervisor-1", "市级监督员", Post.SUPERVISOR),
            ("supervisor-3", "市级监督复核员", Post.SUPERVISOR),
        ),
    ),
    Institution("BHFGW", "滨河区发展和改革委员会", (("supervisor-2", "区级监督员", Post.SUPERVISOR),)),
    Institution(
        "XZSP",
        "海津市政务服务办公室",
        (("agency-1", "许可经办人", Post.OFFICER), ("agency-2", "许可复核人", Post.OFFICER)),
    ),
    Institution(
        "SWHY",
        "海津市商务局",
        (("industry-1", "行业评价经办人", Post.OFFICER), ("industry-2", "行业评价复核人", Post.OFFICER)),
    ),
)
# Who supervises what (Art. 4).
SUPERVISORS = (("FGW", CITY), ("BHFGW", Area("129901", DISTRICTS[0])))
# Where the institution helps face to face (服务窗口), for the app's front page.
COUNTERS = tuple(
    ServiceCounter(
        name=f"{district}政务服务中心信用服务窗口",
        district=district,
        address=f"{district}示例大街{number}号一层",
        hours="工作日 9:00–12:00，13:30–17:00",
        telephone=f"022-1299{number:04d}",
    )
    for number, district in enumerate(DISTRICTS, start=1)
)
# A provider that somebody signs in for.
PROVIDER_PERSONA = ("SCJG", "provider-1", "数据经办人", Post.OFFICER)

# sector, what the merchant is called, title, what it gives, what it asks
_TEN = Decimal(10)
OFFERS: tuple[tuple[Sector, str, str, Benefit, Condition], ...] = (
    (Sector.SHOPPING, "百货", "满百减十", Benefit(BenefitKind.DISCOUNT, "单笔满100元享九折", percent=_TEN), EVERYBODY),
    (
        Sector.HEALTHCARE,
        "门诊部",
        "先诊疗后付费",
        Benefit(BenefitKind.PAY_LATER, "门诊费用十日内支付即可", cap_yuan=_TEN * 100, days=10),
        Tier(3),
    ),
    (
        Sector.CHILDCARE,
        "托育园",
        "免入园押金",
        Benefit(BenefitKind.DEPOSIT_FREE, "免收入园押金2000元", cap_yuan=_TEN * 200),
        Tier(4),
    ),
    (Sector.ELDERCARE, "养老院", "试住三天", Benefit(BenefitKind.GIFT, "赠送三天试住"), Tier(2)),
    (
        Sector.DOMESTIC_SERVICE,
        "家政公司",
        "首单八五折",
        Benefit(BenefitKind.DISCOUNT, "首次服务享八五折", percent=Decimal(15)),
        Tier(2),
    ),
    (
        Sector.TRAVEL,
        "旅行社",
        "免订金",
        Benefit(BenefitKind.DEPOSIT_FREE, "市内一日游免订金", cap_yuan=_TEN * 20),
        Tier(3),
    ),
    (
        Sector.TRANSPORT,
        "停车场",
        "延长免费停车",
        Benefit(BenefitKind.EXTRA_QUOTA, "免费停车由15分钟延长至60分钟"),
        Tier(2),
    ),
    (
        Sector.OTHER,
        "图书馆",
        "免押借书",
        Benefit(BenefitKind.DEPOSIT_FREE, "借书免押金", cap_yuan=_TEN * 10),
        EVERYBODY,
    ),
)
# What some of them ask on members' days, by trade; the others a high tier alone.
MEMBERS_DAYS: Mapping[str, Condition] = {
    "养老院": Every(
        (
            Some((Age(frozenset({AgeBand.FROM_60, AgeBand.FROM_65, AgeBand.FROM_80})), Tier(4))),
            Fact(RecordFact.NO_ADVERSE),
        )
    ),
    "停车场": Some((Fact(RecordFact.HONOUR), Tier(5))),
    "图书馆": District(frozenset({DISTRICTS[0]})),
}
