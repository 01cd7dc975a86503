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
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.parsers import expat

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter.exceptions import XlsxWriterException

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARK = b"PK\x03\x04"
# CHOICE: two thousand rows of three cells are some 100 kB, and a megabyte unpacked.
LARGEST, _MOST_UNPACKED, _MOST_PARTS = 2 * 1024 * 1024, 16 * 1024 * 1024, 100
_MOST_COLUMNS = 50
_LONGEST_CELL = 32_767  # Excel's own
_TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# A spreadsheet's number has 15 digits for sure: two of them are for the cents.
_LARGEST_EXACT = Decimal(10) ** 13
Cell = str | int | Decimal
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


@dataclass(frozen=True)
class Table:
    """A sheet to be written: its first row is its head, widths are in characters."""

    title: str
    widths: Sequence[int]
    rows: Iterable[Sequence[Cell]]


def write(title: str, rows: Iterable[Sequence[str]], *, widths: Sequence[int]) -> bytes:
    """A workbook of one sheet whose first row is its head."""
    return write_all([Table(title, widths, rows)])


def write_all(tables: Sequence[Table], *, made_on: datetime | None = None) -> bytes:
    """A workbook of several such sheets. `made_on` is the instant it bears; the same makes the same bytes."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {**_TEXT_ONLY, "in_memory": True}) as book:
        if made_on is not None:
            book.set_properties({"created": made_on})
        for table in tables:
            growing = _Growing(book, table.title, table.widths)
            for row in table.rows:
                growing.add(row)
    return made.getvalue()


class Growing:
    """A workbook of one sheet written into a file row by row; memory does not grow with it.

    The file is whole when it is closed. Given up, it is not there, and nothing of it is left behind.
    """

    def __init__(self, path: Path, title: str, widths: Sequence[int]) -> None:
        self._path = path
        self._folder = TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.")
        self._made = Path(self._folder.name, "made")
        options = {**_TEXT_ONLY, "constant_memory": True, "tmpdir": self._folder.name}
        self._book = xlsxwriter.Workbook(str(self._made), options)
        self._sheet = _Growing(self._book, title, widths)

    def add(self, row: Sequence[str]) -> None:
        """One more row; the first one is the head."""
        self._sheet.add(row)

    def close(self) -> None:
        """Make the file."""
        self._book.close()
        self._made.replace(self._path)
        self._folder.cleanup()

    def give_up(self) -> None:
        """Make none."""
        with suppress(OSError, XlsxWriterException):  # a book that is never closed would be when it is forgotten
            self._book.close()
        self._folder.cleanup()


class _Growing:
    """A sheet of texts, none of which is ever a formula, a link or a number, and of numbers that were given as such."""

    def __init__(self, book: Any, title: str, widths: Sequence[int]) -> None:
        self._sheet, self._number = book.add_worksheet(title), 0
        self._wrapped = book.add_format({"num_format": "@", "text_wrap": True})
        self._head = book.add_format({"num_format": "@", "bold": True})
        self._whole, self._cents = (book.add_format({"num_format": form}) for form in ("0", "0.00"))
        self._sheet.freeze_panes(1, 0)
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width, self._wrapped)  # what is filled in is text too

    def add(self, row: Sequence[Cell]) -> None:
        style = self._wrapped if self._number else self._head
        for column, cell in enumerate(row):
            if isinstance(cell, str) or abs(Decimal(cell)) >= _LARGEST_EXACT:
                self._sheet.write_string(self._number, column, str(cell)[:_LONGEST_CELL], style)
            else:
                counted = self._whole if isinstance(cell, int) else self._cents
                self._sheet.write_number(self._number, column, cell, counted)
        self._number += 1


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
