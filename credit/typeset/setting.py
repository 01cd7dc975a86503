"""Setting a laid-out report, or a letter, as a PDF: tagged, its text extractable, its font in it. It blocks."""

import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import segno
import typst

from credit.typeset.glyphs import printable
from credit.typeset.layout import Layout
from credit.typeset.letter import Letter

_HERE = Path(__file__).parent
_ALONE = threading.Lock()  # a compiler that is asked by two threads at once refuses the second


def pdf(layout: Layout, *, code: str, link: str, at: datetime) -> bytes:
    """The report's pages, not signed yet. `link` is what its QR code opens, `code` what is typed instead."""
    made = _compiled(layout, code, link, at, "pdf", None)
    assert isinstance(made, bytes)
    return made


def pages(layout: Layout, *, code: str, link: str, at: datetime, ppi: float = 96) -> list[bytes]:
    """The report's pages as PNG pictures, to be looked at."""
    made = _compiled(layout, code, link, at, "png", ppi)
    return [made] if isinstance(made, bytes) else list(made)


def letter(said: Letter, *, at: datetime) -> bytes:
    """A letter's pages, not signed yet."""
    made = _set("letter", letter_inputs(said), at, "pdf", None)
    assert isinstance(made, bytes)
    return made


def letter_pages(said: Letter, *, at: datetime, ppi: float = 96) -> list[bytes]:
    """A letter's pages as PNG pictures, to be looked at."""
    made = _set("letter", letter_inputs(said), at, "png", ppi)
    return [made] if isinstance(made, bytes) else list(made)


def inputs(layout: Layout, *, code: str, link: str) -> dict[str, str]:
    """What a report's page is given."""
    said = {**_printable(layout.plain()), "code": code, "link": link, "qr": _qr(link)}
    return {"report": orjson.dumps(said).decode()}


def letter_inputs(said: Letter) -> dict[str, str]:
    """What a letter's page is given."""
    return {"letter": orjson.dumps(_printable(said.plain())).decode()}


@cache
def compiler(page: str = "report") -> typst.Compiler:
    """One of each page for a process: reading the fonts takes longer than setting a page. It loads nothing from
    anywhere else."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_HERE / "fonts")])
    return typst.Compiler(str(_HERE / f"{page}.typ"), root=str(_HERE), font_paths=fonts)


def _compiled(layout: Layout, code: str, link: str, at: datetime, format_: Any, ppi: float | None) -> Any:
    return _set("report", inputs(layout, code=code, link=link), at, format_, ppi)


def _set(page: str, said: dict[str, str], at: datetime, format_: Any, ppi: float | None) -> Any:
    with _ALONE:
        return compiler(page).compile(format=format_, ppi=ppi, sys_inputs=said, timestamp=int(at.timestamp()))


def _qr(link: str) -> str:
    drawn = BytesIO()
    segno.make_qr(link, error="m").save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _printable(one) for key, one in value.items()}
    return [_printable(one) for one in value] if isinstance(value, list | tuple) else value
