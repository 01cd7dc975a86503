"""A look as one plain Chinese sentence: who, why, which kinds, how many. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

BASES: Mapping[str, str] = {
    "SELF": "本人查询",
    "GRANT": "依据您的授权",
    "MANDATE": "代您",
    "STATUTE": "依照法律规定",
    "OBJECTION": "应您的申请",
    "COUNTER": "在服务窗口核验材料后",
    "KIOSK": "在自助终端核验证照后",
    "BREAK_GLASS": "在紧急情况下，未经您授权",
    "SUPERVISION_COMPLAINT": "根据投诉",
    "AUDIT": "依照个人信息保护法第五十四条",
}
# On whose papers the counter or a kiosk looked.
PAPERS: Mapping[str, str] = {
    "COUNTER_OWN": "凭您的有效身份证件",
    "COUNTER_OTHER_PERSON": "凭您的书面授权证明",
    "COUNTER_ORGANISATION": "凭加盖公章的书面授权证明",
    "COUNTER_GUARDIAN": "凭您的监护人的监护关系证明",
    "COUNTER_NEAR_RELATIVE": "凭近亲属关系证明",
    "KIOSK_IDENTITY_CARD": "凭您的身份证件",
    "KIOSK_ELECTRONIC_LICENCE": "凭电子营业执照",
}
CHANNELS: Mapping[str, str] = {
    "APP": "手机应用",
    "WEB": "网站",
    "MINI_PROGRAM": "小程序",
    "KIOSK": "自助终端",
    "COUNTER": "服务窗口",
    "API": "系统接口",
}
CATEGORIES: Mapping[str, str] = {
    "REGISTRATION": "登记注册基本信息",
    "JUDICIAL": "司法裁判及执行信息",
    "ADMINISTRATIVE": "行政管理信息",
    "PROFESSIONAL": "职称和职业信息",
    "ABNORMAL_OPERATION": "经营异常名录信息",
    "SERIOUS_DISHONESTY": "严重失信主体名单信息",
    "CONTRACT": "合同履行信息",
    "COMMITMENT": "信用承诺及履行信息",
    "EVALUATION_RESULT": "信用评价结果信息",
    "COMPLIANCE": "遵守法律法规情况信息",
    "HONOUR": "诚实守信相关荣誉信息",
    "INTELLECTUAL_PROPERTY": "知识产权信息",
    "SELF_SUBMITTED": "主体自愿提供信息",
}
PURPOSES: Mapping[str, str] = {
    "SELF_QUERY": "查询本人信息",
    "MARKET_TRANSACTIONS": "市场交易",
    "BUSINESS_OPERATION": "企业经营",
    "INDUSTRY_MANAGEMENT": "行业管理",
    "EMPLOYMENT": "人才聘用",
    "FINANCING": "融资信贷",
    "PUBLIC_WELFARE": "社会公益",
    "LICENSING": "行政许可",
    "GOVERNMENT_PROCUREMENT": "政府采购",
    "TENDERING": "招标投标",
    "FUNDING_SUPPORT": "资金和项目支持",
    "CIVIL_SERVICE_RECRUITMENT": "公务员录用",
    "CIVIL_SERVICE_TRANSFER": "公务员调任",
    "TALENT_RECRUITMENT": "人才引进",
    "COMMENDATION": "表彰奖励",
    "SCORE_REVIEW": "人工复核海河分",
    "OBJECTION": "处理异议",
    "OBJECTION_VERIFICATION": "核查异议",
    "OBJECTION_RECEIVE": "受理异议申请",
    "EVALUATION_RENEWAL": "重新评价",
    "SELF_EXPORT": "导出本人信息",
    "COUNTER_OWN": "本人到窗口查询",
    "COUNTER_OTHER_PERSON": "受托人到窗口查询",
    "COUNTER_ORGANISATION": "受托人到窗口查询",
    "COUNTER_GUARDIAN": "监护人到窗口查询",
    "COUNTER_NEAR_RELATIVE": "近亲属到窗口查询",
    "COUNTER_TRAIL": "打印查询记录",
    "KIOSK_IDENTITY_CARD": "本人在自助终端查询",
    "KIOSK_ELECTRONIC_LICENCE": "本单位在自助终端查询",
    "KIOSK_TRAIL": "打印查询记录",
    "BREAK_GLASS": "紧急处置",
    "SUPERVISION_SAMPLE": "监督抽查",
    "SUPERVISION_SAMPLE_CASE": "监督抽查异议办理",
    "SUPERVISION_COMPLAINT": "核查投诉",
    "INDUSTRY_EVALUATION": "行业信用评价",
    "COMPLIANCE_AUDIT": "合规审计",
    "OTHER": "其他",
}
# What became of an emergency look, by the second person's word.
WORDS: Mapping[str, str] = {
    "OPEN": "另一名工作人员须在一小时内确认",
    "CONFIRMED": "另一名工作人员已在一小时内确认",
    "CONTESTED": "另一名工作人员不予认可，查看已经停止",
    "UNCONFIRMED": "一小时内无人确认，查看已经停止",
}
# What a complaint was about, as far as it was looked at.
MATTERS: Mapping[str, str] = {"RECORD": "信用记录", "OBJECTION": "异议办理情况", "LOOKS": "信息的查询记录"}
STAGES: Mapping[str, str] = {
    "CUSTOMER_SCREENING": "客户筛选",
    "PRE_LOAN": "贷前调查",
    "LOAN_APPROVAL": "贷中审批",
    "POST_LOAN": "贷后管理",
}


@dataclass(frozen=True)
class Cited:
    """What a statutory look rests on: the instrument and its article; `why` where the purpose is 其他."""

    instrument: str
    article: str
    why: str | None = None


@dataclass(frozen=True)
class Emergency:
    """Why a record was opened without a case, how that stands, and whether it was reviewed afterwards."""

    reason: str
    state: str
    reviewed: bool


@dataclass(frozen=True)
class Complained:
    """What a look into a complaint was about, in the words in which it was taken in."""

    words: str
    matter: str


def summary(
    *,
    basis: str,
    channel: str,
    actor: str | None,
    purpose: str,
    stage: str | None,
    categories: Iterable[str],
    count: int,
    refused: bool = False,
    cited: Cited | None = None,
    emergency: Emergency | None = None,
    complained: Complained | None = None,
    case_number: str | None = None,
    whose: str = "您",
) -> str:
    """The sentence. `actor` is the looking organisation's name; for own looks it is not needed. `whose` is what the
    reader calls the one who was looked at."""
    if refused:
        return f"{actor or '身份不明的机构'}试图查看{whose}的信息，未获准许，没有得到任何内容。"
    shown = _shown(categories, count)
    did = "导出" if purpose == "SELF_EXPORT" else "查看"
    if basis == "SELF":
        return f"您通过{CHANNELS[channel]}{did}了自己的信息：{shown}。"
    if basis == "MANDATE":
        return f"您的{actor}{BASES[basis]}通过{CHANNELS[channel]}{did}了您的信息：{shown}。"
    if emergency is not None:
        after = "，已经复核" if emergency.reviewed else ""
        did = f"{actor}的工作人员{BASES[basis]}，因“{emergency.reason}”通过{CHANNELS[channel]}查看了{whose}的信息"
        return f"{did}：{shown}。{WORDS[emergency.state]}{after}。"
    if basis == "SUPERVISION_SAMPLE":
        if purpose == "SUPERVISION_SAMPLE_CASE":
            did = f"{actor}在监督抽查{case_number}中随机抽中了{whose}的一件异议申请，通过{CHANNELS[channel]}核查了"
            return f"{did}由谁办理、何时办理和办理结果；没有显示{whose}的身份和异议内容。"
        did = f"{actor}在监督抽查{case_number}中随机抽中了一次对{whose}的信息的查看，通过{CHANNELS[channel]}核查了"
        return f"{did}由谁查看、何时查看、依据和范围；没有显示{whose}的身份和信息内容。"
    if complained is not None:
        on = f"{actor}为核查投诉{case_number}（“{complained.words}”）"
        return f"{on}，通过{CHANNELS[channel]}查看了{whose}的{MATTERS[complained.matter]}。"
    on = f"依照{cited.instrument}{cited.article}" if cited else PAPERS.get(purpose, BASES[basis])
    why = (cited.why if cited else None) or PURPOSES[purpose]
    extent = f"（{STAGES[stage]}）" if stage else f"（案号{case_number}）" if case_number else ""
    return f"{actor}{on}，为“{why}{extent}”通过{CHANNELS[channel]}查看了{whose}的信息：{shown}。"


def monitored(*, actor: str, month: date, categories: Iterable[str], times: int) -> str:
    """The sentence of a line that stands for a month's 贷后提示, or for one of them."""
    names = "、".join(CATEGORIES[category] for category in sorted(categories))
    when = f"{month.year}年{month.month}月"
    return f"依据您同意的贷后提示，系统在{when}向{actor}发出{times}次提示：您的{names}有变化。提示不含内容。"


def shared(*, actor: str, month: date, categories: Iterable[str], times: int, number: str, whose: str = "您") -> str:
    """The sentence of a line that stands for a month of a share, or for one record of it."""
    names = "、".join(CATEGORIES[category] for category in sorted(categories))
    when = f"{month.year}年{month.month}月"
    return f"{actor}依据经两人审核的信息共享（编号{number}），在{when}读取了{whose}有变化的{names}{times}条次。"


def evaluated(*, actor: str, categories: Iterable[str], count: int, number: str, whose: str = "您") -> str:
    """The sentence of a look by a run of a department's industry model, which nobody sees the records of."""
    shown = f"和{_shown(categories, count)}" if count else "，没有计入信用记录条目"
    did = f"{actor}开展行业信用评价（编号{number}），由系统读取了{whose}的公共信用综合评价{shown}"
    return f"{did}。工作人员没有看到记录内容。"


def _shown(categories: Iterable[str], count: int) -> str:
    names = "、".join(CATEGORIES[category] for category in sorted(categories))
    return f"{names}，共{count}条" if count else "没有信用记录条目"
