"""Rejected rows written in the form they came in, so that they can be corrected and sent again."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from core.sheets import Growing
from intake.delimited import guarded
from intake.files import Form

_WIDTH = 20


class Returned(Protocol):
    """A file of rows that grows; there when it is closed, and not at all when it is given up."""

    def add(self, names: Sequence[str], cells: Sequence[str]) -> None:
        """One row, and what its cells are called."""

    def close(self) -> None:
        """The last row was added."""

    def give_up(self) -> None:
        """There will be no file."""


class _Text:
    """Written line by line into a file of its own."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._path = path
        self._file = path.open("w", encoding=encoding, newline="")

    def close(self) -> None:
        self._file.close()

    def give_up(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


class _Delimited(_Text):
    """CSV in UTF-8 with BOM, which spreadsheets know, and no cell of which they compute."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        super().__init__(path, "utf-8-sig")
        self._writer = csv.writer(self._file)
        self._writer.writerow(header)

    def add(self, _names: Sequence[str], cells: Sequence[str]) -> None:
        self._writer.writerow([guarded(cell) for cell in cells])


class _Objects(_Text):
    """JSON Lines. Nothing in it is computed, so nothing needs a guard."""

    def __init__(self, path: Path, _header: Sequence[str]) -> None:
        super().__init__(path, "utf-8")

    def add(self, names: Sequence[str], cells: Sequence[str]) -> None:
        self._file.write(json.dumps(dict(zip(names, cells, strict=True)), ensure_ascii=False) + "\n")


class _Book:
    """An xlsx of texts: what begins with = is shown, and never computed."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self._made = Growing(path, "被拒行", [_WIDTH] * len(header))
        self._made.add(header)

    def add(self, _names: Sequence[str], cells: Sequence[str]) -> None:
        self._made.add(cells)

    def close(self) -> None:
        self._made.close()

    def give_up(self) -> None:
        self._made.give_up()


def begin(path: Path, form: Form, header: Sequence[str]) -> Returned:
    """A file of such a form."""
    return _FORMS[form](path, header)


_FORMS: Mapping[Form, Callable[[Path, Sequence[str]], Returned]] = {
    Form.CSV: _Delimited,
    Form.JSON_LINES: _Objects,
    Form.WORKBOOK: _Book,
}
