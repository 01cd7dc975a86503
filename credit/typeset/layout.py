"""A report's words in the order they are printed: of organisations by the national layout, of persons by our own.

From a snapshot (`credit.reports`) to headings, fields and sentences. What has nothing in it says so. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from audit.sentences import CATEGORIES, PURPOSES
from core.moments import CITY

NOTHING = "查询期内无相关信息"
NOT_GRANTED = "不在授权范围内，未予提供"
_NOT_ALL_GRANTED = "授权范围内无相关信息"
WATERMARK = "演示数据 不作凭证"
_NUMERALS = "一二三四五六七八九十"
_REST = ("CONTRACT", "COMPLIANCE", "INTELLECTUAL_PROPERTY", "SELF_SUBMITTED")
_GRADES = "信用评价结果信息"
_OF_ORGANISATION = (
    ("登记注册基本信息", ("REGISTRATION",)),
    ("行政管理信息", ("ADMINISTRATIVE",)),
    ("诚实守信相关荣誉信息", ("HONOUR",)),
    ("严重失信主体名单信息", ("SERIOUS_DISHONESTY",)),
    ("经营（活动）异常名录（状态）信息", ("ABNORMAL_OPERATION",)),
    ("信用承诺及履行信息", ("COMMITMENT",)),
    (_GRADES, ("EVALUATION_RESULT",)),
    ("司法裁判及执行信息", ("JUDICIAL",)),
    ("其他信息", ("PROFESSIONAL", *_REST)),
)
_OF_PERSON = (
    ("基本信息", ("REGISTRATION",)),
    ("职称和职业信息", ("PROFESSIONAL",)),
    ("诚实守信相关荣誉信息", ("HONOUR",)),
    ("行政管理信息", ("ADMINISTRATIVE",)),
    ("司法裁判及执行信息", ("JUDICIAL",)),
    ("严重失信主体名单信息", ("SERIOUS_DISHONESTY",)),
    ("信用承诺及合同履行信息", ("COMMITMENT", "CONTRACT")),
    ("其他信息", ("ABNORMAL_OPERATION", "EVALUATION_RESULT", *_REST[1:])),
)
_KINDS = {
    "NATURAL_PERSON": "自然人",
    "INDIVIDUAL_BUSINESS": "个体工商户",
    "LEGAL_PERSON": "法人",
    "UNINCORPORATED": "非法人组织",
}
_REPAIRS = {"REPAIRABLE": "可以申请信用修复", "UNDER_REPAIR": "信用修复办理中", "REPAIRED": "已完成信用修复"}
_NO_GRADE = "公共信用综合评价：没有在有效期内的评价。没有评价不说明信用好坏。"
_GRADE_NOT_GRANTED = f"公共信用综合评价：{NOT_GRANTED}"
_MARK = "异议标注：{what}已于{filed}被提出异议，正在核查处理。"
_ADVICE = "《{title}》（{number}）：履行完毕法定义务后，可依法向作出决定的单位或者通过“信用中国”网站申请信用修复。"


@dataclass(frozen=True)
class Entry:
    """One record as it is printed: its title, its fields, its marks and its subject's own words."""

    title: str
    fields: Sequence[tuple[str, str]]
    marks: Sequence[str] = ()
    statement: str | None = None


@dataclass(frozen=True)
class Section:
    """A numbered part: fields of its own, records, sentences; or what says that there is nothing."""

    title: str
    fields: Sequence[tuple[str, str]] = ()
    entries: Sequence[Entry] = ()
    sentences: Sequence[str] = ()
    empty: str | None = None


@dataclass(frozen=True)
class Layout:
    """A whole report."""

    title: str
    head: Sequence[tuple[str, str]]
    counts: Sequence[tuple[str, str]]
    finding: str | None
    sections: Sequence[Section]
    notes: Sequence[str]
    watermark: str | None
    number: str

    def plain(self) -> dict[str, Any]:
        """As plain lists and texts."""
        return asdict(self)

    def texts(self) -> Iterable[str]:
        """Everything that is printed of it, in order."""
        yield from (self.title, *_flat(self.head))
        if self.finding:
            yield self.finding
        yield from _flat(self.counts)
        for section in self.sections:
            yield section.title
            yield from _flat(section.fields)
            for entry in section.entries:
                yield from (entry.title, *entry.marks, *_flat(entry.fields))
                if entry.statement:
                    yield entry.statement
            yield from section.sentences
            if section.empty:
                yield section.empty
        yield from self.notes


def of(snapshot: Mapping[str, Any]) -> Layout:
    """The report that a snapshot says."""
    subject, records = snapshot["subject"], snapshot["records"]
    certifies = snapshot["kind"] == "NO_VIOLATION_CERTIFICATE"
    personal = subject["kind"] == "NATURAL_PERSON"
    if certifies:
        title, sections = "专项信用报告（有无违法违规记录证明）", _certified(records)
    else:
        title = "个人公共信用信息报告" if personal else "公共信用信息报告"
        granted = None if snapshot["authority"] is None else frozenset(snapshot["authority"]["categories"])
        sections = _sections(subject, records, _OF_PERSON if personal else _OF_ORGANISATION, granted)
        sections = [_with_grade(one, snapshot.get("evaluation")) for one in sections]
        sections = [*sections, _advice(records, len(sections))]
    return Layout(
        title=title,
        head=_head(snapshot),
        counts=() if certifies else _counts(sections),
        finding=_finding(snapshot) if certifies else None,
        sections=sections,
        notes=_notes(snapshot, certifies=certifies, personal=personal),
        watermark=WATERMARK if snapshot["demonstration"] else None,
        number=snapshot["number"],
    )


def moment(text: str) -> str:
    """An instant as the city reads it."""
    return datetime.fromisoformat(text).astimezone(CITY).strftime("%Y年%m月%d日 %H:%M:%S")


def _head(snapshot: Mapping[str, Any]) -> list[tuple[str, str]]:
    subject, period, authority = snapshot["subject"], snapshot["period"], snapshot["authority"]
    number = "统一社会信用代码" if subject["identityType"] == "USCC" else "证件号码"
    head = [
        ("报告编号", snapshot["number"]),
        ("信用主体", subject["name"]),
        ("主体类型", _KINDS[subject["kind"]]),
        (number, subject["identity"]),
        ("出具单位", "公共信用管理机构（海河信用）"),
        ("出具时间", moment(snapshot["issuedAt"])),
        ("有效期至", moment(snapshot["validUntil"])),
        ("查询期间", _span(period)),
    ]
    if authority is not None:
        head.append(("查询单位", authority["recipient"]))
        head.append(("查询用途", PURPOSES.get(authority["purpose"], authority["purpose"])))
        head.append(("授权范围", "、".join(CATEGORIES[name] for name in authority["categories"])))
    return head


def _span(period: Mapping[str, Any]) -> str:
    start, end = period["from"], period["to"]
    if start is None and end is None:
        return "全部"
    return f"{start or '最早'} 至 {end or '出具之日'}"


def _sections(
    subject: Mapping[str, Any],
    records: Sequence[Mapping[str, Any]],
    layout: Iterable[tuple[str, tuple[str, ...]]],
    granted: frozenset[str] | None,
) -> list[Section]:
    made = []
    for index, (title, categories) in enumerate(layout):
        entries = [_entry(record) for record in records if record["category"] in categories]
        own = _own(subject) if "REGISTRATION" in categories else []
        empty = None if entries or own else _why_empty(categories, granted)
        made.append(Section(f"{_NUMERALS[index]}、{title}", own, entries, empty=empty))
    return made


def _why_empty(categories: tuple[str, ...], granted: frozenset[str] | None) -> str:
    """What was not looked at is not said to be nothing."""
    if granted is None or granted.issuperset(categories):
        return NOTHING
    return _NOT_ALL_GRANTED if granted.intersection(categories) else NOT_GRANTED


def _with_grade(section: Section, graded: Mapping[str, Any] | None) -> Section:
    """The part on results of evaluation, with 公共信用综合评价 first in it, or with why there is none."""
    if graded is None or not section.title.endswith(_GRADES):
        return section
    if graded["state"] != "HELD":
        return replace(section, sentences=[_NO_GRADE if graded["state"] == "NONE" else _GRADE_NOT_GRANTED])
    fields = [
        ("评价等级", f"{graded['grade']}级"),
        ("评价依据", graded["basis"]),
        ("评价日期", graded["assessedOn"]),
        ("有效期至", graded["validUntil"]),
        ("数据来源", graded["source"]),
    ]
    marks = [_MARK.format(filed=moment(filed), what="该评价") for filed in graded["objections"]]
    return replace(section, entries=[Entry("公共信用综合评价", fields, marks), *section.entries], empty=None)


def _own(subject: Mapping[str, Any]) -> list[tuple[str, str]]:
    label = "统一社会信用代码" if subject["identityType"] == "USCC" else "证件号码（部分隐去）"
    name = "姓名" if subject["kind"] == "NATURAL_PERSON" else "名称"
    return [(name, subject["name"]), ("主体类型", _KINDS[subject["kind"]]), (label, subject["identity"])]


def _advice(records: Sequence[Mapping[str, Any]], index: int) -> Section:
    """What can be done: about what may be repaired, and about nothing else."""
    adverse = [record for record in records if record["nature"] == "ADVERSE"]
    advice = [_ADVICE.format(title=one["title"], number=one["documentNumber"] or "无文号") for one in adverse]
    title = f"{_NUMERALS[index]}、信用状况提升建议"
    return Section(title, sentences=advice, empty=None if advice else NOTHING)


def _certified(records: Sequence[Mapping[str, Any]]) -> list[Section]:
    entries = [_entry(record) for record in records]
    return [Section("一、违法违规记录明细", entries=entries, empty=None if entries else NOTHING)]


def _finding(snapshot: Mapping[str, Any]) -> str:
    span = _span(snapshot["period"])
    about = "行政处罚等行政管理、严重失信主体名单、经营异常名录、司法裁判及执行、遵守法律法规情况"
    count = len(snapshot["records"])
    if not count:
        return f"经查询，{span} 期间，在本市归集的{about}信息中，未查询到该主体的违法违规记录。"
    return f"经查询，{span} 期间，在本市归集的{about}信息中，查询到该主体的违法违规记录{count}条，明细如下。"


def _entry(record: Mapping[str, Any]) -> Entry:
    fields = [(record["dateLabel"], record["occurredOn"] or ""), ("文书号", record["documentNumber"] or "")]
    fields += [("信息类别", CATEGORIES[record["category"]]), ("认定机关", record["authority"])]
    fields += [(item["label"], item["value"]) for item in record["items"]]
    fields.append(("公示截止日期", record["publicityUntil"] or ""))
    fields.append(("信用修复", _REPAIRS.get(record["repair"] or "", "")))
    fields.append(("数据来源", record["source"]))
    marks = [_MARK.format(filed=moment(filed), what="该信息") for filed in record["objections"]]
    said = record["statement"]
    return Entry(
        record["title"],
        [(label, value) for label, value in fields if value],
        marks,
        f"主体声明：{said}" if said else None,
    )


def _counts(sections: Sequence[Section]) -> list[tuple[str, str]]:
    """The 概要: how many records each part has; the first part is the subject, the last one advice."""
    return [(section.title.partition("、")[2], _count(section)) for section in sections[1:-1]]


def _count(section: Section) -> str:
    return "未提供" if section.empty == NOT_GRANTED else f"{len(section.entries)}条"


def _notes(snapshot: Mapping[str, Any], *, certifies: bool, personal: bool) -> list[str]:
    authority = snapshot["authority"]
    notes = [
        "本报告依据信息提供单位归集的公共信用信息如实生成，客观中立，不对信息内容作任何编辑修改，不进行评分或者等级评定。"
    ]
    if authority is not None:
        notes.append("本报告由查询单位依据信用主体的授权取得，只含授权范围内的信息，不得用于授权用途以外的目的。")
    else:
        notes.append(
            "本报告供信用主体出示使用，只列依法可以向他人提供的现行有效信息；本人的全部信息可以在应用内查看和导出。"
        )
    if (snapshot.get("evaluation") or {}).get("state") == "HELD":
        notes.append("公共信用综合评价由评价机关按公布的指标作出，分为A、B、C、D四级；本报告只列其结果。")
    if certifies:
        notes.append("已经修复、撤销或者超过查询期限的记录依法不再提供，不计入本证明。")
    if personal and not certifies:
        notes.append("个人报告的版式由本系统自行设计，不是国家标准版式。")
    notes += [
        "认为信息存在错误、遗漏或者侵犯合法权益的，可以向公共信用管理机构提出异议申请；异议处理期间的信息附有异议标注。",
        "失信信息的修复，由信用主体向作出决定的单位或者通过“信用中国”网站申请，结果同步后即不再展示。",
        "报告出具后其中的信息发生更正、撤销或者修复的，验证结果为“已被更新”，请以重新出具的报告为准。",
        "形如〔U+2C386〕的文字，是字库未收录的汉字的统一码编号，并非空缺。",
    ]
    return notes


def _flat(pairs: Iterable[tuple[str, str]]) -> Iterable[str]:
    return (text for pair in pairs for text in pair)
