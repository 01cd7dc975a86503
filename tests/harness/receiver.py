"""A party's own server on loopback: it counts what arrives, verifies by its own code, and can behave badly."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified_by(self, secret: str) -> bool:
        """Standard Webhooks, as its page describes it: any of the signatures is enough."""
        key = base64.b64decode(secret.split("_", 1)[1])
        signed = b".".join((self.id.encode(), self.headers["webhook-timestamp"].encode(), self.body))
        expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256))
        return any(
            hmac.compare_digest(expected, text.partition(",")[2].encode())
            for text in self.headers["webhook-signature"].split(" ")
            if text.startswith("v1,")
        )


class Receiver:
    """Listens on a free port. `behaviour` is OK, FAULT, REDIRECT, GONE, SILENT, TRICKLE, HUGE or DROP."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.behaviour = "OK"
        self.on_request: Callable[[], None] = lambda: None
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> "Receiver":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._open):
            writer.transport.abort()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?tenant=1"

    @property
    def ids(self) -> list[str]:
        return [request.id for request in self.received]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            line, *lines = head.strip().split("\r\n")
            headers = {name.lower(): value for name, value in (text.split(": ", 1) for text in lines)}
            body = await reader.readexactly(int(headers["content-length"]))
            self.received.append(Received(line.split(" ")[1], headers, body))
            self.on_request()
            with suppress(ConnectionError):
                await self._answer(reader, writer)
        finally:
            self._open.discard(writer)
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.behaviour == "DROP":
            return
        if self.behaviour == "SILENT":
            await reader.read()
            return
        if self.behaviour == "TRICKLE":
            writer.write(b"HTTP/1.1 200 OK\r\n")
            while not reader.at_eof():
                writer.write(b"x-more: 1\r\n")
                await writer.drain()
                await asyncio.sleep(0.02)
            return
        writer.write(_ANSWERS[self.behaviour].replace(b"PORT", str(self.port).encode()))
        while self.behaviour == "HUGE" and not writer.transport.is_closing():
            writer.write(b"x" * 65536)
            await writer.drain()
        await writer.drain()


_ANSWERS = {
    "OK": b"HTTP/1.1 204 No Content\r\n\r\n",
    "FAULT": b"HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n",
    "GONE": b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n",
    "REDIRECT": b"HTTP/1.1 307 Go\r\nlocation: http://127.0.0.1:PORT/elsewhere\r\ncontent-length: 0\r\n\r\n",
    "HUGE": b"HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n",
}
