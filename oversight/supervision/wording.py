"""What the figures' lines are called in a workbook, in Chinese. Pure."""

from collections.abc import Mapping

from audit.lens import BasisKind
from audit.sentences import PURPOSES
from incentives.kinds import Sector
from objections.kinds import StopCause

BASES: Mapping[BasisKind, str] = {
    BasisKind.SELF: "本人查询",
    BasisKind.GRANT: "授权查询",
    BasisKind.STATUTE: "依法查询",
    BasisKind.COUNTER: "服务窗口",
    BasisKind.KIOSK: "自助终端",
    BasisKind.OBJECTION: "异议办理",
    BasisKind.SUPERVISION_SAMPLE: "监督抽查",
    BasisKind.SUPERVISION_COMPLAINT: "投诉核查",
    BasisKind.SHARE: "信息共享",
    BasisKind.INDUSTRY: "行业评价",
    BasisKind.MONITORING: "贷后提示",
    BasisKind.MANDATE: "代为查询",
    BasisKind.BREAK_GLASS: "应急查询",
    BasisKind.AUDIT: "合规审计",
}
SECTORS: Mapping[Sector, str] = {
    Sector.HEALTHCARE: "医疗",
    Sector.CHILDCARE: "托育",
    Sector.ELDERCARE: "养老",
    Sector.DOMESTIC_SERVICE: "家政",
    Sector.TRAVEL: "旅游",
    Sector.SHOPPING: "购物",
    Sector.TRANSPORT: "出行",
    Sector.OTHER: "其他",
}
STOPS: Mapping[StopCause, str] = {
    StopCause.TESTING: "检验",
    StopCause.INSPECTION: "检测",
    StopCause.QUARANTINE: "检疫",
    StopCause.APPRAISAL: "鉴定",
    StopCause.EXPERT_REVIEW: "专家评审",
}


def purpose(code: str) -> str:
    """What a look's or a grant's purpose is called; one that has no word here by its code."""
    return PURPOSES.get(code, code)
