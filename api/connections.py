"""Connections that nobody reads from hold so much, and are gone a while after they were closed; those that ask nothing
are gone soon; those of a process that is leaving end with the answer that is being made.

The server waits for room before most of what it writes, and closes a connection by waiting until all of it is read.
What it writes without waiting (the answer to a socket's ping) would grow without end before somebody who sends and
does not read, and a closed connection would stay for as long as they please.

Nor does it bound the head of a request, in time or in bytes: whoever sends a byte of one now and then, or nothing at
all, would hold a connection for ever, and their head would be kept however long it is. From the first moment, and from
the first byte that comes after an answer, a head has to be whole within `HEAD_SECONDS`; and when there are more
connections than one process should hold, the one that has asked nothing for longest gives way, so that a newcomer
(health, say) is still heard.
"""

import asyncio
from collections import OrderedDict
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

from api.leaving import Leaving

# The server waits for room from 64 KiB on, so more than this was written by whoever does not wait.
MOST_UNREAD = 1024 * 1024
# CHOICE: a phone that has lost its network for so long comes again; one that reads slowly is waited for.
STILL_SECONDS = 30.0
# CHOICE: a phone in a tunnel sends a head of a few packets; whoever needs longer comes again.
HEAD_SECONDS = 10.0
# CHOICE: longer than balancers keep a connection that they do not use (a minute, mostly). Whoever closes it first has
# to be the one who asks: a call that is on its way to who has just closed is lost, and nobody may send a change twice.
KEEP_SECONDS = 75
# What is longer than `middleware.LARGEST_HEADERS` is answered 431 there; of more than this nothing is kept.
MOST_HEAD = 64 * 1024
# CHOICE: each costs some ten kilobytes; a process is given 65,536 files (docs/operations/systemd).
MOST_CONNECTIONS = 10_000
# A message of a socket may come in pieces, and an empty piece is bounded by no size.
MOST_PIECES = 100
# With what ends its wait for a head; None before the first byte of one, while the server's own keep-alive counts.
Idle = OrderedDict["Connection", asyncio.TimerHandle | None]
_TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


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

    def __init__(self, *given: Any, leaving: Leaving, idle: Idle, **named: Any) -> None:
        """`idle` are those of the process that ask nothing at the moment, the longest so first."""
        super().__init__(*given, **named)
        self._leaving = leaving
        self._idle = idle
        self._head = 0  # bytes of a head that is not whole
        self._whole = False  # what came last held the end of one, or of a body
        self._discards = False  # the rest of a body whose answer is out

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin."""
        super().connection_made(cast("asyncio.Transport", Bounded(transport)))
        self._wait_for_a_head()
        if len(self.connections) > MOST_CONNECTIONS:
            next(iter(self._idle)).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; of a head that is too long no more."""
        self._whole = False
        super().data_received(data)
        if self._whole or self._discards or not self._expects_a_head():
            return
        if self._idle.get(self, self) is None:
            self._wait_for_a_head()
        self._head += len(data)
        if self._head > MOST_HEAD and not self.transport.is_closing():
            self.transport.write(_TOO_LONG)
            self.transport.close()

    def _expects_a_head(self) -> bool:
        return self in self._idle or (self.cycle is not None and not self.cycle.more_body)

    def on_message_begin(self) -> None:
        """A request begins to come."""
        self._discards = False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """A request has come. While the process is leaving its answer says that the connection ends with it."""
        self._head, self._whole = 0, True
        self._stop_waiting()
        super().on_headers_complete()
        if self._leaving.begun and self.cycle is not None:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """Its body has come; what came with its end was no head."""
        self._whole = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Its answer is out."""
        if not self.pipeline:
            self._discards = self.cycle.more_body
            if self._discards:
                self._wait_for_a_head()
            else:
                self._idle[self] = None
        super().on_response_complete()

    def _wait_for_a_head(self) -> None:
        self._idle[self] = asyncio.get_running_loop().call_later(HEAD_SECONDS, self.transport.abort)

    def _stop_waiting(self) -> None:
        timer = self._idle.pop(self, None)
        if timer is not None:
            timer.cancel()


class Socket(WebSocketsSansIOProtocol):
    """A socket whose messages come in so many pieces at most."""

    def handle_cont(self, event: Frame) -> None:
        """One piece more; or the end, as of what is too large."""
        if len(self.frames) < MOST_PIECES:
            super().handle_cont(event)
            return
        self.conn.fail(CloseCode.MESSAGE_TOO_BIG)
        self.handle_parser_exception()
