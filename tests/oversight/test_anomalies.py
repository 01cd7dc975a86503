"""The rules for what is unusual (Art. 13): by a table, by what always holds, and on a year with misuse in it."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.moments import CITY, day_of
from core.workdays import Known
from oversight.duty import anomalies_limits
from oversight.duty.anomalies import WINDOW_DAYS, Finding, Seen, find
from oversight.duty.anomalies_limits import LIMITS, Rule
from oversight.duty.anomalies_wording import said
from tests.harness import misusing
from tests.harness.scale import FULL, scaled

_TABLE: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("anomalies.yaml").read_text("utf-8"))
_DAY = date(2026, 11, 25)


def _made(lines: list[dict[str, Any]], day: date) -> list[Seen]:
    looks: list[Seen] = []
    for number, line in enumerate(lines):
        for n in range(line.get("many", 1)):
            begins = datetime.combine(day - timedelta(days=line.get("days", 0)), time(line.get("hour", 10)), CITY)
            looks.append(
                Seen(
                    id=f"acc_{number}_{n}",
                    at=begins + timedelta(seconds=n * line.get("apart", 300)),
                    basis=line.get("basis", "COUNTER"),
                    purpose=line.get("purpose", ""),
                    subject=line.get("who", f"{number}/{n}"),
                    has_case=line.get("has_case", True),
                    fields=line.get("fields", 40),
                    refused=line.get("refused", False),
                )
            )
    return [look for look in looks if day_of(look.at) > day - timedelta(days=WINDOW_DAYS)]


@pytest.mark.parametrize("case", _TABLE.values(), ids=_TABLE)
def test_what_is_found(case: dict[str, Any]) -> None:
    day = case.get("day", _DAY)
    known = {day: Known(case["worked"], 1)} if "worked" in case else {}
    found = find(_made(case["looks"], day), day, limits=LIMITS, known=known)
    assert [[one.rule.value, one.seen, one.limit, one.count] for one in found] == case["found"]


_LOOKS = st.lists(
    st.builds(
        Seen,
        id=st.uuids().map(str),
        at=st.integers(0, WINDOW_DAYS * 1440 - 1).map(
            lambda minutes: datetime.combine(_DAY, time(23, 59), CITY) - timedelta(minutes=minutes)
        ),
        basis=st.sampled_from(["COUNTER", "STATUTE", "OBJECTION", "GRANT", "SELF"]),
        purpose=st.sampled_from(["", "SCORE_REVIEW"]),
        subject=st.none() | st.sampled_from("abcde"),
        has_case=st.booleans(),
        fields=st.integers(0, 200),
        refused=st.booleans(),
    ),
    max_size=60,
)


@given(_LOOKS, st.randoms())
def test_a_finding_explains_itself(looks: list[Seen], chance: Any) -> None:
    found = find(looks, _DAY, limits=LIMITS, known={})
    ids = {look.id for look in looks}
    for one in found:
        assert one.seen > one.limit
        assert set(one.looks) <= ids
        assert len(one.looks) <= one.count
        sentence = said(one.rule, seen=one.seen, limit=one.limit)
        assert str(one.seen) in sentence
        assert str(one.limit) in sentence
    assert len({(one.rule, one.basis) for one in found}) == len(found)
    chance.shuffle(looks)
    assert find(looks, _DAY, limits=LIMITS, known={}) == found


def test_every_limit_has_a_reason_and_the_newest_version_holds() -> None:
    head = "version,rule,basis,purpose,limit,hours,reason"
    newer = anomalies_limits.read([head, "1,BURST,COUNTER,,5,,why", "2,BURST,COUNTER,,6,,why"])
    limit = newer.of(Rule.BURST, "COUNTER")
    assert limit is not None
    assert (newer.version, limit.most, newer.of(Rule.BURST, "GRANT")) == (2, 6, None)
    with pytest.raises(ValueError, match="reason"):
        anomalies_limits.read([head, "1,BURST,COUNTER,,5,, "])


def _year(one: misusing.Somebody) -> list[Finding]:
    """What is found in somebody's year, day by day as the service does it."""
    by_day: dict[date, list[Seen]] = {}
    for look in one.looks:
        by_day.setdefault(day_of(look.at), []).append(look)
    found: list[Finding] = []
    for day in sorted(by_day):
        window = [look for back in range(WINDOW_DAYS) for look in by_day.get(day - timedelta(days=back), ())]
        found += find(window, day, limits=LIMITS, known={})
    return found


def test_misuse_in_a_year_is_found_and_how_often_it_is_none(figures: dict[str, int]) -> None:
    """Small misuse below a limit is missed, and honest work beyond one is asked about: how much of each is recorded."""
    planted, hit, false = Counter[Rule](), Counter[Rule](), Counter[Rule]()
    days = looks = 0
    for one in misusing.everybody(scaled(12, 240), seed=20261127):
        found = _year(one)
        looks += len(one.looks)
        days += len({day_of(look.at) for look in one.looks})
        expected: set[int] = set()
        for hidden in one.planted:
            within = {
                number
                for number, finding in enumerate(found)
                if finding.rule is hidden.rule and hidden.first <= finding.day <= hidden.last
            }
            planted[hidden.rule] += 1
            hit[hidden.rule] += bool(within)
            expected |= within
        false.update(finding.rule for number, finding in enumerate(found) if number not in expected)
    figures.update({"looks": looks, "days of work": days})
    for rule in planted | false:
        figures[f"{rule.value} planted"] = planted[rule]
        figures[f"{rule.value} found"] = hit[rule]
        figures[f"{rule.value} false"] = false[rule]
    assert sum(hit.values()) >= sum(planted.values()) * 0.6, (planted, hit)
    assert sum(false.values()) <= days * 0.05, (days, false)
    if FULL:
        for rule in (Rule.NO_CASE, Rule.OUT_OF_HOURS):
            assert hit[rule] == planted[rule], rule
