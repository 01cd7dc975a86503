"""Where a record's own facts stand in each layout: its number, its day, who decided it, how it is called.

Its items are the catalogue's: an item stands in the column of its label, and no other item can be made.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from intake.layouts import DISTRICT, LayoutName


@dataclass(frozen=True)
class Form:
    """The columns of one kind of record. `name` is a column, or an item's label, that is put behind `before`.

    `begins` is the column from which it holds, where that may be another day than its own; `ends` the one on which its
    publicity ends. `never_without_end`: without that day it is not public at all. `over`: after it nobody but the
    subject sees the record. `region`: the column that says where it is of.
    """

    document: str
    occurred: str
    authority: str
    name: str
    before: str = ""
    begins: str = ""
    ends: str = ""
    never_without_end: bool = False
    over: str = ""
    region: str = DISTRICT
    counterparty: bool = False
    persons: bool = True
    organisations: bool = True


_L = LayoutName
FORMS: Mapping[LayoutName, Form] = {
    _L.PENALTY: Form(
        "行政处罚决定书文号",
        "处罚决定日期",
        "处罚机关",
        "处罚类别",
        "行政处罚：",
        ends="公示截止期",
        never_without_end=True,
        region="处罚机关统一社会信用代码",
        counterparty=True,
    ),
    _L.LICENCE: Form(
        "行政许可决定文书号",
        "许可决定日期",
        "许可机关",
        "许可证书名称",
        "行政许可：",
        begins="有效期自",
        ends="有效期至",
        region="许可机关统一社会信用代码",
        counterparty=True,
    ),
    _L.HONOUR: Form("荣誉文书号", "授予日期", "授予机关", "荣誉名称", ends="有效期至"),
    _L.REGISTRATION: Form("登记文书号", "成立日期", "登记机关", "登记类型", "登记注册：", persons=False),
    _L.JUDGMENT: Form("案号", "裁判日期", "作出机关", "案由", "司法裁判："),
    _L.QUALIFICATION: Form(
        "评定文书号", "评定日期", "评定单位", "资格名称", "职称和职业：", ends="有效期至", organisations=False
    ),
    _L.ABNORMAL_OPERATION: Form(
        "列入决定文书号",
        "列入日期",
        "列入决定机关",
        "列入原因类型",
        "经营异常：",
        ends="移出日期",
        over="移出日期",
        persons=False,
    ),
    _L.DISHONEST_DEBTOR: Form(
        "案号", "发布时间", "执行法院", "执行依据文号", "失信被执行人：", ends="公示截止期", never_without_end=True
    ),
    _L.SERIOUS_LIST: Form(
        "列入决定文书号",
        "列入日期",
        "报送机关",
        "名单名称",
        "严重失信主体名单：",
        ends="公示截止期",
        never_without_end=True,
        over="移出日期",
    ),
    _L.CONTRACT: Form("合同编号", "签订日期", "认定单位", "合同名称", "合同履行："),
    _L.COMMITMENT: Form("承诺书编号", "作出日期", "受理单位", "承诺类型", "信用承诺：", ends="有效期至"),
    _L.ASSESSMENT: Form("评定文书号", "评定时间", "评定单位", "评定内容", "信用评价：", ends="有效期至"),
    _L.COMPLIANCE: Form("认定文书号", "认定日期", "认定机关", "事项名称", ends="有效期至"),
    _L.IP_RIGHT: Form("登记号", "授权日期", "登记机关", "权利名称", "知识产权：", ends="有效期至"),
    _L.SELF_SUBMITTED: Form("受理编号", "提供日期", "受理单位", "事项名称", "自愿提供：", ends="有效期至"),
}
