"""What each column of a layout wants, as a provider is told it: whether it must be filled, how, how long, with what.

`drafts` decides; a test tries every word of this against it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.identity import EVERY_WRITTEN_TYPE, WRITTEN_TYPES, IdentityType
from credit.catalogue import Catalogue, CatalogueEntry, CatalogueItem
from credit.catalogue import Form as Written
from intake import layouts
from intake.drafts import ACTS, CHANGES, GRADES, KINDS, RECORDS
from intake.forms import FORMS, Form
from intake.layouts import Layout, LayoutName

ALWAYS, SOMETIMES, NEVER = "必填", "视情况", "可空"
TEXT, DAY, AMOUNT, CHOICE, NUMBER = "文字", "日期 YYYY/MM/DD", "金额（万元，最多6位小数）", "选择", "证件号码（文本）"
INSTANT, WHOLE, HASH, REGION = "时间 RFC 3339（带时区）", "整数", "SHA-256（小写十六进制）", "六位行政区划代码"
UNREAD = "不读取"
FORM_WORDS: Mapping[Written, str] = {
    Written.TEXT: TEXT,
    Written.PROSE: TEXT,
    Written.DAY: DAY,
    Written.DAY_AFTER: DAY,
    Written.WAN_YUAN: AMOUNT,
}
_SHORT, _TITLE = 120, 500
_MASKED = "其中的证件号码会被掩码"
_PERSON, _ORGANISATION = "自然人填写", "自然人以外的主体填写"


@dataclass(frozen=True)
class Column:
    """One column. `longest` is in characters, 0 where its form sets it; `choices` are words, each with its code."""

    name: str
    need: str
    form: str
    longest: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    note: str = ""


def of(layout: Layout, catalogue: Catalogue | None) -> list[Column]:
    """Every column of a layout in its order, under a version of the catalogue."""
    form = FORMS.get(layout.name)
    if form is None:
        known = {column.name: column for column in _OTHERS[layout.name]}
    else:
        entry = catalogue.entries.get(layout.name.value) if catalogue else None
        known = {column.name: column for column in _of_record(form, entry)}
    return [known.get(header) or Column(header, NEVER, UNREAD) for header in layout.headers]


def _types(*, persons: bool = True, organisations: bool = True) -> tuple[tuple[str, str], ...]:
    return tuple(
        (word, type_.value)
        for word, type_ in WRITTEN_TYPES.items()
        if (organisations if type_ is IdentityType.USCC else persons)
    )


def _of_record(form: Form, entry: CatalogueEntry | None) -> Iterator[Column]:
    """A record's columns; where one is an item as well, the later of two here says what both want."""
    items = {item.label: item for item in entry.items} if entry else {}
    yield from map(_item, items.values())
    yield from _counterparty() if form.counterparty else _subject(form)
    yield Column(form.document, ALWAYS, TEXT, _SHORT, note="同一单位、同一主体下的文书号不重复")
    yield Column(form.occurred, ALWAYS, DAY, note="不晚于今天")
    yield Column(form.authority, ALWAYS, TEXT, _SHORT)
    title = _TITLE if form.before else _SHORT
    longest = min(title, items[form.name].longest) if form.name in items else title
    yield Column(form.name, ALWAYS, TEXT, longest, note=_MASKED)
    for column in (form.begins, form.ends, form.over):
        if column and not (column in items and items[column].required):
            yield Column(column, NEVER, DAY, note=_end_note(column, form))
    wanted = REGION if form.region == layouts.DISTRICT else "统一社会信用代码或六位行政区划代码"
    yield Column(form.region, SOMETIMES, wanted, note="限定区域的单位必填")


def _end_note(column: str, form: Form) -> str:
    if column == form.begins:
        return ""
    without = "；不填则不公示" if column == form.ends and form.never_without_end else ""
    return f"不早于“{form.begins or form.occurred}”{without}"


def _item(item: CatalogueItem) -> Column:
    note = _MASKED if item.form is Written.PROSE else ""
    return Column(item.label, ALWAYS if item.required else NEVER, FORM_WORDS[item.form], item.longest, note=note)


def _subject(form: Form) -> Iterator[Column]:
    yield Column(layouts.SUBJECT_NAME, ALWAYS, TEXT, _SHORT)
    types = _types(persons=form.persons, organisations=form.organisations)
    yield Column(layouts.IDENTITY_TYPE, ALWAYS, CHOICE, choices=types)
    yield Column(layouts.IDENTITY_NUMBER, ALWAYS, NUMBER)


def _counterparty() -> Iterator[Column]:
    yield Column(layouts.NAME, ALWAYS, TEXT, _SHORT)
    yield Column(layouts.KIND, ALWAYS, CHOICE, choices=_SUBJECT_KINDS)
    yield Column(layouts.USCC, SOMETIMES, NUMBER, note=_ORGANISATION)
    yield Column(layouts.IDENTITY_TYPE, SOMETIMES, CHOICE, choices=_types(organisations=False), note=_PERSON)
    yield Column(layouts.IDENTITY_NUMBER, SOMETIMES, NUMBER, note=_PERSON)
    sealed = "单独加密保存，不作信息项"
    yield Column(layouts.REPRESENTATIVE_TYPE, NEVER, TEXT, note="不填视为身份证")
    yield Column(layouts.REPRESENTATIVE_NUMBER, NEVER, NUMBER, note=sealed)


_SUBJECT_KINDS = tuple((word, " ".join(sorted(kind.value for kind in kinds))) for word, kinds in KINDS.items())
_SUBJECT_KIND = tuple((word, code) for word, code in _SUBJECT_KINDS if " " not in code)
_NAME = Column(layouts.SUBJECT_NAME, ALWAYS, TEXT, _SHORT)
_NUMBER = Column(layouts.IDENTITY_NUMBER, ALWAYS, NUMBER)
_TYPE = Column(layouts.IDENTITY_TYPE, ALWAYS, CHOICE, choices=_types())
_REASSIGNED = "操作为“改归”时填写"
_RENAMED, _RENUMBERED = "变更类型为“更名”“合并”时填写", "变更类型为“换号”“合并”时填写"
_EVERY_TYPE = tuple((word, type_.value) for word, type_ in EVERY_WRITTEN_TYPE.items())
_OPENED = "在原系统开通的填写，两列同时填写或同时留空"
_OTHERS: Mapping[LayoutName, tuple[Column, ...]] = {
    LayoutName.SUBJECT: (Column("主体类别", ALWAYS, CHOICE, choices=_SUBJECT_KIND), _TYPE, _NUMBER, _NAME),
    LayoutName.SCORE: (
        _NAME,
        Column(layouts.IDENTITY_TYPE, ALWAYS, CHOICE, choices=_types(organisations=False)),
        _NUMBER,
        Column("海河分", ALWAYS, WHOLE),
        Column("模型版本", ALWAYS, TEXT, 40, note="现行版本"),
        Column("计算时间", ALWAYS, INSTANT),
        Column("开通时间", SOMETIMES, INSTANT, note=_OPENED),
        Column("告知书哈希", SOMETIMES, HASH, note=_OPENED),
    ),
    LayoutName.EVALUATION: (
        _NAME,
        Column(layouts.IDENTITY_TYPE, ALWAYS, CHOICE, choices=_types(persons=False)),
        _NUMBER,
        Column("评价等级", ALWAYS, CHOICE, choices=tuple(GRADES.items())),
        Column("评价依据", ALWAYS, TEXT, 500, note=_MASKED),
        Column("评价日期", ALWAYS, DAY, note="不晚于今天"),
        Column("有效期至", ALWAYS, DAY, note="不早于“评价日期”"),
    ),
    LayoutName.AMENDMENT: (
        Column("操作", ALWAYS, CHOICE, choices=tuple((word, act.value) for word, act in ACTS.items())),
        Column("信息类别", ALWAYS, CHOICE, choices=tuple(RECORDS.items())),
        Column("文书号", ALWAYS, TEXT, _SHORT),
        _NAME,
        _TYPE,
        _NUMBER,
        Column("更正后文书号", SOMETIMES, TEXT, _SHORT, note="操作为“更正”时填写"),
        Column("改归主体名称", SOMETIMES, TEXT, _SHORT, note=_REASSIGNED),
        Column("改归证件类型", SOMETIMES, CHOICE, choices=_types(), note=_REASSIGNED),
        Column("改归证件号码", SOMETIMES, NUMBER, note=_REASSIGNED),
    ),
    LayoutName.SUBJECT_CHANGE: (
        Column("变更类型", ALWAYS, CHOICE, choices=tuple((word, act.value) for word, act in CHANGES.items())),
        _NAME,
        Column(layouts.IDENTITY_TYPE, ALWAYS, CHOICE, choices=_EVERY_TYPE),
        _NUMBER,
        Column("变更后名称", SOMETIMES, TEXT, _SHORT, note=_RENAMED),
        Column("变更后证件类型", SOMETIMES, CHOICE, choices=_EVERY_TYPE, note=_RENUMBERED),
        Column("变更后证件号码", SOMETIMES, NUMBER, note=_RENUMBERED),
        Column("变更日期", ALWAYS, DAY, note="不晚于今天"),
        Column("变更依据", ALWAYS, TEXT, _SHORT),
    ),
}
