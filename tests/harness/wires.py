"""Streams of a real server, over a network: what each says until it ends, and how it ended."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from tests.harness.sockets import CHANGES, PATIENCE

CUT = "cut"
Hear = Callable[[dict[str, Any]], None]
Way = Callable[[str, str, str, Hear], Coroutine[Any, Any, str]]


def asked(after: str, query: str = CHANGES) -> dict[str, Any]:
    """The request of a listener."""
    return {"query": query, "variables": {"after": after}}


async def by_socket(url: str, token: str, after: str, hear: Hear) -> str:
    """Listen over a socket. How it ended: its close code and reason, or `CUT`."""
    try:
        async with connect(
            f"{url.replace('http', 'ws')}/graphql",
            subprotocols=[Subprotocol("graphql-transport-ws")],
            compression=None,
            close_timeout=1,
        ) as socket:
            await socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": asked(after)}))
            while True:
                said = json.loads(await socket.recv())
                if said["type"] == "next":
                    hear(said["payload"]["data"]["changes"])
                elif said["type"] != "connection_ack":
                    return str(said)
    except ConnectionClosed as closed:
        # The other end's own word. A connection that was cut off has none.
        return f"{closed.rcvd.code} {closed.rcvd.reason}" if closed.rcvd is not None else CUT
    except (OSError, EOFError, TimeoutError, InvalidHandshake):
        return CUT


async def by_events(url: str, token: str, after: str, hear: Hear) -> str:
    """Listen to events. How it ended: the last event's code or nothing, and `complete`; or `CUT`."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    code = event = ""
    try:
        async with (
            httpx.AsyncClient(base_url=url, timeout=PATIENCE) as http,
            http.stream("POST", "/graphql", json=asked(after), headers=headers) as answer,
        ):
            if answer.status_code != 200:
                return str(answer.status_code)
            async for line in answer.aiter_lines():
                if line.startswith("event: "):
                    event = line.removeprefix("event: ")
                elif line.startswith("data: {"):
                    said = json.loads(line.removeprefix("data: "))
                    if "errors" in said:
                        code = said["errors"][0]["extensions"]["code"]
                    else:
                        hear(said["data"]["changes"])
            return f"{code} complete".strip() if event == "complete" else CUT
    except (httpx.TransportError, httpx.StreamError):
        return CUT


WAYS: dict[str, Way] = {"socket": by_socket, "events": by_events}


class Listener:
    """A stream in a task of its own: what it has said so far, and, once it has ended, how."""

    def __init__(self, way: str, url: str, token: str, after: str) -> None:
        self.heard: list[dict[str, Any]] = []
        self.ended = asyncio.create_task(WAYS[way](url, token, after, self.heard.append))

    async def begun(self) -> None:
        """Wait until it has said something; it must not have ended."""
        async with asyncio.timeout(PATIENCE):
            while not self.heard:
                assert not self.ended.done(), self.ended.result()
                await asyncio.sleep(0.01)
