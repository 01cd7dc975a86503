"""What every answer has, whatever made it: bounded headers in, safety headers out, one log line. Bare ASGI."""

import time
from collections.abc import Callable, Mapping

import orjson
import structlog
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import tracing
from schema.errors import fault

_JSON = "application/json"
LARGEST_HEADERS = 16 * 1024
_SAFETY = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]
# Where callers come by https, they come by nothing else for a year (RFC 6797).
_STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")
_STRICT_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")


class Door:
    """Refuses oversized headers, adds safety headers, and logs method, route, status and duration, under the caller's
    trace when one is named (W3C Trace Context)."""

    def __init__(
        self,
        app: ASGIApp,
        paths: frozenset[str],
        direct: Mapping[str, ASGIApp],
        measured: Callable[[str, int, float], None],
        *,
        is_https: bool,
    ) -> None:
        """`paths` may be logged, and `measured` is told of them, of the status and the seconds;
        `is_https` says how callers come.

        What is asked at a path of `direct` goes there without a router on the way: its layers cost a tenth of the home
        query's time.
        """
        self._app = app
        self._paths = paths
        self._direct = direct
        self._measured = measured
        self._safety = [*_SAFETY, _STRICT_POLICY, *([_STRICT_TRANSPORT] if is_https else [])]
        self._log = structlog.get_logger("haihe.http").bind()  # once: a lazy one is made anew for every line

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        parent = tracing.enter(scope["headers"]) if "headers" in scope else None
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def send_safely(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name.lower() for name, _ in message["headers"]}
                missing = [header for header in self._safety if header[0] not in present]
                message["headers"] = [*message["headers"], *missing]
            await send(message)

        size = sum(len(name) + len(value) for name, value in scope["headers"]) + len(scope["query_string"])
        app = self._direct.get(scope["path"], self._app) if size <= LARGEST_HEADERS else Response(status_code=431)
        try:
            await app(scope, receive, send_safely)
        except ClientDisconnect:
            pass  # there is nobody to answer
        except Exception as error:
            # Nothing above this catches: an answer that has begun can only be cut off.
            answer = fault(error, "zh")
            if not status:
                await Response(orjson.dumps(answer.body), answer.status, media_type=_JSON)(scope, receive, send_safely)
        # A path that is not one of ours may hold anything.
        path, seconds = scope["path"] if scope["path"] in self._paths else "?", time.perf_counter() - began
        self._measured(path, status, seconds)
        self._log.info(
            "request",
            method=scope["method"] if scope["method"].isalpha() and len(scope["method"]) < 10 else "?",
            path=path,
            status=status,
            milliseconds=round(seconds * 1000, 2),
            **({} if parent is None else {"trace": parent.trace}),
        )
