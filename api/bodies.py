"""Reading a request's body, never more of it than is allowed."""

from starlette.requests import Request

from core.errors import BadCall


async def read(http: Request, *, most: int) -> bytes:
    """The body; raises `BadCall(BODY_TOO_LARGE)` as soon as it is known to be longer than `most` bytes."""
    declared = http.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:12]) > most:
        raise BadCall("BODY_TOO_LARGE")
    body = bytearray()
    async for chunk in http.stream():
        body += chunk
        if len(body) > most:
            raise BadCall("BODY_TOO_LARGE")
    return bytes(body)
