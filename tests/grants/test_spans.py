"""Since when one is monitored, until when, and how often its recipient was told: the subject alone reads it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from grants import monitoring
from grants.monitoring import Span
from tests.harness.callers import Town
from tests.harness.monitoring import end, monitored, report

_TABLE: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("spans.yaml").read_text("utf-8"))
_AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
_OWN = """query($only: Boolean!) { me { grants(monitored: $only) { edges { node {
  id validFrom validUntil steps { act at } monitored { since until running told } } } } } }"""


def _day(days: int | None) -> datetime | None:
    return None if days is None else _AT + timedelta(days=days)


@pytest.mark.parametrize("row", _TABLE, ids=lambda row: row["as"])
def test_the_span_of_a_monitoring(row: dict[str, Any]) -> None:
    said: dict[str, Any] = {"monitoring": True, "status": "ACTIVE", "uses_left": None, "lapses_at": None}
    days = {"valid_from": -10, "valid_until": 90, "ended_at": None}
    given = {**said, **days, **row.get("grant", {})}
    grant = SimpleNamespace(**{**given, **{name: _day(given[name]) for name in days}})
    written = row.get("steps", [["APPROVE", "ACTIVE", -9]])
    steps = [SimpleNamespace(act=act, led_to=led_to, at=_day(on)) for act, led_to, on in written]
    found = monitoring.span(grant, steps, at=_AT)
    if row.get("never"):
        assert found is None
    else:
        assert found == Span(_day(row["since"]) or _AT, _day(row["until"]) or _AT, row["running"])


async def _own(town: Town, *, only: bool) -> list[dict[str, Any]]:
    found = await town.data("citizen-2", _OWN, {"only": only})
    return [edge["node"] for edge in found["me"]["grants"]["edges"]]


async def test_the_subject_reads_by_whom_it_is_monitored_and_how_often_they_were_told(
    town: Town, tmp_path: Path
) -> None:
    await town.grant("citizen-2", key="unmonitored")
    grant_id = await monitored(town)
    await report(town, tmp_path, number="一号")
    await report(town, tmp_path, number="二号")
    assert [one["monitored"] is None for one in await _own(town, only=False)] == [False, True]
    (one,) = await _own(town, only=True)
    (issued,) = one["steps"]
    assert one["monitored"] == {"since": issued["at"], "until": one["validUntil"], "running": True, "told": 2}

    await end(town, grant_id)
    await report(town, tmp_path, number="三号")
    (one,) = await _own(town, only=True)
    assert one["monitored"] == {"since": issued["at"], "until": one["steps"][1]["at"], "running": False, "told": 2}


async def test_nobody_else_may_ask_how_often_they_were_told(town: Town) -> None:
    asked = "{ recipient { grants { edges { node { monitored { told } } } } } }"
    answer = await town.ask("bank-1", asked)
    assert answer.code == "FIELD_NOT_ALLOWED"
