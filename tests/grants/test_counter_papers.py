"""The papers of Art. 8(3) as a table that a lawyer reads, and every kind of case with every set of papers missing."""

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from grants import papers
from grants.papers import Brought, CounterKind, CounterState, Paper, PaperCheck, PaperForm

_TABLE = yaml.safe_load(Path(__file__).with_name("counter.yaml").read_text("utf-8"))


def _brought(said: str) -> Brought:
    paper, form, *seen = said.split()
    checks = frozenset(PaperCheck(one) for one in seen if one != "SCAN")
    return Brought(Paper(paper), PaperForm(form), checks, scanned="SCAN" in seen)


def _whole(kind: CounterKind) -> list[Brought]:
    """The papers of the table's complete case of a kind."""
    row = next(row for row in _TABLE["lacking"] if row["kind"] == kind.value and not row["lacking"])
    return [_brought(one) for one in row["brought"]]


@pytest.mark.parametrize("row", _TABLE["lacking"], ids=lambda row: f"{row['kind']}: {row['case']}")
def test_what_a_case_lacks(row: dict[str, Any]) -> None:
    found = papers.lacking(CounterKind(row["kind"]), [_brought(one) for one in row["brought"]])
    assert [lack.words for lack in found] == row["lacking"]


@pytest.mark.parametrize("kind", CounterKind)
def test_every_set_of_missing_papers_is_named_and_nothing_else(kind: CounterKind) -> None:
    whole = _whole(kind)
    for many in range(len(whole) + 1):
        for missing in combinations(whole, many):
            held = [one for one in whole if one not in missing]
            named = [lack.needed.paper for lack in papers.lacking(kind, held)]
            assert named == [one.paper for one in whole if one in missing]
            for is_told in (False, True):
                waits = CounterState.SUPPLEMENT if is_told else CounterState.OPEN
                assert papers.led_to(kind, held, is_told=is_told) is (waits if missing else CounterState.READY)


def test_the_article_asks_for_exactly_these() -> None:
    """Art. 8(3), word by word; what is ours stands apart."""
    law = {kind: [one.words for one in papers.listed(kind) if one.is_law] for kind in CounterKind}
    assert law == {
        CounterKind.OWN: ["本人有效身份证件原件"],
        CounterKind.OTHER_PERSON: [
            "查询人有效身份证件原件",
            "查询人有效身份证件复印件",
            "被查询对象有效身份证件复印件",
            "被查询对象书面授权证明原件",
        ],
        CounterKind.ORGANISATION: [
            "查询人有效身份证件原件",
            "查询人有效身份证件复印件",
            "加盖公章的被查询对象登记证照复印件",
            "加盖公章和法定代表人签名（签章）的被查询对象书面授权证明原件",
        ],
        CounterKind.GUARDIAN: [],
        CounterKind.NEAR_RELATIVE: [],
    }
    assert all(one.is_law for kind, words in law.items() if words for one in papers.listed(kind))
