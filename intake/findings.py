"""What a check can find in a row: a stable code each, how grave it is, and its sentence. Nothing else words them.

A finding is data. The sentence is made at the edge, where a person reads it.
"""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from enum import Enum
from typing import NamedTuple


class Severity(Enum):
    """What becomes of a row with such a finding."""

    REJECTED = "REJECTED"  # it is not taken; corrected, it can be sent again
    SET_ASIDE = "SET_ASIDE"  # a person decides; nothing of it is in the record until then
    WARNED = "WARNED"  # it is taken, and the provider is told


class Check(NamedTuple):
    """One check's outcome in words; `{column}` and `{limit}` are filled in."""

    severity: Severity
    sentence: str

    @property
    def general(self) -> str:
        """The sentence without what differs from row to row."""
        return self.sentence.format(column="…", limit="…")


class Finding(NamedTuple):
    """What was found, and where. `limit` is the check's own parameter: a length, another column, the words allowed."""

    line: int
    column: str
    code: str
    limit: str

    @property
    def severity(self) -> Severity:
        """What becomes of the row."""
        return CHECKS[self.code].severity

    @property
    def sentence(self) -> str:
        """In Chinese, for the provider."""
        return CHECKS[self.code].sentence.format(column=self.column, limit=self.limit)


_R, _S, _W = Severity
CHECKS: Mapping[str, Check] = {
    # the form of a row and its cells
    "COLUMN_COUNT": Check(_R, "列数与表头不一致"),
    "COLUMN_NAMES": Check(_R, "键与文件第一行的不一致（{limit}）"),
    "DIGITS_LOST": Check(_R, "“{column}”是超过15位的数字，电子表格已丢失后面的数位（请设为文本格式后重新填写）"),
    "FORMULA": Check(_R, "“{column}”是公式（请粘贴为数值后提交）"),
    "CELL_KIND": Check(_R, "“{column}”不是文字、数字或日期"),
    "MISSING": Check(_R, "“{column}”不能为空"),
    "TOO_LONG": Check(_R, "“{column}”超过{limit}个字"),
    "CONTROL_CHARACTER": Check(_R, "“{column}”含有控制字符"),
    "CHOICE": Check(_R, "“{column}”只能填写：{limit}"),
    "IDENTITY_FORMAT": Check(_R, "“{column}”格式不正确"),
    "IDENTITY_CHECK_DIGIT": Check(_R, "“{column}”校验位不正确"),
    "IDENTITY_BIRTH_DATE": Check(_R, "“{column}”中的出生日期不正确"),
    "INVENTED_NUMBER": Check(_R, "“{column}”属于演示专用号段"),
    "DATE_FORMAT": Check(_R, "“{column}”不是有效日期（应为 YYYY/MM/DD）"),
    "DATE_IN_FUTURE": Check(_R, "“{column}”晚于今天"),
    "DATE_ORDER": Check(_R, "“{column}”早于“{limit}”"),
    "AMOUNT_FORMAT": Check(_R, "“{column}”不是有效金额（万元，最多6位小数）"),
    "SCORE_RANGE": Check(_R, "“{column}”不在{limit}之间"),
    "MODEL_VERSION": Check(_R, "“{column}”不是现行版本（{limit}）"),
    "HASH_FORMAT": Check(_R, "“{column}”不是有效的哈希值"),
    "INSTANT_FORMAT": Check(_R, "“{column}”不是带时区的时间（应为 RFC 3339）"),
    # the catalogue, and who may send what
    "NOT_IN_CATALOGUE": Check(_R, "现行目录未收录“{limit}”，不得纳入信用记录"),
    "NOT_BY_SUCH_PROVIDER": Check(_R, "目录未规定此类单位提供“{limit}”"),
    "NOT_BY_THIS_PROVIDER": Check(_R, "本单位未登记提供“{limit}”"),
    "DISTRICT_MISSING": Check(_R, "“{column}”不能为空：本单位只提供登记区域内的信息"),
    "DISTRICT_FORMAT": Check(_R, "“{column}”不是有效的行政区划代码"),
    "DISTRICT_NOT_OURS": Check(_R, "“{column}”所指区域不在本单位登记的区域内"),
    # publicity and time
    "PUBLICITY_TOO_LONG": Check(_R, "“{column}”超过该类失信信息的最长公示期（{limit}）"),
    "PUBLICITY_SHORT": Check(_W, "“{column}”早于该类失信信息的最短公示期（{limit}）"),
    "PUBLICITY_CLASS": Check(_W, "“{column}”超过{limit}，请确认属于严重失信信息（巨额罚款）"),
    "PUBLICITY_OVER": Check(_W, "“{column}”已过，本条不再公示"),
    "LATE": Check(_W, "超过{limit}个工作日才报送"),
    # whose it is
    "SUBJECT_UNKNOWN": Check(_R, "信用主体未登记"),
    "NAME_MISMATCH": Check(_R, "名称与证件号码不一致"),
    "KIND_MISMATCH": Check(_R, "主体类别与登记的不一致"),
    "NOT_A_PERSON": Check(_R, "海河分仅面向自然人"),
    "NOT_AN_ORGANISATION": Check(_R, "公共信用综合评价仅面向法人和非法人组织"),
    "NATURAL_PERSONS_ONLY": Check(_R, "此类信息仅涉及自然人"),
    "ORGANISATIONS_ONLY": Check(_R, "此类信息不涉及自然人"),
    "MINOR": Check(_R, "未满十六周岁，其信息不得纳入信用记录"),
    "MINOR_MAYBE_SELF_SUPPORTING": Check(_S, "未满十八周岁，已转人工复核"),
    "REVIEWED_NOT_TAKEN": Check(_R, "经人工复核，不予纳入信用记录"),
    "SCORE_NOT_OF_AGE": Check(_R, "海河分仅面向成年人"),
    # corrections
    "RECORD_UNKNOWN": Check(_R, "没有这条信用记录"),
    "RECORD_NOT_CURRENT": Check(_R, "这条信用记录已修复、撤回或失效"),
    "NUMBER_TAKEN": Check(_R, "“更正后文书号”已是另一条信用记录的文书号"),
    "NOT_FOR_THIS_ACT": Check(_R, "这项操作不能填写“{column}”"),
    "SAME_SUBJECT": Check(_R, "改归的主体就是原来的主体"),
    # who a subject was, and is
    "NOTHING_CHANGES": Check(_R, "“{column}”与变更前相同"),
    "CHANGED_SINCE": Check(_R, "变更前的名称或证件号码已不是现用的"),
    "CHANGE_EARLIER": Check(_R, "“变更日期”早于上一次同类变更"),
    "BORN_OTHERWISE": Check(_R, "变更前后的证件号码出生日期不一致"),
    "NEW_NUMBER_TAKEN": Check(_R, "“变更后证件号码”已属另一主体；两者确为同一主体的，变更类型填“合并”"),
    "OTHER_UNKNOWN": Check(_R, "“变更后证件号码”还没有主体；只是换了号码的，变更类型填“换号”"),
    "NAMES_DIFFER": Check(_R, "“变更后名称”与“变更后证件号码”不符，或两个自然人从未同名"),
    "KINDS_DIFFER": Check(_R, "两个主体的主体类别不同"),
    "MERGE_OF_MINOR": Check(_R, "未成年人的主体不合并"),
    "ACT_FOR_EACH_OTHER": Check(_R, "两人之间有监护或协助关系，不是同一人"),
    "BOTH_TAKE_PART": Check(_R, "两个主体都登记为参与单位，请先由公共信用管理机构处理"),
    # the same again
    "REPEATED_IN_FILE": Check(_W, "与同一文件前面的行重复，以本行为准"),
}


# Of each check, so many lines are named: whoever has more mends what makes them.
MOST_LINES = 100


def name_lines(named: MutableMapping[str, list[int]], found: Iterable[Finding]) -> None:
    """Add the lines at which each check found something, as far as there is room: by code, each line once, in the
    file's order if the findings of its parts come in it."""
    for line, code in sorted({(finding.line, finding.code) for finding in found}):
        lines = named.setdefault(code, [])
        if len(lines) < MOST_LINES:
            lines.append(line)


def late_in(found: Sequence[Finding]) -> int:
    """How many rows were reported late and taken all the same; of rows that are told apart by their lines."""
    not_taken = {finding.line for finding in found if finding.severity is not Severity.WARNED}
    return len({finding.line for finding in found if finding.code == "LATE"} - not_taken)
