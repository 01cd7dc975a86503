"""Conditions and what is missing in words, Chinese as citizens read them. Pure.

What an offer asks is for everybody to read. What somebody lacks, and by how many points, is for them alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from credit.ages import STARTS
from credit.kinds import AgeBand, RecordFact, SubjectKind
from incentives.conditions import TIER_NAMES, Age, Condition, District, Every, Fact, Kind, Not, Some, Tier
from incentives.eligibility import Standing
from incentives.explaining import About, Missing
from incentives.ways import BANDS, DISTRICTS

_FACTS = {
    RecordFact.NO_ADVERSE: ("没有有效的失信等不良记录", "有有效的不良记录"),
    RecordFact.HONOUR: ("有有效的守信荣誉", "没有守信荣誉"),
}
_KINDS = {
    SubjectKind.NATURAL_PERSON: "自然人",
    SubjectKind.INDIVIDUAL_BUSINESS: "个体工商户",
    SubjectKind.LEGAL_PERSON: "法人",
    SubjectKind.UNINCORPORATED: "非法人组织",
}


@dataclass(frozen=True)
class Points:
    """Somebody's own score, and at how many points each tier begins. It is in no cell, and in nothing that is kept."""

    value: int
    starts: Mapping[int, int]


@dataclass(frozen=True)
class Gap:
    """One thing that is missing: what is needed, and what there is (None when there is nothing)."""

    condition: str
    message: str
    needed: str
    have: str | None


def requirement(condition: Condition) -> str:
    """The condition as everyone may read it."""
    return _said(condition, outermost=True) or "人人可享"


def gaps(found: Iterable[Missing], standing: Standing, points: Points | None = None) -> tuple[Gap, ...]:
    """What is missing, in words; with a person's own points, by how many."""
    return tuple(_gap(one, standing, points) for one in found)


def _gap(one: Missing, standing: Standing, points: Points | None) -> Gap:
    match one.about:
        case About.SUBJECT_KIND:
            return Gap(one.about.value, "此项权益仅面向自然人", "自然人", None)
        case About.TIER:
            return _tier_gap([tier for tier in TIER_NAMES if tier in one.values], standing.tier, points)
        case About.DISTRICT:
            needed = _either([name for name in DISTRICTS if name in one.values])
            has = "您尚未填写居住的区" if standing.district is None else f"您填写的是{standing.district}"
            return Gap(one.about.value, f"此项权益面向居住在{needed}的市民，{has}", needed, standing.district)
        case About.AGE:
            needed = ages([band for band in BANDS if band in one.values])
            have = None if standing.age_band is None else ages([standing.age_band])
            unknown = "" if have else "，您的证件号码不含出生日期"
            return Gap(one.about.value, f"此项权益面向{needed}的市民{unknown}", needed, have)
        case About.FACT:
            assert one.fact is not None
            needed = _FACTS[one.fact][0 if one.values == (True,) else 1]
            return Gap(one.fact.value, f"{needed}的市民可享受此项权益", needed, None)


def _tier_gap(tiers: Sequence[int], tier: int | None, points: Points | None) -> Gap:
    needed = TIER_NAMES[tiers[0]]
    if tier is None:
        return Gap("TIER", f"开通海河分并达到“{needed}”后可享受此项权益", needed, None)
    if points is None or tier > tiers[0]:
        return Gap("TIER", f"海河分为“{needed}”时可享受此项权益", needed, TIER_NAMES[tier])
    start = points.starts[tiers[0]]
    said = f"海河分还差 {start - points.value} 分，达到 {start} 分（“{needed}”）后可享受此项权益"
    return Gap("TIER", said, str(start), str(points.value))


def ages(bands: Sequence[AgeBand]) -> str:
    """Bands in the order of age, those that touch as one."""
    order, runs = list(STARTS), list[list[AgeBand]]()
    for band in bands:
        if runs and order.index(runs[-1][-1]) + 1 == order.index(band):
            runs[-1].append(band)
        else:
            runs.append([band])
    return _either([_run(order, run) for run in runs])


def _run(order: Sequence[AgeBand], run: Sequence[AgeBand]) -> str:
    start, after = STARTS[run[0]], order.index(run[-1]) + 1
    if after == len(order):
        return f"{start}岁及以上" if start else "不限年龄"
    end = STARTS[order[after]]
    return f"{start}至{end - 1}岁" if start else f"未满{end}岁"


def _said(condition: Condition, *, outermost: bool = False) -> str:
    match condition:
        case Every(of):
            return _joined([_said(part) for part in of], "，且", outermost=outermost)
        case Some(of):
            return _joined([_said(part) for part in of], "，或", outermost=outermost)
        case Not(of):
            return f"不属于（{_said(of, outermost=True)}）"
        case Tier(at_least):
            return f"海河分“{TIER_NAMES[at_least]}”及以上"
        case Age(bands):
            return ages([band for band in BANDS if band in bands])
        case District(names):
            return f"居住在{_either([name for name in DISTRICTS if name in names])}"
        case Fact(fact):
            return _FACTS[fact][0]
        case Kind(kinds):
            return _either([name for kind, name in _KINDS.items() if kind in kinds])


def _joined(parts: Sequence[str], word: str, *, outermost: bool) -> str:
    said = word.join(part for part in parts if part)
    return said if outermost or len(parts) < 2 else f"（{said}）"


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{'、'.join(words[:-1])}或{words[-1]}"
