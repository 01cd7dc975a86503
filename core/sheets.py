"""Tables of text as xlsx: read from a file that anybody may have made, and written for a spreadsheet to open.

What is read is unpacked here first, within bounds, and looked through before the reader sees it: a small file may
unpack to gigabytes, or put one cell in the last row of the last column and make a reader lay out all between. What is
written is text in every cell, so that nothing a person or provider wrote is ever computed.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from typing import Any
from xml.parsers import expat

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARK = b"PK\x03\x04"
# CHOICE: two thousand rows of three cells are some 100 kB, and a megabyte unpacked.
LARGEST, _MOST_UNPACKED, _MOST_PARTS = 2 * 1024 * 1024, 16 * 1024 * 1024, 100
_MOST_COLUMNS = 50
_LONGEST_CELL = 32_767  # Excel's own
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)


class Unreadable(ValueError):
    """No table can be read from this file. `code` is one of NOT_XLSX, TOO_LARGE, TOO_MANY_ROWS, FORMULA."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(data: bytes, *, most_rows: int) -> list[list[Any]]:
    """The first sheet's rows from the top, each cell as it is kept there; raises `Unreadable`."""
    plain = _unpacked(data, most_rows)
    try:
        sheet = CalamineWorkbook.from_filelike(plain).get_sheet_by_index(0)
        rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    except (CalamineError, ValueError, IndexError):
        raise Unreadable("NOT_XLSX") from None
    if len(rows) > most_rows:
        raise Unreadable("TOO_MANY_ROWS")
    return rows


def write(title: str, rows: Iterable[Sequence[str]], *, widths: Sequence[int]) -> bytes:
    """A workbook of one sheet whose first row is its head."""
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        sheet, wrapped = book.add_worksheet(title), book.add_format({"num_format": "@", "text_wrap": True})
        head = book.add_format({"num_format": "@", "bold": True})
        sheet.freeze_panes(1, 0)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text[:_LONGEST_CELL], wrapped if number else head)
    return made.getvalue()


def _unpacked(data: bytes, most_rows: int) -> io.BytesIO:
    """The same workbook, unpacked within bounds and looked through; raises `Unreadable`."""
    if len(data) > LARGEST:
        raise Unreadable("TOO_LARGE")
    plain = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(plain, "w") as kept:
            parts = given.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise Unreadable("TOO_LARGE")
            if len({part.filename for part in parts}) < len(parts):
                raise Unreadable("NOT_XLSX")
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):  # pictures and the like are left out
                    # Never more than it declares: what goes on beyond that fails its checksum here.
                    content = given.read(part)
                    _look_through(content, most_rows)
                    kept.writestr(part.filename, content)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise error if isinstance(error, Unreadable) else Unreadable("NOT_XLSX") from None
    plain.seek(0)
    return plain


def _look_through(content: bytes, most_rows: int) -> None:
    """Raise `Unreadable` for a declared entity, a formula, or a cell far away."""

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "f":
            raise Unreadable("FORMULA")
        place = attributes.get("r", "")
        if local == "row" and place and (not place.isdecimal() or int(place[:9]) > most_rows):
            raise Unreadable("TOO_MANY_ROWS")
        if local == "c" and place:
            _check_place(place, most_rows)

    def refuse(*_: Any) -> None:
        raise Unreadable("NOT_XLSX")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except Unreadable:
        raise
    except (expat.ExpatError, LookupError, ValueError):  # the latter two: an encoding that Python does not know
        raise Unreadable("NOT_XLSX") from None


def _check_place(place: str, most_rows: int) -> None:
    found = _CELL.fullmatch(place)
    if found is None:
        raise Unreadable("NOT_XLSX")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    if int(found[2]) > most_rows:
        raise Unreadable("TOO_MANY_ROWS")
    if column > _MOST_COLUMNS:
        raise Unreadable("NOT_XLSX")
