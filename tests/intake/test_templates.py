"""What a template says of a column is what the checks do; a template that is filled in is a file."""

import csv
import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from credit import catalogue
from credit.catalogue import Catalogue
from intake import columns, files, layouts, templates
from intake.drafts import read
from intake.findings import Finding
from intake.layouts import LAYOUTS, LayoutName
from tests.harness import books
from tests.harness.intake_rows import LAYOUT, TODAY, filled, organisation, surroundings

_found = catalogue.in_force(TODAY)
assert _found is not None
CATALOGUE: Catalogue = _found
_COLUMNS = [(layout.name, column) for layout in LAYOUTS for column in columns.of(layout, CATALOGUE)]
_IDS = [f"{name}-{column.name}" for name, column in _COLUMNS]
_DISTRICTS = {layouts.DISTRICT, "处罚机关统一社会信用代码", "许可机关统一社会信用代码"}
_PERSONS_TYPES = ("身份证", "居民身份证", "港澳台居民居住证")
_ACT = {
    "操作": "撤回",
    "信息类别": "行政处罚",
    "更正后文书号": "",
    "改归主体名称": "",
    "改归证件类型": "",
    "改归证件号码": "",
}
_ACTS = {
    "更正后文书号": {"操作": "更正", "更正后文书号": "新"},
    "改归主体名称": {"操作": "改归"},
    "改归证件类型": {"操作": "改归"},
    "改归证件号码": {"操作": "改归"},
}


def _row(name: LayoutName, column: str = "") -> dict[str, str]:
    """A good row in which a column is wanted."""
    values = filled(name)
    if name in (LayoutName.PENALTY, LayoutName.DISHONEST_DEBTOR, LayoutName.SERIOUS_LIST):
        values |= {"公示截止期": ""}
    if name is LayoutName.SUBJECT:
        values |= {"主体类别": "自然人"}
    if name is LayoutName.SCORE:
        instant = "2026-01-01T00:00:00+08:00"
        values |= {"海河分": "700", "计算时间": instant, "开通时间": instant, "告知书哈希": "0" * 64}
    if name is LayoutName.EVALUATION:
        values |= {"评价等级": "A"}
    if name is LayoutName.AMENDMENT:
        values |= _ACT
        if column in _ACTS:
            values |= {"改归主体名称": "乙", "改归证件类型": "身份证", "改归证件号码": values["证件号码"]}
            values |= {key: "" for key in _ACTS if _ACTS[key]["操作"] != _ACTS[column]["操作"]}
            values |= _ACTS[column]
    if column == layouts.USCC:
        values |= {layouts.KIND: "法人", layouts.USCC: organisation()}
    return values


def _beside(name: LayoutName, word: str) -> dict[str, str]:
    """What goes with a word: the kind of a subject and the kind of its number are of one sort."""
    if name is not LayoutName.SUBJECT or word in ("自然人", *_PERSONS_TYPES):
        return {}
    return {"主体类别": "法人", layouts.IDENTITY_TYPE: "统一社会信用代码"}


def _codes(name: LayoutName, values: dict[str, str], *, districts: frozenset[str] | None = None) -> list[str]:
    found: list[Finding] = []
    read(LAYOUT[name], 2, values, surroundings(districts=districts), found)
    return [finding.code for finding in found if finding.severity.value == "REJECTED"]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_every_column_is_explained_once_in_its_order(layout: layouts.Layout) -> None:
    assert tuple(column.name for column in columns.of(layout, CATALOGUE)) == layout.headers
    assert _codes(layout.name, _row(layout.name)) == []


@pytest.mark.parametrize(("name", "column"), _COLUMNS, ids=_IDS)
def test_a_column_is_what_its_explanation_says(name: LayoutName, column: columns.Column) -> None:
    row = _row(name, column.name)
    assert _codes(name, row) == []
    district = column.name in _DISTRICTS
    wanted = [] if column.need == columns.NEVER else ["DISTRICT_MISSING" if district else "MISSING"]
    bound = frozenset({"129901"}) if district else None
    assert _codes(name, row | {column.name: ""}, districts=bound) == wanted
    if column.longest:
        assert "TOO_LONG" not in _codes(name, row | {column.name: "长" * column.longest})
        assert _codes(name, row | {column.name: "长" * (column.longest + 1)})[:1] == ["TOO_LONG"]
    if column.choices:
        assert _codes(name, row | {column.name: "别的"}) == ["CHOICE"]
        for word, _ in column.choices:
            assert "CHOICE" not in _codes(name, row | _beside(name, word) | {column.name: word}), word
    refused = {columns.DAY: "DATE_FORMAT", columns.AMOUNT: "AMOUNT_FORMAT", columns.INSTANT: "INSTANT_FORMAT"}
    if column.form in refused:
        assert _codes(name, row | {column.name: "填"}) == [refused[column.form]]
    if column.form == columns.UNREAD:
        assert _codes(name, row | {column.name: "长" * 5000 + "\x07"}) == []


def test_a_template_filled_in_is_a_file(tmp_path: Path) -> None:
    for name, data in templates.everything(CATALOGUE):
        if name == templates.CODES:
            continue
        sheet = files.inspect(books.written(tmp_path / name, data))
        assert (sheet.rows, sheet.layout.name) == (0, name.partition(".")[0])
    book = CalamineWorkbook.from_path(str(tmp_path / "penalty.xlsx"))
    assert book.sheet_names == ["行政处罚", "填报说明"]
    explained = book.get_sheet_by_index(1).to_python()
    assert explained[0] == ["列名", "必填", "填写形式", "最长字数", "可填内容", "说明"]
    assert [row[0] for row in explained[1:]] == list(layouts.PENALTY.headers)


def test_the_same_version_gives_the_same_bytes() -> None:
    assert templates.xlsx_of(layouts.PENALTY, CATALOGUE) == templates.xlsx_of(layouts.PENALTY, CATALOGUE)


def test_every_item_and_every_word_stands_in_the_list_of_codes() -> None:
    rows = list(csv.reader(io.StringIO(templates.codes(CATALOGUE).decode("utf-8-sig"))))
    listed = {(row[0], row[2], row[3]) for row in rows}
    for entry in CATALOGUE.entries.values():
        assert ("信息类别", entry.kind, entry.title) in listed
        assert all(("信息项", item.code, item.label) in listed for item in entry.items)
    assert ("可填内容", "RESIDENT_ID", "身份证") in listed
    assert len({len(row) for row in rows}) == 1
