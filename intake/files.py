"""Reading a provider's file as a stream: its form, its layout, its rows. Memory does not grow with the file.

A file is CSV, JSON Lines or xlsx by what it holds, not by its name, and gives the same rows in each.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from core.workbook.cells import has_lost_digits
from intake import books, delimited, objects
from intake.errors import FileRefused
from intake.findings import Finding
from intake.layouts import LAYOUTS, LINE, REASON, Layout
from intake.raw import MOST_COLUMNS, Raw

_HEAD = 8 << 10
_ZIP, _COMPOUND = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What a spreadsheet shows where it could not compute.
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
_LONGEST_NAME = 30


class Form(StrEnum):
    """How a file is written; what it is called when it has that form."""

    CSV = "csv"
    JSON_LINES = "jsonl"
    WORKBOOK = "xlsx"


@dataclass(frozen=True)
class Sheet:
    """A file that is one of the layouts: how to read it, and what it is known by. `encoding` is a CSV's."""

    path: Path
    form: Form
    encoding: str
    layout: Layout
    names: tuple[str, ...]
    sha256: str
    rows: int


class Row(NamedTuple):
    """One row as it stands in the file. `values` is None when its columns do not fit the header. `fault` is what is
    wrong with it before any check of its layout, such as a number of which a spreadsheet lost digits."""

    line: int
    names: Sequence[str]
    cells: list[str]
    values: Mapping[str, str] | None
    fault: Finding | None = None


def inspect(path: Path, *, forbidden: Callable[[str, str], bool] | None = None) -> Sheet:
    """Read the whole file once without loading anything; raises `FileRefused` when it is not such a file.

    `forbidden(column, number)` may refuse the file for a number in one of its identity columns.
    """
    form = _form(path)
    encoding = delimited.encoding_of(path) if form is Form.CSV else ""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    told = filter(_says, _lines(path, form, encoding))
    header = next(told, None)
    if header is None:
        raise FileRefused(f"{path.name}：文件为空")
    names = _names(header.cells)
    sheet = Sheet(path, form, encoding, _layout(names, path), tuple(names), sha256, 0)
    places = {column: names.index(column) for column in sheet.layout.numbers}
    count = 0
    for raw in told:
        count += 1
        if forbidden is not None:
            for column, written in _numbers(raw, form, places):
                if written.strip() and forbidden(column, written):
                    raise FileRefused(f"{path.name}：第{raw.line}行“{column}”不是演示号段，演示数据库不接收真实文件")
    return Sheet(path, form, encoding, sheet.layout, sheet.names, sha256, count)


def raws(path: Path) -> Iterator[Raw]:
    """Any table's rows as they stand, its header first, whatever its layout is; raises `FileRefused` as it is read."""
    form = _form(path)
    return filter(_says, _lines(path, form, delimited.encoding_of(path) if form is Form.CSV else ""))


def rows(sheet: Sheet) -> Iterator[Row]:
    """The rows below the header, with the line each begins on. A row that says nothing is passed over."""
    return (row for row in lines(sheet) if row is not None)


def lines(sheet: Sheet) -> Iterator[Row | None]:
    """The same, and None for what is passed over: whoever reads a file of nothing else comes up for breath."""
    returned = REASON in sheet.names and sheet.form is Form.CSV
    below = False
    for raw in _lines(sheet.path, sheet.form, sheet.encoding):
        if not below or not _says(raw):
            below = below or _says(raw)
            yield None
            continue
        cells = [delimited.unguarded(cell) for cell in raw.cells] if returned else raw.cells
        names = _own_names(raw, sheet)
        fits = len(cells) == len(names) and (names is sheet.names or set(names) == set(sheet.names))
        values = dict(zip(names, cells, strict=True)) if fits else None
        yield Row(raw.line, names, cells, values, _fault(raw, names, cells, sheet))


def header(sheet: Sheet) -> list[str]:
    """The file's own header, without the two columns that a rejected file adds."""
    return [name for name in sheet.names if name not in (LINE, REASON)]


def without_ours(row: Row) -> list[str]:
    """A row's cells without those two columns. A row that does not fit its header keeps every cell, and so fails
    again when it is sent again."""
    if len(row.names) != len(row.cells):
        return row.cells
    return [cell for name, cell in zip(row.names, row.cells, strict=True) if name not in (LINE, REASON)]


def _form(path: Path) -> Form:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_ZIP):
        return Form.WORKBOOK
    if head.startswith(_COMPOUND):
        books.refuse_compound(path)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"["):
        raise FileRefused(f"{path.name}：是 JSON 数组，请改为 JSON Lines（每行一个对象）")
    return Form.JSON_LINES if text.startswith(b"{") else Form.CSV


def _lines(path: Path, form: Form, encoding: str) -> Iterator[Raw]:
    if form is Form.WORKBOOK:
        found = books.rows(path)
    elif form is Form.JSON_LINES:
        found = objects.rows(path)
    else:
        found = delimited.rows(path, encoding)
    return found


def _says(raw: Raw) -> bool:
    """Whether a row says anything."""
    told = "".join(raw.cells)
    return bool(raw.flaws) or bool(told and not told.isspace())


def _own_names(raw: Raw, sheet: Sheet) -> Sequence[str]:
    """What a row's cells are called: by the header, or in JSON Lines by the row itself."""
    return raw.names if sheet.form is Form.JSON_LINES else sheet.names


def _numbers(raw: Raw, form: Form, places: Mapping[str, int]) -> list[tuple[str, str]]:
    """What stands in a row's identity columns, whose places are the header's or, in JSON Lines, its own."""
    if form is Form.JSON_LINES:
        found = dict(zip(raw.names, raw.cells, strict=False))
        return [(column, found.get(column, "")) for column in places]
    return [(column, raw.cells[place]) for column, place in places.items() if place < len(raw.cells)]


def _fault(raw: Raw, names: Sequence[str], cells: Sequence[str], sheet: Sheet) -> Finding | None:
    """What is wrong with the form of a row or of its first bad cell."""
    if names is not sheet.names and set(names) != set(sheet.names):
        return Finding(raw.line, "", "COLUMN_NAMES", _differences(sheet.names, names))
    told = "".join(cells)
    if not raw.flaws and "E+" not in told and "#" not in told:
        return None
    for place, (name, cell) in enumerate(zip(names, cells, strict=False)):
        if name in (LINE, REASON):
            continue
        code = raw.flaws.get(place, "")
        if not code and has_lost_digits(cell):
            code = "DIGITS_LOST"
        if not code and cell in _ERRORS:
            code = "CELL_KIND"
        if code:
            return Finding(raw.line, name, code, "")
    return None


def _names(header: Sequence[str]) -> list[str]:
    """Column names without blanks, and without the mark of order that some systems put before them."""
    return [name.strip().lstrip("\ufeff").strip() for name in header]


def _layout(header: Sequence[str], path: Path) -> Layout:
    if len(header) > MOST_COLUMNS:
        raise FileRefused(f"{path.name}：列数超过{MOST_COLUMNS}")
    names = [name for name in header if name not in (LINE, REASON)]
    for layout in LAYOUTS:
        if len(names) == len(layout.headers) and set(names) == set(layout.headers):
            return layout
    closest = max(LAYOUTS, key=lambda layout: len(set(names) & set(layout.headers)))
    raise FileRefused(
        f"{path.name}：表头不是任何一种交换格式。最接近“{closest.title}”，{_differences(closest.headers, names)}"
    )


def _differences(wanted: Sequence[str], names: Sequence[str]) -> str:
    lacking = "、".join(sorted(set(wanted) - set(names))) or "无"
    unknown = "、".join(name[:_LONGEST_NAME] for name in sorted(set(names) - set(wanted))[:10]) or "无"
    return f"缺少：{lacking}；多出：{unknown}"
