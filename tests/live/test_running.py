"""A real server: a real socket and a real stream of events, told by its own duties, ended as it is stopped."""

import asyncio
import json
import signal
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from api.app import create_app
from api.house import House
from core.installation import Kind
from tests.harness import city
from tests.harness.callers import Town
from tests.harness.city import Templates
from tests.harness.servers import Server
from tests.harness.sockets import CHANGES, PATIENCE

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
async def served(templates: Templates, backend: str, tmp_path: Path) -> AsyncIterator[tuple[Server, str]]:
    """A server and a citizen's token."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    settings = templates.settings(await city.copy(templates, backend, name))
    house = House(settings)
    token = await Town(house, create_app(house, Kind.DEMONSTRATION)).token("citizen-1")
    await house.close()
    with Server(settings, f"live-{name}") as server:
        yield server, token
    await city.drop(templates, backend, name)


async def test_a_socket_and_a_stream_of_events_hear_the_same(served: tuple[Server, str]) -> None:
    server, token = served
    bearer = {"Authorization": f"Bearer {token}"}
    protocol = Subprotocol("graphql-transport-ws")
    async with (
        asyncio.timeout(PATIENCE),
        httpx.AsyncClient(base_url=server.url, headers=bearer, timeout=PATIENCE) as http,
        connect(f"{server.url.replace('http', 'ws')}/graphql", subprotocols=[protocol]) as socket,
    ):

        async def ask(document: str, **variables: Any) -> Any:
            answer = await http.post("/graphql", json={"query": document, "variables": variables})
            return answer.json()["data"]

        after = (await ask("{ viewer { changesCursor } }"))["viewer"]["changesCursor"]
        asked = {"query": CHANGES, "variables": {"after": after}}
        await socket.send(json.dumps({"type": "connection_init", "payload": bearer}))
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": asked}))
        notices = await ask("{ me { notices(first: 1) { edges { node { id } } } } }")
        notice = notices["me"]["notices"]["edges"][0]["node"]["id"]
        events = http.stream("POST", "/graphql", json=asked, headers={"Accept": "text/event-stream"})
        async with events as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            read = "mutation($n: ID!) { noticeRead(input: {noticeId: $n}) { __typename } }"
            assert (await ask(read, n=notice))["noticeRead"]["__typename"] == "NoticeReadPayload"
            # What the city itself told may be numbered only now: it comes first.
            told = json.loads(await socket.recv())
            while not _is_of(told, notice, version=2):
                told = json.loads(await socket.recv())
            lines = stream.aiter_lines()
            said = [line async for line in _until(lines, told["payload"])]
            assert "event: next" in said
            server.process.send_signal(signal.SIGTERM)
            assert "event: complete" in [line async for line in lines]
        assert json.loads(await socket.recv()) == {"id": "1", "type": "complete"}
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001
    assert await asyncio.to_thread(server.process.wait) == 0


def _is_of(told: Any, id_: str, *, version: int) -> bool:
    heard = told["payload"]["data"]["changes"]
    return (heard["id"], heard["version"]) == (id_, version)


async def _until(lines: AsyncIterator[str], payload: Any) -> AsyncIterator[str]:
    """What comes up to this payload; what the city itself told may be numbered only now, and comes before it."""
    async for line in lines:
        yield line
        if line.startswith("data: {") and json.loads(line.removeprefix("data: ")) == payload:
            return
