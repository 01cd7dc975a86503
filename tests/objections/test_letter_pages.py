"""The letter as it is seen: on its page, in its margins, every character with a shape, and every part of it in ink."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from credit.typeset import setting
from objections import wording
from objections.kinds import ObjectionGround, ObjectionOutcome, ObjectionRequest, ObjectionTarget, StopCause
from objections.wording import Told
from parties.kinds import MandateKind
from tests.harness import pages
from tests.harness.pages import MM, Box

_AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
_O, _T = ObjectionOutcome, ObjectionTarget
_TOLD = Told(
    number="YY12345678901234",
    sender="海津市公共信用信息中心",
    addressee="欧阳某某",
    address=None,
    filed_at=datetime(2026, 11, 10, 2, tzinfo=UTC),
    decided_at=_AT,
    target=_T.RECORD,
    ground=ObjectionGround.ERROR,
    request=ObjectionRequest.CORRECT,
    outcome=_O.CORRECTED,
    reason="经提供单位核实，记录录入有误。",
    about="行政处罚决定（海市监罚〔2026〕12号）",
    source="海津市市场监督管理委员会",
    remedy=wording.REMEDY,
    demonstration=True,
)
_PAPER = replace(_TOLD, on_paper=True, address="海津市滨河区示例路1号", applicant="王小明")
# Who answers whom, of what, and how it leaves; the last ones as long and as strange as somebody may write.
_LETTERS: Mapping[str, Told] = {
    **{outcome.value: replace(_TOLD, outcome=outcome) for outcome in _O},
    **{target.value: replace(_TOLD, target=target, about=None, source=None) for target in _T},
    "agency": replace(_TOLD, of_agency=True, source=None, sender="海津示例征信服务有限公司"),
    "organisation": replace(_TOLD, organisation=True, capacity=MandateKind.LEGAL_REPRESENTATIVE, applicant="王小明"),
    "guardian": replace(_PAPER, capacity=MandateKind.GUARDIAN),
    "relative": replace(_PAPER, capacity=MandateKind.NEAR_RELATIVE, outcome=_O.NOT_CORRECTED),
    "agent": replace(_PAPER, capacity=MandateKind.AGENT),
    "helper": replace(_TOLD, capacity=MandateKind.HELPER, applicant="王小明"),
    "stopped": replace(_TOLD, stops=[(cause, "2026年11月12日至2026年11月15日") for cause in StopCause]),
    "long": replace(_PAPER, reason="\n".join("经核对原始文书，内容一致。" * 9 for _ in range(30)), address="长" * 200),
    "one word": replace(_PAPER, reason="é" * 900, addressee="а" * 80, about="x" * 200, address="…" * 200),
    "hard spaces": replace(_TOLD, reason="字\u00a0" * 400, remedy="（" * 200),
    "rare": replace(_TOLD, addressee="𠮷田\U000323af", reason="㐂\U00020000😀"),
}  # fmt: skip
_EDGE = 1.5  # points: half a stroke, and what a dot covers
_INSIDE = Box(28 * MM - _EDGE, 24 * MM - _EDGE, 184 * MM + _EDGE, 286 * MM)


@pytest.mark.parametrize("name", _LETTERS)
def test_everything_is_on_the_page_and_can_be_read(name: str) -> None:
    letter = wording.letter_of(_LETTERS[name])
    pdf = setting.letter(letter, at=_AT)
    assert pages.shapeless(pdf) == 0
    titles = [title for title, _ in letter.sections]
    assert [title.partition("、")[2] for title in titles][:4] == ["异议事项", "处理结果", "理由", "信息来源"]
    with pages.seen(pdf) as seen:
        for page in seen:
            ink = page.inked
            assert min(ink.left - _INSIDE.left, ink.top - _INSIDE.top) > 0, ink
            assert min(_INSIDE.right - ink.right, _INSIDE.bottom - ink.bottom) > 0, ink
            foot = page.found(f"共 {len(seen)} 页")
            assert foot is not None
            assert foot.top > 270 * MM, "every page says of how many it is one"
        first, last = seen[0], seen[-1]
        for words in (letter.sender, letter.title, f"编号：{letter.number}"):
            box = first.found(words)
            assert box is not None, words
            assert 0.1 < first.ink(box) < 0.7, words
        signed = last.found(letter.day)
        assert signed is not None
        assert signed.right > 170 * MM, "at the right"
        assert (last.found("盖章") is not None) is letter.stamped
        below = [box for box in (last.found(letter.notes[0][:8]),) if box]
        assert not letter.stamped or below[0].top - signed.bottom > 9 * MM, "a seal has its place"
        for title in titles:
            drawn = [page.ink(box) for page in seen if (box := page.found(title))]
            assert drawn, title
            assert all(0.1 < part < 0.7 for part in drawn), title


def test_what_is_off_the_page_or_has_no_shape_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The eyes themselves: a page whose words run off it, and a character that the font has not."""
    monkeypatch.setattr(setting, "printable", lambda text: text)
    rare = setting.letter(wording.letter_of(_LETTERS["rare"]), at=_AT)
    assert pages.shapeless(rare) > 0
    wide = replace(_TOLD, sender="Щ" * 21)  # one fewer than may be broken, at 22 points each
    with pages.seen(setting.letter(wording.letter_of(wide), at=_AT)) as (page,):
        assert page.inked.left < _INSIDE.left
        assert page.found("没有这句话") is None


@pytest.mark.parametrize(
    ("capacity", "applicant", "organisation", "reader", "opening"),
    [
        ("SELF", None, False, "欧阳某某", "您于2026年11月10日提出"),
        ("SELF", None, True, "欧阳某某", "贵单位于2026年11月10日提出"),
        ("LEGAL_REPRESENTATIVE", "王小明", True, "欧阳某某", "贵单位于2026年11月10日提出"),
        ("AGENT", "王小明", True, "欧阳某某", "贵单位的代理人王小明于2026年11月10日代贵单位提出"),
        ("AGENT", "王小明", False, "欧阳某某", "您的代理人王小明于2026年11月10日代您提出"),
        ("HELPER", "王小明", False, "欧阳某某", "您的协助人王小明于2026年11月10日代您提出"),
        ("GUARDIAN", "王小明", False, "王小明（欧阳某某的监护人）", "您于2026年11月10日代欧阳某某提出"),
        (
            "NEAR_RELATIVE",
            "王小明",
            False,
            "王小明（欧阳某某的近亲属）",
            "您于2026年11月10日就欧阳某某的信用信息提出",
        ),
        ("NEAR_RELATIVE", None, False, "欧阳某某的近亲属", "您于2026年11月10日就欧阳某某的信用信息提出"),
    ],
)
def test_a_letter_goes_to_whoever_stands_in_the_subjects_place(
    capacity: str, applicant: str | None, organisation: bool, reader: str, opening: str
) -> None:
    of = {"capacity": MandateKind(capacity), "applicant": applicant, "organisation": organisation}
    letter = wording.letter_of(replace(_TOLD, **of))  # type: ignore[arg-type]
    assert (letter.addressee, letter.opening.partition("的异议申请")[0]) == (reader, opening)


def test_a_letter_answers_every_filing_that_joined() -> None:
    asked = [
        (ObjectionGround.OTHER, ObjectionRequest.EXPLAIN),
        (ObjectionGround.OTHER, ObjectionRequest.EXPLAIN),
        (_TOLD.ground, _TOLD.request),
    ]
    (said,) = wording.letter_of(replace(_TOLD, joined=asked)).sections[0][1]
    assert (said.count("请求更正"), said.count("请求作出说明")) == (1, 1)


def test_a_letter_says_when_the_mark_goes_where_there_is_one() -> None:
    notes = {name: wording.letter_of(told).notes[0] for name, told in _LETTERS.items()}
    assert "已经取消" in notes["CORRECTED"]
    assert "送达时取消" in notes["relative"]
    assert "标注" not in notes["ACCESS"], "a use carries no mark"
