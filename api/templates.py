"""GET /intake/templates/{layout}.csv and .xlsx, and /intake/codes.csv: what providers fill in, open to everybody."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api import clock
from core import sheets
from core.moments import day_of
from credit import catalogue
from intake import templates
from intake.layouts import LAYOUTS, Layout

_LAYOUTS: Mapping[str, Layout] = {layout.name.value: layout for layout in LAYOUTS}
_CSV, _XLSX = "csv", "xlsx"
_CODES_TITLE = "代码表"


class _File(NamedTuple):
    data: bytes
    headers: Mapping[str, str]


def routes() -> Sequence[BaseRoute]:
    """Where they are."""
    return (
        Route("/intake/templates/{layout}.csv", _csv, methods=["GET"]),
        Route("/intake/templates/{layout}.xlsx", _xlsx, methods=["GET"]),
        Route("/intake/codes.csv", _codes, methods=["GET"]),
    )


async def _csv(request: Request) -> Response:
    return _answer(request, request.path_params["layout"], _CSV)


async def _xlsx(request: Request) -> Response:
    return _answer(request, request.path_params["layout"], _XLSX)


async def _codes(request: Request) -> Response:
    return _answer(request, "", _CSV)


def _answer(request: Request, layout: str, form: str) -> Response:
    """The file by the catalogue of today; nothing but its tag for who has it."""
    found = catalogue.in_force(day_of(clock.now()))
    if found is None or (layout and layout not in _LAYOUTS):
        return Response(status_code=404)
    file = _made(found.version, layout, form)
    tags = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if tags & {file.headers["ETag"], "*"}:
        return Response(status_code=304, headers={name: file.headers[name] for name in ("ETag", "Cache-Control")})
    return Response(file.data, headers=file.headers)


@lru_cache(maxsize=2 * (2 * len(LAYOUTS) + 1))  # two versions: that of yesterday and that of today
def _made(version: str, layout: str, form: str) -> _File:
    """A file as it is sent, made once for each version. `layout` is empty for the list of codes."""
    of = catalogue.VERSIONS[version]
    if not layout:
        data, title = templates.codes(of), _CODES_TITLE
    elif form == _CSV:
        data, title = templates.csv_of(_LAYOUTS[layout]), _LAYOUTS[layout].title
    else:
        data, title = templates.xlsx_of(_LAYOUTS[layout], of), _LAYOUTS[layout].title
    name, told = f"{layout or 'codes'}.{form}", quote(f"{title}.{form}")
    headers = {
        "Content-Type": templates.CSV_TYPE if form == _CSV else sheets.MEDIA_TYPE,
        "Content-Disposition": f"attachment; filename=\"{name}\"; filename*=UTF-8''{told}",
        "Cache-Control": "public, no-cache",
        "ETag": f'"{hashlib.sha256(data).hexdigest()[:32]}"',
    }
    return _File(data, headers)
