"""Files for providers to fill in, and the list of codes. Pure: the catalogue in force is handed in."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from core import sheets
from core.sheets import Table
from credit.catalogue import Catalogue, Sensitivity
from intake import columns
from intake.books import EXPLANATION
from intake.columns import Column
from intake.delimited import guarded
from intake.layouts import LAYOUTS, Layout

CSV_TYPE = "text/csv; charset=utf-8"
CODES = "codes.csv"
_HEAD = ("列名", "必填", "填写形式", "最长字数", "可填内容", "说明")
_WIDTHS = (36, 8, 28, 10, 48, 40)
_NARROWEST, _WIDEST = 12, 40
_CODES_HEAD = ("种类", "所属", "代码", "名称", "填写形式", "最长字数", "必填", "敏感程度")
_SENSITIVITY = {Sensitivity.OPEN: "一般", Sensitivity.PERSONAL: "个人信息", Sensitivity.SENSITIVE: "敏感"}


def csv_of(layout: Layout) -> bytes:
    """An empty file of a layout: its header, in UTF-8 with BOM."""
    return _csv([layout.headers])


def xlsx_of(layout: Layout, catalogue: Catalogue) -> bytes:
    """The same as a workbook whose second sheet explains the columns. The same version gives the same bytes."""
    widths = [min(_WIDEST, max(_NARROWEST, 2 * len(header) + 2)) for header in layout.headers]
    explained = [_HEAD, *map(_explained, columns.of(layout, catalogue))]
    since = datetime.combine(catalogue.in_force_from, datetime.min.time())
    return sheets.write_all(
        [Table(layout.title, widths, [layout.headers]), Table(EXPLANATION, _WIDTHS, explained)], made_on=since
    )


def codes(catalogue: Catalogue) -> bytes:
    """Kinds of records, their items, and the words of every column that has a choice, as CSV in UTF-8 with BOM."""
    return _csv([_CODES_HEAD, *_kinds(catalogue), *_items(catalogue), *_choices(catalogue)])


def everything(catalogue: Catalogue) -> Iterator[tuple[str, bytes]]:
    """Every such file by its name."""
    yield CODES, codes(catalogue)
    for layout in LAYOUTS:
        yield f"{layout.name}.csv", csv_of(layout)
        yield f"{layout.name}.xlsx", xlsx_of(layout, catalogue)


def _explained(column: Column) -> Sequence[str]:
    words = "、".join(word for word, _ in column.choices)
    return column.name, column.need, column.form, str(column.longest or ""), words, column.note


def _kinds(catalogue: Catalogue) -> Iterator[Sequence[str]]:
    for entry in catalogue.entries.values():
        yield "信息类别", entry.category.value, entry.kind, entry.title, "", "", "", ""


def _items(catalogue: Catalogue) -> Iterator[Sequence[str]]:
    for entry in catalogue.entries.values():
        for item in entry.items:
            need = columns.ALWAYS if item.required else columns.NEVER
            longest, form = str(item.longest or ""), columns.FORM_WORDS[item.form]
            yield "信息项", entry.title, item.code, item.label, form, longest, need, _SENSITIVITY[item.sensitivity]


def _choices(catalogue: Catalogue) -> Iterator[Sequence[str]]:
    for layout in LAYOUTS:
        for column in columns.of(layout, catalogue):
            for word, code in column.choices:
                yield "可填内容", f"{layout.title}／{column.name}", code, word, "", "", "", ""


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    made = io.StringIO(newline="")
    csv.writer(made).writerows([guarded(cell) for cell in row] for row in rows)
    return made.getvalue().encode("utf-8-sig")
