"""A department's scorecard (Art. 9): what it makes of values, what it may not be, and what always holds."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadCall
from credit.kinds import RecordNature
from grants.scope import RecordCategory
from oversight.industry import forbidden, trying, wording, writing
from oversight.industry.checking import faults
from oversight.industry.scorecards import NUMBERS, Bin, Grade, Indicator, IndicatorSource, Scorecard, outcome

_TABLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("scorecards.yaml").read_text("utf-8"))
_D = Decimal


def _numbers(*bins: tuple[str | None, str, str]) -> tuple[Bin, ...]:
    return tuple(Bin(_D(points), reason, start=_D(start) if start else None) for start, points, reason in bins)


def _codes(*bins: tuple[str, str, str]) -> tuple[Bin, ...]:
    return tuple(Bin(_D(points), reason, value=value) for value, points, reason in bins)


_GRADES = _codes(("A", "100", "GRADE_A"), ("B", "80", "GRADE_B"), ("C", "40", "GRADE_C"), ("D", "0", "GRADE_D"))
_S = IndicatorSource
CARD = Scorecard(
    "商贸企业行业信用评价",
    "《海津市商贸行业信用评价办法（示例）》",
    (
        Indicator("GRADE", "公共信用综合评价", "等级", _S.EVALUATION, _D("0.5"), _D(40), _GRADES),
        Indicator(
            "VISITS",
            "行政处罚",
            "近两年次数",
            _S.RECORD_FACT,
            _D("0.3"),
            _D(0),
            _numbers((None, "100", "NONE"), ("1", "60", "SOME"), ("3", "0", "OFTEN")),
            RecordCategory.ADMINISTRATIVE,
            RecordNature.ADVERSE,
            2,
        ),
        Indicator(
            "STORES",
            "门店",
            "门店数量",
            _S.OWN_NUMBER,
            _D("0.1"),
            _D(50),
            _numbers((None, "0", "FEW"), ("10", "100", "MANY")),
        ),
        Indicator(
            "KIND",
            "规模",
            "统计规模",
            _S.OWN_CODE,
            _D("0.1"),
            _D(0),
            _codes(("LARGE", "100", "LARGE"), ("SMALL", "50", "SMALL")),
        ),
    ),
    (Grade("C", None), Grade("B", _D(40)), Grade("A", _D(80))),
)
_LOW = replace(CARD, classes=(Grade("C", None), Grade("B", _D(10)), Grade("A", _D(20))))
_SOURCES = {one.code: one.source for one in CARD.indicators}


def _values(said: dict[str, str]) -> dict[str, Decimal | str]:
    return {code: _D(value) if _SOURCES[code] in NUMBERS else value for code, value in said.items()}


@pytest.mark.parametrize("line", _TABLE["outcomes"], ids=lambda line: line["why"])
def test_what_a_scorecard_makes_of_values(line: dict[str, Any]) -> None:
    found = outcome(CARD, _values(line["values"]))
    assert [found.grade, found.points] == [line["is"][0], _D(line["is"][1])]
    assert [one.reason for one in found.factors] == line["reasons"]
    assert sum(one.contribution for one in found.factors) == found.points
    assert not found.barred


@pytest.mark.parametrize("line", _TABLE["barred"], ids=str)
def test_a_d_bars_the_top_class(line: dict[str, Any]) -> None:
    found = outcome(_LOW, _values(line["values"]))
    assert (found.grade, found.barred) == (line["is"], line["barred"])


def _changed(line: dict[str, Any]) -> Scorecard:
    if "classes" in line:
        return replace(
            CARD, classes=tuple(Grade(code, _D(start) if start else None) for code, start in line["classes"])
        )
    kept = [one for one in CARD.indicators if one.code != line.get("drop")]
    again = [one for one in kept if one.code == line.get("twice")]
    return replace(CARD, indicators=tuple(_indicator(one, line) for one in kept + again))


def _indicator(one: Indicator, line: dict[str, Any]) -> Indicator:
    if one.code != line.get("indicator"):
        return one
    kinds = {"weight": _D, "nature": RecordNature, "category": RecordCategory, "years": int, "label": str}
    said = {name: None if value is None else kinds[name](value) for name, value in line.get("set", {}).items()}
    bins = list(one.bins)
    for name, field, kind in (("starts", "start", _D), ("points", "points", _D), ("values", "value", str)):
        if name in line:
            given_ = [None if value is None else kind(value) for value in line[name]]
            bins = [replace(bin_, **{field: value}) for bin_, value in zip(bins, given_, strict=False)]
    for place, reason in enumerate(line.get("reasons", [])):
        bins[place] = replace(bins[place], reason=reason)
    return replace(one, bins=tuple(bins), **said)


def test_the_table_s_scorecard_can_stand() -> None:
    assert faults(CARD) == faults(_LOW) == []


@pytest.mark.parametrize("line", _TABLE["faults"], ids=lambda line: line["why"])
def test_what_a_scorecard_may_not_be(line: dict[str, Any]) -> None:
    assert [one.code for one in faults(_changed(line))] == line["finds"]


@pytest.mark.parametrize("line", _TABLE["forbidden"], ids=lambda line: line["text"])
@pytest.mark.parametrize("place", ["label", "description"])
def test_what_no_model_may_look_at(line: dict[str, Any], place: str) -> None:
    assert forbidden.found_in(line["text"]) == line["is"]
    worded = replace(CARD.indicators[2], **{place: line["text"]})
    found = faults(replace(CARD, indicators=(*CARD.indicators[:2], worded, CARD.indicators[3])))
    reasons = [] if line["is"] is None else [forbidden.REASONS[line["is"]]]
    assert [(one.code, one.limit) for one in found] == [("FORBIDDEN_ATTRIBUTE", reason) for reason in reasons]


def test_a_forbidden_attribute_does_not_hide_in_a_code() -> None:
    for hidden in (
        replace(CARD.indicators[3], code="BLOOD_TYPE"),
        replace(CARD.indicators[3], bins=_codes(("党员", "100", "X"))),
        replace(CARD.indicators[3], bins=_codes(("X", "100", "PETITION"))),
    ):
        card = replace(CARD, indicators=(*CARD.indicators[:3], hidden))
        assert [one.code for one in faults(card)] == ["FORBIDDEN_ATTRIBUTE"]


def test_stated_values_are_of_the_scorecards_indicators() -> None:
    assert trying.values(CARD, [("STORES", _D(3)), ("GRADE", "A")]) == {"STORES": _D(3), "GRADE": "A"}
    for wrong in ([("OTHER", "A")], [("GRADE", _D(1))], [("STORES", "3")], [("GRADE", None)], [("GRADE", "A")] * 2):
        with pytest.raises(BadCall):
            trying.values(CARD, wrong)


_POINTS = st.decimals(min_value=-(10**4), max_value=10**4, places=2)
_NUMBER = st.decimals(min_value=-(10**9), max_value=10**9, places=3)
_ANY = st.fixed_dictionaries(
    {},
    optional={
        "GRADE": st.sampled_from("ABCD"),
        "VISITS": st.integers(0, 9).map(Decimal),
        "STORES": _NUMBER,
        "KIND": st.sampled_from(["LARGE", "SMALL", "ELSE"]),
    },
)


@given(st.sets(_NUMBER, max_size=8), st.lists(_POINTS, min_size=9, max_size=9), _NUMBER)
def test_every_number_falls_into_exactly_one_bin(starts: set[Decimal], points: list[Decimal], value: Decimal) -> None:
    edges: list[Decimal | None] = [None, *sorted(starts)]
    bins = tuple(
        Bin(given_, f"R{place}", start=start) for place, (start, given_) in enumerate(zip(edges, points, strict=False))
    )
    card = replace(CARD, indicators=(*CARD.indicators[:2], replace(CARD.indicators[2], bins=bins), CARD.indicators[3]))
    assert faults(card) == []
    reason = outcome(card, {"STORES": value}).factors[2].reason
    ends = [*edges[1:], None]
    inside = [
        f"R{place}"
        for place, (start, end) in enumerate(zip(edges, ends, strict=True))
        if (start is None or start <= value) and (end is None or value < end)
    ]
    assert inside == [reason]


@given(_ANY, st.integers(0, 9))
def test_more_adverse_records_and_a_worse_grade_never_help(values: dict[str, Decimal | str], more: int) -> None:
    now = outcome(_LOW, values)
    rank = {one.code: place for place, one in enumerate(_LOW.classes)}
    if "VISITS" in values:
        then = outcome(_LOW, {**values, "VISITS": Decimal(values["VISITS"]) + more})
        assert then.points <= now.points
        assert rank[then.grade] <= rank[now.grade]
    if "GRADE" in values:
        worse = outcome(_LOW, {**values, "GRADE": "D"})
        assert worse.points <= now.points
        assert rank[worse.grade] <= rank[now.grade]
        assert worse.grade != _LOW.classes[-1].code


@given(_ANY, _POINTS)
def test_the_sum_is_exact_and_what_is_written_is_read_again(values: dict[str, Decimal | str], missing: Decimal) -> None:
    card = replace(CARD, indicators=(*CARD.indicators[:3], replace(CARD.indicators[3], missing=missing)))
    found = outcome(card, values)
    assert sum(Fraction(one.contribution) for one in found.factors) == Fraction(found.points)
    text = writing.written(card)
    assert writing.read(text) == card
    assert writing.written(writing.read(text)) == text


def test_the_same_scorecard_is_the_same_text_however_its_numbers_are_written() -> None:
    longer = replace(CARD, classes=(Grade("C", None), Grade("B", _D("40.00")), Grade("A", _D("8E+1"))))
    assert writing.written(longer) == writing.written(CARD)
    assert writing.sha256(writing.written(_LOW)) != writing.sha256(writing.written(CARD))


_SAID = [
    ("GRADE", "GRADE_B", "公共信用综合评价：B级", "公共信用综合评价: grade B"),
    ("GRADE", "GRADE_MISSING", "公共信用综合评价：没有数据", "公共信用综合评价: no value"),
    ("VISITS", "NONE", "行政处罚：不足1", "行政处罚: below 1"),
    ("VISITS", "SOME", "行政处罚：1以上不足3", "行政处罚: 1 or more, below 3"),
    ("VISITS", "OFTEN", "行政处罚：3以上", "行政处罚: 3 or more"),
    # What the scorecard does not know stays as it is.
    ("VISITS", "GRADE_A", "GRADE_A", "GRADE_A"),
    ("ABSENT", "SOME", "SOME", "SOME"),
]


@pytest.mark.parametrize(("indicator", "code", "chinese", "english"), _SAID)
def test_a_reason_code_in_words(indicator: str, code: str, chinese: str, english: str) -> None:
    assert wording.reason(CARD, indicator, code) == chinese
    assert wording.reason(CARD, indicator, code, chinese=False) == english


def test_stretches_of_one_reason_are_said_together_and_whatever_falls_in_has_words() -> None:
    twice = _numbers((None, "0", "EDGE"), ("1", "100", "MIDDLE"), ("2.50", "0", "EDGE"))
    whole = replace(CARD, indicators=(replace(CARD.indicators[2], bins=twice),))
    assert wording.reason(whole, "STORES", "EDGE") == "门店：不足1，或者2.5以上"
    only = replace(CARD, indicators=(replace(CARD.indicators[2], bins=_numbers((None, "5", "ANY"))),))
    assert wording.reason(only, "STORES", "ANY") == "门店：任意数值"
    for one in CARD.indicators:
        for bin_ in one.bins:
            assert wording.reason(CARD, one.code, bin_.reason) != bin_.reason
