"""When a mandate holds, what it covers, and what a case number may say: the decision tables."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from grants import statute
from grants.scope import StatutoryPurpose
from grants.statute import Ask

_TABLES = yaml.safe_load(Path(__file__).with_name("statute.yaml").read_text("utf-8"))
_AT = datetime(2026, 11, 26, 1, tzinfo=UTC)


def _rows(table: str) -> Any:
    rows = _TABLES[table]
    return pytest.mark.parametrize("row", rows, ids=[str(row.get("case", row)) for row in rows])


@_rows("state")
def test_how_a_mandate_stands(row: dict[str, Any]) -> None:
    mandate = SimpleNamespace(
        approved_at=_AT if row.get("approved") else None,
        ended_at=_AT if row.get("ended") else None,
        valid_from=row.get("from", date(2026, 1, 1)),
        valid_until=row.get("until"),
    )
    assert statute.state_of(mandate, at=_AT).value == row["stands"]


@_rows("covers")
def test_what_a_look_lacks(row: dict[str, Any]) -> None:
    mandate = SimpleNamespace(purpose="LICENSING", categories=["ADMINISTRATIVE", "HONOUR"])
    purpose = StatutoryPurpose(row.get("purpose", "LICENSING"))
    assert [detail.code for detail in statute.missing(mandate, Ask("1", purpose, "agm_1"), row["asks"])] == row["lacks"]


@_rows("number")
def test_what_a_case_number_may_say(row: dict[str, Any]) -> None:
    found = statute.faults_of_case(row["says"])
    assert [fault.code for fault in found] == ([row["fault"]] if row["fault"] else [])
