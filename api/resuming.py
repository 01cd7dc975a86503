"""Uploads that go on where they were cut off: the headers of draft-ietf-httpbis-resumable-upload, and a body in parts.

`Upload-Complete` says whether the body is the file's end, `Upload-Offset` where it begins, `Upload-Length` how long the
file is. Interim answers (104) are not sent: who wants to go on opens the upload first, or gives it a key.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request

from core.errors import BadCall

OFFSET, COMPLETE, LENGTH, LIMIT = "Upload-Offset", "Upload-Complete", "Upload-Length", "Upload-Limit"
PARTIAL = "application/partial-upload"
# CHOICE: who is silent for so long is gone, and goes on another time.
_SILENCE_SECONDS = 30.0
# A part is on disk at least so often, however slowly it comes.
_PART_SECONDS = 60.0
_NUMBER = re.compile(r"\d{1,15}", re.ASCII)
_TRUTH = {"?1": True, "?0": False}


@dataclass(frozen=True)
class Sent:
    """What the headers say of one request's body: where it begins, whether it ends the file, how long the file is."""

    start: int | None
    complete: bool
    length: int | None


def sent(http: Request, *, largest: int, opening: bool) -> Sent:
    """Read the headers; raises `BadCall` for what cannot be read, is coded, or is too large. Who opens an upload and
    says nothing sends all of it."""
    if http.headers.get("content-encoding", "identity") != "identity":
        raise BadCall("MEDIA_TYPE")
    if not opening and http.headers.get("content-type", "").partition(";")[0].strip().lower() != PARTIAL:
        raise BadCall("MEDIA_TYPE")
    complete = _TRUTH.get(http.headers.get(COMPLETE, "?1" if opening else ""))
    if complete is None:
        raise BadCall("BAD_REQUEST")
    start, length, body = (_number(http, name) for name in (OFFSET, LENGTH, "Content-Length"))
    if max(length or 0, (start or 0) + (body or 0)) > largest:
        raise BadCall("BODY_TOO_LARGE")
    return Sent(start, complete, length)


def said(offset: int, *, complete: bool, length: int | None, largest: int) -> dict[str, str]:
    """The headers that say how far an upload has come."""
    headers = {OFFSET: str(offset), COMPLETE: "?1" if complete else "?0", LIMIT: f"max-size={largest}"}
    return headers if length is None else {**headers, LENGTH: str(length)}


class Body:
    """A request's body, in parts of at most so many bytes and one chunk. `cut` says that the rest did not come."""

    def __init__(self, http: Request, part: int) -> None:
        self._stream = http.stream()
        self._part = part
        self.cut = False

    async def parts(self) -> AsyncIterator[AsyncIterator[bytes]]:
        """Each part as it comes; none is empty. What came before the body was cut off is a part, too."""
        while (first := await self._next()) is not None:
            yield self._one(first)

    async def _one(self, chunk: bytes | None) -> AsyncIterator[bytes]:
        size, until = 0, asyncio.get_running_loop().time() + _PART_SECONDS
        while chunk is not None:
            yield chunk
            size += len(chunk)
            if size >= self._part or asyncio.get_running_loop().time() > until:
                return
            chunk = await self._next()

    async def _next(self) -> bytes | None:
        while not self.cut:
            try:
                async with asyncio.timeout(_SILENCE_SECONDS):
                    chunk = await anext(self._stream, None)
            except (TimeoutError, ClientDisconnect):
                self.cut = True
                break
            if chunk is None or chunk:
                return chunk
        return None


def _number(http: Request, name: str) -> int | None:
    text = http.headers.get(name)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text):
        raise BadCall("BAD_REQUEST")
    return int(text)
