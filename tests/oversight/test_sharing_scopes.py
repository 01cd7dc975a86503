"""How wide a share may be, by a table, and what nobody can ask for however they put it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from credit import districts
from credit.kinds import SubjectKind
from grants.scope import RecordCategory
from oversight.sharing.scopes import LONGEST, MOST_CATEGORIES, MOST_DISTRICTS, OF_PEOPLE, Held, Wanted

_TABLE: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("sharing_scopes.yaml").read_text("utf-8"))
_TODAY = date(2026, 11, 27)
_KNOWN = districts.names_of_city(demonstration=True)


@pytest.mark.parametrize("case", _TABLE.values(), ids=_TABLE)
def test_what_is_too_wide(case: dict[str, Any]) -> None:
    wanted = Wanted(
        need="需" * case["need_length"] if "need_length" in case else case.get("need", "核验许可申请人"),
        instrument=case.get("instrument", "某条例"),
        article=case.get("article", "第十条"),
        categories=[RecordCategory(name) for name in case.get("categories", ["ADMINISTRATIVE"])],
        kinds=[SubjectKind(name) for name in case.get("kinds", ["LEGAL_PERSON"])],
        districts=case.get("districts", ["129901"]),
        whole_city=case.get("whole_city", False),
        valid_until=_TODAY + timedelta(days=case.get("days", 90)),
    )
    found = [[detail.path[0], detail.code] for detail in wanted.faults(_TODAY, _KNOWN)]
    assert found == case["found"]


@given(
    categories=st.sets(st.sampled_from(RecordCategory)),
    kinds=st.sets(st.sampled_from(SubjectKind)),
    where=st.lists(st.sampled_from([f"12990{n}" for n in range(1, 10)])),
    whole_city=st.booleans(),
    days=st.integers(-400, 4000),
)
def test_whatever_passes_is_narrow(
    categories: set[RecordCategory], kinds: set[SubjectKind], where: list[str], whole_city: bool, days: int
) -> None:
    until = _TODAY + timedelta(days=days)
    wanted = Wanted("需要", "某条例", "第十条", categories, kinds, where, whole_city, until)
    if wanted.faults(_TODAY, _KNOWN):
        return
    assert 1 <= len(categories) <= MOST_CATEGORIES
    assert _TODAY <= until <= _TODAY + LONGEST
    assert whole_city or 1 <= len(set(where)) <= MOST_DISTRICTS
    assert set(where) <= set(_KNOWN)
    if SubjectKind.NATURAL_PERSON in kinds:
        assert not whole_city
        assert categories <= OF_PEOPLE


_PERSON, _COMPANY = SubjectKind.NATURAL_PERSON.value, SubjectKind.LEGAL_PERSON.value


@pytest.mark.parametrize(
    ("held", "found"),
    [
        ([], []),
        ([Held(["ADMINISTRATIVE"], [_PERSON], ["129901", "129902", "129903", "129904"])], []),
        ([Held(["ADMINISTRATIVE"], [_PERSON], [f"12990{n}" for n in range(1, 6)])], ["TOO_MANY_DISTRICTS_TOGETHER"]),
        ([Held(["COMMITMENT"], [_PERSON], [f"12990{n}"]) for n in range(1, 6)], ["TOO_MANY_DISTRICTS_TOGETHER"]),
        ([Held(["COMMITMENT"], [_PERSON], [f"12990{n}"]) for n in range(2, 7)], []),
        ([Held(["COMMITMENT"], [_COMPANY], [f"12990{n}" for n in range(1, 6)])], []),
        ([Held(["REGISTRATION", "CONTRACT", "HONOUR"], [_COMPANY], []), Held(["A", "B"], [_COMPANY], [])], []),
        (
            [Held(["REGISTRATION", "CONTRACT", "HONOUR"], [_COMPANY], []), Held(["A", "B", "C"], [_COMPANY], [])],
            ["TOO_MANY_TOGETHER"],
        ),
    ],
)
def test_what_is_too_wide_beside_what_is_held(held: list[Held], found: list[str]) -> None:
    people = [SubjectKind.NATURAL_PERSON]
    until = _TODAY + timedelta(days=30)
    wanted = Wanted("需", "某条例", "十", [RecordCategory.ADMINISTRATIVE], people, ["129906"], False, until)
    assert [detail.code for detail in wanted.faults_beside(held)] == found
