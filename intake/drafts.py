"""Rows into drafts, one function a layout. Pure: what needs the database comes later, in `loading`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.identity import IdentityNumber, IdentityType
from credit import models
from credit.amending import Act
from credit.entering import RecordContent
from credit.evaluation import EvaluationContent
from credit.kinds import EvaluationGrade, Publicity, RecordNature, SubjectKind
from credit.scores_in import ScoreConsent, ScoreContent
from grants.scope import RecordCategory
from intake import cells, layouts
from intake.cells import Values
from intake.errors import RowRefused
from intake.layouts import LayoutName

# CHOICE: after five years a penalty is queried no more; siblings' regulations say five at most (domain facts §2.1).
QUERY_DAYS = 5 * 365
_GRADES = {grade.value: grade.value for grade in EvaluationGrade}
_KINDS = {
    "法人": frozenset({SubjectKind.LEGAL_PERSON}),
    "法人及非法人组织": frozenset({SubjectKind.LEGAL_PERSON, SubjectKind.UNINCORPORATED}),
    "非法人组织": frozenset({SubjectKind.UNINCORPORATED}),
    "个体工商户": frozenset({SubjectKind.INDIVIDUAL_BUSINESS}),
    "自然人": frozenset({SubjectKind.NATURAL_PERSON}),
}


@dataclass(frozen=True)
class Surroundings:
    """What a row is read against: the day, and whether the database is a demonstration."""

    today: date
    invented: bool


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


@dataclass(frozen=True)
class RecordDraft:
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


Draft = SubjectDraft | RecordDraft | ScoreDraft | EvaluationDraft | AmendmentDraft


def penalty(values: Values, around: Surroundings) -> RecordDraft:
    """行政处罚: adverse; an organisation's is public until its 公示截止期 (without one, never), a person's never."""
    who, name, kinds, third = _counterparty(values, around)
    decided = cells.past_day(values, "处罚决定日期", today=around.today)
    public_until = cells.not_before(cells.optional_day(values, "公示截止期"), "公示截止期", decided, "处罚决定日期")
    valid_until = cells.not_before(cells.optional_day(values, "处罚有效期"), "处罚有效期", decided, "处罚决定日期")
    violation = cells.prose(values, "违法行为类型", longest=500)
    items = {
        "penalty.violation_type": violation,
        "penalty.facts": cells.optional_prose(values, "违法事实"),
        "penalty.basis": cells.optional_prose(values, "处罚依据"),
        "penalty.category": cells.text(values, "处罚类别"),
        "penalty.content": cells.prose(values, "处罚内容"),
        "penalty.fine_wan_yuan": cells.wan_yuan(values, "罚款金额（万元）"),
        "penalty.confiscated_wan_yuan": cells.wan_yuan(values, "没收违法所得、没收非法财物的金额（万元）"),
        "penalty.withheld_licence": cells.optional_text(values, "暂扣或吊销证照名称及编号", longest=200),
        "penalty.valid_until": valid_until.isoformat() if valid_until else None,
        "penalty.remark": cells.optional_prose(values, "备注", longest=500),
    }
    said = RecordContent(
        kind=LayoutName.PENALTY.value,
        category=RecordCategory.ADMINISTRATIVE,
        nature=RecordNature.ADVERSE,
        title=f"行政处罚：{items['penalty.category']}"[:200],
        document_number=cells.text(values, "行政处罚决定书文号"),
        authority=cells.text(values, "处罚机关"),
        occurred_on=decided,
        publicity=_publicity(who) if public_until else Publicity.ON_AUTHORISATION,
        publicity_until=public_until,
        query_until=decided + timedelta(days=QUERY_DAYS),
        score_until=public_until or decided + timedelta(days=365),
        items=_present(items),
        third_persons=third,
    )
    return RecordDraft(who, name, kinds, said)


def licence(values: Values, around: Surroundings) -> RecordDraft:
    """行政许可: neutral."""
    who, name, kinds, third = _counterparty(values, around)
    decided = cells.past_day(values, "许可决定日期", today=around.today)
    begins = cells.optional_day(values, "有效期自")
    ends = cells.not_before(cells.optional_day(values, "有效期至"), "有效期至", begins or decided, "有效期自")
    certificate = cells.text(values, "许可证书名称")
    items = {
        "licence.document_name": cells.text(values, "行政许可决定文书名称"),
        "licence.type": cells.text(values, "许可类别"),
        "licence.certificate_name": certificate,
        "licence.certificate_number": cells.optional_text(values, "许可编号"),
        "licence.content": cells.optional_prose(values, "许可内容"),
        "licence.valid_from": begins.isoformat() if begins else None,
        "licence.valid_until": ends.isoformat() if ends else None,
        "licence.state": cells.optional_text(values, "当前状态", longest=20),
        "licence.remark": cells.optional_prose(values, "备注", longest=500),
    }
    said = RecordContent(
        kind=LayoutName.LICENCE.value,
        category=RecordCategory.ADMINISTRATIVE,
        nature=RecordNature.NEUTRAL,
        title=f"行政许可：{certificate}"[:200],
        document_number=cells.text(values, "行政许可决定文书号"),
        authority=cells.text(values, "许可机关"),
        occurred_on=decided,
        publicity=_publicity(who),
        publicity_until=ends,
        query_until=None,
        score_until=ends,
        items=_present(items),
        third_persons=third,
    )
    return RecordDraft(who, name, kinds, said)


def honour(values: Values, around: Surroundings) -> RecordDraft:
    """诚实守信相关荣誉: favourable."""
    type_ = cells.identity_type(values, layouts.IDENTITY_TYPE)
    who = _identity(values, layouts.IDENTITY_NUMBER, type_, around)
    given = cells.past_day(values, "授予日期", today=around.today)
    ends = cells.not_before(cells.optional_day(values, "有效期至"), "有效期至", given, "授予日期")
    items = {
        "honour.level": cells.text(values, "荣誉级别", longest=20),
        "honour.reason": cells.optional_prose(values, "授予事由"),
        "honour.basis": cells.optional_text(values, "文件依据", longest=500),
        "honour.valid_until": ends.isoformat() if ends else None,
    }
    said = RecordContent(
        kind=LayoutName.HONOUR.value,
        category=RecordCategory.HONOUR,
        nature=RecordNature.FAVOURABLE,
        title=cells.text(values, "荣誉名称"),
        document_number=cells.text(values, "荣誉文书号"),
        authority=cells.text(values, "授予机关"),
        occurred_on=given,
        publicity=_publicity(who),
        publicity_until=ends,
        query_until=None,
        score_until=ends,
        items=_present(items),
    )
    return RecordDraft(who, cells.text(values, "主体名称"), frozenset(SubjectKind), said)


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
        grade=EvaluationGrade(cells.choice(values, "评价等级", _GRADES)),
        basis=cells.prose(values, "评价依据", longest=500),
        assessed_on=assessed,
        valid_until=until,
    )
    who = _identity(values, layouts.IDENTITY_NUMBER, type_, around)
    return EvaluationDraft(who, cells.text(values, "主体名称"), said)


_ACTS = {"更正": Act.RENUMBER, "撤回": Act.WITHDRAW, "修复": Act.REPAIR, "改归": Act.REASSIGN}
_RECORDS = {layout.title: layout.name.value for layout in (layouts.PENALTY, layouts.LICENCE, layouts.HONOUR)}
_RIGHT_NUMBER, _RIGHT_NAME, _RIGHT_TYPE, _RIGHT_IDENTITY = (
    "更正后文书号",
    "改归主体名称",
    "改归证件类型",
    "改归证件号码",
)


def amendment(values: Values, around: Surroundings) -> AmendmentDraft:
    """更正撤回: 更正 gives a document number, 改归 a subject, 撤回 and 修复 neither."""
    act = Act(cells.choice(values, "操作", _ACTS))
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
        kind=cells.choice(values, "信息类别", _RECORDS),
        document_number=cells.text(values, "文书号"),
        identity=_identity(values, layouts.IDENTITY_NUMBER, cells.identity_type(values, layouts.IDENTITY_TYPE), around),
        name=cells.text(values, "主体名称"),
        right_number=cells.text(values, _RIGHT_NUMBER) if act is Act.RENUMBER else None,
        right=right,
    )


READERS: Mapping[LayoutName, Callable[[Values, Surroundings], Draft]] = {
    LayoutName.PENALTY: penalty,
    LayoutName.LICENCE: licence,
    LayoutName.HONOUR: honour,
    LayoutName.SUBJECT: subject,
    LayoutName.SCORE: score,
    LayoutName.EVALUATION: evaluation,
    LayoutName.AMENDMENT: amendment,
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
    found = _KINDS.get(cells.text(values, column))
    if found is None:
        raise RowRefused("CHOICE", column, "、".join(_KINDS))
    return found


def _publicity(who: IdentityNumber) -> Publicity:
    """Only organisations are ever published (个人信息保护法 25)."""
    return Publicity.PUBLIC if who.type is IdentityType.USCC else Publicity.ON_AUTHORISATION


def _present(items: Mapping[str, str | None]) -> Mapping[str, str]:
    return {code: value for code, value in items.items() if value is not None}
