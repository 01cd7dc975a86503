"""Both ends of a stream in one process: an application is spoken to over ASGI, as a socket or as events."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from starlette.types import ASGIApp

from notices import changes
from tests.harness.callers import Town

PATIENCE = 30.0
CHANGES = "subscription($after: String) { changes(after: $after) { cursor kind id version } }"


class Closed(Exception):
    """The other end closed the socket."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code, self.reason = code, reason


class Client:
    """One socket. What is said to it comes in order; `hold` lets nothing more be sent to it."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str], protocols: Sequence[str], address: str) -> None:
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._out: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.readable = asyncio.Event()
        self.readable.set()
        scope = {
            "type": "websocket",
            "path": "/graphql",
            "raw_path": b"/graphql",
            "query_string": b"",
            "root_path": "",
            "scheme": "ws",
            "client": (address, 1),
            "server": ("haihe.test", 80),
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
            "subprotocols": list(protocols),
            "extensions": {"websocket.http.response": {}},
        }
        self._in.put_nowait({"type": "websocket.connect"})
        self.serving = asyncio.create_task(self._serve(app, scope))

    async def _serve(self, app: ASGIApp, scope: dict[str, Any]) -> None:
        async def send(message: Any) -> None:
            await self.readable.wait()
            self._out.put_nowait(message)

        await app(scope, self._in.get, send)

    async def raw(self) -> dict[str, Any]:
        """The next ASGI message."""
        async with asyncio.timeout(PATIENCE):
            return await self._out.get()

    def nothing(self) -> bool:
        """Whether nothing more has come."""
        return self._out.empty()

    async def hear(self) -> dict[str, Any]:
        """The next message; raises `Closed`."""
        message = await self.raw()
        if message["type"] == "websocket.accept":
            return await self.hear()
        if message["type"] == "websocket.close":
            raise Closed(message.get("code", 1000), message.get("reason", ""))
        assert message["type"] == "websocket.send", message
        found: dict[str, Any] = json.loads(message["text"])
        return found

    async def closed(self) -> Closed:
        """How it is closed, whatever comes before."""
        while True:
            try:
                await self.hear()
            except Closed as closed:
                return closed

    def say(self, message: Any) -> None:
        """Say something: text as it is, anything else as JSON."""
        text = message if isinstance(message, str) else json.dumps(message)
        self._in.put_nowait({"type": "websocket.receive", "text": text})

    def say_bytes(self, data: bytes) -> None:
        """Say something that is no text."""
        self._in.put_nowait({"type": "websocket.receive", "bytes": data})

    async def begin(self, authorization: str | None) -> None:
        """Say who one is; raises `Closed`."""
        self.say({"type": "connection_init", "payload": {"authorization": authorization} if authorization else {}})
        assert await self.hear() == {"type": "connection_ack"}

    def subscribe(self, id_: str, *, after: str | None = None, query: str = CHANGES) -> None:
        """Listen."""
        self.say({"id": id_, "type": "subscribe", "payload": {"query": query, "variables": {"after": after}}})

    async def change(self) -> dict[str, Any]:
        """The next change."""
        message = await self.hear()
        assert message["type"] == "next", message
        found: dict[str, Any] = message["payload"]["data"]["changes"]
        return found

    async def leave(self) -> None:
        """Go away, and wait until the other end is done."""
        self._in.put_nowait({"type": "websocket.disconnect", "code": 1001})
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait([self.serving])


@asynccontextmanager
async def opened(
    town: Town,
    *,
    headers: Mapping[str, str] | None = None,
    protocols: Sequence[str] = ("graphql-transport-ws",),
    address: str = "127.0.0.1",
) -> AsyncIterator[Client]:
    """A socket of an application."""
    client = Client(town.app, {"host": "haihe.test", **(headers or {})}, protocols, address)
    try:
        yield client
    finally:
        client.readable.set()
        await client.leave()
        client.serving.result()


@asynccontextmanager
async def listening(town: Town, persona: str, *, after: str | None = None) -> AsyncIterator[Client]:
    """Somebody who listens from a cursor on: from now on without one."""
    async with opened(town) as client:
        await client.begin(f"Bearer {await town.token(persona)}")
        client.subscribe("1", after=after if after is not None else await cursor(town, persona))
        yield client


async def cursor(town: Town, persona: str) -> str:
    """Where changes stand now."""
    await number(town)
    found = await town.data(persona, "{ viewer { changesCursor } }")
    return str(found["viewer"]["changesCursor"])


async def number(town: Town) -> None:
    """Do what the leader's duty does, and say so."""
    from api.waking import Hint

    numbered = changes.AT_ONCE
    while numbered == changes.AT_ONCE:
        async with town.house.database.writing() as unit:
            numbered = await changes.number(unit)
    town.house.waking.give(Hint.NUMBERED)
