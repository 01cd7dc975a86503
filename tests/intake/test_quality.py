"""A provider's month: what was due and reported, sent and taken, taken and in time; and that there was nothing."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from core.moments import day_of
from core.months import Month
from intake.findings import Finding, late_in
from intake.layouts import LayoutName
from intake.quality import Share
from tests.harness import sending
from tests.harness.callers import Town
from tests.harness.everything import stored
from tests.harness.intake_rows import LAYOUT
from tests.harness.provider_files import TODAY, load, penalty, write

_MONTH = f"{TODAY:%Y-%m}"
_RATE = "{ count of rate }"
_QUALITY = (
    f"query($m: String!) {{ provider {{ quality(month: $m) {{ month reporting {_RATE} compliance {_RATE} "
    f"timeliness {_RATE} missing }} }} }}"
)


async def _quality(town: Town, month: str = _MONTH) -> dict[str, Any]:
    found: dict[str, Any] = (await town.data("provider-1", _QUALITY, {"m": month}))["provider"]["quality"]
    return found


async def _nothing(town: Town, kind: str, period: str, persona: str = "provider-1") -> dict[str, Any]:
    selection = "nothing { id kind period saidAt } replayed"
    return await town.act(persona, "intakeNothing", {"kind": kind, "period": period}, selection)


async def test_a_month_counts_whatever_way_files_came(town: Town, tmp_path: Path) -> None:
    before = await _quality(town)
    reporting = before["reporting"]
    assert reporting["count"] == reporting["of"] - len(before["missing"]) > 1
    assert (reporting["rate"] == "1.000000") == (before["missing"] == [])
    rows = [
        penalty("海津罚〔2026〕迟号"),
        penalty("海津罚〔2026〕及号", 处罚决定日期=f"{TODAY:%Y/%m/%d}", 公示截止期=f"{TODAY.year + 1}/{TODAY:%m}/01"),
        penalty("海津罚〔2026〕错号", 公示截止期="x"),
    ]
    await sending.send(town, sending.sheet(rows), check=True)  # what is only checked was not reported
    await sending.unload(town)
    assert await _quality(town) == before
    await sending.send(town, sending.sheet(rows[:2]))
    await sending.unload(town)
    await load(town.house, write(tmp_path / "a.csv", LAYOUT[LayoutName.PENALTY], rows[2:]))
    after = await _quality(town)
    for name, count, of in (("compliance", 2, 3), ("timeliness", 1, 2)):
        grown = [after[name][key] - before[name][key] for key in ("count", "of")]
        assert grown == [count, of], name
        exact = Decimal(after[name]["count"]) / after[name]["of"]
        assert 0 <= exact - Decimal(after[name]["rate"]) < Decimal("0.000001")


async def test_before_anything_was_due_there_is_no_rate(town: Town) -> None:
    nothing = {"count": 0, "of": 0, "rate": None}
    found = await _quality(town, "2020-02")
    assert found == {
        "month": "2020-02",
        **dict.fromkeys(("reporting", "compliance", "timeliness"), nothing),
        "missing": [],
    }
    bad = await town.ask("provider-1", _QUALITY, {"m": "2020-13"})
    assert bad.code == "INVALID_INPUT"


async def test_nothing_to_report_is_a_report_and_is_said_once(town: Town) -> None:
    before = await _quality(town)
    async with town.house.database.writing() as unit:
        await unit.run(text("DELETE FROM intake_batch WHERE layout = 'licence'"))
    lacking = await _quality(town)
    assert lacking["reporting"]["count"] == before["reporting"]["count"] - 1
    assert set(lacking["missing"]) - set(before["missing"]) == {"LICENCE"}
    said = await _nothing(town, "LICENCE", _MONTH)
    again = await _nothing(town, "LICENCE", _MONTH)
    assert (said["replayed"], again["replayed"], said["nothing"]) == (False, True, again["nothing"])
    assert (await _quality(town))["reporting"] == before["reporting"]
    desk = await town.data(
        "provider-1",
        "{ provider { terms { version kinds districts responsible } nothing { edges { node { kind period } } } } }",
    )
    assert desk["provider"]["nothing"]["edges"] == [{"node": {"kind": "LICENCE", "period": _MONTH}}]
    terms = desk["provider"]["terms"]
    assert (terms["version"], terms["districts"]) == (1, None)
    assert {"LICENCE", "PENALTY"} <= set(terms["kinds"])


@pytest.mark.parametrize(
    ("kind", "period", "code"),
    [
        ("HONOUR", _MONTH, "KIND_NOT_DUE"),
        ("AMENDMENT", _MONTH, "KIND_NOT_DUE"),
        ("PENALTY", "2020-02", "KIND_NOT_DUE"),
        ("PENALTY", "2199-12", "MONTH_IN_FUTURE"),
        ("PENALTY", "2026-1", "MONTH_FORMAT"),
    ],
)
async def test_what_cannot_be_said(town: Town, kind: str, period: str, code: str) -> None:
    before = await stored(town)
    refused = await _nothing(town, kind, period)
    assert (refused["code"], refused["details"][0]["code"]) == ("INVALID_INPUT", code)
    assert await stored(town) == before


async def test_who_is_no_provider_has_no_desk(town: Town) -> None:
    before = await stored(town)
    for persona in ("bank-1", "citizen-1", "agency-1"):
        asked = await town.ask(persona, "{ provider { party { name } } }")
        assert asked.code == "FORBIDDEN"
    token = await sending.token_of_bank(town)
    headers = {"Authorization": f"Bearer {token}"}
    answer = await town.http.post("/graphql", json={"query": "{ provider { party { name } } }"}, headers=headers)
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_AVAILABLE"
    assert (await town.http.post(sending.PATH, content=b"x", headers=headers)).status_code == 403
    assert await stored(town) == before


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_many_who_say_it_at_once_say_it_once(town: Town) -> None:
    answers = await asyncio.gather(*(_nothing(town, "LICENCE", _MONTH) for _ in range(6)))
    assert sorted(answer["replayed"] for answer in answers) == [False] + [True] * 5


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_share_is_cut_off_and_one_only_where_it_is_all(count: int, more: int) -> None:
    share = Share(count, count + more)
    if share.of == 0:
        assert share.rate is None
        return
    assert share.rate is not None
    assert 0 <= Decimal(share.count) - share.rate * share.of < Decimal(share.of) / 10**6
    assert (share.rate == 1) == (more == 0)


def test_late_is_counted_of_the_rows_that_were_taken() -> None:
    found = [Finding(2, "", "LATE", "7"), Finding(3, "", "LATE", "7"), Finding(3, "", "SUBJECT_UNKNOWN", "")]
    found += [Finding(4, "", "LATE", "7"), Finding(4, "", "PUBLICITY_SHORT", ""), Finding(5, "", "LATE", "7")]
    found += [Finding(5, "", "MINOR_MAYBE_SELF_SUPPORTING", "")]
    assert late_in(found) == 2


def test_a_month_is_the_citys() -> None:
    december = Month.read("2026-12")
    assert (december.begins, december.ends) == (
        datetime(2026, 11, 30, 16, tzinfo=UTC),
        datetime(2026, 12, 31, 16, tzinfo=UTC),
    )
    assert day_of(december.begins).isoformat() == "2026-12-01"
