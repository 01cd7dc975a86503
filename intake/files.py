"""Reading a provider's file as a stream: its encoding, its layout, its rows. Memory does not grow with the file."""

import codecs
import csv
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from intake.errors import FileRefused
from intake.layouts import LAYOUTS, LINE, REASON, Layout

_CHUNK = 1 << 20
_LONGEST_FIELD = 1 << 20


@dataclass(frozen=True)
class Sheet:
    """A file that is one of the layouts: how to read it, and what it is known by."""

    path: Path
    encoding: str
    layout: Layout
    sha256: str
    rows: int


@dataclass(frozen=True)
class Row:
    """One row as it stands in the file. `values` is None when its columns do not fit the header."""

    line: int
    cells: list[str]
    values: Mapping[str, str] | None


def inspect(path: Path, *, forbidden: Callable[[str, str], bool] | None = None) -> Sheet:
    """Read the whole file once without loading anything; raises `FileRefused` when it is not such a file.

    `forbidden(column, number)` may refuse the file for a number in one of its identity columns.
    """
    encoding, sha256 = _encoding(path)
    layout: Layout | None = None
    rows = 0
    for row in _lines(path, encoding):
        if layout is None:
            layout = _layout(row.cells, path)
            names = _names(row.cells)
            continue
        rows += 1
        found = dict(zip(names, row.cells, strict=False))
        for column in layout.numbers if forbidden else ():
            if forbidden and found.get(column, "").strip() and forbidden(column, found[column]):
                raise FileRefused(f"{path.name}：第{row.line}行“{column}”不是演示号段，演示数据库不接收真实文件")
    if layout is None:
        raise FileRefused(f"{path.name}：文件为空")
    return Sheet(path, encoding, layout, sha256, rows)


def rows(sheet: Sheet) -> Iterator[Row]:
    """The rows below the header, with the line each begins on."""
    lines = _lines(sheet.path, sheet.encoding)
    names = _names(next(lines).cells)
    for row in lines:
        fits = len(row.cells) == len(names)
        yield Row(row.line, row.cells, dict(zip(names, row.cells, strict=True)) if fits else None)


def header(sheet: Sheet) -> list[str]:
    """The file's own header, without the two columns that a rejected file adds."""
    names = _names(next(_lines(sheet.path, sheet.encoding)).cells)
    return [name for name in names if name not in (LINE, REASON)]


def without_ours(row: Row) -> list[str]:
    """A row's cells without those two columns. A row that does not fit its header keeps every cell, and so fails
    again when it is sent again."""
    if row.values is None:
        return row.cells
    return [cell for name, cell in row.values.items() if name not in (LINE, REASON)]


def _encoding(path: Path) -> tuple[str, str]:
    """UTF-8 (with or without BOM) or GB18030, and the file's SHA-256."""
    digest = hashlib.sha256()
    candidates = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8-sig", "gb18030")}
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            if b"\x00" in chunk:
                raise FileRefused(f"{path.name}：不是文本文件（请提交 CSV）")
            for name in list(candidates):
                try:
                    candidates[name].decode(chunk)
                except UnicodeDecodeError:
                    del candidates[name]
    for name, decoder in candidates.items():
        try:
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            continue
        return name, digest.hexdigest()
    raise FileRefused(f"{path.name}：编码既不是 UTF-8 也不是 GB18030")


def _lines(path: Path, encoding: str) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, strict=True)
        line = 1
        try:
            for cells in reader:
                if cells:
                    yield Row(line, cells, None)
                line = reader.line_num + 1
        except csv.Error as error:
            raise FileRefused(f"{path.name}：第{line}行起不是有效的 CSV（{error}）") from None


def _names(header: list[str]) -> list[str]:
    """Column names without blanks, and without the mark of order that some systems put before them."""
    return [name.strip().lstrip("\ufeff").strip() for name in header]


def _layout(header: list[str], path: Path) -> Layout:
    names = [name for name in _names(header) if name not in (LINE, REASON)]
    for layout in LAYOUTS:
        if len(names) == len(layout.headers) and set(names) == set(layout.headers):
            return layout
    closest = max(LAYOUTS, key=lambda layout: len(set(names) & set(layout.headers)))
    lacking = "、".join(sorted(set(closest.headers) - set(names))) or "无"
    unknown = "、".join(sorted(set(names) - set(closest.headers))[:10]) or "无"
    raise FileRefused(
        f"{path.name}：表头不是任何一种交换格式。最接近“{closest.title}”，缺少：{lacking}；多出：{unknown}"
    )
