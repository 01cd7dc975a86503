"""Every check by its decision table; dates and amounts by property. Nothing here touches a database."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core import workdays
from core.identity import IdentityType, parse
from core.moments import start_of
from credit import catalogue, failings
from intake import cells, checks
from intake.drafts import read
from intake.errors import RowRefused
from intake.findings import CHECKS, MOST_LINES, Finding, Severity, name_lines
from intake.layouts import LayoutName
from parties.kinds import ProviderKind
from tests.harness.intake_rows import LAYOUT, TODAY, filled, person, surroundings
from tests.harness.servers import ROOT

TABLE: Mapping[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("checks.yaml").read_text("utf-8"))
_BECOMES = {Severity.REJECTED: "rejected", Severity.SET_ASIDE: "set aside", Severity.WARNED: "warned"}
_ROWS = [(section, line) for section, lines in TABLE.items() for line in lines]
_TESTS = Path(__file__).parent.parent
# What is found beside the store, the file, or its form; and about a subject that changes.
_STORE = yaml.safe_load((_TESTS / "intake" / "store.yaml").read_text("utf-8"))
_OF_SUBJECTS = ("changes_of_subjects.yaml", "merges.yaml")


def row_of(line: Mapping[str, Any]) -> tuple[LayoutName, dict[str, str]]:
    """The layout and the row that a line of the table means."""
    name = LayoutName(line.get("layout", "penalty"))
    values = filled(name)
    if "days" in line:
        values |= {column: str(line["days"]) for column, value in values.items() if value == "2026/01/01"}
    if name is LayoutName.PENALTY and "decided" in line:
        values |= {"处罚决定日期": str(line["decided"]), "处罚有效期": ""}
        values |= {"公示截止期": str(line.get("until", "")), "处罚类别": line.get("category", "罚款")}
    elif "公示截止期" in values and "change" not in line:
        values["公示截止期"] = ""
    changed = {column: str(value) for column, value in line.get("change", {}).items()}
    if name is LayoutName.PENALTY and "公示截止期" not in changed and "decided" not in line:
        changed["公示截止期"] = ""
    return name, values | changed


@pytest.mark.parametrize(("section", "line"), [row for row in _ROWS if row[0] != "age"])
def test_table(section: str, line: dict[str, Any]) -> None:
    name, values = row_of(line)
    provider = line.get("provider", {})
    around = surroundings(
        today=line.get("today", TODAY),
        kind=ProviderKind[provider.get("kind", "STATE_ORGAN")],
        kinds=frozenset(provider.get("kinds", [layout.value for layout in LayoutName])),
        districts=frozenset(provider["districts"]) if "districts" in provider else None,
        late_before=line.get("on_time_from", date(2000, 1, 1)),
        invented=not line.get("real", False),
    )
    found: list[Finding] = []
    draft = read(LAYOUT[name], 7, values, around, found)
    assert [finding.code for finding in found] == line["finds"], section
    taken = all(finding.severity is Severity.WARNED for finding in found)
    assert (draft is not None) == taken
    assert all(finding.line == 7 and finding.sentence for finding in found)
    if "column" in line:
        assert found[0].column == line["column"]


@pytest.mark.parametrize("line", TABLE["age"])
def test_table_of_ages(line: dict[str, Any]) -> None:
    today = line.get("today", TODAY)
    who = parse(IdentityType.RESIDENT_ID, person(line["born"]), today=today)
    found = []
    try:
        checks.age(who, today=today, known=line.get("known", False))
    except RowRefused as error:
        found.append(error.code)
    assert found == line["finds"]


def test_every_check_has_a_line_in_a_table() -> None:
    found = {code for table in (TABLE, _STORE) for lines in table.values() for line in lines for code in line["finds"]}
    for name in _OF_SUBJECTS:
        cases = yaml.safe_load((_TESTS / "credit" / name).read_text("utf-8"))
        found |= {row["gives"] for case in cases for row in case["rows"]} - {"changed", "unchanged"}
    assert found == set(CHECKS)


def test_every_check_is_told_to_providers_with_its_code_and_sentence() -> None:
    """The page is what they program against: a code or a sentence does not change unnoticed."""
    lines = (ROOT / "docs" / "checks.md").read_text("utf-8").splitlines()
    told = [
        tuple(cell.strip(" `") for cell in line.strip("|").split(" | ")) for line in lines if line.startswith("| `")
    ]
    assert told == [(code, _BECOMES[check.severity], check.sentence) for code, check in CHECKS.items()]


def test_the_first_lines_of_each_check_are_named_in_their_order() -> None:
    named: dict[str, list[int]] = {}
    name_lines(named, [Finding(3, "", "LATE", ""), Finding(2, "", "MISSING", ""), Finding(2, "", "LATE", "")])
    name_lines(named, [Finding(4, "甲", "MISSING", ""), Finding(4, "乙", "MISSING", "")])
    assert named == {"LATE": [2, 3], "MISSING": [2, 4]}
    name_lines(named, [Finding(line, "", "LATE", "") for line in range(5, 500)])
    assert named["LATE"] == [2, 3, *range(5, 5 + MOST_LINES - 2)]


@given(st.dates(date(2004, 1, 1), date(2045, 12, 31)), st.integers(0, 120))
def test_months_end_in_the_month_that_is_meant(day: date, months: int) -> None:
    found = failings.months_after(day, months)
    assert (found.year - day.year) * 12 + found.month - day.month == months
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


@given(st.dates(date(2004, 6, 1), date(2045, 12, 31)))
def test_the_first_day_in_time_is_in_time_and_the_day_before_is_late(today: date) -> None:
    first = checks.on_time_from(7, {}, today=today)
    assert workdays.count(start_of(first), 7, {}).day >= today
    assert workdays.count(start_of(first - timedelta(days=1)), 7, {}).day < today


@given(st.decimals(0, 10**12, places=6, allow_nan=False).filter(lambda amount: amount < 10**12))
def test_an_amount_is_kept_to_the_last_decimal(amount: Decimal) -> None:
    kept = cells.wan_yuan({"金额": format(amount, "f")}, "金额")
    assert kept is not None
    assert Decimal(kept) == amount


@settings(deadline=None)
@given(st.text(max_size=30))
def test_no_text_is_a_fault(text: str) -> None:
    """Whatever stands in any cell, the row is taken or something is found."""
    for column in LAYOUT[LayoutName.PENALTY].headers:
        found: list[Finding] = []
        draft = read(LAYOUT[LayoutName.PENALTY], 2, filled(LayoutName.PENALTY, **{column: text}), surroundings(), found)
        assert draft is not None or found


def test_the_classes_are_in_order() -> None:
    assert catalogue.EARLIEST == "2026-1"
    assert all(failing.least <= failing.most <= checks.LONGEST_MONTHS for failing in failings.Gravity)


@pytest.mark.parametrize(
    ("category", "decided", "asked_from"),
    [
        ("警告", date(2026, 5, 1), date(2026, 5, 1)),
        ("没收违法所得", date(2026, 5, 1), date(2026, 8, 1)),
        ("没收违法所得", date(2026, 11, 30), date(2027, 2, 28)),
        ("吊销许可证件", date(2026, 5, 1), date(2027, 5, 1)),
        ("罚款", date(2026, 5, 1), None),
        ("吊销许可证件", date(2026, 3, 31), None),
    ],
)
def test_from_when_a_repair_may_be_asked_for(category: str, decided: date, asked_from: date | None) -> None:
    assert failings.repairable_from(failings.gravity(category), decided) == asked_from
