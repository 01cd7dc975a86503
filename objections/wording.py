"""异议处理结果告知书: the letter that answers an objection, in words. Pure.

Every letter says what was contested, what came of it, why, where the information is from, and what can be done next
(Art. 12(3), 个人信息保护法 50).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.moments import day_of
from credit.typeset.forms import WATERMARK
from credit.typeset.letter import Letter
from objections.kinds import ObjectionGround, ObjectionOutcome, ObjectionRequest, ObjectionTarget, StopCause
from parties.kinds import MandateKind

TITLE = "异议处理结果告知书"
# What is said where an institution has said nothing of its own.
REMEDY = "对本结果不服的，可以向作出处理的机构再次反映，也可以依法通过行政复议、行政诉讼等途径维护自己的合法权益。"
STOPS: Mapping[StopCause, str] = {
    StopCause.TESTING: "检验",
    StopCause.INSPECTION: "检测",
    StopCause.QUARANTINE: "检疫",
    StopCause.APPRAISAL: "鉴定",
    StopCause.EXPERT_REVIEW: "专家评审",
}
_TARGETS: Mapping[ObjectionTarget, str] = {
    ObjectionTarget.RECORD: "一条信用信息",
    ObjectionTarget.MISSING_RECORD: "遗漏的信用信息",
    ObjectionTarget.ACCESS: "一次信息查询",
    ObjectionTarget.SCORE: "海河分",
    ObjectionTarget.EVALUATION: "公共信用综合评价结果",
    ObjectionTarget.INDUSTRY_RESULT: "一项行业信用评价结果",
}
_GROUNDS: Mapping[ObjectionGround, str] = {
    ObjectionGround.ERROR: "信息存在错误",
    ObjectionGround.OMISSION: "信息存在遗漏",
    ObjectionGround.TRADE_SECRET: "侵犯商业秘密",
    ObjectionGround.PRIVACY: "侵犯个人隐私",
    ObjectionGround.PERSONAL_INFORMATION: "侵犯其他个人信息权益",
    ObjectionGround.OTHER: "其他情形",
}
_REQUESTS: Mapping[ObjectionRequest, str] = {
    ObjectionRequest.CORRECT: "更正",
    ObjectionRequest.ADD: "补充",
    ObjectionRequest.DELETE: "删除",
    ObjectionRequest.STOP_USE: "停止使用",
    ObjectionRequest.NOT_ME: "确认并非本人信息",
    ObjectionRequest.EXPLAIN: "作出说明",
}
_OUTCOMES: Mapping[ObjectionOutcome, str] = {
    ObjectionOutcome.CORRECTED: "予以更正。有关信息已经更正。",
    ObjectionOutcome.ADDED: "予以补充。遗漏的信息已经补入。",
    ObjectionOutcome.DELETED: "予以删除。有关信息已经删除，不再展示、共享和使用。",
    ObjectionOutcome.REASSIGNED: "有关信息不属于异议申请人，已从其信用记录中移除。",
    ObjectionOutcome.USE_STOPPED: "停止使用。有关使用已经停止。",
    ObjectionOutcome.NOT_CORRECTED: "不予更正。",
    ObjectionOutcome.UNVERIFIABLE_WITHHELD: "有关信息未经核实，已停止展示、共享和使用。这不是对异议申请人不利的认定。",
    ObjectionOutcome.EXPLAINED: "已作出说明，有关信息未作改动。",
}
# Of a look that a state organ had by law: no grant was behind it that could have been ended.
_CALLED_UPON = (
    "停止使用。该次查询不以信用主体的授权为依据，本机构已将其列为存疑查询，并通知查询机关停止使用由此取得的信息。"
)
# Nobody sets a score: that it is computed again is all that was done.
_COMPUTED_ANEW = "予以重新计算。海河分由评分模型重新计算。"
# Where nobody is named who sent it: nobody did; or an agency answers, and is not shown what it would name.
_NOT_SHOWN = "信息提供单位不向本机构显示，信用主体可以在自身的信用信息中查看。"
_UNNAMED: Mapping[ObjectionTarget, str] = {
    ObjectionTarget.RECORD: _NOT_SHOWN,
    ObjectionTarget.MISSING_RECORD: "异议所指的信息没有补入，没有信息来源可以告知。",
    ObjectionTarget.ACCESS: "查询记录由信用信息系统在查询时自动形成，没有其他信息提供单位。",
    ObjectionTarget.SCORE: "海河分由评分模型根据信用主体的信用信息计算得出，没有其他单位提供分值。",
    ObjectionTarget.EVALUATION: _NOT_SHOWN,
    ObjectionTarget.INDUSTRY_RESULT: _NOT_SHOWN,
}
# Who files for somebody else, as the letter calls them: it goes to them, or through them to whom they file for.
_IN_PLACE: Mapping[MandateKind, str] = {MandateKind.GUARDIAN: "监护人", MandateKind.NEAR_RELATIVE: "近亲属"}
_ON_BEHALF: Mapping[MandateKind, str] = {MandateKind.AGENT: "代理人", MandateKind.HELPER: "协助人"}
_LIFTED = "异议处理完毕，本异议的标注已经取消。"
_TO_BE_LIFTED = "异议处理完毕，本异议的标注于本告知书送达时取消。"
_IN_APP = "本告知书经电子签名，可以在应用中下载。"
_ON_PAPER = "纸质告知书加盖本机构印章；电子告知书经电子签名。"


@dataclass(frozen=True)
class Told:
    """What a letter is made of, as it was decided.

    `about` names the contested record, `source` who sent what was contested or added; `joined` are grounds and requests
    of filings that joined; `applicant` filed it in a `capacity` for the subject, who is an `organisation` or a person.
    `by_law` says that an organ had the contested look by law, `of_agency` that a credit service agency answers, of what
    it holds itself; `on_paper` that the letter leaves stamped.
    """

    number: str
    sender: str
    addressee: str
    address: str | None
    filed_at: datetime
    decided_at: datetime
    target: ObjectionTarget
    ground: ObjectionGround
    request: ObjectionRequest
    outcome: ObjectionOutcome
    reason: str
    about: str | None
    source: str | None
    remedy: str
    stops: Sequence[tuple[StopCause, str]] = ()
    demonstration: bool = False
    by_law: bool = False
    of_agency: bool = False
    on_paper: bool = False
    organisation: bool = False
    capacity: MandateKind = MandateKind.SELF
    applicant: str | None = None
    joined: Sequence[tuple[ObjectionGround, ObjectionRequest]] = ()


def letter_of(told: Told) -> Letter:
    """The letter."""
    numerals = iter("一二三四五六")
    parts = [("异议事项", [_matter(told)])]
    parts += [("处理结果", [_outcome(told)]), ("理由", told.reason.split("\n"))]
    parts.append(("信息来源", [told.source or _UNNAMED[told.target]]))
    if told.stops:
        said = "；".join(f"{STOPS[cause]}，{days}" for cause, days in told.stops)
        parts.append(("不计入办理时间的期间", [f"{said}。以上期间依法不计入异议申请办理时间。"]))
    parts.append(("救济途径", [told.remedy]))
    return Letter(
        sender=told.sender,
        title=TITLE,
        number=told.number,
        addressee=_to(told),
        address=told.address,
        opening=f"{_filed(told)}提出的异议申请（编号{told.number}），本机构已经办理完毕。现将处理结果告知如下：",
        sections=[(f"{next(numerals)}、{title}", said) for title, said in parts],
        signed_by=told.sender,
        day=chinese_day(told.decided_at),
        stamped=told.on_paper,
        notes=[_note(told)],
        watermark=WATERMARK if told.demonstration else None,
    )


def text_of(letter: Letter) -> str:
    """The letter as plain text, as a handler reads it before it is sent."""
    lines = [letter.sender, letter.title, f"编号：{letter.number}", f"{letter.addressee}：", letter.opening]
    for title, paragraphs in letter.sections:
        lines += [title, *paragraphs]
    return "\n".join([*lines, letter.signed_by, letter.day])


def chinese_day(at: datetime) -> str:
    """The city's day of an instant, as a letter writes it."""
    day = day_of(at)
    return f"{day.year}年{day.month}月{day.day}日"


def _to(told: Told) -> str:
    """Who reads it: whoever stands in the subject's place, or else the subject."""
    place = _IN_PLACE.get(told.capacity)
    if place is None:
        return told.addressee
    who = f"{told.addressee}的{place}"
    return who if told.applicant is None else f"{told.applicant}（{who}）"


def _filed(told: Told) -> str:
    """Who filed it, when, and for whom, to whoever reads it."""
    day, subject = chinese_day(told.filed_at), told.addressee
    if told.capacity is MandateKind.GUARDIAN:
        return f"您于{day}代{subject}"
    if told.capacity is MandateKind.NEAR_RELATIVE:
        return f"您于{day}就{subject}的信用信息"
    reader = "贵单位" if told.organisation else "您"
    helper = _ON_BEHALF.get(told.capacity)
    return f"{reader}于{day}" if helper is None else f"{reader}的{helper}{told.applicant or ''}于{day}代{reader}"


def _note(told: Told) -> str:
    """That the mark goes, where there is one, and by what the letter is known to be genuine."""
    lifted = "" if told.target is ObjectionTarget.ACCESS else _TO_BE_LIFTED if told.on_paper else _LIFTED
    return lifted + (_ON_PAPER if told.on_paper else _IN_APP)


def _outcome(told: Told) -> str:
    """What was done."""
    if told.by_law and told.outcome is ObjectionOutcome.USE_STOPPED:
        return _CALLED_UPON
    if told.target is ObjectionTarget.SCORE and told.outcome is ObjectionOutcome.CORRECTED and not told.of_agency:
        return _COMPUTED_ANEW
    return _OUTCOMES[told.outcome]


def _matter(told: Told) -> str:
    about = f"：{told.about}" if told.about else ""
    said = f"{_TARGETS[told.target]}{about}。申请理由为{_GROUNDS[told.ground]}，请求{_REQUESTS[told.request]}。"
    others = [one for one in dict.fromkeys(told.joined) if one != (told.ground, told.request)]
    return said + "".join(
        f"其后就同一事项提出的理由为{_GROUNDS[ground]}，请求{_REQUESTS[request]}。" for ground, request in others
    )
