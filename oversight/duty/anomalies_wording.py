"""Findings and rules as sentences, in Chinese and in English: what was seen, and what is usual. Pure."""

from collections.abc import Mapping

from oversight.duty.anomalies_limits import Limit, Rule

_SAID: Mapping[Rule, tuple[str, str]] = {
    Rule.NO_CASE: ("有{seen}次查询没有注明案件（上限{limit}次）。", "{seen} looks name no case (limit {limit})."),
    Rule.REPEATED: (
        "30日内有{seen}日查询同一主体（上限{limit}日）。",
        "The same subject was looked at on {seen} days within thirty (limit {limit}).",
    ),
    Rule.OUT_OF_HOURS: (
        "有{seen}次查询在工作时间之外（上限{limit}次）。",
        "{seen} looks out of hours (limit {limit}).",
    ),
    Rule.BURST: (
        "一小时内查询了{seen}个主体（上限{limit}个）。",
        "{seen} subjects were looked at within an hour (limit {limit}).",
    ),
    Rule.WIDE: ("一次查询涉及{seen}个字段（上限{limit}个）。", "One look reached {seen} fields (limit {limit})."),
    Rule.ATTEMPTS: ("有{seen}次查询未获准许（上限{limit}次）。", "{seen} looks were refused (limit {limit})."),
    Rule.QUESTIONED: ("被查询人表示不认识这次查询。", "Whoever was looked at does not recognise the look."),
}


def said(rule: Rule, *, seen: int, limit: int, chinese: bool = True) -> str:
    """The sentence."""
    return _SAID[rule][0 if chinese else 1].format(seen=seen, limit=limit)


_RULES: Mapping[Rule, tuple[str, str]] = {
    Rule.NO_CASE: ("一日内没有注明案件的查询多于{limit}次", "more than {limit} looks in a day that name no case"),
    Rule.REPEATED: (
        "30日内在{limit}日以上查询同一主体",
        "the same subject looked at on more than {limit} days within thirty",
    ),
    Rule.OUT_OF_HOURS: (
        "工作日{first}时至{last}时之外的查询多于{limit}次",
        "more than {limit} looks outside {first}:00 to {last}:00 of a working day",
    ),
    Rule.BURST: ("一小时内查询多于{limit}个主体", "more than {limit} subjects looked at within an hour"),
    Rule.WIDE: ("一次查询涉及多于{limit}个字段", "one look that reaches more than {limit} fields"),
    Rule.ATTEMPTS: ("一日内有多于{limit}次查询未获准许", "more than {limit} looks of a day refused"),
    Rule.QUESTIONED: ("被查询人表示不认识某次查询", "somebody who does not recognise a look at them"),
}


def rule_said(rule: Rule, limit: Limit | None, *, chinese: bool = True) -> str:
    """From what on something is looked into."""
    first, last = (limit.hours if limit else None) or (0, 24)
    most = limit.most if limit else 0
    return _RULES[rule][0 if chinese else 1].format(limit=most, first=first, last=last)
