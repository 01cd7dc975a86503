"""A report's words in the order they are printed: of organisations by the national layout, of persons by our own.

From a snapshot (`credit.reports`) to headings, fields and sentences. What has nothing in it says so. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from audit.sentences import CATEGORIES
from credit.typeset import head
from credit.typeset.forms import GRADES, NOT_GRANTED, NOTHING, NUMERALS, PERSON, WATERMARK, Part, form_of
from credit.typeset.head import KINDS, moment

_NOT_ALL_GRANTED = "授权范围内无相关信息"
_REPAIRS = {"REPAIRABLE": "可以申请信用修复", "UNDER_REPAIR": "信用修复办理中", "REPAIRED": "已完成信用修复"}
_NO_GRADE = "公共信用综合评价：没有在有效期内的评价。没有评价不说明信用好坏。"
_GRADE_NOT_GRANTED = f"公共信用综合评价：{NOT_GRANTED}"
_MARK = "异议标注：{what}已于{filed}被提出异议，正在核查处理。"
_BASIS_CHANGED = "依据已变更，待重新评价：该评价所依据的信息已于{since}变更。"
_ADVICE = "《{title}》（{number}）：履行完毕法定义务后，可依法向作出决定的单位或者通过“信用中国”网站申请信用修复。"


@dataclass(frozen=True)
class Entry:
    """One record as it is printed: its title, its fields, its marks and its subject's own words; `record` is its id."""

    title: str
    fields: Sequence[tuple[str, str]]
    marks: Sequence[str] = ()
    statement: str | None = None
    record: str | None = None


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
    form, records = form_of(snapshot), snapshot["records"]
    certifies = not form.parts
    if certifies:
        sections = _certified(records)
    else:
        granted = None if snapshot["authority"] is None else frozenset(snapshot["authority"]["categories"])
        sections = _sections(snapshot["subject"], records, form.parts, granted)
        sections = [_with_grade(one, snapshot.get("evaluation")) for one in sections]
        sections = [*sections, _advice(records, len(sections))]
    return Layout(
        title=form.title,
        head=head.of(snapshot),
        counts=() if certifies else _counts(sections),
        finding=_finding(snapshot) if certifies else None,
        sections=sections,
        notes=_notes(snapshot, certifies=certifies, personal=form is PERSON),
        watermark=WATERMARK if snapshot["demonstration"] else None,
        number=snapshot["number"],
    )


def outlined(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """How a report is laid out, for whoever reads it as data: its head, its parts in order with the records in each,
    and what an empty one says."""
    page = of(snapshot)
    parts = [
        {"title": one.title, "records": [entry.record for entry in one.entries if entry.record], "empty": one.empty}
        for one in page.sections
    ]
    return {"title": page.title, "head": page.head, "counts": page.counts, "finding": page.finding, "parts": parts}


def _sections(
    subject: Mapping[str, Any],
    records: Sequence[Mapping[str, Any]],
    parts: Iterable[Part],
    granted: frozenset[str] | None,
) -> list[Section]:
    made = []
    for index, (title, categories) in enumerate(parts):
        entries = [_entry(record) for record in records if record["category"] in categories]
        own = _own(subject) if "REGISTRATION" in categories else []
        empty = None if entries or own else _why_empty(categories, granted)
        made.append(Section(f"{NUMERALS[index]}、{title}", own, entries, empty=empty))
    return made


def _why_empty(categories: tuple[str, ...], granted: frozenset[str] | None) -> str:
    """What was not looked at is not said to be nothing."""
    if granted is None or granted.issuperset(categories):
        return NOTHING
    return _NOT_ALL_GRANTED if granted.intersection(categories) else NOT_GRANTED


def _with_grade(section: Section, graded: Mapping[str, Any] | None) -> Section:
    """The part on results of evaluation, with 公共信用综合评价 first in it, or with why there is none."""
    if graded is None or not section.title.endswith(GRADES):
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
    if graded.get("basisChangedAt"):  # a report from before says nothing of it
        marks = [_BASIS_CHANGED.format(since=moment(graded["basisChangedAt"])), *marks]
    return replace(section, entries=[Entry("公共信用综合评价", fields, marks), *section.entries], empty=None)


def _own(subject: Mapping[str, Any]) -> list[tuple[str, str]]:
    label = "统一社会信用代码" if subject["identityType"] == "USCC" else "证件号码（部分隐去）"
    name = "姓名" if subject["kind"] == "NATURAL_PERSON" else "名称"
    return [(name, subject["name"]), ("主体类型", KINDS[subject["kind"]]), (label, subject["identity"])]


def _advice(records: Sequence[Mapping[str, Any]], index: int) -> Section:
    """What can be done: about what may be repaired, and about nothing else."""
    adverse = [record for record in records if record["nature"] == "ADVERSE"]
    advice = [_ADVICE.format(title=one["title"], number=one["documentNumber"] or "无文号") for one in adverse]
    title = f"{NUMERALS[index]}、信用状况提升建议"
    return Section(title, sentences=advice, empty=None if advice else NOTHING)


def _certified(records: Sequence[Mapping[str, Any]]) -> list[Section]:
    entries = [_entry(record) for record in records]
    return [Section("一、违法违规记录明细", entries=entries, empty=None if entries else NOTHING)]


def _finding(snapshot: Mapping[str, Any]) -> str:
    span = head.span(snapshot["period"])
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
        record.get("id"),
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
