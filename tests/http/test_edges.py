"""Each bound of the door at its most and one past it, and that docs/limits.md names all of them as they are."""

import importlib
import json
import re
from typing import Any

import pytest

from api import middleware, sockets
from api.graphql import _DEEPEST, LARGEST_BODY
from api.settings import Settings
from tests.harness.callers import Town
from tests.harness.servers import ROOT
from tests.harness.sockets import opened

_ASKS = {"query": "{ __typename }"}
_JSON = {"Content-Type": "application/json"}
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
