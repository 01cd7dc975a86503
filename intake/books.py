"""Excel workbooks (.xlsx): the one sheet that has rows, every cell as text."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from core.workbook.archive import Unreadable
from core.workbook.reading import SheetName, Workbook
from intake.errors import FileRefused
from intake.raw import LONGEST_ROW, MOST_COLUMNS, Raw

# The second sheet of our templates: it may stay where it is.
EXPLANATION = "填报说明"
SENTENCES: Mapping[str, str] = {
    "NOT_XLSX": "不是有效的 xlsx 文件（可能没有传完整）",
    "OTHER_WORKBOOK": "不是 xlsx 工作簿（.xlsb、.ods 等请另存为 .xlsx）",
    "ENCRYPTED": "文件加了密码，请去掉密码后提交",
    "TOO_LARGE": "文件过大或解压后过大，请分成几个文件，或改用 CSV",
    "TOO_MANY_COLUMNS": f"列数超过{MOST_COLUMNS}",
    "ROW_TOO_LONG": f"有一行超过{LONGEST_ROW}个字",
}
_OLD = "是旧版 .xls 文件，请另存为 .xlsx 或 CSV"
_CHUNK = 256 << 10
_LOCKED = "EncryptedPackage".encode("utf-16-le")  # ECMA-376 part 2, encryption: [MS-OFFCRYPTO] 2.3.4.4


def rows(path: Path) -> Iterator[Raw]:
    """The header and the rows below it, by the sheet's own numbers; raises `FileRefused`."""
    names: list[str] | None = None
    try:
        with Workbook(path) as book:
            sheet = _only(book, path)
            if sheet is None:
                return
            for row in book.rows(sheet, most_columns=MOST_COLUMNS, longest_row=LONGEST_ROW):
                names = row.cells if names is None else names
                row.cells.extend([""] * (len(names) - len(row.cells)))
                yield Raw(row.number, names, row.cells, {place: flaw.value for place, flaw in row.flaws.items()})
    except Unreadable as error:
        raise FileRefused(f"{path.name}：{SENTENCES[error.code]}") from None


def refuse_compound(path: Path) -> None:
    """Say of a compound file what it is: an encrypted workbook, or one of a format of before 2007."""
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if _LOCKED in before + chunk:
                raise FileRefused(f"{path.name}：{SENTENCES['ENCRYPTED']}")
            before = chunk[-len(_LOCKED) :]
    raise FileRefused(f"{path.name}：{_OLD}")


def _only(book: Workbook, path: Path) -> SheetName | None:
    """The sheet in which anything stands; rows in a second one are never passed over in silence."""
    found = [sheet for sheet in book.sheets if sheet.title != EXPLANATION and _has_rows(book, sheet)]
    if len(found) > 1:
        titles = "、".join(sheet.title[:31] for sheet in found[:5])
        raise FileRefused(f"{path.name}：不止一张工作表有内容（{titles}），请只留一张")
    return found[0] if found else None


def _has_rows(book: Workbook, sheet: SheetName) -> bool:
    return any(True for _ in book.rows(sheet, most_columns=MOST_COLUMNS, longest_row=LONGEST_ROW))
