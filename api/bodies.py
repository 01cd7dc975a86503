"""Reading a request's body, never more of it than is allowed."""

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from core.errors import BadCall


async def read(receive: Receive, declared: str, *, most: int) -> bytes:
    """The body; raises `BadCall(BODY_TOO_LARGE)` as soon as it is known to be longer than `most` bytes.

    `declared` is the request's content-length, or empty. Raises `ClientDisconnect` when the caller goes away.
    """
    if declared.isascii() and declared.isdigit() and int(declared[:12]) > most:
        raise BadCall("BODY_TOO_LARGE")
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
