"""What an offer may say, whom it takes to approve it, and how it stands by time: the pure rules over `lives.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from credit.kinds import AgeBand, RecordFact
from grants.scope import Period
from incentives import slots, states, terms
from incentives.conditions import EVERYBODY, Age, District, Every, Fact, Some, Tier, built
from incentives.kinds import BenefitKind, OfferStatus, Sector
from incentives.terms import Benefit, Terms
from incentives.ways import reached

_TABLES: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("lives.yaml").read_text("utf-8"))
_AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
_TERMS = Terms(
    "满百减二十",
    Sector.SHOPPING,
    Benefit(BenefitKind.DISCOUNT, "八折", percent=Decimal(20)),
    EVERYBODY,
    "不与其他优惠同时使用。",
    _AT,
    _AT + timedelta(days=1),
    1,
    None,
    10,
    ["sto_a"],
)


def _named(table: str) -> Any:
    rows = _TABLES[table]
    return pytest.mark.parametrize("row", rows, ids=[str(row.get("case", row)) for row in rows])


@_named("benefits")
def test_a_benefit_says_what_its_kind_says(row: dict[str, Any]) -> None:
    given = {
        name: Decimal(value) if name != "days" else value for name, value in row["benefit"].items() if name != "kind"
    }
    benefit = Benefit(BenefitKind(row["benefit"]["kind"]), "好处", **given)
    assert [fault.code for fault in benefit.faults()] == ([row["refused"]] if "refused" in row else [])


@_named("limits")
def test_an_offer_is_within_its_limits(row: dict[str, Any]) -> None:
    given = {name: value for name, value in row.items() if name not in ("case", "refused", "days", "note")}
    if "sector" in given:
        given["sector"] = Sector(given["sector"])
    if "condition" in given:
        given["condition"] = built(given["condition"])
    if "days" in row:
        given["starts_at"], given["ends_at"] = (_AT + timedelta(days=days) for days in row["days"])
    found = [(".".join(fault.path), fault.code) for fault in replace(_TERMS, **given).faults(row.get("note"), at=_AT)]
    assert found == ([tuple(row["refused"])] if "refused" in row else [])


@_named("two_people")
def test_two_people_for_a_place_in_a_queue_for_care(row: dict[str, Any]) -> None:
    benefit = Benefit(BenefitKind(row["kind"]), "先")
    assert terms.takes_two(replace(_TERMS, sector=Sector(row["sector"]), benefit=benefit)) is row["two"]


@dataclass
class _Stored:
    status: str
    review: str | None
    starts_at: datetime
    ends_at: datetime


@_named("clock")
def test_what_time_alone_makes_of_an_offer(row: dict[str, Any]) -> None:
    review = "RETURNED" if row["stored"] == "DRAFT" else None
    begins, ends = (_AT + timedelta(days=row[name]) for name in ("begins", "ends"))
    assert states.status_of(_Stored(row["stored"], review, begins, ends), at=_AT) is OfferStatus(row["stands"])


def test_what_is_stored_of_a_benefit_is_what_was_written() -> None:
    for benefit in (
        Benefit(BenefitKind.DISCOUNT, "折", percent=Decimal("8.50")),
        Benefit(BenefitKind.FEE_WAIVER, "减", yuan=Decimal("5.00")),
        Benefit(BenefitKind.PAY_LATER, "后付", cap_yuan=Decimal("1000.00"), days=10),
        Benefit(BenefitKind.GIFT, "赠"),
    ):
        columns = replace(_TERMS, benefit=benefit).columns()
        assert Benefit.stored(type("Row", (), columns)) == benefit


def test_a_condition_reaches_tiers_of_the_citys_grid() -> None:
    assert [len(reached(Tier(tier))) for tier in (1, 2, 3, 4, 5)] == [5, 4, 3, 2, 1]
    old, home, honoured = Age(frozenset({AgeBand.FROM_60})), District(frozenset({"滨河区"})), Fact(RecordFact.HONOUR)
    for everybody in (EVERYBODY, old, home, Some((old, Tier(5))), Some((Tier(5), Every((Tier(1), honoured))))):
        assert len(reached(everybody)) == 5
    assert reached(Every((Some((old, home)), Tier(4)))) == ["优秀", "卓越"]
    assert reached(Some((Every((old, Tier(5))), Every((home, Tier(4)))))) == ["优秀", "卓越"]


def test_builds_before_conditions_ask_for_the_tier_or_for_more_than_anybody_needs() -> None:
    asked = {EVERYBODY: None, Tier(2): 2, Fact(RecordFact.HONOUR): 5, Every((Tier(2), Tier(3))): 5}
    assert {said: replace(_TERMS, condition=said).shown()["min_tier"] for said in asked} == asked


@dataclass(frozen=True)
class _Taken:
    created_at: datetime


_PERIODS = {  # a period, and how many days later it is still the same one: 2026-11-23 is a Monday
    None: range(400),
    Period.DAY: range(1),
    Period.WEEK: range(7),
    Period.MONTH: range(8),
}


@pytest.mark.parametrize("period", _PERIODS)
def test_a_limit_is_for_a_period_of_the_city_and_slots_of_two_periods_never_meet(
    period: Period | None,
) -> None:
    start = slots.before(period, at=_AT)
    for days in range(400):
        later = slots.before(period, at=_AT + timedelta(days=days))
        assert (later == start) is (days in _PERIODS[period])
        then = _Taken(_AT + timedelta(days=days))
        assert slots.counted([then, _Taken(_AT)], period, at=_AT) == ([then] if later == start else []) + [_Taken(_AT)]
    midnight = datetime(2026, 11, 23, 16, tzinfo=UTC)  # in Shanghai
    same = slots.before(Period.DAY, at=midnight) == slots.before(Period.DAY, at=midnight - timedelta(microseconds=1))
    assert not same
    assert slots.before(Period.MONTH, at=datetime(2099, 12, 31, tzinfo=UTC)) < 2**31 - 1000
