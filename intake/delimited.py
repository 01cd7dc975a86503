"""CSV, read and written: its encoding, its rows, and cells that no spreadsheet computes."""

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from intake.errors import FileRefused
from intake.raw import LONGEST_ROW, Raw

_CHUNK = 256 << 10
# What a spreadsheet may take for a formula, full-width signs among it (OWASP, CSV Injection).
_FORMULA = re.compile(r"'*(\s*[=+\-@＝＋－＠]|[\t\r\n])")
_GUARDED = re.compile(r"'+(\s*[=+\-@＝＋－＠]|[\t\r\n])")


def guarded(cell: str) -> str:
    """A cell that a spreadsheet shows and never computes."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """What a guarded cell says."""
    return cell[1:] if _GUARDED.match(cell) else cell


def encoding_of(path: Path) -> str:
    """UTF-8 (with or without BOM) or GB18030; raises `FileRefused`."""
    candidates = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8-sig", "gb18030")}
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if b"\x00" in chunk:
                raise FileRefused(f"{path.name}：不是文本文件（请提交 CSV、JSON Lines 或 xlsx）")
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
        return name
    raise FileRefused(f"{path.name}：编码既不是 UTF-8 也不是 GB18030")


def rows(path: Path, encoding: str) -> Iterator[Raw]:
    """The header and the rows below it, with the line each begins on, blank ones too; raises `FileRefused`."""
    csv.field_size_limit(LONGEST_ROW)
    names: list[str] | None = None
    with path.open(encoding=encoding, newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, strict=True)
        line = 1
        try:
            for cells in reader:
                if cells and names is None:
                    names = cells
                yield Raw(line, names or [], cells)
                line = reader.line_num + 1
                lines.taken = 0
        except csv.Error as error:
            raise FileRefused(f"{path.name}：第{line}行起不是有效的 CSV（{error}）") from None
        except _TooLong:
            raise FileRefused(f"{path.name}：第{line}行起一行超过{LONGEST_ROW}个字（引号可能没有配对）") from None


class _TooLong(Exception):
    """A row has no end."""


class _Lines:
    """Lines for one row after another: a row over many lines is no longer than one on a single line may be."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.taken = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._file.readline(LONGEST_ROW + 1)
        self.taken += len(line)
        if self.taken > LONGEST_ROW:
            raise _TooLong
        if not line:
            raise StopIteration
        return line
