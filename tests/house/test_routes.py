"""Every route beside GraphQL × every persona and every post, whatever its token says: who is answered how, and that a
denial has changed nothing. The table is `routes.yaml`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.routing import BaseRoute, Match, Route

from api.house import House
from api.personas import PERSONAS
from tests.harness.callers import Town, inhabited
from tests.harness.everything import stored
from tests.harness.posts import PLACES, everybody, unhurried

_TABLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("routes.yaml").read_text("utf-8"))
_OPEN: Mapping[str, int] = _TABLE["open"]
_CLOSED: Mapping[str, Mapping[str, Mapping[int, list[str]]]] = _TABLE["closed"]
_REQUESTS = (*_OPEN, *_CLOSED)
# What is sent has nothing wrong with it: nobody is refused for that.
_SENT: Mapping[str, Mapping[str, Any]] = {
    "POST /uploads": {"content": b"%PDF-1.7\n"},
    "POST /intake/batches": {"content": b"x", "headers": {"Upload-Complete": "?0"}},
    "PATCH /intake/batches/bat_x": {
        "content": b"x",
        "headers": {"Content-Type": "application/partial-upload", "Upload-Offset": "0", "Upload-Complete": "?0"},
    },
}


def _expected(request: str, whose: str, caller: str) -> int:
    """How a persona, or a post of somewhere, is answered: with 403 where the table says nothing."""
    if request in _OPEN:
        return _OPEN[request]
    said = _CLOSED[request].get(whose, {})
    return next((status for status, callers in said.items() if caller in callers), 403)


async def _ask(town: Town, request: str, token: str | None) -> int:
    method, _, path = request.partition(" ")
    sent = dict(_SENT.get(request, {}))
    headers = {**sent.pop("headers", {}), **({"Authorization": f"Bearer {token}"} if token else {})}
    return (await town.http.request(method, path, headers=headers, **sent)).status_code


async def _asked(town: Town, whose: str, tokens: Mapping[str, str]) -> None:
    """Everybody asks everything: first what they are denied, which leaves everything as it is, then the rest."""
    every = [(request, name) for request in _REQUESTS for name in tokens]
    denied = [(request, name) for request, name in every if _expected(request, whose, name) >= 400]
    before = await stored(town, but=())
    for request, name in denied:
        assert await _ask(town, request, tokens[name]) == _expected(request, whose, name), (request, name)
    assert await stored(town, but=()) == before
    for request, name in every:
        if (request, name) not in denied:
            assert await _ask(town, request, tokens[name]) == _expected(request, whose, name), (request, name)


def _of_app(routes: list[BaseRoute]) -> Iterator[tuple[str, BaseRoute]]:
    """Each method and route, but for GraphQL's own two and for the HEAD that comes with each GET."""
    for route in routes:
        if getattr(route, "path", None) == "/graphql":
            continue
        methods = (route.methods or set()) - {"HEAD"} if isinstance(route, Route) else {"GET"}
        yield from ((method, route) for method in sorted(methods))


def _reaches(request: str, method: str, route: BaseRoute) -> bool:
    said, _, path = request.partition(" ")
    scope = {"type": "http", "method": said, "path": path.partition("?")[0], "root_path": "", "headers": []}
    return said == method and route.matches(scope)[0] is Match.FULL


async def test_the_table_names_every_route(town: Town) -> None:
    for method, route in _of_app(town.app.routes):
        assert any(_reaches(request, method, route) for request in _REQUESTS), (method, route)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_every_route_and_every_persona(house: House) -> None:
    unhurried(house)
    async with inhabited(house) as town:
        for request in _REQUESTS:
            assert await _ask(town, request, None) == _OPEN.get(request, 401), request
        await _asked(town, "personas", {name: await town.token(name) for name in PERSONAS})


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_every_route_and_every_post(house: House, place: str) -> None:
    unhurried(house)
    async with inhabited(house) as town:
        await _asked(town, place, {post.value: token for post, token in (await everybody(town, place)).items()})
