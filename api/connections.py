"""Connections that nobody reads from hold so much, and are gone a while after they were closed; those of a process
that is leaving end with the answer that is being made.

The server waits for room before most of what it writes, and closes a connection by waiting until all of it is read.
What it writes without waiting (the answer to a socket's ping) would grow without end before somebody who sends and
does not read, and a closed connection would stay for as long as they please.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.leaving import Leaving

# The server waits for room from 64 KiB on, so more than this was written by whoever does not wait.
MOST_UNREAD = 1024 * 1024
# CHOICE: a phone that has lost its network for so long comes again; one that reads slowly is waited for.
STILL_SECONDS = 30.0


class Bounded:
    """A transport that ends by itself when its peer does not read."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write, or cut the connection when too much is unread."""
        if self._transport.get_write_buffer_size() > MOST_UNREAD:
            self._transport.abort()
        else:
            self._transport.write(data)

    def close(self) -> None:
        """Close it once everything is read; cut it when nothing is read for `STILL_SECONDS`."""
        if not self._transport.is_closing():
            self._transport.close()
            self._wait()

    def _wait(self, before: int | None = None) -> None:
        unread = self._transport.get_write_buffer_size()
        if unread == before:
            self._transport.abort()
        elif unread:
            asyncio.get_running_loop().call_later(STILL_SECONDS, self._wait, unread)


class Connection(HttpToolsProtocol):
    """A connection, and the socket that it may become, over such a transport."""

    def __init__(self, *given: Any, leaving: Leaving | None = None, **named: Any) -> None:
        super().__init__(*given, **named)
        self._leaving = leaving

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin."""
        super().connection_made(cast("asyncio.Transport", Bounded(transport)))

    def on_headers_complete(self) -> None:
        """A request has come. While the process is leaving its answer says that the connection ends with it."""
        super().on_headers_complete()
        if self._leaving is not None and self._leaving.begun and self.cycle is not None:
            self.cycle.keep_alive = False
