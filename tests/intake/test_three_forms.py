"""One table as CSV, JSON Lines and xlsx: the same rows; and what a form of its own can get wrong."""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from core import sheets
from core.sheets import Table
from intake import files, layouts
from intake.books import EXPLANATION
from intake.delimited import guarded, unguarded
from intake.errors import FileRefused
from intake.files import Form, Row
from intake.findings import Finding
from intake.layouts import LINE, REASON
from intake.rejected import Rejected, path_for
from tests.harness import books
from tests.harness.callers import Town
from tests.harness.provider_files import counts, load, penalty, write
from tests.harness.scale import scaled

_HEADERS = layouts.SUBJECT.headers
Table_ = Sequence[Sequence[str]]


def as_csv(encoding: str) -> Callable[[Table_], bytes]:
    def made(table: Table_) -> bytes:
        out = io.StringIO(newline="")
        csv.writer(out).writerows(table)
        return out.getvalue().encode(encoding)

    return made


def as_objects(table: Table_) -> bytes:
    head, *rows = table
    return b"".join(json.dumps(dict(zip(head, row, strict=True))).encode() + b"\n" for row in rows)


def as_book(table: Table_) -> bytes:
    return sheets.write("表", table, widths=[])


FORMS: Mapping[str, Callable[[Table_], bytes]] = {
    "UTF-8": as_csv("utf-8"),
    "UTF-8 with BOM": as_csv("utf-8-sig"),
    "GB18030": as_csv("gb18030"),
    "JSON Lines": as_objects,
    "xlsx": as_book,
}


def _read(folder: str | Path, data: bytes) -> list[Row]:
    return list(files.rows(files.inspect(books.written(Path(folder, "a.dat"), data))))


# What a file of text can say: no half characters and no NUL; what a text must not have is a check's to find.
_CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=12),
    st.sampled_from(
        ["129901198001010018", "2026/11/23", "0.200000", "=1+1", "@甲", "_x0041_", "a\r\nb", " 甲 ", "1.29E+17"]
    ),
)


@settings(max_examples=scaled(40, 1000), deadline=None)
@given(st.lists(st.lists(_CELLS, min_size=4, max_size=4), min_size=1, max_size=4))
def test_one_table_gives_the_same_rows_in_every_form(rows: list[list[str]]) -> None:
    told = [["甲", *row[1:]] for row in rows]  # a row that says nothing is in no form
    with tempfile.TemporaryDirectory() as folder:
        found = {name: _read(folder, made([_HEADERS, *told])) for name, made in FORMS.items()}
    wanted = [dict(zip(_HEADERS, row, strict=True)) for row in told]
    for name, read in found.items():
        assert [row.values for row in read] == wanted, name
        assert [row.cells for row in read] == told, name
        assert [row.fault and row.fault.code for row in read] == [
            row.fault and row.fault.code for row in found["UTF-8"]
        ]


@pytest.mark.parametrize("form", FORMS)
def test_a_name_says_nothing_of_a_form(tmp_path: Path, form: str) -> None:
    row = ["自然人", "身份证", "129901198001010018", "甲"]
    data = FORMS[form]([_HEADERS, row])
    for name in ("a.csv", "a.xlsx", "a.jsonl", "a"):
        sheet = files.inspect(books.written(tmp_path / name, data))
        assert [found.cells for found in files.rows(sheet)] == [row]
        assert (sheet.rows, sheet.layout, files.header(sheet)) == (1, layouts.SUBJECT, list(_HEADERS))


_HEAD = books.rows(_HEADERS)
_ROW = ["自然人", "身份证", "129901198001010018", "甲"]
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def _object(**changed: object) -> str:
    return json.dumps(dict(zip(_HEADERS, _ROW, strict=True)) | changed)


_REFUSED: dict[str, tuple[bytes, str]] = {
    "an empty sheet": (books.book(""), "文件为空"),
    "a sheet of blanks": (books.book(books.rows([" ", ""], [""])), "文件为空"),
    "no sheet": (books.book(), "文件为空"),
    "two sheets with rows": (books.book(_HEAD, books.rows(["甲"])), "不止一张工作表有内容（表1、表2）"),
    "another table": (books.book(books.rows(["a", "b"])), "表头不是任何一种交换格式"),
    "a hundred and one columns": (books.book(books.rows(["甲"] * 101)), "列数超过100"),
    "ten to the fifth columns": (as_csv("utf-8")([["列"] * 30_000]), "列数超过100"),
    "ten to the fifth columns and more": (as_csv("utf-8")([["列"] * 100_000]), "一行超过65536个字"),
    "an encrypted workbook": (_OLE + "EncryptedPackage".encode("utf-16-le"), "文件加了密码"),
    "a workbook of before 2007": (_OLE + "Workbook".encode("utf-16-le"), "旧版 .xls"),
    "a workbook cut off": (books.book(_HEAD)[:-30], "没有传完整"),
    "another zip": (books.packed({"word/document.xml": "<a/>"}), "不是 xlsx 工作簿"),
    "an array": (b'[{"a": 1}]', "是 JSON 数组"),
    "an object over lines": (b'{\n"a": 1\n}', "第1行不是有效的 JSON 对象"),
    "an object cut off": (f"{_object()}\n{_object()[:-5]}".encode(), "第2行不是有效的 JSON 对象"),
    "a key twice": (b'{"a": 1, "a": 2}', "第1行有重复的键"),
    "no number": (b'{"a": NaN}', "第1行不是有效的 JSON 对象"),
    "a list below an object": (f"{_object()}\n[1]".encode(), "第2行不是有效的 JSON 对象"),
    "an object in GB18030": ('{"主体": "甲"}'.encode("gb18030"), "第1行的编码不是 UTF-8"),
    "endlessly nested": (b'{"a": ' + b"[" * 100_000, "第1行不是有效的 JSON 对象"),
    "other keys": (b'{"a": 1}', "表头不是任何一种交换格式.*；多出：a$"),
    "half a character in a key": (b'{"\\ud800": 1}', "多出：\\?"),
}


@pytest.mark.parametrize("case", _REFUSED)
def test_what_is_no_such_file_is_refused_plainly(tmp_path: Path, case: str) -> None:
    data, reason = _REFUSED[case]
    with pytest.raises(FileRefused, match=reason):
        files.inspect(books.written(tmp_path / "a", data))


@pytest.mark.parametrize("form", ["UTF-8", "xlsx"])
def test_a_header_alone_is_a_file_of_no_rows(tmp_path: Path, form: str) -> None:
    sheet = files.inspect(books.written(tmp_path / "a", FORMS[form]([_HEADERS])))
    assert (sheet.rows, list(files.rows(sheet))) == (0, [])


_NUMBER = "证件号码"
_FAULTS: dict[str, tuple[bytes, str]] = {
    "digits lost in a sheet": (
        books.book(_HEAD + f"<row>{books.text_cells(_ROW[:2])}<c><v>1.2990119800101002E+17</v></c></row>"),
        "DIGITS_LOST",
    ),
    "digits lost in an object": (_object(**{_NUMBER: 129901198001010018}).encode(), "DIGITS_LOST"),
    "digits lost before it was a CSV": (as_csv("utf-8")([_HEADERS, [*_ROW[:2], "1.29901E+17", "甲"]]), "DIGITS_LOST"),
    "a formula": (books.book(_HEAD + f"<row>{books.text_cells(_ROW[:2])}<c><f>A1</f><v>1</v></c></row>"), "FORMULA"),
    "an error": (
        books.book(_HEAD + f'<row>{books.text_cells(_ROW[:2])}<c t="e"><v>#N/A</v></c></row>'),
        "CELL_KIND",
    ),
    "an error before it was a CSV": (as_csv("utf-8")([_HEADERS, [*_ROW[:2], "#N/A", "甲"]]), "CELL_KIND"),
    "a truth": (_object(**{_NUMBER: True}).encode(), "CELL_KIND"),
    "a list": (_object(**{_NUMBER: ["1"]}).encode(), "CELL_KIND"),
    "half a character": (_object(**{_NUMBER: "\ud800"}).encode(), "CONTROL_CHARACTER"),
}


@pytest.mark.parametrize("case", _FAULTS)
def test_a_cell_that_says_nothing_sure_is_refused_with_its_row(tmp_path: Path, case: str) -> None:
    data, code = _FAULTS[case]
    (row,) = _read(tmp_path, data)
    assert row.fault == Finding(row.line, _NUMBER, code, "")
    assert _NUMBER in row.fault.sentence


def test_an_object_of_other_keys_is_refused_with_its_row(tmp_path: Path) -> None:
    _, row = _read(tmp_path, f"{_object()}\n\n{_object(多余='1').replace('{', '{ ')}".encode())
    assert (row.values, row.line) == (None, 3)
    assert row.fault is not None
    assert row.fault.sentence == "键与文件第一行的不一致（缺少：无；多出：多余）"


def test_numbers_and_nothing_are_texts_of_an_object(tmp_path: Path) -> None:
    (row,) = _read(tmp_path, _object(主体类别=None, 证件类型=0.30000000000000004, 证件号码=12).encode())
    assert row.cells == ["", "0.3", "12", "甲"]


def test_the_explanation_of_a_template_may_stay(tmp_path: Path) -> None:
    data = sheets.write_all([Table("表", [], [_HEADERS, _ROW]), Table(EXPLANATION, [], [["列名"]])])
    assert [row.cells for row in _read(tmp_path, data)] == [_ROW]


_EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =1", "'=1", "''=1", '=HYPERLINK("http://a","b")']


@given(st.one_of(st.sampled_from(_EVIL), st.text(max_size=10)))
def test_a_guarded_cell_is_no_formula_and_says_the_same(cell: str) -> None:
    told = guarded(cell)
    assert unguarded(told) == cell
    assert not told.lstrip().startswith(tuple("=+-@＝＋－＠"))
    assert not told.startswith(tuple("\t\r\n"))


def _rejected(path: Path, rows: Sequence[Sequence[str]], form: str) -> Path:
    """Every row of a file, rejected."""
    sheet = files.inspect(books.written(path, FORMS[form]([_HEADERS, *rows])))
    with Rejected(sheet) as rejected:
        for row in files.rows(sheet):
            rejected.add(row, Finding(row.line, _NUMBER, "MISSING", ""))
    return rejected.path


@pytest.mark.parametrize("form", FORMS)
def test_rejected_rows_come_back_as_they_came_and_can_be_sent_again(tmp_path: Path, form: str) -> None:
    told = [["自然人", evil, "1\n2", '甲,"乙"'] for evil in _EVIL]
    path = _rejected(tmp_path / "a.b", told, form)
    assert path.name == f"a.rejected.{ {'JSON Lines': 'jsonl', 'xlsx': 'xlsx'}.get(form, 'csv') }"
    sheet = files.inspect(path)
    assert sheet.form == files.inspect(tmp_path / "a.b").form
    rows = list(files.rows(sheet))
    assert [files.without_ours(row) for row in rows] == told
    assert all(row.values and row.values[REASON] == "“证件号码”不能为空" and row.values[LINE] for row in rows)

    assert {one.name for one in tmp_path.iterdir()} == {"a.b", path.name}


def test_nothing_that_comes_back_is_computed(tmp_path: Path) -> None:
    told = [["自然人", evil, "1", "甲"] for evil in _EVIL]
    book = CalamineWorkbook.from_path(str(_rejected(tmp_path / "a", told, "xlsx"))).get_sheet_by_index(0)
    assert [row[1] for row in book.to_python()][1:] == _EVIL
    with _rejected(tmp_path / "b", told, "UTF-8").open(encoding="utf-8-sig", newline="") as file:
        assert all(guarded(cell) == cell for row in csv.reader(file) for cell in row if not cell.startswith("'"))


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_left_of_a_load_that_broke_off(tmp_path: Path, form: str) -> None:
    sheet = files.inspect(books.written(tmp_path / "a", FORMS[form]([_HEADERS, _ROW])))

    def break_off() -> None:
        with Rejected(sheet) as rejected:
            rejected.add(next(files.rows(sheet)), Finding(2, _NUMBER, "MISSING", ""))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        break_off()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_one_file_in_three_forms_is_loaded_once(town: Town, tmp_path: Path) -> None:
    """And a number that lost digits is rejected, corrected in the workbook that came back, and taken."""
    headers = layouts.PENALTY.headers
    good = [penalty("一号"), penalty("二号")]
    table = [headers, *([row.get(header, "") for header in headers] for row in good)]
    assert counts(await load(town.house, write(tmp_path / "a.csv", layouts.PENALTY, good))) == (2, 0, 0, 0)
    for name, form in (("b.jsonl", "JSON Lines"), ("c.xlsx", "xlsx")):
        assert counts(await load(town.house, books.written(tmp_path / name, FORMS[form](table)))) == (0, 0, 2, 0)
    bad = [penalty("三号", **{layouts.IDENTITY_NUMBER: "1.29901198001010E+17"})]
    table = [headers, *([row.get(header, "") for header in headers] for row in bad)]
    result = await load(town.house, books.written(tmp_path / "d.xlsx", as_book(table)))
    assert counts(result) == (0, 0, 0, 1)
    assert result.rejected_path == path_for(tmp_path / "d.xlsx", Form.WORKBOOK)
    rows = CalamineWorkbook.from_path(str(result.rejected_path)).get_sheet_by_index(0).to_python()
    assert "电子表格已丢失" in str(rows[1][-1])
    place = rows[0].index(layouts.IDENTITY_NUMBER)
    rows[1][place] = good[0][layouts.IDENTITY_NUMBER]
    corrected = books.written(tmp_path / "e.xlsx", as_book([[str(cell) for cell in row] for row in rows]))
    assert counts(await load(town.house, corrected)) == (1, 0, 0, 0)
