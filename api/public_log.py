"""The access log as anyone may read it: checkpoint, tiles (c2sp.org/tlog-tiles) and verifier keys.

A tile holds hashes of salted leaves: it says that there were looks, and nothing of whose. Entries are not served.
"""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api import clock
from api.limits import Limits
from audit import tree
from audit.sealing import verifier_keys
from audit.tiles import HASH, Tile
from core.database import Database
from core.errors import DependencyDown
from core.keys import KeyRings

_TEXT, _BYTES = "text/plain; charset=utf-8", "application/octet-stream"
_OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
_FRESH: Mapping[str, str] = {**_OPEN, "Cache-Control": "no-cache"}
_FOREVER: Mapping[str, str] = {**_OPEN, "Cache-Control": "public, max-age=31536000, immutable"}
_Endpoint = Callable[[Request], Awaitable[Response]]


def routes(database: Database, rings: KeyRings, origin: str, limits: Limits) -> list[BaseRoute]:
    """`/log/checkpoint`, `/log/tile/…` and `/log/keys`, each address so often. `origin` is the log's name before it has
    begun."""

    async def checkpoint(_request: Request) -> Response:
        async with database.reading() as unit:
            head = await tree.head(unit)
        return Response(head.note, headers=_FRESH, media_type=_TEXT) if head is not None else _absent()

    async def tile(request: Request) -> Response:
        wanted = Tile.parse(request.path_params["path"])
        if wanted is None:
            return _absent()
        async with database.reading() as unit:
            head = await tree.head(unit)
            if head is None or not wanted.within(head.size):
                return _absent()
            data = (await tree.tiles(unit, [wanted]))[wanted]
        assert len(data) == wanted.width * HASH
        return Response(data, headers=_FOREVER, media_type=_BYTES)

    async def keys(_request: Request) -> Response:
        async with database.reading() as unit:
            head = await tree.head(unit)
        found = verifier_keys(rings, head.origin if head is not None else origin)
        return Response("".join(f"{key}\n" for key in found), headers=_FRESH, media_type=_TEXT)

    return [
        Route(path, _steady(endpoint, limits), methods=["GET"])
        for path, endpoint in (("/log/checkpoint", checkpoint), ("/log/tile/{path:path}", tile), ("/log/keys", keys))
    ]


def _steady(endpoint: _Endpoint, limits: Limits) -> _Endpoint:
    async def answer(request: Request) -> Response:
        address = request.client.host if request.client else "?"
        wait = limits.wait(f"log:{address}", now=clock.now().timestamp())
        if wait > 0:
            return Response(status_code=429, headers={**_OPEN, "Retry-After": str(int(wait) + 1)})
        try:
            return await endpoint(request)
        except DependencyDown:
            return Response(status_code=503, headers={"Retry-After": "1"})

    return answer


def _absent() -> Response:
    return Response(status_code=404, headers=_FRESH)
