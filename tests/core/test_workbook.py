"""What cells hold, as their reader sees it; and what is not a workbook, or tries to be more than one."""

import struct
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from core.workbook import cells
from core.workbook.archive import Unreadable
from core.workbook.reading import Workbook
from core.workbook.sheet import Flaw, SheetRow
from tests.harness import books

_STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>'
    '<numFmt numFmtId="165" formatCode="0.00&quot;days&quot;"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="22"/></cellXfs>'
    '<dxfs><dxf><numFmt numFmtId="0" formatCode="yyyy"/></dxf></dxfs>'
)
_TEXTS = (
    "<si><t>共享</t></si><si><r><t>分</t></r><r><t>段</t></r><rPh><t>ふりがな</t></rPh></si><si><t>a_x000D_\nb</t></si>"
)


def read(path: Path) -> list[SheetRow]:
    with Workbook(path) as book:
        return list(book.rows(book.sheets[0], most_columns=100, longest_row=1000))


_CELLS: dict[str, tuple[str, str, Flaw | None]] = {
    "a shared text": ('<c t="s"><v>0</v></c>', "共享", None),
    "a text of runs, read aloud": ('<c t="s"><v>1</v></c>', "分段", None),
    "an escaped control": ('<c t="s"><v>2</v></c>', "a\r\nb", None),
    "an inline text": ('<c t="inlineStr"><is><t> 甲 </t></is></c>', " 甲 ", None),
    "digits as text": ('<c t="inlineStr"><is><t>129901198001010018</t></is></c>', "129901198001010018", None),
    "a whole number": ("<c><v>12</v></c>", "12", None),
    "a float's noise": ("<c><v>0.30000000000000004</v></c>", "0.3", None),
    "an amount": ("<c><v>0.2</v></c>", "0.2", None),
    "a millionth": ("<c><v>9.9999999999999995E-7</v></c>", "0.000001", None),
    "fifteen digits": ("<c><v>129901800101001</v></c>", "129901800101001", None),
    "eighteen digits": ("<c><v>1.2990119800101002E+17</v></c>", "1.29901198001010E+17", Flaw.DIGITS_LOST),
    "eighteen digits in full": ("<c><v>129901198001010018</v></c>", "1.29901198001010E+17", Flaw.DIGITS_LOST),
    "a negative": ("<c><v>-1.50</v></c>", "-1.5", None),
    "a day": ('<c s="1"><v>46349</v></c>', "2026/11/23", None),
    "a day in Chinese": ('<c s="2"><v>46349</v></c>', "2026/11/23", None),
    "a count of days": ('<c s="3"><v>46349</v></c>', "46349", None),
    "a day and a time": ('<c s="4"><v>46349.75</v></c>', "2026/11/23 18:00:00", None),
    "a day before the first": ('<c s="1"><v>-1</v></c>', "-1", None),
    "an unknown style": ('<c s="99"><v>46349</v></c>', "46349", None),
    "a day of ISO 8601": ('<c t="d"><v>2026-11-23T00:00:00</v></c>', "2026/11/23", None),
    "a formula": ("<c><f>1+1</f><v>2</v></c>", "2", Flaw.FORMULA),
    "a formula without a value": ("<c><f>1+1</f></c>", "", Flaw.FORMULA),
    "true": ('<c t="b"><v>1</v></c>', "TRUE", Flaw.CELL_KIND),
    "an error": ('<c t="e"><v>#N/A</v></c>', "#N/A", Flaw.CELL_KIND),
}


@pytest.mark.parametrize("case", _CELLS)
def test_a_cell_is_what_its_reader_sees(tmp_path: Path, case: str) -> None:
    cell, text, flaw = _CELLS[case]
    row = f"<row>{cell}{books.text_cells('后')}</row>"
    path = books.written(tmp_path / "a", books.book(row, styles=_STYLES, texts=_TEXTS))
    assert read(path) == [SheetRow(1, [text, "后"], {} if flaw is None else {0: flaw})]


def test_days_may_count_from_1904(tmp_path: Path) -> None:
    data = books.book('<row><c s="1"><v>44887</v></c></row>', styles=_STYLES, workbook='<workbookPr date1904="1"/>')
    assert read(books.written(tmp_path / "a", data))[0].cells == ["2026/11/23"]


def test_rows_and_cells_stand_where_they_say(tmp_path: Path) -> None:
    cell = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
    data = books.book(
        f'<row r="2">{cell.format("A2", "甲")}{cell.format("C2", "丙")}</row><row r="4"/>'
        f'<row r="9">{cell.format("B9", "乙")}<c r="XFD9" s="1"/></row>'
    )
    found = [(row.number, row.cells) for row in read(books.written(tmp_path / "a", data))]
    assert found == [(2, ["甲", "", "丙"]), (9, ["", "乙"])]


def test_prefixes_make_no_difference(tmp_path: Path) -> None:
    parts = books.parts(books.rows(["甲"]))
    made = parts[books.SHEET].replace("xmlns=", "xmlns:x=").replace("<", "<x:").replace("<x:/", "</x:")
    parts[books.SHEET] = made.replace("<x:?", "<?")
    assert read(books.written(tmp_path / "a", books.packed(parts)))[0].cells == ["甲"]


def _lying(data: bytes, size: int) -> bytes:
    """The same zip whose directory says that each part unpacks to so many bytes."""
    made, place = bytearray(data), 0
    while (place := made.find(b"PK\x01\x02", place)) >= 0:
        made[place + 24 : place + 28] = struct.pack("<L", size)
        place += 4
    return bytes(made)


def _locked(data: bytes) -> bytes:
    made, place = bytearray(data), 0
    while (place := made.find(b"PK\x01\x02", place)) >= 0:
        made[place + 8] |= 1
        place += 4
    return bytes(made)


_GOOD = books.book(books.rows(["甲", "乙"]))
_BIG = books.parts(books.rows(["甲"])) | {"xl/media/a.xml": b" " * (8 << 20)}
_UNREADABLE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "NOT_XLSX"),
    "its first bytes": (b"PK\x03\x04" + b"x" * 100, "NOT_XLSX"),
    "an empty zip": (books.packed({}), "OTHER_WORKBOOK"),
    "cut off": (_GOOD[:-40], "NOT_XLSX"),
    "cut in the middle": (_GOOD[: len(_GOOD) // 2], "NOT_XLSX"),
    "a bit turned": (_GOOD[:80] + bytes([_GOOD[80] ^ 1]) + _GOOD[81:], "NOT_XLSX"),
    "a document of another kind": (books.packed({"word/document.xml": "<a/>"}), "OTHER_WORKBOOK"),
    "an .ods": (books.packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "OTHER_WORKBOOK"),
    "an .xlsb": (
        books.packed(
            {
                name.replace("workbook.xml", "workbook.bin"): part.replace("workbook.xml", "workbook.bin")
                for name, part in books.parts("").items()
            }
        ),
        "OTHER_WORKBOOK",
    ),
    "locked parts": (_locked(_GOOD), "ENCRYPTED"),
    "another packing": (books.packed(books.parts(books.rows(["甲"])), zipfile.ZIP_BZIP2), "NOT_XLSX"),
    "a part too well packed": (books.packed(_BIG), "TOO_LARGE"),
    "many parts": (books.packed(books.parts("") | {f"{n}.xml": "" for n in range(1001)}), "TOO_LARGE"),
    "a directory that says less": (_lying(_GOOD, 100), "NOT_XLSX"),
    "a directory that says far more": (_lying(_GOOD, 1 << 31), "TOO_LARGE"),
    "an entity": (
        books.packed(
            {
                name: part.replace("<worksheet", '<!DOCTYPE a [<!ENTITY b "c">]><worksheet')
                for name, part in books.parts("").items()
            }
        ),
        "NOT_XLSX",
    ),
    "no end": (books.packed(books.parts("") | {books.SHEET: "<worksheet><sheetData>"}), "NOT_XLSX"),
    "an unknown encoding": (
        books.packed(books.parts("") | {books.SHEET: '<?xml version="1.0" encoding="GBK"?><worksheet/>'}),
        "NOT_XLSX",
    ),
    "a shared text that is not there": (books.book('<row><c t="s"><v>3</v></c></row>', texts=_TEXTS), "NOT_XLSX"),
    "a shared text before the first": (books.book('<row><c t="s"><v>-1</v></c></row>', texts=_TEXTS), "NOT_XLSX"),
    "no number": (books.book("<row><c><v>甲</v></c></row>"), "NOT_XLSX"),
    "a kind of cell that is not": (books.book('<row><c t="x"><v>1</v></c></row>'), "NOT_XLSX"),
    "a row twice": (books.book('<row r="2"/><row r="2"/>'), "NOT_XLSX"),
    "a row past the last": (books.book('<row r="1048577"/>'), "NOT_XLSX"),
    "a cell twice": (books.book('<row><c r="A1"/><c r="A1"/></row>'), "NOT_XLSX"),
    "a cell nowhere": (books.book('<row><c r="1A"/></row>'), "NOT_XLSX"),
    "a hundred and one columns": (books.book(books.rows(["甲"] * 101)), "TOO_MANY_COLUMNS"),
    "ten to the fifth columns": (books.book(books.rows([str(n) for n in range(100_000)])), "TOO_MANY_COLUMNS"),
    "a cell far away": (books.book('<row><c r="XFD1"><v>1</v></c></row>'), "TOO_MANY_COLUMNS"),
    "a row too long": (books.book(books.rows(["长" * 500] * 3)), "ROW_TOO_LONG"),
    "a row too long by shared texts": (
        books.book("<row>" + '<c t="s"><v>0</v></c>' * 3 + "</row>", texts=f"<si><t>{'长' * 500}</t></si>"),
        "ROW_TOO_LONG",
    ),
    "too deep": (books.book("<a>" * 65 + "</a>" * 65), "NOT_XLSX"),
    "too many names": (books.book("".join(f"<a{n}/>" for n in range(3000))), "NOT_XLSX"),
    "a sheet that is not there": (
        books.packed({name: part for name, part in books.parts("").items() if name != books.SHEET}),
        "NOT_XLSX",
    ),
    "too many sheets": (books.book(*[""] * 201), "TOO_LARGE"),
}


@pytest.mark.parametrize("case", _UNREADABLE)
def test_what_is_no_workbook_is_refused(tmp_path: Path, case: str) -> None:
    data, code = _UNREADABLE[case]
    with pytest.raises(Unreadable) as refused:
        read(books.written(tmp_path / "a", data))
    assert refused.value.code == code


def test_every_cut_of_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for length in range(0, len(_GOOD) - 1, 7):
        with pytest.raises(Unreadable):
            read(books.written(path, _GOOD[:length]))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_kept_to_fifteen_digits_or_is_said_to_have_lost_some(value: float) -> None:
    text, lost = cells.number(repr(value))
    assert lost == (abs(value) >= 1e15)
    assert abs(Decimal(text) - Decimal(repr(value))) <= abs(Decimal(repr(value))) * Decimal("1e-14")
    assert cells.has_lost_digits(text) == lost


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1, max_size=5), max_size=5))
def test_texts_are_read_as_another_reader_reads_them(texts: list[list[str]]) -> None:
    """python-calamine, which has its own XML and its own zip, is the witness."""
    import tempfile

    plain = [[cell.replace("_x", "") for cell in row] for row in texts]
    with tempfile.TemporaryDirectory() as folder:
        path = books.written(Path(folder, "a"), books.book(books.rows(*plain)))
        found = {row.number: row.cells for row in read(path)}
        witness = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    for number, row in enumerate(witness, start=1):
        ours = found.get(number, [])
        assert [str(cell) for cell in row] == ours + [""] * (len(row) - len(ours))
