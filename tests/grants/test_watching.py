"""Of what a monitoring recipient is told: the table, and the rule that what it may not see changes nothing it hears."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.moments import day_of
from credit.changes import Face
from credit.kinds import Publicity, RecordStatus
from grants import watching
from grants.scope import GrantStatus, RecordCategory
from grants.watching import Change

_TABLE: dict[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("monitoring.yaml").read_text("utf-8"))
_AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
_TODAY = day_of(_AT)


def _grant(**changed: Any) -> Any:
    row: dict[str, Any] = {
        "monitoring": True, "status": "ACTIVE", "subject_id": "sub_1", "purpose": "FINANCING", "stages": ["POST_LOAN"],
        "categories": ["ADMINISTRATIVE"], "includes_evaluation": False, "valid_from": -1, "valid_until": 364,
        "uses_left": None, "window_months": 60, "retention_days": 180, "per_period": None, "period": None,
        "documents": None, "lapses_at": None, "template": "FINANCING.BANK@2026-1",
        "strands": None, **changed,
    }  # fmt: skip
    moved = {name: _AT + timedelta(days=row[name]) for name in ("valid_from", "valid_until")}
    return SimpleNamespace(**{**row, **moved})


def _face(**changed: Any) -> Face:
    said: dict[str, Any] = {
        "subject_id": "sub_1", "category": "ADMINISTRATIVE", "status": "CURRENT", "publicity": "ON_AUTHORISATION",
        "query_until": None, "sorted_on": -30, **changed,
    }  # fmt: skip
    days = {
        name: None if said[name] is None else _TODAY + timedelta(days=said[name])
        for name in ("query_until", "sorted_on")
    }
    return Face(**{**said, **days})


def _told(grant: Any, *faces: Face) -> list[str]:
    shown = {
        Change(face.subject_id, face.category, face.sorted_on, face.strand)
        for face in faces
        if face.is_shown(on=_TODAY)
    }
    return watching.covered(grant, shown, at=_AT)


@pytest.mark.parametrize("row", _TABLE["grants"], ids=lambda row: row["as"])
def test_by_how_the_grant_stands(row: dict[str, Any]) -> None:
    assert _told(_grant(**row.get("grant", {})), _face()) == (["ADMINISTRATIVE"] if row["told"] else [])


@pytest.mark.parametrize("row", _TABLE["changes"], ids=lambda row: row["as"])
def test_by_what_changed(row: dict[str, Any]) -> None:
    faces = [_face(**row[side]) for side in ("before", "after") if side in row]
    assert _told(_grant(**row.get("grant", {})), *faces) == (["ADMINISTRATIVE"] if row["told"] else [])


def test_every_status_of_a_grant_stands_in_the_table() -> None:
    computed = {GrantStatus.EXPIRED, GrantStatus.EXHAUSTED, GrantStatus.LAPSED}
    said = {row.get("grant", {}).get("status", "ACTIVE") for row in _TABLE["grants"]}
    assert said == {status.value for status in set(GrantStatus) - computed}


_FACES = st.builds(
    _face,
    category=st.sampled_from([category.value for category in RecordCategory]),
    status=st.sampled_from([status.value for status in RecordStatus]),
    publicity=st.sampled_from([publicity.value for publicity in Publicity]),
    query_until=st.none() | st.integers(-400, 400),
    sorted_on=st.integers(-4000, 0),
)


@given(faces=st.lists(_FACES, max_size=6), more=st.lists(_FACES, max_size=6))
def test_what_may_not_be_seen_changes_nothing_and_what_is_told_was_granted(faces: list[Face], more: list[Face]) -> None:
    hidden = [face for face in more if not face.is_shown(on=_TODAY)]
    grant = _grant(categories=["ADMINISTRATIVE", "HONOUR"])
    assert _told(grant, *faces, *hidden) == _told(grant, *faces)
    assert set(_told(grant, *faces)) <= set(grant.categories)
    assert _told(_grant(monitoring=False), *faces) == []
    # How many there are of a kind does not show.
    assert _told(grant, *faces, *faces) == _told(grant, *faces)
