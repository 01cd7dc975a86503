"""Each bound of the door at its most and one past it, and that docs/limits.md names all of them as they are."""

import ast
import asyncio
import importlib
import json
import re
from typing import Any, cast

import pytest

from api import middleware, oauth, sockets
from api.connections import MOST_UNREAD, Bounded
from api.graphql import _DEEPEST, LARGEST_BODY
from api.settings import Settings
from tests.harness.callers import Town
from tests.harness.proving import TOKEN, Holder
from tests.harness.servers import ROOT
from tests.harness.sockets import opened

_ASKS = {"query": "{ __typename }"}
_JSON = {"Content-Type": "application/json"}
_LIMIT = re.compile(r"_?(MOST|LARGEST|LONGEST|DEEPEST)(_|$)")
_ROW = re.compile(r"\| `(?P<name>[\w.:]+)` \| (?P<value>[\d,.]+)[^|]*\| [^|]+ \| `(?P<file>[\w/.]+):(?P<test>\w+)` \|")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_body_a_head_and_variables(town: Town) -> None:
    async def status(**sent: Any) -> int:
        return (await town.http.post("/graphql", **sent)).status_code

    text = json.dumps(_ASKS).encode()
    for size, said in ((LARGEST_BODY, 200), (LARGEST_BODY + 1, 413)):
        assert await status(content=text.ljust(size), headers=_JSON) == said, size

    request = town.http.build_request("POST", "/graphql", content=text, headers={**_JSON, "X-Long": ""})
    rest = sum(len(name) + len(value) for name, value in request.headers.raw)
    for size, said in ((middleware.LARGEST_HEADERS, 200), (middleware.LARGEST_HEADERS + 1, 431)):
        assert await status(content=text, headers={**_JSON, "X-Long": "x" * (size - rest)}) == said, size

    for depth, said in ((_DEEPEST, 200), (_DEEPEST + 1, 400)):
        deep: Any = {}
        for _ in range(depth - 1):
            deep = {"a": deep}
        assert await status(json={**_ASKS, "variables": deep}) == said, depth


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_token_and_a_proof(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed as ours are, and as long as one finds them: the limit is moved to their length, and to one less."""
    holder = Holder(town)
    token = await holder.token()
    for place, length in (("api.tokens.LONGEST_TOKEN", len(token)), ("api.dpop.LONGEST", len(await holder.fresh()))):
        for most, said in ((length, 200), (length - 1, 401)):
            monkeypatch.setattr(place, most)
            # A signature's numbers have no leading zeros to leave out: every proof is as long.
            assert (await holder.ask("{ viewer { changesCursor } }")).status == said, (place, most)
        monkeypatch.undo()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_form_that_asks_for_a_token(town: Town) -> None:
    for size, error in ((oauth.LARGEST_FORM, "unsupported_grant_type"), (oauth.LARGEST_FORM + 1, "invalid_request")):
        form = "grant_type=none&client_id=".ljust(size, "x")
        answer = await town.http.post(TOKEN, content=form, headers={"Content-Type": oauth._FORM})
        assert answer.json()["error"] == error, size


class _Unread:
    """A transport whose peer has read all but so much."""

    def __init__(self, unread: int) -> None:
        self.unread, self.written, self.is_cut = unread, b"", False

    def get_write_buffer_size(self) -> int:
        return self.unread

    def write(self, data: bytes) -> None:
        self.written += data

    def abort(self) -> None:
        self.is_cut = True


@pytest.mark.parametrize(("unread", "cut"), [(MOST_UNREAD, False), (MOST_UNREAD + 1, True)])
def test_what_nobody_reads(unread: int, cut: bool) -> None:
    transport = _Unread(unread)
    Bounded(cast("asyncio.Transport", transport)).write(b"more")
    assert (transport.is_cut, transport.written) == (cut, b"" if cut else b"more")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_message_and_an_id(town: Town) -> None:
    token = f"Bearer {await town.token('citizen-1')}"
    for size in (LARGEST_BODY, LARGEST_BODY + 1):
        async with opened(town) as client:
            await client.begin(token)
            client.say(json.dumps({"type": "ping"}).ljust(size))
            if size > LARGEST_BODY:
                assert (await client.closed()).code == 1009
            else:
                assert await client.hear() == {"type": "pong"}
    for length in (sockets._LONGEST_ID, sockets._LONGEST_ID + 1):
        async with opened(town) as client:
            await client.begin(token)
            client.say({"id": "x" * length, "type": "subscribe", "payload": {"query": "{"}})
            if length > sockets._LONGEST_ID:
                assert (await client.closed()).code == 4400
            else:
                assert (await client.hear())["type"] == "error"


# Limits of the door that are no row of the page, each for its reason.
_TOLD_ELSEWHERE = {
    "api.tokens:LONGEST_LIFE_SECONDS": "a token's life (design)",
    "api.tokens:_LONGEST_SCOPES": "within a token",
    "api.oauth:LONGEST_ASSERTION_SECONDS": "an assertion's life (ADR 0028)",
    "api.oauth:_LONGEST_TEXT": "within a form",
    "schema.costs:_MOST": "where sums stop",
    "schema.documents:_MOST_SHAPES": "what is kept of an operation, and not what it may ask",
    "schema.bounds:MOST": "row by row",
    "core.uploads:MOST_WAITING": "of an owner's own files, and no call's",
    "core.uploads:LONGEST_MARK": "no limit: how much of a file tells what it is",
}
_DOOR = (
    *("api.middleware", "api.connections", "api.bodies", "api.graphql", "api.places", "api.listening", "api.sockets"),
    *("api.tokens", "api.dpop", "api.oauth", "api.limits", "core.uploads", "core.paging", "parties.documents"),
    *("schema.documents", "schema.bounds", "schema.costs", "schema.manifests", "schema.document_acts"),
)


def test_every_limit_of_the_door_is_on_the_page() -> None:
    page = (ROOT / "docs" / "limits.md").read_text("utf-8")
    found = {f"{module}:{name}" for module in _DOOR for name in _set_in(module) if _LIMIT.match(name)}
    assert {one for one in found if f"`{one}`" not in page} == set(_TOLD_ELSEWHERE)


def _set_in(module: str) -> set[str]:
    """What a module sets at its own level."""
    body = ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8")).body
    targets = [target for one in body if isinstance(one, ast.Assign) for target in one.targets]
    return {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}


def test_every_limit_is_told_as_it_is_with_the_test_that_tries_it() -> None:
    lines = (ROOT / "docs" / "limits.md").read_text("utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| `")]
    assert len(rows) > 30
    for row in rows:
        told = _ROW.fullmatch(row)
        assert told is not None, row
        place, _, name = told["name"].rpartition(":")
        value: Any = (
            Settings.model_fields[name.lower().removeprefix("haihe_")].default
            if not place
            else getattr(importlib.import_module(place), name.partition(".")[0])
        )
        if "." in name:
            value = value[name.partition(".")[2]]
        assert float(told["value"].replace(",", "")) == value, row
        assert f"def {told['test']}(" in (ROOT / told["file"]).read_text("utf-8"), row
