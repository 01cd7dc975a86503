"""The forms of a report as a table that a lawyer can read, in the data and on the page alike."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from audit import sentences
from credit.typeset import forms, layout
from tests.harness.pages import headings
from tests.harness.reporting import squeezed, text_of
from tests.harness.snapshots import CATEGORIES, COMPANY, PERSON, printed, record, snapshot

TABLE: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("layouts.yaml").read_text("utf-8"))
SUBJECTS = {
    "organisation": (COMPANY, {**COMPANY, "kind": "UNINCORPORATED"}, {**COMPANY, "kind": "INDIVIDUAL_BUSINESS"}),
    "person": (PERSON,),
}
_ROWS = [(form, subject) for form, subjects in SUBJECTS.items() for subject in subjects]
_CODES = {title: code for code, title in sentences.CATEGORIES.items()}
_INCENTIVE = "守信激励对象"


def titles(form: str) -> list[str]:
    """The headings of a report in their order."""
    wanted = TABLE[form]
    return [wanted["title"], "概要", *(part["title"] for part in wanted["parts"]), "报告说明"]


@pytest.mark.parametrize(("form", "subject"), _ROWS, ids=[f"{form} {one['kind']}" for form, one in _ROWS])
@pytest.mark.parametrize("empty", [False, True], ids=["full", "empty"])
def test_table(form: str, subject: dict[str, Any], empty: bool) -> None:
    wanted = TABLE[form]
    records = [] if empty else [record(n, category=category) for n, category in enumerate(CATEGORIES)]
    said = snapshot(subject, records)
    data = layout.outlined(said)
    assert data["title"] == wanted["title"]
    assert [label for label, _ in data["head"]] == wanted["head"]
    assert dict(data["head"])["版本号"] == wanted["version"]
    assert [label for label, _ in data["counts"]] == wanted["counts"]
    assert [part["title"] for part in data["parts"]] == [part["title"] for part in wanted["parts"]]
    for found, part in zip(data["parts"], wanted["parts"], strict=True):
        ids = [one["id"] for one in records if one["category"] in {_CODES[title] for title in part["holds"]}]
        assert sorted(found["records"]) == sorted(ids), part["title"]
    last = len(data["parts"]) - 1
    filled = {0} if empty else set(range(last + 1))
    assert [part["empty"] for part in data["parts"]] == [
        None if n in filled else forms.NOTHING for n in range(last + 1)
    ]

    pdf = printed(said)
    assert headings(pdf) == titles(form)
    text = text_of(pdf)
    place = 0
    for one in (wanted["title"], *wanted["head"], *wanted["counts"], *titles(form)[2:]):
        place = text.index(squeezed(one), place) + len(squeezed(one))
    # In the parts without records, and for an organisation without honours in its head.
    assert text.count(forms.NOTHING) == (last + (_INCENTIVE in wanted["head"]) if empty else 0)
    assert [one for one in wanted["says"] if squeezed(one) not in text] == []
    assert [one for one in wanted["not"] if squeezed(one) in text] == []


def test_every_class_has_one_place_in_either() -> None:
    for form in SUBJECTS:
        held = [title for part in TABLE[form]["parts"] for title in part["holds"]]
        assert sorted(held) == sorted(sentences.CATEGORIES.values())


@pytest.mark.parametrize("line", TABLE["incentive"], ids=lambda line: line["says"])
def test_what_an_organisations_honours_are(line: dict[str, Any]) -> None:
    filed = ["2026-11-20T01:00:00Z"]
    honours = [
        record(n, category="HONOUR", objections=filed if n < line.get("marked", 0) else [])
        for n in range(line["honours"])
    ]
    granted = line.get("granted")
    authority = granted and {
        "recipient": "海津示例银行",
        "purpose": "FINANCING",
        "categories": [_CODES[one] for one in granted],
    }
    said = snapshot(COMPANY, [*honours, record(99)], authority=authority)
    assert dict(layout.outlined(said)["head"])[_INCENTIVE] == line["says"]
    assert squeezed(_INCENTIVE + line["says"]) in text_of(printed(said))
