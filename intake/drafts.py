"""Rows into drafts: every kind of record by its form and the catalogue, the rest by a function each. Pure: what needs
the database comes later, in `loading`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from core.identity import EVERY_WRITTEN_TYPE, IdentityNumber, IdentityType, mask_numbers_in
from credit import models
from credit.amending import Act
from credit.catalogue import Catalogue, CatalogueEntry, CatalogueItem
from credit.catalogue import Form as Written
from credit.entering import RecordContent
from credit.evaluation import EvaluationContent
from credit.failings import Gravity, gravity
from credit.kinds import EvaluationGrade, Publicity, RecordNature, SubjectKind
from credit.renaming import SubjectAct, SubjectChange
from credit.scores_in import ScoreConsent, ScoreContent
from intake import cells, checks, layouts
from intake.cells import Values
from intake.checks import Sender
from intake.errors import RowRefused
from intake.findings import Finding
from intake.forms import FORMS, Form
from intake.layouts import Layout, LayoutName

# CHOICE: after five years a penalty is queried no more; siblings' regulations say five at most (domain facts §2.1).
QUERY_DAYS = 5 * 365
GRADES = {grade.value: grade.value for grade in EvaluationGrade}
KINDS = {
    "法人": frozenset({SubjectKind.LEGAL_PERSON}),
    "法人及非法人组织": frozenset({SubjectKind.LEGAL_PERSON, SubjectKind.UNINCORPORATED}),
    "非法人组织": frozenset({SubjectKind.UNINCORPORATED}),
    "个体工商户": frozenset({SubjectKind.INDIVIDUAL_BUSINESS}),
    "自然人": frozenset({SubjectKind.NATURAL_PERSON}),
}


@dataclass(frozen=True)
class Surroundings:
    """What a row is read against: the day, whether the database is a demonstration, the catalogue in force, who sends
    it, and the day before which a decision that had to be reported is late, by the working days of its term."""

    today: date
    invented: bool
    catalogue: Catalogue | None
    sender: Sender
    late_before: Mapping[int, date]


@dataclass(frozen=True)
class AmendmentDraft:
    """Something to put right about a record that is here: of whom, by what number, and what it should be."""

    act: Act
    kind: str
    document_number: str
    identity: IdentityNumber
    name: str
    right_number: str | None
    right: tuple[IdentityNumber, str] | None


@dataclass(frozen=True)
class SubjectDraft:
    """A subject to enter."""

    identity: IdentityNumber
    name: str
    kind: SubjectKind


class RecordDraft(NamedTuple):
    """A record to enter, whose subject is known by number and name only. `kinds` are what the row may mean by it."""

    identity: IdentityNumber
    name: str
    kinds: frozenset[SubjectKind]
    content: RecordContent


@dataclass(frozen=True)
class ScoreDraft:
    """A score made elsewhere."""

    identity: IdentityNumber
    name: str
    content: ScoreContent


@dataclass(frozen=True)
class EvaluationDraft:
    """An organisation's evaluation."""

    identity: IdentityNumber
    name: str
    content: EvaluationContent


@dataclass(frozen=True)
class SubjectChangeDraft:
    """A subject that is here and has another name, or another number."""

    identity: IdentityNumber
    name: str
    change: SubjectChange


Draft = SubjectDraft | RecordDraft | ScoreDraft | EvaluationDraft | AmendmentDraft | SubjectChangeDraft


def record(
    name: LayoutName, entry: CatalogueEntry, line: int, values: Values, around: Surroundings, found: list[Finding]
) -> RecordDraft:
    """A record of one kind, of the catalogue's items. What the provider should know beside is added to `found`."""
    form = FORMS[name]
    who, whose, kinds, third = _whose(form, values, around)
    district = checks.district(values[form.region], form.region, around.sender)
    occurred = cells.past_day(values, form.occurred, today=around.today)
    if entry.days_to_report and occurred < around.late_before[entry.days_to_report]:
        found.append(Finding(line, form.occurred, "LATE", str(entry.days_to_report)))
    begins = cells.optional_day(values, form.begins) if form.begins else None
    since, first = (form.begins, begins) if begins else (form.occurred, occurred)
    ends = _end(form.ends, since, first, values)
    over = _end(form.over, form.occurred, occurred, values)
    items = items_of(entry, values, since, first)
    if ends and entry.nature is RecordNature.ADVERSE and form.never_without_end:
        failing = gravity(items["penalty.category"]) if name is LayoutName.PENALTY else Gravity.SERIOUS
        warned = checks.publicity(failing, occurred, ends, form.ends, today=around.today)
        if warned:
            found.append(Finding(line, *warned))
    adverse = entry.nature is RecordNature.ADVERSE
    title = cells.text(values, form.name, longest=500 if form.before else 120)
    said = RecordContent(
        catalogue=around.catalogue.version if around.catalogue else "",
        kind=name.value,
        category=entry.category,
        nature=entry.nature,
        title=f"{form.before}{mask_numbers_in(title)}"[:200],
        document_number=cells.text(values, form.document),
        authority=cells.text(values, form.authority),
        occurred_on=occurred,
        publicity=_publicity(entry, who) if ends or not form.never_without_end else Publicity.ON_AUTHORISATION,
        publicity_until=min(ends, over) if ends and over else ends,
        query_until=over or (occurred + timedelta(days=QUERY_DAYS) if adverse else None),
        score_until=over or ends or (occurred + timedelta(days=365) if adverse else None),
        items=items,
        third_persons=third,
        district=district,
    )
    return RecordDraft(who, whose, kinds, said)


def subject(values: Values, around: Surroundings) -> SubjectDraft:
    """信用主体: kind, number and name; kind and number must be of one sort."""
    kinds = _kinds(values, "主体类别")
    if len(kinds) != 1:
        raise RowRefused("CHOICE", "主体类别", "法人、非法人组织、个体工商户、自然人")
    (kind,) = kinds
    type_ = cells.identity_type(values, layouts.IDENTITY_TYPE)
    if (type_ is IdentityType.USCC) == (kind is SubjectKind.NATURAL_PERSON):
        raise RowRefused("CHOICE", layouts.IDENTITY_TYPE, "与主体类别相符的证件类型")
    who = _identity(values, layouts.IDENTITY_NUMBER, type_, around)
    return SubjectDraft(who, cells.text(values, "主体名称"), kind)


def score(values: Values, around: Surroundings) -> ScoreDraft:
    """海河分 by the model in force; with the consent it rests on, where it was opened elsewhere."""
    type_ = cells.identity_type(values, layouts.IDENTITY_TYPE)
    if type_ is IdentityType.USCC:
        raise RowRefused("NOT_A_PERSON")
    model = models.in_force(around.today)
    if cells.text(values, "模型版本", longest=40) != model.version:
        raise RowRefused("MODEL_VERSION", "模型版本", model.version)
    written = cells.text(values, "海河分", longest=5)
    if not (written.isascii() and written.isdigit()) or not model.minimum <= int(written) <= model.maximum:
        raise RowRefused("SCORE_RANGE", "海河分", f"{model.minimum}—{model.maximum}")
    said = ScoreContent(
        value=int(written),
        model_version=model.version,
        computed_at=cells.past_instant(values, "计算时间", today=around.today),
        consent=_consent(values, around),
    )
    return ScoreDraft(_identity(values, layouts.IDENTITY_NUMBER, type_, around), cells.text(values, "主体名称"), said)


def _consent(values: Values, around: Surroundings) -> ScoreConsent | None:
    """Both columns, or neither."""
    if not values["开通时间"].strip() and not values["告知书哈希"].strip():
        return None
    opened_at = cells.past_instant(values, "开通时间", today=around.today)
    return ScoreConsent(opened_at, cells.sha256(values, "告知书哈希"))


def evaluation(values: Values, around: Surroundings) -> EvaluationDraft:
    """公共信用综合评价: of organisations alone, with its last day."""
    type_ = cells.identity_type(values, layouts.IDENTITY_TYPE)
    if type_ is not IdentityType.USCC:
        raise RowRefused("NOT_AN_ORGANISATION")
    assessed = cells.past_day(values, "评价日期", today=around.today)
    until = cells.not_before(cells.day(values, "有效期至"), "有效期至", assessed, "评价日期")
    assert until is not None  # a required day is there
    said = EvaluationContent(
        grade=EvaluationGrade(cells.choice(values, "评价等级", GRADES)),
        basis=cells.prose(values, "评价依据", longest=500),
        assessed_on=assessed,
        valid_until=until,
    )
    who = _identity(values, layouts.IDENTITY_NUMBER, type_, around)
    return EvaluationDraft(who, cells.text(values, "主体名称"), said)


ACTS = {"更正": Act.RENUMBER, "撤回": Act.WITHDRAW, "修复": Act.REPAIR, "改归": Act.REASSIGN}
RECORDS = {layout.title: layout.name.value for layout in layouts.LAYOUTS if layout.name in FORMS}
_RIGHT_NUMBER, _RIGHT_NAME, _RIGHT_TYPE, _RIGHT_IDENTITY = (
    "更正后文书号",
    "改归主体名称",
    "改归证件类型",
    "改归证件号码",
)


def amendment(values: Values, around: Surroundings) -> AmendmentDraft:
    """更正撤回: 更正 gives a document number, 改归 a subject, 撤回 and 修复 neither."""
    act = Act(cells.choice(values, "操作", ACTS))
    wanted = {Act.RENUMBER: (_RIGHT_NUMBER,), Act.REASSIGN: (_RIGHT_NAME, _RIGHT_TYPE, _RIGHT_IDENTITY)}.get(act, ())
    for column in (_RIGHT_NUMBER, _RIGHT_NAME, _RIGHT_TYPE, _RIGHT_IDENTITY):
        if column not in wanted and values[column].strip():
            raise RowRefused("NOT_FOR_THIS_ACT", column)
    right = None
    if act is Act.REASSIGN:
        type_ = cells.identity_type(values, _RIGHT_TYPE)
        right = (_identity(values, _RIGHT_IDENTITY, type_, around), cells.text(values, _RIGHT_NAME))
    return AmendmentDraft(
        act=act,
        kind=cells.choice(values, "信息类别", RECORDS),
        document_number=cells.text(values, "文书号"),
        identity=_identity(values, layouts.IDENTITY_NUMBER, cells.identity_type(values, layouts.IDENTITY_TYPE), around),
        name=cells.text(values, "主体名称"),
        right_number=cells.text(values, _RIGHT_NUMBER) if act is Act.RENUMBER else None,
        right=right,
    )


CHANGES = {"更名": SubjectAct.RENAME, "换号": SubjectAct.RENUMBER, "合并": SubjectAct.MERGE}
_NEW_NAME, _NEW_TYPE, _NEW_NUMBER = "变更后名称", "变更后证件类型", "变更后证件号码"
_NOT_FOR = {SubjectAct.RENAME: (_NEW_TYPE, _NEW_NUMBER), SubjectAct.RENUMBER: (_NEW_NAME,), SubjectAct.MERGE: ()}


def subject_change(values: Values, around: Surroundings) -> SubjectChangeDraft:
    """主体变更: 更名 gives a name, 换号 a number, 合并 both of the subject that it is; a person's number is not an
    organisation's."""
    act = SubjectAct(cells.choice(values, "变更类型", CHANGES))
    for column in _NOT_FOR[act]:
        if values[column].strip():
            raise RowRefused("NOT_FOR_THIS_ACT", column)
    type_ = cells.identity_type(values, layouts.IDENTITY_TYPE, EVERY_WRITTEN_TYPE)
    who, name = _identity(values, layouts.IDENTITY_NUMBER, type_, around), cells.text(values, "主体名称")
    right_name, right = None, None
    if act is not SubjectAct.RENUMBER:
        right_name = cells.text(values, _NEW_NAME)
    if act is not SubjectAct.RENAME:
        right_type = cells.identity_type(values, _NEW_TYPE, EVERY_WRITTEN_TYPE)
        if (right_type is IdentityType.USCC) != (type_ is IdentityType.USCC):
            raise RowRefused("CHOICE", _NEW_TYPE, "与变更前相符的证件类型")
        right = _identity(values, _NEW_NUMBER, right_type, around)
    if right == who or (right is None and right_name == name):
        raise RowRefused("NOTHING_CHANGES", _NEW_NAME if right is None else _NEW_NUMBER)
    on = cells.past_day(values, "变更日期", today=around.today)
    said = SubjectChange(act, who, name, on, cells.text(values, "变更依据"), right_name, right)
    return SubjectChangeDraft(who, name, said)


_OTHERS: Mapping[LayoutName, Callable[[Values, Surroundings], Draft]] = {
    LayoutName.SUBJECT: subject,
    LayoutName.SCORE: score,
    LayoutName.EVALUATION: evaluation,
    LayoutName.AMENDMENT: amendment,
    LayoutName.SUBJECT_CHANGE: subject_change,
}


def read(layout: Layout, line: int, values: Values | None, around: Surroundings, found: list[Finding]) -> Draft | None:
    """A row as a draft, or None when it cannot be taken. What was found, warnings too, is added to `found`."""
    try:
        if values is None:
            raise RowRefused("COLUMN_COUNT")
        entry = checks.entry_of(layout.name.value, layout.title, around.catalogue, around.sender)
        if entry is None:
            return _OTHERS[layout.name](values, around)
        return record(layout.name, entry, line, values, around, found)
    except RowRefused as error:
        found.append(error.at(line))
        return None


def _whose(
    form: Form, values: Values, around: Surroundings
) -> tuple[IdentityNumber, str, frozenset[SubjectKind], Mapping[str, str]]:
    if form.counterparty:
        return _counterparty(values, around)
    type_ = cells.identity_type(values, layouts.IDENTITY_TYPE)
    if type_ is IdentityType.USCC and not form.organisations:
        raise RowRefused("NATURAL_PERSONS_ONLY", layouts.IDENTITY_TYPE)
    if type_ is not IdentityType.USCC and not form.persons:
        raise RowRefused("ORGANISATIONS_ONLY", layouts.IDENTITY_TYPE)
    who = _identity(values, layouts.IDENTITY_NUMBER, type_, around)
    return who, cells.text(values, layouts.SUBJECT_NAME), frozenset(SubjectKind), {}


def _end(column: str, earlier_column: str, earlier: date, values: Values) -> date | None:
    return cells.not_before(cells.optional_day(values, column), column, earlier, earlier_column) if column else None


def items_of(entry: CatalogueEntry, values: Values, since: str, first: date) -> Mapping[str, str]:
    """The items that a row has, each as the catalogue says it is written."""
    items = {}
    for item in entry.items:
        if not values[item.label].strip():
            if item.required:
                raise RowRefused("MISSING", item.label)
            continue
        value = _WRITTEN[item.form](values, item, since, first)
        if value is not None:
            items[item.code] = value
    return items


def _day(values: Values, item: CatalogueItem, _since: str, _first: date) -> str | None:
    found = cells.optional_day(values, item.label)
    return found.isoformat() if found else None


def _day_after(values: Values, item: CatalogueItem, since: str, first: date) -> str | None:
    found = _end(item.label, since, first, values)
    return found.isoformat() if found else None


_WRITTEN: Mapping[Written, Callable[[Values, CatalogueItem, str, date], str | None]] = {
    Written.TEXT: lambda values, item, _since, _first: cells.optional_text(values, item.label, longest=item.longest),
    Written.PROSE: lambda values, item, _since, _first: cells.optional_prose(values, item.label, longest=item.longest),
    Written.DAY: _day,
    Written.DAY_AFTER: _day_after,
    Written.WAN_YUAN: lambda values, item, _since, _first: cells.wan_yuan(values, item.label),
}


def _counterparty(
    values: Values, around: Surroundings
) -> tuple[IdentityNumber, str, frozenset[SubjectKind], Mapping[str, str]]:
    """The 行政相对人 and its possible kinds, and the legal representative's number, which is a third person's."""
    kinds = _kinds(values, layouts.KIND)
    name = cells.text(values, layouts.NAME)
    if SubjectKind.NATURAL_PERSON in kinds:
        type_ = cells.identity_type(values, layouts.IDENTITY_TYPE)
        if type_ is IdentityType.USCC:
            raise RowRefused("CHOICE", layouts.IDENTITY_TYPE, "自然人的证件类型")
        return _identity(values, layouts.IDENTITY_NUMBER, type_, around), name, kinds, {}
    who = _identity(values, layouts.USCC, IdentityType.USCC, around)
    return who, name, kinds, _representative(values, around)


def _representative(values: Values, around: Surroundings) -> Mapping[str, str]:
    """The legal representative's number: checked where it is a resident's, taken as written where it is another's."""
    if not values[layouts.REPRESENTATIVE_NUMBER].strip():
        return {}
    if values[layouts.REPRESENTATIVE_TYPE].strip() in ("", "身份证", "居民身份证"):
        third = _identity(values, layouts.REPRESENTATIVE_NUMBER, IdentityType.RESIDENT_ID, around).number
    else:
        third = cells.text(values, layouts.REPRESENTATIVE_NUMBER, longest=40)
    return {"LEGAL_REPRESENTATIVE": third}


def _identity(values: Values, column: str, type_: IdentityType, around: Surroundings) -> IdentityNumber:
    return cells.identity(values, column, type_, today=around.today, invented=around.invented)


def _kinds(values: Values, column: str) -> frozenset[SubjectKind]:
    found = KINDS.get(cells.text(values, column))
    if found is None:
        raise RowRefused("CHOICE", column, "、".join(KINDS))
    return found


def _publicity(entry: CatalogueEntry, who: IdentityNumber) -> Publicity:
    """What the catalogue says; only organisations are ever published (个人信息保护法 25)."""
    if who.type is IdentityType.USCC or entry.publicity is not Publicity.PUBLIC:
        return entry.publicity
    return Publicity.ON_AUTHORISATION
