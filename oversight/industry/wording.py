"""A scorecard's reason codes in words, Chinese and English (Art. 9): which stretch of which indicator it was. Pure.

An indicator's label and a code's own value are the department's words, and stand as they are in both languages.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest

from credit.kinds import EvaluationGrade
from oversight.industry.scorecards import NUMBERS, Indicator, IndicatorSource, Scorecard

_GRADE, _BELOW, _FROM, _BETWEEN = (
    ("{0}级", "grade {0}"),
    ("不足{0}", "below {0}"),
    ("{0}以上", "{0} or more"),
    ("{0}以上不足{1}", "{0} or more, below {1}"),
)
_ANY, _NONE, _OR = ("任意数值", "any number"), ("没有数据", "no value"), ("，或者", ", or ")
_SOURCES: Mapping[IndicatorSource, tuple[str, str]] = {
    IndicatorSource.EVALUATION: ("公共信用综合评价结果", "the public credit evaluation"),
    IndicatorSource.RECORD_FACT: ("近{years}年信用记录的条数", "how many records there are within {years} years"),
    IndicatorSource.OWN_NUMBER: ("评价部门的行业管理数据", "the department's own data"),
    IndicatorSource.OWN_CODE: ("评价部门的行业管理数据", "the department's own data"),
}
_WHOLE = ("{0}：{1}", "{0}: {1}")
_D = EvaluationGrade.D.value
_BARRED = (
    f"公共信用综合评价为{_D}级的，不评为最高等级",
    f"The public credit evaluation's grade {_D} bars the top class",
)


def reason(card: Scorecard, indicator: str, code: str, *, chinese: bool = True) -> str:
    """What a reason code of one of the scorecard's indicators says; the code itself where the scorecard has none."""
    language = 0 if chinese else 1
    found = next((one for one in card.indicators if one.code == indicator), None)
    stretches = _stretches(found, code, language) if found else ()
    if found is None or not stretches:
        return code
    return _WHOLE[language].format(found.label, _OR[language].join(stretches))


def source(indicator: Indicator, *, chinese: bool = True) -> str:
    """On what an indicator's value rests."""
    return _SOURCES[indicator.source][0 if chinese else 1].format(years=indicator.years)


def barred(*, chinese: bool = True) -> str:
    """Why somebody whose sum reaches the top class does not have it."""
    return _BARRED[0 if chinese else 1]


def _stretches(one: Indicator, code: str, language: int) -> Sequence[str]:
    """Each stretch, or each code, that gives this reason."""
    if code == f"{one.code}_MISSING":
        return (_NONE[language],)
    if one.source in NUMBERS:
        starts = [bin_.start for bin_ in one.bins]
        pairs = zip_longest(starts, starts[1:])
        return [_stretch(a, b, language) for (a, b), bin_ in zip(pairs, one.bins, strict=True) if bin_.reason == code]
    words = [bin_.value or "" for bin_ in one.bins if bin_.reason == code]
    return [_GRADE[language].format(word) for word in words] if one.source is IndicatorSource.EVALUATION else words


def _stretch(start: Decimal | None, end: Decimal | None, language: int) -> str:
    if start is None:
        return _ANY[language] if end is None else _BELOW[language].format(_said(end))
    return (_FROM if end is None else _BETWEEN)[language].format(_said(start), _said(end))


def _said(number: Decimal | None) -> str:
    return "" if number is None else format((number + 0).normalize(), "f")
