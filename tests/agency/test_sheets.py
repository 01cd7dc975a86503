"""What anybody may send as a sheet: read within bounds, refused with its fault, and nothing of it computed."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from core import sheets
from core.errors import Invalid
from grants import listed
from tests.harness import organs
from tests.harness.scale import FULL, scaled

_TODAY = date(2026, 11, 26)
_SOMEONE = ["居民身份证", "12990119700101001X", "某某某"]
_GOOD = organs.sheet(_SOMEONE)  # one: each has the instant of its making


def _book(fill: Callable[[Any], None]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for column, text in enumerate(organs.HEAD):
            sheet.write_string(0, column, text)
        fill(sheet)
    return made.getvalue()


def _remade(change: Callable[[str, bytes], bytes], data: bytes, *, more: dict[str, bytes] | None = None) -> bytes:
    """The same workbook with parts changed, deflated."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given_, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as kept:
        for part in given_.infolist():
            kept.writestr(part.filename, change(part.filename, given_.read(part)))
        for name, content in (more or {}).items():
            kept.writestr(name, content)
    return made.getvalue()


def _in_sheet(old: bytes, new: bytes) -> bytes:
    data = organs.sheet(_SOMEONE)
    changed = _remade(lambda name, content: content.replace(old, new, 1) if "sheet1" in name else content, data)
    assert changed != data
    return changed


_BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "no file at all": (lambda: b"", "SHEET_TYPE"),
    "not a zip": (lambda: b"PK\x03\x04" + b"x" * 100, "SHEET_TYPE"),
    "a zip of something else": (lambda: _remade(lambda _n, _c: b"<a/>", organs.sheet(_SOMEONE)), "SHEET_TYPE"),
    "no XML": (lambda: _in_sheet(b"<worksheet", b"<work sheet<"), "SHEET_TYPE"),
    "an unknown encoding": (lambda: _in_sheet(b"UTF-8", b"TF-8"), "SHEET_TYPE"),
    "an encoding of several bytes": (lambda: _in_sheet(b"UTF-8", b"GBK"), "SHEET_TYPE"),
    "an empty sheet": (lambda: sheets.write("a", [], widths=[]), "SHEET_HEAD"),
    "another head": (lambda: organs.sheet(_SOMEONE, head=["证件号码", "证件类型", "名称"]), "SHEET_HEAD"),
    "a head alone": (lambda: organs.sheet(), "SHEET_EMPTY"),
    "2,001 rows": (lambda: organs.sheet(*(organs.nobody(n) for n in range(2001))), "TOO_MANY_ROWS"),
    "a formula": (lambda: _book(lambda s: s.write_formula(1, 2, "=1+1", None, "某")), "SHEET_FORMULA"),
    "a cell in the last row": (lambda: _book(lambda s: s.write_string(1_048_575, 0, "x")), "TOO_MANY_ROWS"),
    "a cell in the last column": (lambda: _book(lambda s: s.write_string(1, 16_383, "x")), "SHEET_TYPE"),
    "a zip bomb": (
        lambda: _remade(lambda _n, c: c, organs.sheet(_SOMEONE), more={"xl/more.xml": b" " * 20_000_000}),
        "SHEET_TOO_LARGE",
    ),
    "many parts": (
        lambda: _remade(lambda _n, c: c, organs.sheet(_SOMEONE), more={f"xl/{n}.xml": b"<a/>" for n in range(200)}),
        "SHEET_TOO_LARGE",
    ),
    "an entity": (
        lambda: _in_sheet(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'),
        "SHEET_TYPE",
    ),
    "more bytes than are read": (lambda: b"PK\x03\x04" + bytes(sheets.LARGEST), "SHEET_TOO_LARGE"),
}
_BAD_ROWS: dict[str, tuple[list[Any], str, str]] = {
    "an unknown type": (["护照", "E1", "某"], "证件类型", "ONE_OF"),
    "no name": (["居民身份证", "12990119700101001X", ""], "名称", "LENGTH"),
    "a huge cell": (["居民身份证", "12990119700101001X", "某" * 30_000], "名称", "LENGTH"),
    "a control character": (["居民身份证", "12990119700101001X", "某\x07某"], "名称", "PRINTABLE"),
    "a wrong check digit": (["居民身份证", "129901197001010011", "某"], "证件号码", "NUMBER_CHECK_DIGIT"),
    "a wrong form": (["统一社会信用代码", "x", "某"], "证件号码", "NUMBER_FORMAT"),
    "a day that is none": (["居民身份证", "129901197002310014", "某"], "证件号码", "NUMBER_BIRTH_DATE"),
    "twice": (_SOMEONE, "证件号码", "DUPLICATE"),
}


@pytest.mark.parametrize("case", _BAD)
def test_what_is_no_sheet_is_refused(case: str) -> None:
    made, code = _BAD[case]
    with pytest.raises(Invalid) as refused:
        listed.read(made(), today=_TODAY)
    assert [detail.code for detail in refused.value.details] == [code]


@pytest.mark.parametrize("case", _BAD_ROWS)
def test_a_bad_row_is_named_as_the_spreadsheet_numbers_it(case: str) -> None:
    bad, column, code = _BAD_ROWS[case]
    with pytest.raises(Invalid) as refused:
        listed.read(organs.sheet(_SOMEONE, organs.nobody(1), bad), today=_TODAY)
    assert [(detail.path, detail.code) for detail in refused.value.details] == [(("uploadId", "4", column), code)]


def test_a_number_cell_has_lost_its_digits() -> None:
    with pytest.raises(Invalid) as refused:
        listed.read(
            _book(lambda s: s.write_number(1, 1, 129901199001010019) or s.write_string(1, 0, "居民身份证")),
            today=_TODAY,
        )
    assert refused.value.details[0].code == "CELL_TEXT"


def test_two_thousand_rows_are_read_in_order() -> None:
    rows = [organs.nobody(n) for n in range(2000)]
    found = listed.read(organs.sheet(*rows), today=_TODAY)
    assert [one.number.number for one in found] == [row[1] for row in rows]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", '=HYPERLINK("http://x")', "http://x", "\x01", "1" * 40_000])
def test_what_is_written_is_text_whatever_it_looks_like(text: str) -> None:
    made = sheets.write("a", [["h"], [text]], widths=[10])
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        assert "xl/worksheets/_rels/sheet1.xml.rels" not in book.namelist()
    assert sheets.read(made, most_rows=2)[1] == [text[:32_767]]


@settings(deadline=None, derandomize=not FULL, max_examples=scaled(100, 3000))
@given(st.data())
def test_whatever_bytes_are_sent_are_read_or_refused(data: st.DataObject) -> None:
    """A sheet with bytes changed anywhere, in the file or in a part: never anything but `Invalid`."""

    def mangled(content: bytes) -> bytes:
        place, kept = data.draw(st.integers(0, len(content))), data.draw(st.integers(0, 40))
        return content[:place] + data.draw(st.binary(max_size=20)) + content[place + kept :]

    part = data.draw(st.sampled_from(["", "sheet1", "workbook.xml", "sharedStrings", "styles", "_rels/.rels"]))
    made = (
        _remade(lambda name, content: mangled(content) if part in name else content, _GOOD) if part else mangled(_GOOD)
    )
    try:
        found = listed.read(made, today=_TODAY)
    except Invalid:
        return
    assert len(found) <= 1
