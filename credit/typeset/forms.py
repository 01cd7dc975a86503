"""The forms of a report as data: of organisations after the national report, of persons and certificates our own.

Each has its 版本号, and a whole report its parts in order with the classes of the catalogue that stand in each.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

NOTHING = "查询期内无相关信息"
NOT_GRANTED = "不在授权范围内，未予提供"
WATERMARK = "演示数据 不作凭证"
NUMERALS = "一二三四五六七八九十"
GRADES = "信用评价结果信息"


class Part(NamedTuple):
    """A part's title, without its numeral, and whose records stand in it."""

    title: str
    categories: tuple[str, ...]


class Form(NamedTuple):
    """A report's title, its 版本号, and its parts before 信用状况提升建议; a certificate has none of these."""

    title: str
    version: str
    parts: Sequence[Part] = ()


_OWN = "本系统自行设计"
ORGANISATION = Form(
    "公共信用信息报告",
    "V1.0（法人和非法人组织版，章节依照国家报告）",
    (
        Part("登记注册基本信息", ("REGISTRATION",)),
        Part("行政管理信息", ("ADMINISTRATIVE",)),
        Part("诚实守信相关荣誉信息", ("HONOUR",)),
        Part("严重失信主体名单信息", ("SERIOUS_DISHONESTY",)),
        Part("经营（活动）异常名录（状态）信息", ("ABNORMAL_OPERATION",)),
        Part("信用承诺及履行信息", ("COMMITMENT",)),
        Part(GRADES, ("EVALUATION_RESULT",)),
        Part("司法裁判及执行信息", ("JUDICIAL",)),
        Part("其他信息", ("PROFESSIONAL", "CONTRACT", "COMPLIANCE", "INTELLECTUAL_PROPERTY", "SELF_SUBMITTED")),
    ),
)
PERSON = Form(
    "个人公共信用信息报告",
    f"V1.0（个人版，{_OWN}）",
    (
        Part("基本信息", ("REGISTRATION",)),
        Part("职称和职业信息", ("PROFESSIONAL",)),
        Part("诚实守信相关荣誉信息", ("HONOUR",)),
        Part("行政管理信息", ("ADMINISTRATIVE",)),
        Part("司法裁判及执行信息", ("JUDICIAL",)),
        Part("严重失信主体名单信息", ("SERIOUS_DISHONESTY",)),
        Part("信用承诺及合同履行信息", ("COMMITMENT", "CONTRACT")),
        Part(
            "其他信息",
            ("ABNORMAL_OPERATION", "EVALUATION_RESULT", "COMPLIANCE", "INTELLECTUAL_PROPERTY", "SELF_SUBMITTED"),
        ),
    ),
)
CERTIFICATE = Form("专项信用报告（有无违法违规记录证明）", f"V1.0（专项报告版，{_OWN}）")


def form_of(snapshot: Mapping[str, Any]) -> Form:
    """The form that a report is set in."""
    if snapshot["kind"] == "NO_VIOLATION_CERTIFICATE":
        return CERTIFICATE
    return PERSON if snapshot["subject"]["kind"] == "NATURAL_PERSON" else ORGANISATION
