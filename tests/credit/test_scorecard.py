"""The scorecard: bands at their edges, reasons, and what never moves a score."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from credit import models
from credit.models import read
from credit.scoring import Fact, standing
from incentives.conditions import TIER_NAMES

_TABLES = yaml.safe_load(Path(__file__).with_name("score.yaml").read_text("utf-8"))
_TODAY = date(2026, 11, 23)
_MODEL = models.in_force(_TODAY)
_FORBIDDEN = ("黑名单", "扣分", "信用不良")


def _rows(table: str) -> Any:
    rows = _TABLES[table]
    return pytest.mark.parametrize("row", rows, ids=[str(next(iter(row.values()))) for row in rows])


@_rows("bands")
def test_bands(row: dict[str, Any]) -> None:
    if row["tier"] is None:
        with pytest.raises(ValueError, match="outside"):
            _MODEL.band_of(row["value"])
    else:
        assert _MODEL.band_of(row["value"]).tier == row["tier"]


@_rows("scoring")
def test_scoring(row: dict[str, Any]) -> None:
    facts = [
        Fact(
            category=fact["category"],
            nature=fact["nature"],
            status=fact.get("status", "CURRENT"),
            score_until=fact.get("score_until"),
            disputed=fact.get("disputed", False),
        )
        for fact in row["facts"]
        for _ in range(fact.get("times", 1))
    ]
    found = standing(facts, _MODEL, today=_TODAY)
    assert (found.value, found.changes_on) == (row["value"], row.get("changes"))


def test_reasons() -> None:
    said = [{"code": one.code, "dimension": one.dimension, "message": one.message} for one in _MODEL.reasons]
    assert said == _TABLES["reasons"]
    assert not any(word in str(said) for word in _FORBIDDEN)


def test_every_model_is_marked_and_has_the_tiers_that_offers_ask_for() -> None:
    for model in models.MODELS:
        assert model.demonstration
        assert {band.tier: band.name for band in model.bands} == dict(TIER_NAMES)


_BANDS = ["version,tier,code,name,start,end", "m,1,LOW,低,0,50", "m,2,HIGH,高,50,101"]
_REASONS = ["version,code,dimension,message,counts,of,points,most", "m,BASE,基本情况,基础分,ALWAYS,,40,40"]
_HEAD = "version,from,demonstration,minimum,maximum"


@pytest.mark.parametrize(
    "bands",
    [
        ["m,1,LOW,低,0,50", "m,2,HIGH,高,51,101"],
        ["m,1,LOW,低,0,50", "m,2,HIGH,高,49,101"],
        ["m,1,LOW,低,1,50", "m,2,HIGH,高,50,101"],
        ["m,1,LOW,低,0,50", "m,2,HIGH,高,50,100"],
        ["m,2,LOW,低,0,50", "m,1,HIGH,高,50,101"],
        ["m,1,LOW,低,0,50", "m,2,HIGH,高,50,50", "m,3,TOP,顶,50,101"],
    ],
    ids=["a gap", "an overlap", "begins late", "ends early", "tiers out of order", "an empty band"],
)
def test_a_scale_with_a_hole_is_no_scale(bands: list[str]) -> None:
    with pytest.raises(ValueError, match="not its scale"):
        read([_HEAD, "m,2026-01-01,yes,0,100"], [_BANDS[0], *bands], _REASONS)


def test_the_model_of_a_day_is_the_latest_that_began_by_then(monkeypatch: pytest.MonkeyPatch) -> None:
    two = [_HEAD, "n,2026-06-01,yes,0,100", "m,2026-01-01,yes,0,100"]
    bands = [*_BANDS, *(line.replace("m,", "n,", 1) for line in _BANDS[1:])]
    reasons = [*_REASONS, *(line.replace("m,", "n,", 1) for line in _REASONS[1:])]
    monkeypatch.setattr(models, "MODELS", read(two, bands, reasons))
    days = (date(2025, 1, 1), date(2026, 1, 1), date(2026, 5, 31), date(2026, 6, 1))
    assert [models.in_force(day).version for day in days] == ["m", "m", "m", "n"]
    assert models.named("m", on=date(2026, 6, 1)).version == "m"
    assert models.named("gone", on=date(2026, 6, 1)).version == "n"


_FACTS = st.builds(
    Fact,
    category=st.sampled_from(["HONOUR", "ADMINISTRATIVE", "CONTRACT"]),
    nature=st.sampled_from(["FAVOURABLE", "NEUTRAL", "ADVERSE"]),
    status=st.sampled_from(["CURRENT", "ENDED", "REPAIRED", "WITHDRAWN", "SUPERSEDED"]),
    score_until=st.one_of(st.none(), st.dates(_TODAY - timedelta(days=400), _TODAY + timedelta(days=400))),
    disputed=st.booleans(),
)


@given(st.lists(_FACTS, max_size=30))
def test_a_score_is_on_the_scale_and_explained(facts: list[Fact]) -> None:
    found = standing(facts, _MODEL, today=_TODAY)
    total = sum(factor.contribution for factor in found.factors)
    assert found.value == max(_MODEL.minimum, min(_MODEL.maximum, total))
    assert found.tier == _MODEL.band_of(found.value).tier
    assert all(_MODEL.reason(factor.code) for factor in found.factors)


@given(st.lists(_FACTS, max_size=20), st.randoms())
def test_the_order_of_records_does_not_matter(facts: list[Fact], chance: Any) -> None:
    before = standing(facts, _MODEL, today=_TODAY)
    shuffled = list(facts)
    chance.shuffle(shuffled)
    assert standing(shuffled, _MODEL, today=_TODAY) == before


@given(st.lists(_FACTS, max_size=20))
def test_what_is_over_never_moves_a_score(facts: list[Fact]) -> None:
    counted = [
        fact for fact in facts if fact.status == "CURRENT" and (fact.score_until is None or fact.score_until >= _TODAY)
    ]
    assert standing(facts, _MODEL, today=_TODAY) == standing(counted, _MODEL, today=_TODAY)


@given(st.lists(_FACTS, max_size=20), st.integers(0, 400))
def test_until_its_day_a_score_stays_what_it_is(facts: list[Fact], days: int) -> None:
    """The duty looks at nobody before the day that a score names: it must be the first on which it can change."""
    found, later = standing(facts, _MODEL, today=_TODAY), _TODAY + timedelta(days=days)
    if found.changes_on is None or later < found.changes_on:
        assert standing(facts, _MODEL, today=later) == found


@given(st.lists(_FACTS, max_size=10))
def test_an_objection_never_lowers_a_score(facts: list[Fact]) -> None:
    disputed = [Fact(f.category, f.nature, f.status, f.score_until, disputed=True) for f in facts]
    before = standing(facts, _MODEL, today=_TODAY)
    assert standing(disputed, _MODEL, today=_TODAY).value >= before.value
