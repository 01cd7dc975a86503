"""The pure rules of grants: states, ceilings, narrowing, what goes beyond, periods and windows."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from audit.lens import Lens
from core.errors import Invalid
from grants import rules, templates, terms, use
from grants.errors import PurposeLimit
from grants.scope import GrantStatus, LendingStage, Period, Purpose, RecordCategory
from grants.states import STEPS, TERMINAL, GrantAct, No, Side, leads
from grants.templates import TEMPLATES, Template
from grants.terms import Proposal, Terms

_STATES: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("states.yaml").read_text("utf-8"))
_AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
_EVERY = [*GrantStatus, None]


@pytest.mark.parametrize(("act", "by", "whole"), list(itertools.product(GrantAct, Side, (True, False))))
def test_every_act_from_every_state_by_every_side(act: GrantAct, by: Side, whole: bool) -> None:
    row = _STATES[act.value]
    for status in _EVERY:
        found = leads(act, status, by, whole=whole)
        leads_to = row["starts"].get(status.value if status else None)
        if row["by"] != by.value:
            assert found is No.NOT_AVAILABLE
        elif leads_to is None:
            assert found is No.WRONG_STATE
        else:
            assert found.value == (leads_to if whole else row.get("partly", leads_to))


def test_terminal_is_terminal_and_every_act_stands_in_the_table() -> None:
    assert set(_STATES) == {act.value for act in GrantAct}
    assert not any(status in step.leads for step in STEPS.values() for status in TERMINAL)


def _highest(template: Template) -> Terms:
    """Everything that the template allows, and not a bit more."""
    return Terms(
        purpose=template.purpose,
        stages=("PRE_LOAN",) if template.purpose == "FINANCING" else (),
        categories=tuple(sorted(template.categories)),
        includes_evaluation=template.evaluation,
        valid_from=_AT,
        valid_until=_AT + timedelta(days=template.longest_days),
        uses=terms.MOST_USES,
        window_months=template.window_months,
        retention_days=template.retention_days,
        per_period=template.most,
        period=template.period.value if template.period else None,
    )


def _past(template: Template) -> dict[str, tuple[Terms, str | None]]:
    """One attribute at a time, one beyond its maximum: the attribute, and the maximum that the refusal names."""
    top = _highest(template)
    longest, tick = timedelta(days=template.longest_days), timedelta(microseconds=1)
    found: dict[str, tuple[Terms, str | None]] = {
        "validUntil": (replace(top, valid_until=top.valid_until + tick), f"P{longest.days}D"),
        "windowMonths": (replace(top, window_months=template.window_months + 1), str(template.window_months)),
        "retentionDays": (replace(top, retention_days=template.retention_days + 1), str(template.retention_days)),
        "uses": (replace(top, uses=terms.MOST_USES + 1), f"1..{terms.MOST_USES}"),
    }
    if template.most is not None and template.period is not None:
        limit = f"{template.most}/{template.period.value}"
        found["usesPerPeriod"] = replace(top, per_period=template.most + 1), limit
    if not template.evaluation:
        found["includesEvaluation"] = replace(top, includes_evaluation=True), None
    foreign = {category.value for category in RecordCategory} - template.categories
    if foreign:
        wider = tuple(sorted({*top.categories, min(foreign)}))
        found["categories"] = replace(top, categories=wider), "|".join(sorted(template.categories))
    return found


_GRID = [(template, name) for template in TEMPLATES for name in _past(template)]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_every_attribute_at_its_maximum_is_allowed(template: Template) -> None:
    assert terms.faults(_highest(template), template, of_person=False, at=_AT) == ()


@pytest.mark.parametrize(("template", "attribute"), _GRID, ids=lambda value: getattr(value, "name", value))
def test_one_past_its_maximum_is_refused_by_name_and_maximum(template: Template, attribute: str) -> None:
    wider, limit = _past(template)[attribute]
    found = terms.faults(wider, template, of_person=False, at=_AT)
    assert [(detail.path, detail.limit) for detail in found] == [((attribute,), limit)]


def _row(agreed: Terms, template: Template) -> Any:
    """A grant that was made under a template and stands."""
    return SimpleNamespace(
        **agreed.columns,
        id="grt_1",
        subject_id="sub_1",
        status="ACTIVE",
        lapses_at=None,
        template=template.name,
        strands=None,
    )


def _admitted(agreed: Terms, template: Template) -> Lens:
    asked = rules.Asked(frozenset(), "PRE_LOAN" if agreed.stages else None, "")
    return use.admit(_row(agreed, template), asked, retry=False, at=_AT)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_every_attribute_at_its_maximum_is_admitted_at_use(template: Template) -> None:
    assert _admitted(_highest(template), template).categories == template.categories


# How many uses there are is no ceiling of a purpose.
@pytest.mark.parametrize(
    ("template", "attribute"),
    [one for one in _GRID if one[1] != "uses"],
    ids=lambda value: getattr(value, "name", value),
)
def test_one_past_its_maximum_is_refused_at_use_too(template: Template, attribute: str) -> None:
    wider, limit = _past(template)[attribute]
    with pytest.raises(PurposeLimit) as refused:
        _admitted(wider, template)
    assert [(detail.path, detail.limit) for detail in refused.value.details] == [((attribute,), limit)]


@pytest.mark.parametrize(("asked", "most", "within"), [
    ((4, "YEAR"), (4, Period.YEAR), True), ((5, "YEAR"), (4, Period.YEAR), False),
    ((1, "MONTH"), (4, Period.YEAR), False), ((1, "DAY"), (31, Period.MONTH), False),
    ((10, "YEAR"), (10, Period.MONTH), True), ((11, "YEAR"), (10, Period.MONTH), False),
    ((None, None), (10, Period.MONTH), False),
])  # fmt: skip
def test_a_shorter_calendar_unit_is_never_within_a_longer_one(asked: Any, most: Any, within: bool) -> None:
    template = replace(TEMPLATES[0], most=most[0], period=most[1])
    wanted = replace(_highest(TEMPLATES[0]), per_period=asked[0], period=asked[1])
    assert (terms.over(wanted, template) == []) == within


def test_employment_sees_professions_honours_and_serious_dishonesty_only() -> None:
    template = templates.in_force("EMPLOYMENT", "EMPLOYER", on=_AT.date())
    assert template is not None
    assert template.categories == {"PROFESSIONAL", "HONOUR", "SERIOUS_DISHONESTY"}


def test_the_latest_version_that_has_begun_is_in_force_and_a_kinds_own_row_goes_first() -> None:
    old = replace(TEMPLATES[0], purpose="OTHER", recipient_kind="*", version="1", begins=date(2026, 1, 1))
    new = replace(old, version="2", begins=date(2026, 7, 1), longest_days=5)
    own = replace(old, recipient_kind="BANK", version="1")
    three = (old, new, own)
    assert templates.in_force("OTHER", "EMPLOYER", on=date(2026, 6, 30), templates=three) == old
    assert templates.in_force("OTHER", "EMPLOYER", on=date(2026, 7, 1), templates=three) == new
    assert templates.in_force("OTHER", "BANK", on=date(2026, 7, 1), templates=three) == own
    assert templates.in_force("OTHER", "BANK", on=date(2025, 12, 31), templates=three) is None
    assert templates.named("OTHER.EMPLOYER@1", on=date(2026, 7, 1), templates=three) == new


_ASKED = replace(
    _highest(TEMPLATES[0]),
    stages=("POST_LOAN", "PRE_LOAN"),
    categories=("ADMINISTRATIVE", "HONOUR"),
    includes_evaluation=False,
    uses=5,
    window_months=24,
    retention_days=90,
    per_period=3,
    period="WEEK",
    documents=("a" * 64, "b" * 64),
)
_WIDER: dict[str, Proposal] = {
    "stages": Proposal(stages=[LendingStage.LOAN_APPROVAL]),
    "categories": Proposal(categories=[RecordCategory.HONOUR, RecordCategory.JUDICIAL]),
    "includesEvaluation": Proposal(includes_evaluation=True),
    "validFrom": Proposal(valid_from=_AT - timedelta(days=1)),
    "validUntil": Proposal(valid_until=_ASKED.valid_until + timedelta(seconds=1)),
    "uses": Proposal(uses=6),
    "windowMonths": Proposal(window_months=25),
    "retentionDays": Proposal(retention_days=91),
    "usesPerPeriod": Proposal(per_period=1, period=Period.DAY),
    "documents": Proposal(documents=["c" * 64]),
}


@pytest.mark.parametrize("attribute", _WIDER)
def test_what_is_asked_is_only_ever_narrowed(attribute: str) -> None:
    with pytest.raises(Invalid) as refused:
        _WIDER[attribute].narrowing(_ASKED)
    assert [detail.path for detail in refused.value.details] == [("terms", attribute)]


@given(
    categories=st.sets(st.sampled_from([RecordCategory.ADMINISTRATIVE, RecordCategory.HONOUR]), min_size=1),
    uses=st.integers(1, 5),
    months=st.integers(1, 24),
    days=st.integers(0, 90),
    once=st.integers(1, 3),
    hours=st.integers(1, 1000),
)
def test_whatever_is_narrower_is_covered_by_what_was_asked(
    categories: set[RecordCategory], uses: int, months: int, days: int, once: int, hours: int
) -> None:
    narrowed = Proposal(
        categories=categories,
        uses=uses,
        window_months=months,
        retention_days=days,
        per_period=once,
        period=Period.MONTH,
        valid_until=_AT + timedelta(hours=hours),
    ).narrowing(_ASKED)
    assert terms.beyond(narrowed, _ASKED) == []
    wider = {name for name, _, _ in terms.beyond(_ASKED, narrowed)}
    assert ("uses" in wider) == (uses < 5)
    assert ("windowMonths" in wider) == (months < 24)


_WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "over before it begins": ({"valid_from": _AT + timedelta(days=3), "valid_until": _AT + timedelta(days=2)},
                              "validFrom", "AFTER_END"),
    "over already": ({"valid_until": _AT}, "validUntil", "PAST"),
    "no categories": ({"categories": ()}, "categories", "EMPTY"),
    "no uses": ({"uses": 0}, "uses", "OUT_OF_RANGE"),
    "no window": ({"window_months": 0}, "windowMonths", "OUT_OF_RANGE"),
    "retention below nothing": ({"retention_days": -1}, "retentionDays", "OUT_OF_RANGE"),
    "no documents": ({"documents": ()}, "documents", "EMPTY"),
    "21 documents": ({"documents": tuple(f"{n:064x}" for n in range(21))}, "documents", "TOO_MANY"),
    "a hash that is none": ({"documents": ("A" * 64,)}, "documents", "HASH_FORMAT"),
    "no stage": ({"stages": ()}, "stages", "STAGE_REQUIRED"),
}  # fmt: skip


@pytest.mark.parametrize("case", _WRONG)
def test_terms_that_cannot_be(case: str) -> None:
    changes, attribute, code = _WRONG[case]
    found = terms.faults(replace(_ASKED, **changes), TEMPLATES[0], of_person=True, at=_AT)
    assert [(detail.path, detail.code) for detail in found] == [((attribute,), code)]


def test_an_instant_is_in_the_citys_period_not_in_utcs() -> None:
    at = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # 00:30 on New Year's Day in the city, a Friday
    assert rules.period_of(Period.DAY, at=at) == (date(2027, 1, 1), date(2027, 1, 2))
    assert rules.period_of(Period.WEEK, at=at) == (date(2026, 12, 28), date(2027, 1, 4))
    assert rules.period_of(Period.MONTH, at=at) == (date(2027, 1, 1), date(2027, 2, 1))
    assert rules.period_of(Period.YEAR, at=at) == (date(2027, 1, 1), date(2028, 1, 1))


@pytest.mark.parametrize(("on", "months", "start"), [
    (date(2026, 3, 31), 1, date(2026, 2, 28)), (date(2024, 3, 31), 1, date(2024, 2, 29)),
    (date(2026, 1, 15), 1, date(2025, 12, 15)), (date(2026, 12, 31), 12, date(2025, 12, 31)),
    (date(2026, 11, 25), 60, date(2021, 11, 25)),
])  # fmt: skip
def test_a_window_reaches_back_by_months(on: date, months: int, start: date) -> None:
    assert rules.window_start(months, on=on) == start


def test_every_template_is_for_a_purpose_and_says_what_it_says_once() -> None:
    keys = [(template.purpose, template.recipient_kind, template.begins) for template in TEMPLATES]
    assert len(keys) == len(set(keys))
    assert {template.purpose for template in TEMPLATES} == {purpose.value for purpose in Purpose}
