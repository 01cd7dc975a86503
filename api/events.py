"""GraphQL over SSE, in distinct connections mode: one POST, one subscription, one stream of events.

Each `next` carries a result, `complete` ends the stream. A comment every quarter of a minute keeps what lies between
from closing it. Whoever reads too slowly, or is gone, is let go; they come again with the last cursor.
"""

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress
from typing import Any

import orjson
from starlette.types import Receive, Send

from api import accepting
from api.listening import Room
from core.errors import BadCall
from schema import errors
from schema.errors import Answer
from schema.requests import Request
from schema.streams import Bearer, Ended, Stream, Streams

HEARTBEAT_SECONDS = 15.0
SLOW_SECONDS = 5.0
_KIND = "text/event-stream"
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"vary", b"Accept, Accept-Language, Authorization"),
]
_COMPLETE = b"event: complete\ndata: \n\n"
_COMMENT = b":\n\n"
# Said by the status, before there is a stream; everything else about a document is its first and last event.
_BY_STATUS = frozenset({401, 403, 500, 503})


def accepted(accept: str | None) -> bool:
    """Whether a caller says that it takes events."""
    return accept is not None and _KIND in accept and _KIND in accepting.ranges(accept)


class Events:
    """Answers subscriptions as events."""

    def __init__(self, streams: Streams, room: Room) -> None:
        self._streams = streams
        self._room = room

    async def answer(
        self, request: Request, bearer: Bearer, receive: Receive, send: Send, spend: Callable[[int], None]
    ) -> Answer | None:
        """Send events until the stream ends. An answer instead of None: there was none, and this is why."""
        with self._room.entered() as inside, self._room.seated(bearer.person) as seated:
            if not inside:
                return errors.down(request.language)
            if not seated:
                return errors.refuse_call(BadCall("TOO_MANY_STREAMS"), request.language)
            opened = await self._streams.open(request, bearer, spend)
            if isinstance(opened, Answer) and opened.status in _BY_STATUS:
                return opened
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            with suppress(TimeoutError):  # whoever reads too slowly finds the stream cut off
                if isinstance(opened, Answer):
                    await _put(send, _next(opened.body))
                else:
                    async with aclosing(opened):
                        await self._tell(opened, request.language, receive, send)
                await _put(send, _COMPLETE, more=False)
            return None

    async def _tell(self, stream: Stream, language: str, receive: Receive, send: Send) -> None:
        gone = asyncio.create_task(_disconnected(receive))
        closing = asyncio.create_task(self._room.closing.wait())
        upcoming = asyncio.create_task(stream.upcoming())
        try:
            await _put(send, _COMMENT)
            while True:
                waiting = {gone, closing, upcoming}
                await asyncio.wait(waiting, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                if gone.done() or closing.done():
                    return
                if not upcoming.done():
                    await _put(send, _COMMENT)
                    continue
                change = upcoming.result()
                await _put(send, b"")  # until there is room again: nothing waits between the question and its answer
                await _put(send, _next((await stream.event(change)).body))
                upcoming = asyncio.create_task(stream.upcoming())
        except Ended as ended:
            await _put(send, _next(errors.refuse_call(BadCall(ended.code), language).body))
        finally:
            for task in (gone, closing, upcoming):
                task.cancel()
            await asyncio.wait({gone, closing, upcoming})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _put(send: Send, text: bytes, *, more: bool = True) -> None:
    async with asyncio.timeout(SLOW_SECONDS):
        await send({"type": "http.response.body", "body": text, "more_body": more})


def _next(body: Any) -> bytes:
    return b"event: next\ndata: " + orjson.dumps(body, option=orjson.OPT_UTC_Z) + b"\n\n"
