"""The pure rules, run over the decision tables."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from credit.kinds import SubjectKind
from grants.rules import status_at
from incentives import explaining, wording
from incentives.codes import MOST_CODES, SLOT_SECONDS, codes, handle_in
from incentives.conditions import EVERYBODY, TIER_NAMES, Tier
from incentives.eligibility import Standing, is_eligible

_TABLES: dict[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("tables.yaml").read_text("utf-8"))
_AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
_KEY = b"k" * 32


def _named(table: str) -> Any:
    rows = _TABLES[table]
    return pytest.mark.parametrize("row", rows, ids=[str(row.get("case", row)) for row in rows])


@_named("eligibility")
def test_eligibility(row: dict[str, Any]) -> None:
    condition = EVERYBODY if row["needs"] is None else Tier(row["needs"])
    kind = SubjectKind.NATURAL_PERSON if row.get("person", True) else SubjectKind.LEGAL_PERSON
    standing = Standing(kind, row["has"])
    gaps = wording.gaps(explaining.missing(condition, standing), standing)
    assert len(gaps) == row["missing"]
    assert is_eligible(condition, standing) is (not gaps)
    if row.get("person", True):
        assert all(gap.needed == TIER_NAMES[row["needs"]] for gap in gaps)


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


@given(st.integers(0, 10**9 - 1), st.integers(0, 200))
def test_a_code_holds_for_its_slot_and_the_next(number: int, seconds: int) -> None:
    handle = f"{number:09d}"
    code = codes(_KEY, handle=handle, first=1, at=_AT)[0]
    later = _AT + timedelta(seconds=seconds)
    holds = code.valid_from <= later < code.valid_until
    assert handle_in([b"x" * 32, _KEY], code.digits, at=later) == (handle if holds else None)
    assert (code.valid_until - code.valid_from).total_seconds() == 2 * SLOT_SECONDS


def test_a_code_is_18_digits_of_one_claim_under_one_key() -> None:
    made = codes(_KEY, handle="000000001", first=MOST_CODES, at=_AT)
    assert all(len(code.digits) == 18 and code.digits.isdigit() for code in made)
    assert len({code.digits for code in made}) == MOST_CODES
    assert handle_in([_KEY], made[0].digits, at=_AT) == "000000001"
    assert handle_in([b"x" * 32], made[0].digits, at=_AT) is None
    assert handle_in([_KEY], made[2].digits, at=_AT) is None


def test_a_claims_codes_have_no_more_in_common_than_two_claims_codes() -> None:
    """A merchant who keeps the codes it was shown cannot tell which were one claim's: every digit is as any other."""
    claims = [[code.digits for code in codes(_KEY, handle=f"{n:09d}", first=MOST_CODES, at=_AT)] for n in range(300)]
    same = sum(
        a == b for made in claims for first, second in pairwise(made) for a, b in zip(first, second, strict=True)
    )
    compared = 300 * (MOST_CODES - 1) * 18
    assert abs(same / compared - 0.1) < 0.01


@given(st.text(max_size=30))
def test_any_other_text_is_no_code(text: str) -> None:
    assert handle_in([_KEY], "x" + text, at=_AT) is None
