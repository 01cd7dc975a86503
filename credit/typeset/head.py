"""A report's head: what it is, of whom, when and on whose authority. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from audit.sentences import CATEGORIES, PURPOSES
from core.moments import CITY
from credit.typeset.forms import NOT_GRANTED, NOTHING, ORGANISATION, form_of

KINDS = {
    "NATURAL_PERSON": "自然人",
    "INDIVIDUAL_BUSINESS": "个体工商户",
    "LEGAL_PERSON": "法人",
    "UNINCORPORATED": "非法人组织",
}
_OMITTED = "已于{filed}提出本报告有信息遗漏的异议，正在核查处理。"
_HONOUR = "HONOUR"


def of(snapshot: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and text of each line, in order."""
    subject, period, authority = snapshot["subject"], snapshot["period"], snapshot["authority"]
    form = form_of(snapshot)
    number = "统一社会信用代码" if subject["identityType"] == "USCC" else "证件号码"
    head = [
        ("报告编号", snapshot["number"]),
        ("版本号", form.version),
        ("信用主体", subject["name"]),
        ("主体类型", KINDS[subject["kind"]]),
        (number, subject["identity"]),
        ("出具单位", "公共信用管理机构（海河信用）"),
        ("出具时间", moment(snapshot["issuedAt"])),
        ("有效期至", moment(snapshot["validUntil"])),
        ("查询期间", span(period)),
    ]
    if form is ORGANISATION:
        head.append(("守信激励对象", _incentive(snapshot)))
    # A report that was issued before such marks were has none.
    head += [("异议标注", _OMITTED.format(filed=moment(filed))) for filed in snapshot.get("objections", ())]
    if authority is not None:
        head.append(("查询单位", authority["recipient"]))
        head.append(("查询用途", PURPOSES.get(authority["purpose"], authority["purpose"])))
        head.append(("授权范围", "、".join(CATEGORIES[name] for name in authority["categories"])))
    return head


def moment(text: str) -> str:
    """An instant as the city reads it."""
    return datetime.fromisoformat(text).astimezone(CITY).strftime("%Y年%m月%d日 %H:%M:%S")


def span(period: Mapping[str, Any]) -> str:
    """The days that a report is about."""
    start, end = period["from"], period["to"]
    if start is None and end is None:
        return "全部"
    return f"{start or '最早'} 至 {end or '出具之日'}"


def _incentive(snapshot: Mapping[str, Any]) -> str:
    """Whether the record has honours, with their marks: a count of what stands below, and no judgement of ours."""
    authority = snapshot["authority"]
    if authority is not None and _HONOUR not in authority["categories"]:
        return NOT_GRANTED
    honours = [record for record in snapshot["records"] if record["category"] == _HONOUR]
    if not honours:
        return NOTHING
    disputed = sum(1 for record in honours if record["objections"])
    return f"是，有诚实守信相关荣誉信息{len(honours)}条" + (f"，其中{disputed}条有异议标注" if disputed else "")
