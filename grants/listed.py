"""Whom a batch's sheet lists: read from a table of text, and refused with every row's fault before anything is asked.
Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core import sheets
from core.errors import Detail, Invalid
from core.identity import WRITTEN_TYPES, BadIdentity, IdentityNumber, parse

HEAD = ("证件类型", "证件号码", "名称")
MOST = 2000
_MOST_FAULTS = 20
_LONGEST = 120
_UNREADABLE = {"TOO_LARGE": "SHEET_TOO_LARGE", "TOO_MANY_ROWS": "TOO_MANY_ROWS", "FORMULA": "SHEET_FORMULA"}


@dataclass(frozen=True, repr=False)
class Listed:
    """One row: a number and the name it is said to belong to, and the type as the sheet calls it."""

    written_type: str
    number: IdentityNumber
    name: str


def read(data: bytes, *, today: date) -> list[Listed]:
    """Everybody whom the sheet lists, in its order. Raises `Invalid`, naming bad rows as a spreadsheet numbers them."""
    try:
        rows = sheets.read(data, most_rows=MOST + 1)
    except sheets.Unreadable as error:
        raise Invalid(Detail(("uploadId",), _UNREADABLE.get(error.code, "SHEET_TYPE"), str(MOST))) from None
    if not rows or tuple(_trimmed(rows[0])) != HEAD:
        raise Invalid(Detail(("uploadId",), "SHEET_HEAD", "、".join(HEAD)))
    listed: list[Listed] = []
    faults: list[Detail] = []
    first: dict[str, int] = {}
    for number, row in enumerate(rows[1:], start=2):
        found = _row(row, today)
        if isinstance(found, Listed):
            before = first.setdefault(found.number.number, number)
            if before == number:
                listed.append(found)
                continue
            found = ("证件号码", "DUPLICATE", str(before))
        faults.append(Detail(("uploadId", str(number), found[0]), found[1], found[2]))
    if faults:
        raise Invalid(*faults[:_MOST_FAULTS])
    if not listed:
        raise Invalid(Detail(("uploadId",), "SHEET_EMPTY"))
    return listed


def _row(row: Sequence[Any], today: date) -> Listed | tuple[str, str, str | None]:
    """What the row says, or its first fault: column, code and limit."""
    cells = _trimmed(row)
    if len(cells) > len(HEAD):
        return HEAD[-1], "SHEET_HEAD", "、".join(HEAD)
    cells += [""] * (len(HEAD) - len(cells))
    for column, cell in zip(HEAD, cells, strict=True):
        if not isinstance(cell, str):
            return column, "CELL_TEXT", None  # a spreadsheet's number has lost the last digits of a long one
        if not 1 <= len(cell) <= _LONGEST:
            return column, "LENGTH", f"1..{_LONGEST}"
        if not cell.isprintable():
            return column, "PRINTABLE", None
    written, number, name = cells
    if written not in WRITTEN_TYPES:
        return HEAD[0], "ONE_OF", "、".join(WRITTEN_TYPES)
    try:
        return Listed(written, parse(WRITTEN_TYPES[written], number, today=today), name)
    except BadIdentity as error:
        return HEAD[1], f"NUMBER_{error.code}", None


def _trimmed(row: Sequence[Any]) -> list[Any]:
    """The row without blanks around its texts, and without empty cells at its end."""
    cells = [cell.strip() if isinstance(cell, str) else cell for cell in row]
    while cells and cells[-1] == "":
        cells.pop()
    return cells
