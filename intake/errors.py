"""What can be wrong with what a provider sends.

DomainError
├── FileRefused   the file is not one of the layouts: nothing of it is loaded
└── RowRefused    one row breaks a rule: it is written to the rejected file, the others are loaded
"""

from collections.abc import Mapping

from core.errors import DomainError

REASONS: Mapping[str, str] = {
    "COLUMN_COUNT": "列数与表头不一致",
    "MISSING": "“{column}”不能为空",
    "TOO_LONG": "“{column}”超过{limit}个字",
    "CONTROL_CHARACTER": "“{column}”含有控制字符",
    "CHOICE": "“{column}”只能填写：{limit}",
    "IDENTITY_FORMAT": "“{column}”格式不正确",
    "IDENTITY_CHECK_DIGIT": "“{column}”校验位不正确",
    "IDENTITY_BIRTH_DATE": "“{column}”中的出生日期不正确",
    "INVENTED_NUMBER": "“{column}”属于演示专用号段",
    "DATE_FORMAT": "“{column}”不是有效日期（应为 YYYY/MM/DD）",
    "DATE_IN_FUTURE": "“{column}”晚于今天",
    "DATE_ORDER": "“{column}”早于“{limit}”",
    "AMOUNT_FORMAT": "“{column}”不是有效金额（万元，最多6位小数）",
    "SCORE_RANGE": "“{column}”不在{limit}之间",
    "MODEL_VERSION": "“{column}”不是现行版本（{limit}）",
    "HASH_FORMAT": "“{column}”不是有效的哈希值",
    "INSTANT_FORMAT": "“{column}”不是带时区的时间（应为 RFC 3339）",
    "SUBJECT_UNKNOWN": "信用主体未登记",
    "NAME_MISMATCH": "名称与证件号码不一致",
    "KIND_MISMATCH": "主体类别与登记的不一致",
    "MINOR": "未成年人信息不得入库，请转人工复核",
    "RECORD_UNKNOWN": "没有这条信用记录",
    "RECORD_NOT_CURRENT": "这条信用记录已修复、撤回或失效",
    "NUMBER_TAKEN": "“更正后文书号”已是另一条信用记录的文书号",
    "NOT_FOR_THIS_ACT": "这项操作不能填写“{column}”",
    "SAME_SUBJECT": "改归的主体就是原来的主体",
    "NOT_A_PERSON": "海河分仅面向自然人",
    "NOT_AN_ORGANISATION": "公共信用综合评价仅面向法人和非法人组织",
}


class FileRefused(DomainError):
    """The whole file is refused; the message says why, in Chinese."""


class RowRefused(DomainError):
    """One row is refused; `reason` is a Chinese sentence, `code` stays the same for ever."""

    def __init__(self, code: str, column: str = "", limit: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.reason = REASONS[code].format(column=column, limit=limit)
