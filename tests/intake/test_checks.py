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
from credit import catalogue
from intake import cells, checks
from intake.drafts import read
from intake.errors import RowRefused
from intake.findings import CHECKS, Finding, Severity
from intake.layouts import LayoutName
from parties.kinds import ProviderKind
from tests.harness.intake_rows import LAYOUT, TODAY, filled, person, surroundings

TABLE: Mapping[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("checks.yaml").read_text("utf-8"))
_ROWS = [(section, line) for section, lines in TABLE.items() for line in lines]
# Found against the store or the file, where the tests beside this one stand.
_ELSEWHERE = {
    "COLUMN_COUNT",
    "COLUMN_NAMES",
    "DIGITS_LOST",
    "FORMULA",
    "CELL_KIND",
    "SUBJECT_UNKNOWN",
    "NAME_MISMATCH",
    "KIND_MISMATCH",
    "REVIEWED_NOT_TAKEN",
    "SCORE_NOT_OF_AGE",
    "REPEATED_IN_FILE",
    "RECORD_UNKNOWN",
    "RECORD_NOT_CURRENT",
    "NUMBER_TAKEN",
    "NOT_FOR_THIS_ACT",
    "SAME_SUBJECT",
    "CHANGED_SINCE",
    "CHANGE_EARLIER",
    "BORN_OTHERWISE",
    "NEW_NUMBER_TAKEN",
}


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


def test_every_check_stands_in_the_table_or_beside_it() -> None:
    written = {code for lines in TABLE.values() for line in lines for code in line["finds"]}
    assert written | _ELSEWHERE == set(CHECKS)


@given(st.dates(date(2004, 1, 1), date(2045, 12, 31)), st.integers(0, 120))
def test_months_end_in_the_month_that_is_meant(day: date, months: int) -> None:
    found = checks.months_after(day, months)
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
    assert all(failing.least <= failing.most <= checks.LONGEST_MONTHS for failing in checks.Gravity)
