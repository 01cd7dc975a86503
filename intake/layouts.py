"""The layouts a file can have: the national exchange headers, and five of ours (`docs/formats.md`)."""

from dataclasses import dataclass
from enum import StrEnum

# A rejected file may be sent again as it is: these two columns are ours, and are passed over.
LINE, REASON = "行号", "拒绝原因"

NAME = "行政相对人名称"
KIND = "行政相对人类别"
USCC = "行政相对人代码_1（统一社会信用代码）"
REPRESENTATIVE = "法定代表人"
REPRESENTATIVE_TYPE = "法定代表人证件类型"
REPRESENTATIVE_NUMBER = "法定代表人证件号码"
IDENTITY_TYPE = "证件类型"
IDENTITY_NUMBER = "证件号码"
_COUNTERPARTY = (
    NAME,
    KIND,
    USCC,
    "行政相对人代码_2（工商注册号）",
    "行政相对人代码_3（组织机构代码）",
    "行政相对人代码_4（税务登记号）",
    "行政相对人代码_5（事业单位证书号）",
    REPRESENTATIVE,
    REPRESENTATIVE_TYPE,
    REPRESENTATIVE_NUMBER,
    IDENTITY_TYPE,
    IDENTITY_NUMBER,
)


class LayoutName(StrEnum):
    """Which layout."""

    PENALTY = "penalty"
    LICENCE = "licence"
    HONOUR = "honour"
    SUBJECT = "subject"
    SCORE = "score"
    EVALUATION = "evaluation"
    AMENDMENT = "amendment"


@dataclass(frozen=True)
class Layout:
    """A layout is known by its headers; their order in the file is free. `numbers` are its identity columns."""

    name: LayoutName
    title: str
    headers: tuple[str, ...]
    numbers: tuple[str, ...]


PENALTY = Layout(
    LayoutName.PENALTY,
    "行政处罚",
    (
        *_COUNTERPARTY,
        "行政处罚决定书文号",
        "违法行为类型",
        "违法事实",
        "处罚依据",
        "处罚类别",
        "处罚内容",
        "罚款金额（万元）",
        "没收违法所得、没收非法财物的金额（万元）",
        "暂扣或吊销证照名称及编号",
        "处罚决定日期",
        "处罚有效期",
        "公示截止期",
        "处罚机关",
        "处罚机关统一社会信用代码",
        "数据来源单位",
        "数据来源单位统一社会信用代码",
        "备注",
    ),
    (USCC, IDENTITY_NUMBER, REPRESENTATIVE_NUMBER),
)
LICENCE = Layout(
    LayoutName.LICENCE,
    "行政许可",
    (
        *_COUNTERPARTY,
        "行政许可决定文书名称",
        "行政许可决定文书号",
        "许可类别",
        "许可证书名称",
        "许可编号",
        "许可内容",
        "许可决定日期",
        "有效期自",
        "有效期至",
        "许可机关",
        "许可机关统一社会信用代码",
        "当前状态",
        "数据来源单位",
        "数据来源单位统一社会信用代码",
        "备注",
    ),
    (USCC, IDENTITY_NUMBER, REPRESENTATIVE_NUMBER),
)
HONOUR = Layout(
    LayoutName.HONOUR,
    "诚实守信相关荣誉",
    (
        "主体名称",
        IDENTITY_TYPE,
        IDENTITY_NUMBER,
        "荣誉名称",
        "荣誉文书号",
        "荣誉级别",
        "授予事由",
        "文件依据",
        "授予日期",
        "有效期至",
        "授予机关",
    ),
    (IDENTITY_NUMBER,),
)
SUBJECT = Layout(
    LayoutName.SUBJECT,
    "信用主体",
    ("主体类别", IDENTITY_TYPE, IDENTITY_NUMBER, "主体名称"),
    (IDENTITY_NUMBER,),
)
SCORE = Layout(
    LayoutName.SCORE,
    "海河分",
    ("主体名称", IDENTITY_TYPE, IDENTITY_NUMBER, "海河分", "模型版本", "计算时间", "开通时间", "告知书哈希"),
    (IDENTITY_NUMBER,),
)
EVALUATION = Layout(
    LayoutName.EVALUATION,
    "公共信用综合评价",
    ("主体名称", IDENTITY_TYPE, IDENTITY_NUMBER, "评价等级", "评价依据", "评价日期", "有效期至"),
    (IDENTITY_NUMBER,),
)
AMENDMENT = Layout(
    LayoutName.AMENDMENT,
    "更正撤回",
    (
        "操作",
        "信息类别",
        "文书号",
        "主体名称",
        IDENTITY_TYPE,
        IDENTITY_NUMBER,
        "更正后文书号",
        "改归主体名称",
        "改归证件类型",
        "改归证件号码",
    ),
    (IDENTITY_NUMBER, "改归证件号码"),
)
LAYOUTS = (PENALTY, LICENCE, HONOUR, SUBJECT, SCORE, EVALUATION, AMENDMENT)
