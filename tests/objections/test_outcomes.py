"""What may come of a case: read out of `outcomes.yaml`, and what no row of it may say."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from objections import outcomes
from objections.kinds import (
    ObjectionAddressee,
    ObjectionOutcome,
    ObjectionRequest,
    ObjectionTarget,
    VerificationAnswer,
)
from objections.outcomes import Standing

_TABLE = yaml.safe_load(Path(__file__).with_name("outcomes.yaml").read_text("utf-8"))
_OF = {
    "INSTITUTION": ObjectionAddressee.CREDIT_INSTITUTION,
    "AGENCY": ObjectionAddressee.CREDIT_SERVICE_AGENCY,
}


@pytest.mark.parametrize("row", _TABLE, ids=str)
def test_the_table_is_the_rule(row: Mapping[str, Any]) -> None:
    of, answer = _OF[row["of"]], row.get("answer")
    standing = Standing(
        of,
        ObjectionTarget(row["target"]),
        frozenset(ObjectionRequest(one) for one in row["request"].split("+")),
        asked=row.get("asked", False) or answer is not None,
        answer=VerificationAnswer(answer) if answer else None,
    )
    may = outcomes.allowed(standing)
    assert {one.value + "*" * outcomes.needs_approval(of, one) for one in may} == set(row["may"])


_STANDINGS = st.builds(
    Standing,
    st.sampled_from(ObjectionAddressee),
    st.sampled_from([ObjectionTarget.RECORD, ObjectionTarget.MISSING_RECORD]),
    st.frozensets(st.sampled_from(ObjectionRequest), min_size=1),
    asked=st.just(True),
    answer=st.sampled_from([None, *VerificationAnswer]),
)


@given(_STANDINGS)
def test_silence_and_admission_are_no_ground_for_a_refusal(standing: Standing) -> None:
    if standing.addressee is ObjectionAddressee.CREDIT_INSTITUTION:
        refused = {ObjectionOutcome.NOT_CORRECTED, ObjectionOutcome.EXPLAINED} & outcomes.allowed(standing)
        if standing.answer is not VerificationAnswer.CONFIRM:
            assert not refused
        if ObjectionOutcome.EXPLAINED in refused:
            assert standing.requests == {ObjectionRequest.EXPLAIN}, "no way round the second person"


@pytest.mark.parametrize(
    ("addressee", "outcome", "approved", "said"),
    [
        ("CREDIT_INSTITUTION", None, False, True),
        ("CREDIT_INSTITUTION", "CORRECTED", False, True),
        ("CREDIT_INSTITUTION", "NOT_CORRECTED", False, False),
        ("CREDIT_INSTITUTION", "NOT_CORRECTED", True, True),
        ("CREDIT_SERVICE_AGENCY", "NOT_CORRECTED", False, True),
    ],
)
def test_a_refusal_is_an_answer_once_a_second_person_has_agreed(
    addressee: str, outcome: str | None, approved: bool, said: bool
) -> None:
    row = SimpleNamespace(addressee=addressee, outcome=outcome, approved_at=datetime.now(UTC) if approved else None)
    assert outcomes.is_said(row) is said
