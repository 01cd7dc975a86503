"""Whatever is sent: no fault of ours is answered, no socket is dropped without a word, and nothing grows."""

import json
from collections import Counter
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from api.graphql import LARGEST_BODY
from tests.harness.callers import Town
from tests.harness.hostile import UNHEARD_OF, Hostile, Sent
from tests.harness.scale import scaled
from tests.harness.servers import Server

_REQUESTS, _MESSAGES = scaled(200, 100_000), scaled(60, 20_000)
_A_TOKEN = 1000  # requests: it lives a quarter of an hour
_MOST_MIB = 64  # what caches may come to; the bounds of each are in their own tests
# Of our own doing: a fault, or that which nobody foresaw in a socket.
_FAULT, _DROPPED, _TOO_LONG, _OURS = 500, 1006, 1009, {1006, 1011}
_SAID = (b"Traceback", b"sqlalchemy", b"asyncpg", b"sqlite3", b"/site-packages/")


def _resident(pid: int) -> float:
    """MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * 4096 / (1 << 20)


async def _send(http: httpx.AsyncClient, sent: Sent) -> httpx.Response | None:
    """The answer; None where the server could not read the request at all, and said so by closing."""
    headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in sent.headers]
    try:
        return await http.request(sent.method, sent.path, headers=headers, content=sent.body)
    except (httpx.InvalidURL, httpx.LocalProtocolError):
        return None  # it never left
    except httpx.TransportError as error:
        if sent.method == UNHEARD_OF:  # no HTTP: the server hangs up, perhaps before all of it is sent
            return None
        raise AssertionError(f"no answer to {sent}") from error


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_whatever_is_sent_is_answered_and_nothing_grows(town: Town, figures: dict[str, int]) -> None:
    hostile, statuses = Hostile(7), Counter[int]()
    with Server(town.house.settings, "hostile") as server:
        async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
            begun = 0.0
            for count in range(_REQUESTS):
                if count % _A_TOKEN == 0:
                    town.forget("citizen-1")
                    hostile.token = await town.token("citizen-1")
                sent = hostile.request()
                answer = await _send(http, sent)
                if answer is not None:
                    statuses[answer.status_code] += 1
                    assert answer.status_code < _FAULT, (sent, answer.text)
                    assert not any(word in answer.content for word in _SAID), (sent, answer.text)
                if count == _REQUESTS // 4:
                    begun = _resident(server.process.pid)
            closed = await _talk(town, hostile, server)
            grown = _resident(server.process.pid) - begun
            headers = {"Authorization": f"Bearer {await town.token('citizen-1')}"}
            after = await http.post("/graphql", json={"query": "{ me { name } }"}, headers=headers)
            assert after.status_code == 200
    assert grown < _MOST_MIB
    assert not _OURS & closed.keys(), closed
    assert {200, 400, 401, 404, 405, 415} <= statuses.keys()
    figures["hostile requests"] = sum(statuses.values())
    figures["hostile messages"] = _MESSAGES


async def _talk(town: Town, hostile: Hostile, server: Server) -> Counter[int]:
    """Say many things to sockets, a new one when one is closed; by what codes they were."""
    closed, said = Counter[int](), 0
    while said < _MESSAGES:
        town.forget("citizen-1")
        protocol = Subprotocol("graphql-transport-ws")
        async with connect(f"{server.url.replace('http', 'ws')}/graphql", subprotocols=[protocol]) as socket:
            try:
                payload = {"Authorization": f"Bearer {await town.token('citizen-1')}"}
                await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
                while said < _MESSAGES:
                    said += 1
                    message = hostile.message()
                    await socket.send(message)
                    await _answered(socket)
            except ConnectionClosed as error:
                # Of one that is too long the rest is not read: the reset may come before the word.
                unheard = _TOO_LONG if len(message) > LARGEST_BODY else _DROPPED
                closed[error.rcvd.code if error.rcvd is not None else unheard] += 1
    return closed


async def _answered(socket: ClientConnection) -> None:
    """Until it has read what was said before."""
    await (await socket.ping())
