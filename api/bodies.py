"""Reading a request's body, never more of it than is allowed, and for no longer."""

import asyncio

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from core.errors import BadCall

# CHOICE: what is read here has 64 KiB at most: a slow telephone's network takes a second for it.
BODY_SECONDS = 10.0


async def read(receive: Receive, declared: str, *, most: int) -> bytes:
    """The body; raises `BadCall(BODY_TOO_LARGE)` as soon as it is known to be longer than `most` bytes, and
    `BadCall(BODY_TOO_SLOW)` when it has not come within `BODY_SECONDS`.

    `declared` is the request's content-length, or empty. Raises `ClientDisconnect` when the caller goes away.
    """
    if declared.isascii() and declared.isdigit() and int(declared[:12]) > most:
        raise BadCall("BODY_TOO_LARGE")
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _whole(receive, most)
    except TimeoutError:
        raise BadCall("BODY_TOO_SLOW") from None


async def _whole(receive: Receive, most: int) -> bytes:
    body: bytes = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > most:
            raise BadCall("BODY_TOO_LARGE")
        if not message.get("more_body", False):
            return body
