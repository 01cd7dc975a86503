"""JSON Lines: one object a line, UTF-8, whose keys are the columns of a layout."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.workbook import cells
from intake.errors import FileRefused
from intake.raw import LONGEST_ROW, Raw

_LONGEST_LINE = 8 * LONGEST_ROW  # in bytes: a character may be written \uXXXX


class _Pairs(list[tuple[str, Any]]):
    """An object as it is written, with every key."""


class _Number(str):
    """A number as it is written."""


def rows(path: Path) -> Iterator[Raw]:
    """The first object's keys as a header, and then every object, blank lines too; raises `FileRefused`."""
    begun = False
    with path.open("rb") as file:
        line = 0
        while written := file.readline(_LONGEST_LINE + 1):
            line += 1
            if len(written) > _LONGEST_LINE:
                raise FileRefused(f"{path.name}：第{line}行过长（一行一个对象，不超过{LONGEST_ROW}个字）")
            if not written.strip():
                yield Raw(line, [], [])
                continue
            row = _row(line, _object(written, f"{path.name}：第{line}行"), f"{path.name}：第{line}行")
            if not begun:
                begun = True
                yield Raw(line, row.names, list(row.names))
            yield row


def _object(written: bytes, where: str) -> _Pairs:
    try:
        found = _DECODER.decode(written.decode("utf-8-sig").strip())
    except UnicodeDecodeError:
        raise FileRefused(f"{where}的编码不是 UTF-8") from None
    except (ValueError, RecursionError):
        raise FileRefused(f"{where}不是有效的 JSON 对象") from None
    if not isinstance(found, _Pairs):
        raise FileRefused(f"{where}不是有效的 JSON 对象")
    return found


def _row(line: int, pairs: _Pairs, where: str) -> Raw:
    names = [_printable(name) for name, _ in pairs]
    if len(set(names)) < len(names):
        raise FileRefused(f"{where}有重复的键")
    texts, flaws = [], {}
    for place, (_, value) in enumerate(pairs):
        text, flaw = _text(value)
        texts.append(text)
        if flaw:
            flaws[place] = flaw
    if sum(map(len, texts)) > LONGEST_ROW:
        raise FileRefused(f"{where}超过{LONGEST_ROW}个字")
    return Raw(line, names, texts, flaws)


def _text(value: Any) -> tuple[str, str]:
    """A value as the text of a cell, and the code of what is wrong with it."""
    if value is None:
        return "", ""
    if isinstance(value, _Number):
        text, lost = cells.number(value)
        return text, "DIGITS_LOST" if lost else ""
    if isinstance(value, str):
        text = _printable(value)
        return text, "" if text == value else "CONTROL_CHARACTER"
    return json.dumps(value, ensure_ascii=True), "CELL_KIND"


def _printable(text: str) -> str:
    """A text without halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode()


def _no_constant(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity are no JSON


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_int=_Number, parse_float=_Number, parse_constant=_no_constant
)
