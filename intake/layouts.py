"""The layouts a file can have: the national exchange headers, and ours (`docs/formats.md`)."""

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
SUBJECT_NAME = "主体名称"
DISTRICT = "行政区划代码"
_SUBJECT = (SUBJECT_NAME, IDENTITY_TYPE, IDENTITY_NUMBER)
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
    SUBJECT_CHANGE = "subject_change"
    REGISTRATION = "registration"
    JUDGMENT = "judgment"
    QUALIFICATION = "qualification"
    ABNORMAL_OPERATION = "abnormal_operation"
    DISHONEST_DEBTOR = "dishonest_debtor"
    SERIOUS_LIST = "serious_list"
    CONTRACT = "contract"
    COMMITMENT = "commitment"
    ASSESSMENT = "assessment"
    COMPLIANCE = "compliance"
    IP_RIGHT = "ip_right"
    SELF_SUBMITTED = "self_submitted"


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
        DISTRICT,
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
SUBJECT_CHANGE = Layout(
    LayoutName.SUBJECT_CHANGE,
    "主体变更",
    (
        "变更类型",
        "主体名称",
        IDENTITY_TYPE,
        IDENTITY_NUMBER,
        "变更后名称",
        "变更后证件类型",
        "变更后证件号码",
        "变更日期",
        "变更依据",
    ),
    (IDENTITY_NUMBER, "变更后证件号码"),
)


def _ours(name: LayoutName, title: str, columns: str) -> Layout:
    """A layout of our own for one class: whom it is of, its columns, and the region it is of."""
    return Layout(name, title, (*_SUBJECT, *columns.split(), DISTRICT), (IDENTITY_NUMBER,))


REGISTRATION = _ours(
    LayoutName.REGISTRATION,
    "登记注册基本信息",
    "登记文书号 登记类型 登记状态 注册资本（万元） 住所 经营范围 成立日期 营业期限至 登记机关",
)
JUDGMENT = _ours(
    LayoutName.JUDGMENT,
    "司法裁判及执行信息",
    "案号 裁判文书类型 案由 立案日期 裁判日期 裁判结果 执行情况 作出机关",
)
QUALIFICATION = _ours(
    LayoutName.QUALIFICATION, "职称和职业信息", "资格名称 评定文书号 级别 专业 证书编号 评定日期 有效期至 评定单位"
)
ABNORMAL_OPERATION = _ours(
    LayoutName.ABNORMAL_OPERATION,
    "经营异常名录信息",
    "列入决定文书号 列入原因类型 列入日期 列入决定机关 移出日期 移出原因",
)
DISHONEST_DEBTOR = _ours(
    LayoutName.DISHONEST_DEBTOR,
    "失信被执行人",
    "案号 执行法院 省份 执行依据文号 立案时间 作出执行依据单位 生效文书义务 履行情况 行为具体情形 发布时间 "
    "已履行部分 未履行部分 公示截止期",
)
SERIOUS_LIST = _ours(
    LayoutName.SERIOUS_LIST,
    "严重失信主体名单",
    "名单名称 列入决定文书号 纳入理由 列入依据 处罚情况 列入日期 公示截止期 移出日期 报送机关",
)
CONTRACT = _ours(
    LayoutName.CONTRACT,
    "合同履行信息",
    "合同名称 合同编号 合同类型 合同金额（万元） 签订日期 履行期限至 履行状态 履行说明 认定单位",
)
COMMITMENT = _ours(
    LayoutName.COMMITMENT,
    "信用承诺及履行信息",
    "承诺类型 承诺书编号 承诺事由 承诺内容 作出日期 履约状态 有效期至 受理单位",
)
ASSESSMENT = _ours(
    LayoutName.ASSESSMENT, "信用评价结果信息", "评定内容 评定文书号 等级 评定依据 评定时间 有效期至 评定单位"
)
COMPLIANCE = _ours(
    LayoutName.COMPLIANCE,
    "遵守法律法规情况信息",
    "事项名称 认定文书号 领域 认定情况 认定依据 认定日期 有效期至 认定机关",
)
IP_RIGHT = _ours(
    LayoutName.IP_RIGHT, "知识产权信息", "权利名称 登记号 权利类型 申请日期 授权日期 法律状态 有效期至 登记机关"
)
SELF_SUBMITTED = _ours(
    LayoutName.SELF_SUBMITTED, "主体自愿提供信息", "事项名称 受理编号 内容 佐证材料 提供日期 有效期至 受理单位"
)
LAYOUTS = (
    PENALTY,
    LICENCE,
    HONOUR,
    SUBJECT,
    SCORE,
    EVALUATION,
    AMENDMENT,
    SUBJECT_CHANGE,
    REGISTRATION,
    JUDGMENT,
    QUALIFICATION,
    ABNORMAL_OPERATION,
    DISHONEST_DEBTOR,
    SERIOUS_LIST,
    CONTRACT,
    COMMITMENT,
    ASSESSMENT,
    COMPLIANCE,
    IP_RIGHT,
    SELF_SUBMITTED,
)
