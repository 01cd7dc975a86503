"""Workbooks made by hand, part by part, so that every one of them can be wrong."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
SHEET, TEXTS, STYLES, WORKBOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"


def _relations(*targets: tuple[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f"{_HEAD}<Relationships {_RELATIONS}>{each}</Relationships>"


def sheet(rows: str) -> str:
    """A sheet's part around its rows."""
    return f"{_HEAD}<worksheet {_MAIN}><sheetData>{rows}</sheetData></worksheet>"


def text_cells(cells: Iterable[str]) -> str:
    """Cells of text, each where it stands."""
    return "".join(f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>' for cell in cells)


def rows(*written: Sequence[str]) -> str:
    """Rows of text from the first one on."""
    return "".join(f"<row>{text_cells(cells)}</row>" for cells in written)


def parts(*sheets: str, styles: str = "", texts: str = "", workbook: str = "") -> dict[str, str]:
    """Every part of a workbook whose sheets hold these rows. `styles`, `texts` and `workbook` are what stands in those
    parts."""
    named = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, len(sheets) + 1))
    worksheets = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    return {
        "_rels/.rels": _relations(("officeDocument", WORKBOOK)),
        WORKBOOK: f'{_HEAD}<workbook {_MAIN} xmlns:r="{_OFFICE}">{workbook}<sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            *worksheets, ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")
        ),
        STYLES: f"{_HEAD}<styleSheet {_MAIN}>{styles}</styleSheet>",
        TEXTS: f"{_HEAD}<sst {_MAIN}>{texts}</sst>",
    } | {f"xl/worksheets/sheet{n}.xml": sheet(one) for n, one in enumerate(sheets, start=1)}


def packed(content: Mapping[str, str | bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Parts as a zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as zipped:
        for name, part in content.items():
            zipped.writestr(name, part)
    return made.getvalue()


def book(*sheets: str, styles: str = "", texts: str = "", workbook: str = "") -> bytes:
    """A workbook; see `parts`."""
    return packed(parts(*sheets, styles=styles, texts=texts, workbook=workbook))


def written(path: Path, data: bytes) -> Path:
    """Bytes as a file."""
    path.write_bytes(data)
    return path
