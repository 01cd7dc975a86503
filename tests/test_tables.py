"""The pure rules, run over the decision tables."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from grants.rules import status_at
from incentives import eligibility
from incentives.codes import SLOT_SECONDS, codes, handle_in, proves
from incentives.eligibility import Standing

_TABLES: dict[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("tables.yaml").read_text("utf-8"))
_AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
_KEY = b"k" * 32


def _named(table: str) -> Any:
    rows = _TABLES[table]
    return pytest.mark.parametrize("row", rows, ids=[str(row.get("case", row)) for row in rows])


@_named("eligibility")
def test_eligibility(row: dict[str, Any]) -> None:
    gaps = eligibility.gaps(min_tier=row["needs"], standing=Standing(row.get("person", True), row["has"]))
    assert len(gaps) == row["missing"]
    if row.get("person", True):
        assert all(gap.needed == eligibility.TIER_NAMES[row["needs"]] for gap in gaps)


@dataclass(frozen=True)
class _Grant:
    status: str
    valid_from: datetime
    valid_until: datetime
    uses_left: int | None
    lapses_at: datetime | None


@_named("grant_status")
def test_grant_status(row: dict[str, Any]) -> None:
    lapses = _AT + timedelta(minutes=row["lapses"]) if "lapses" in row else None
    grant = _Grant(row["stored"], _AT - timedelta(days=1), _AT + timedelta(minutes=row["minutes"]), row["uses"], lapses)
    assert status_at(grant, at=_AT).value == row["stands"]


@given(st.integers(0, 200))
def test_a_code_holds_for_its_slot_and_the_next(seconds: int) -> None:
    code = codes(_KEY, claim_id="clm_1", handle="123456789", first=1, at=_AT)[0]
    later = _AT + timedelta(seconds=seconds)
    holds = code.valid_from <= later < code.valid_until
    assert proves(_KEY, code.digits, claim_id="clm_1", at=later) == holds
    assert (code.valid_until - code.valid_from).total_seconds() == 2 * SLOT_SECONDS


def test_a_code_is_18_digits_of_one_claim() -> None:
    made = codes(_KEY, claim_id="clm_1", handle="000000001", first=10, at=_AT)
    assert all(len(code.digits) == 18 and code.digits.isdigit() for code in made)
    assert handle_in(made[0].digits) == "000000001"
    assert not proves(_KEY, made[0].digits, claim_id="clm_2", at=_AT)
    assert not proves(b"x" * 32, made[0].digits, claim_id="clm_1", at=_AT)
    assert not proves(_KEY, made[2].digits, claim_id="clm_1", at=_AT)


@given(st.text(max_size=30))
def test_any_other_text_is_no_code(text: str) -> None:
    assert handle_in("x" + text) is None
