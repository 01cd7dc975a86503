"""A workbook's sheets, row by row. What is kept is the shared texts, packed, and one row; both are bounded."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from core.workbook import cells, elements, texts
from core.workbook.archive import MOST_PARTS, Archive, Unreadable
from core.workbook.sheet import SheetRow, rows_of
from core.workbook.texts import Texts

_MOST_SHEETS, _MOST_STYLES = 200, 66_000
_WORKBOOK, _SHEET, _TEXTS, _STYLES = "/officeDocument", "/worksheet", "/sharedStrings", "/styles"


@dataclass(frozen=True)
class SheetName:
    """One sheet of a workbook, in the order of its tabs."""

    title: str
    part: str


@dataclass
class _Found:
    """What the small parts of a workbook say."""

    sheets: list[SheetName] = field(default_factory=list)
    from_1904: bool = False
    codes: dict[int, str] = field(default_factory=dict)
    formats: list[int] = field(default_factory=list)


class Workbook:
    """An open xlsx. Every act raises `Unreadable`."""

    def __init__(self, path: Path) -> None:
        self._archive = Archive(path)
        self._texts: Texts | None = None
        try:
            self._open()
        except Unreadable:
            self._archive.__exit__(None, None, None)
            raise

    def rows(self, sheet: SheetName, *, most_columns: int, longest_row: int) -> Iterator[SheetRow]:
        """The rows in which anything stands. `longest_row` is in characters."""
        if self._texts is None:
            there = self._texts_part in self._archive
            self._texts = texts.read(self._archive.chunks(self._texts_part)) if there else Texts()
        chunks = self._archive.chunks(sheet.part)
        return rows_of(
            chunks, self._texts, self._days, self._from_1904, most_columns=most_columns, longest_row=longest_row
        )

    def __enter__(self) -> "Workbook":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.__exit__(kind, error, trace)

    def _open(self) -> None:
        if "_rels/.rels" not in self._archive:
            raise Unreadable("OTHER_WORKBOOK")
        main = next((part for kind, part in self._relations("").values() if kind.endswith(_WORKBOOK)), "")
        if main not in self._archive or main.endswith(".bin"):
            raise Unreadable("OTHER_WORKBOOK")
        relations = self._relations(main)
        by_kind = {kind[kind.rfind("/") :]: part for kind, part in relations.values()}
        found = _Found()
        elements.go_through(self._archive.small(main), _workbook(found, relations))
        if _STYLES in by_kind and by_kind[_STYLES] in self._archive:
            elements.go_through(self._archive.small(by_kind[_STYLES]), *_styles(found))
        self.sheets = found.sheets
        if any(sheet.part not in self._archive for sheet in found.sheets):
            raise Unreadable("NOT_XLSX")
        self._from_1904 = found.from_1904
        self._days = [cells.shows_days(one, found.codes.get(one)) for one in found.formats]
        self._texts_part = by_kind.get(_TEXTS, "")

    def _relations(self, part: str) -> Mapping[str, tuple[str, str]]:
        """Kind and part of everything a part refers to, by the id it calls it by."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, tuple[str, str]] = {}

        def start(name: str, attributes: Mapping[str, str]) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
                found[attributes.get("Id", "")] = attributes.get("Type", ""), target.lstrip("/")
            if len(found) > MOST_PARTS:
                raise Unreadable("TOO_LARGE")

        if path in self._archive:
            elements.go_through(self._archive.small(path), start)
        return found


def _workbook(found: _Found, relations: Mapping[str, tuple[str, str]]) -> elements.Start:
    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == "workbookPr":
            found.from_1904 = attributes.get("date1904", "") in ("1", "true")
        if name == "sheet":
            id_ = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            kind, part = relations.get(id_, ("", ""))
            if kind.endswith(_SHEET):
                found.sheets.append(SheetName(attributes.get("name", ""), part))
            if len(found.sheets) > _MOST_SHEETS:
                raise Unreadable("TOO_LARGE")

    return start


def _styles(found: _Found) -> tuple[elements.Start, elements.End]:
    """The formats that cells refer to by their place; other lists of the same elements are passed over."""
    inside = ""

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside
        if name in ("numFmts", "cellXfs"):
            inside = name
        try:
            if name == "numFmt" and inside == "numFmts":
                found.codes[int(attributes["numFmtId"])] = attributes["formatCode"]
            if name == "xf" and inside == "cellXfs":
                found.formats.append(int(attributes.get("numFmtId", "0")))
        except (KeyError, ValueError):
            raise Unreadable("NOT_XLSX") from None
        if max(len(found.formats), len(found.codes)) > _MOST_STYLES:
            raise Unreadable("TOO_LARGE")

    def end(name: str) -> None:
        nonlocal inside
        if name == inside:
            inside = ""

    return start, end
