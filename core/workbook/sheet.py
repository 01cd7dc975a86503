"""One sheet's rows out of its XML."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from core.workbook import cells, elements
from core.workbook.archive import Unreadable

_MOST_ROWS = 1_048_576  # a spreadsheet's own
_PLACE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}", re.ASCII)
_TYPES = frozenset({"", "n", "s", "str", "inlineStr", "d", "b", "e"})


class Flaw(Enum):
    """Why what stands in a cell cannot be taken."""

    DIGITS_LOST = "DIGITS_LOST"  # a number of more than fifteen digits, of which a spreadsheet keeps fifteen
    FORMULA = "FORMULA"  # what it computes to is not kept, or is of another day
    CELL_KIND = "CELL_KIND"  # true, false, or an error


@dataclass(slots=True)
class SheetRow:
    """The texts of one row, from the first column to the last in which anything stands."""

    number: int
    cells: list[str] = field(default_factory=list)
    flaws: dict[int, Flaw] = field(default_factory=dict)


class _Texts(Protocol):
    def __getitem__(self, index: int) -> str: ...


class _Reading:
    """What is known between two elements. A cell is put into its row when it ends, a row is given out when it does."""

    def __init__(
        self, texts: _Texts, days: Sequence[bool], from_1904: bool, *, most_columns: int, longest_row: int
    ) -> None:
        self._texts, self._days, self._from_1904 = texts, days, from_1904
        self._most_columns, self._longest = most_columns, longest_row
        self.done: list[SheetRow] = []
        self._row = SheetRow(0)
        self._column, self._type, self._style, self._formula = -1, "", "", False
        self._parts: list[str] = []
        self._size = 0
        self._reading = self._aside = False
        self._columns: dict[str, int] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "c":
            self._begin_cell(attributes)
        elif name in ("v", "t"):
            self._reading = not self._aside
        elif name == "row":
            self._begin_row(attributes.get("r", ""))
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._aside = True

    def text(self, data: str) -> None:
        """Some text."""
        if self._reading:
            self._size += len(data)
            if self._size > self._longest:
                raise Unreadable("ROW_TOO_LONG")
            self._parts.append(data)

    def end(self, name: str) -> None:
        """An element ends."""
        if name in ("v", "t"):
            self._reading = False
        elif name == "c":
            self._end_cell()
        elif name == "row" and self._row.cells:
            self.done.append(self._row)
        elif name == "rPh":
            self._aside = False

    def _begin_row(self, number: str) -> None:
        before = self._row.number
        if number and not (number.isascii() and number.isdigit() and len(number) < 8):
            raise Unreadable("NOT_XLSX")
        self._row = SheetRow(int(number) if number else before + 1)
        if not before < self._row.number <= _MOST_ROWS:
            raise Unreadable("NOT_XLSX")
        self._column, self._size = -1, 0

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        place = attributes.get("r")
        column = self._column + 1 if place is None else self._column_of(place)
        self._type, self._style, self._formula = attributes.get("t", ""), attributes.get("s", ""), False
        if column <= self._column or self._type not in _TYPES:
            raise Unreadable("NOT_XLSX")
        self._column = column
        self._parts.clear()

    def _column_of(self, place: str) -> int:
        found = _PLACE.fullmatch(place)
        if found is None:
            raise Unreadable("NOT_XLSX")
        column = self._columns.get(found[1])
        if column is None:
            column = -1
            for letter in found[1]:
                column = (column + 1) * 26 + ord(letter) - ord("A")
            self._columns[found[1]] = column
        return column

    def _end_cell(self) -> None:
        written = "".join(self._parts)
        flaw = None
        if self._formula:
            flaw, text = Flaw.FORMULA, written if self._type != "s" else ""
        elif not written:
            return
        elif self._type == "s":
            text = self._shared(written)
        elif self._type in ("str", "inlineStr"):
            text = cells.unescaped(written)
        else:
            text, flaw = self._computed(written.strip())
        if not text and flaw is None:
            return
        if self._column >= self._most_columns:
            raise Unreadable("TOO_MANY_COLUMNS")
        row = self._row.cells
        row.extend([""] * (self._column - len(row)))
        row.append(text)
        if flaw is not None:
            self._row.flaws[self._column] = flaw

    def _shared(self, index: str) -> str:
        if not (index.isascii() and index.isdigit() and len(index) < 10):
            raise Unreadable("NOT_XLSX")
        text = self._texts[int(index)]
        self._size += len(text)
        if self._size > self._longest:
            raise Unreadable("ROW_TOO_LONG")
        return text

    def _computed(self, written: str) -> tuple[str, Flaw | None]:
        """A number, a day, a truth or an error."""
        if self._type == "d":
            return cells.iso_day(written), None
        if self._type in ("b", "e"):
            return {"1": "TRUE", "0": "FALSE"}.get(written, written) if self._type == "b" else written, Flaw.CELL_KIND
        try:
            if self._shows_days():
                return cells.day(written, from_1904=self._from_1904), None
            text, lost = cells.number(written)
        except ValueError:
            raise Unreadable("NOT_XLSX") from None
        return text, Flaw.DIGITS_LOST if lost else None

    def _shows_days(self) -> bool:
        style = self._style
        known = style.isascii() and style.isdigit() and len(style) < 6 and int(style) < len(self._days)
        return known and self._days[int(style)]


def rows_of(
    chunks: Iterable[bytes],
    texts: _Texts,
    days: Sequence[bool],
    from_1904: bool,
    *,
    most_columns: int,
    longest_row: int,
) -> Iterator[SheetRow]:
    """The rows in which anything stands, as their XML comes in."""
    reading = _Reading(texts, days, from_1904, most_columns=most_columns, longest_row=longest_row)
    for _ in elements.parse(chunks, reading.start, reading.end, reading.text):
        yield from reading.done
        reading.done.clear()
