"""A stream of events of an application in this process, spoken to over ASGI."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from starlette.types import ASGIApp

from tests.harness.sockets import PATIENCE
from tests.harness.wires import asked


class Stream:
    """One POST, and what comes back piece by piece."""

    def __init__(self, app: ASGIApp, headers: Sequence[tuple[str, str]], after: str) -> None:
        self._out: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._asked = False
        self._body = json.dumps(asked(after)).encode()
        given = [("accept", "text/event-stream"), ("content-type", "application/json"), *headers]
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "raw_path": b"/graphql",
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "client": ("127.0.0.1", 1),
            "server": ("haihe.test", 80),
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in given],
        }
        self.serving = asyncio.ensure_future(app(scope, self._receive, self._out.put))

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _next(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            return await self._out.get()

    async def begun(self) -> str | None:
        """None once it is a stream that has begun; else the code that it was refused with."""
        start = await self._next()
        body = (await self._next())["body"]
        if start["status"] == 200:
            assert body == b":\n\n", body
            return None
        return str(json.loads(body)["errors"][0]["extensions"]["code"])

    async def ended(self) -> str:
        """The code of the event it ends with, before `complete`."""
        said = ""
        while True:
            message = await self._next()
            said += message["body"].decode()
            if not message["more_body"]:
                assert said.endswith("event: complete\ndata: \n\n"), said
                return str(json.loads(said.split("data: ")[-2].split("\n")[0])["errors"][0]["extensions"]["code"])

    async def leave(self) -> None:
        """Go away, and wait until the other end is done."""
        self._gone.set()
        async with asyncio.timeout(PATIENCE):
            await self.serving


@asynccontextmanager
async def streamed(app: ASGIApp, headers: Sequence[tuple[str, str]], after: str) -> AsyncIterator[Stream]:
    """A stream of an application."""
    stream = Stream(app, headers, after)
    try:
        yield stream
    finally:
        await stream.leave()
