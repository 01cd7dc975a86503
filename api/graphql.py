"""POST /graphql: bytes in, bytes out. Checks form, size and token; what is asked is decided further down."""

import re
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from api import bodies, clock, demonstration
from api.limits import Limits
from api.tokens import InvalidToken, Verifier
from core.errors import BadCall
from core.principal import ANONYMOUS, Principal
from schema import errors
from schema.errors import Answer
from schema.operation import Operations, Request

LARGEST_BODY = 64 * 1024
ALLOWED = "GET, POST"
_JSON = "application/json"
_GRAPHQL_JSON = "application/graphql-response+json"
# PostgreSQL stores no NUL, and no text of ours has one. A document may write it as an escape.
_NUL = re.compile(r"\x00|\\u0000|\\u\{0+\}")
_DEEPEST = 20


class GraphQLEndpoint:
    """The one endpoint. GET answers only what needs no sign-in, and the query page of a demonstration."""

    def __init__(self, operations: Operations, verifier: Verifier, limits: Limits, *, is_demonstration: bool) -> None:
        self._operations = operations
        self._verifier = verifier
        self._limits = limits
        self._demonstration = is_demonstration

    async def answer(self, http: HttpRequest) -> Response:
        """Answer one request."""
        language = _language(http)
        media_type = _media_type(http.headers.get("accept"))
        try:
            if http.method not in ("GET", "POST"):
                raise BadCall("METHOD_NOT_ALLOWED")
            if http.method == "GET" and "query" not in http.query_params:
                return self._page(http)
            if media_type is None:
                raise BadCall("NOT_ACCEPTABLE")
            answer = await self._answer(http, language)
        except BadCall as error:
            answer = errors.refuse_call(error, language)
        return _respond(answer, media_type or _JSON)

    def _page(self, http: HttpRequest) -> Response:
        if self._demonstration and "text/html" in http.headers.get("accept", ""):
            return demonstration.graphiql()
        raise BadCall("NOT_ACCEPTABLE")

    async def _answer(self, http: HttpRequest, language: str) -> Answer:
        at = clock.now()
        principal = self._principal(http)
        if principal is ANONYMOUS:
            wait = await self._limits.wait(http.client.host if http.client else "?", now=at.timestamp())
            if wait > 0:
                refused = errors.refuse_call(BadCall("RATE_LIMITED"), language)
                return Answer(refused.status, refused.body, {"Retry-After": str(int(wait) + 1)})
        sent = (
            _from_query(http) if http.method == "GET" else _from_body(http, await bodies.read(http, most=LARGEST_BODY))
        )
        return await self._operations.run(_request(sent, language, reading_only=http.method == "GET"), principal, at=at)

    def _principal(self, http: HttpRequest) -> Principal:
        given = http.headers.getlist("authorization")
        if not given:
            return ANONYMOUS
        scheme, _, token = given[0].partition(" ")
        if len(given) != 1 or scheme.lower() != "bearer":
            raise BadCall("UNAUTHENTICATED")
        try:
            return self._verifier.principal(token.strip(), at=clock.now())
        except InvalidToken:
            raise BadCall("UNAUTHENTICATED") from None


def _request(sent: object, language: str, *, reading_only: bool) -> Request:
    """The request in a JSON value; raises `BadCall` when it is not of the protocol's form."""
    if not isinstance(sent, Mapping):
        raise BadCall("NOT_A_REQUEST")
    document, name, variables = sent.get("query"), sent.get("operationName"), sent.get("variables")
    if not isinstance(document, str) or not (name is None or isinstance(name, str)):
        raise BadCall("NOT_A_REQUEST")
    if not (variables is None or isinstance(variables, Mapping)):
        raise BadCall("NOT_A_REQUEST")
    if not isinstance(sent.get("extensions") or {}, Mapping):
        raise BadCall("NOT_A_REQUEST")
    if _NUL.search(document):
        raise BadCall("BAD_REQUEST")
    _check(variables, _DEEPEST)
    return Request(document, name or None, variables or {}, language, reading_only)


def _check(value: object, deeper: int) -> None:
    """Variables of honest depth, without a NUL in any key or text; raises `BadCall`."""
    if deeper == 0 or (isinstance(value, str) and "\x00" in value):
        raise BadCall("BAD_REQUEST")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _check(key, deeper)
            _check(inner, deeper - 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, deeper - 1)


def _from_query(http: HttpRequest) -> Mapping[str, Any]:
    sent: dict[str, Any] = dict(http.query_params)
    for name in ("variables", "extensions"):
        if sent.get(name):
            sent[name] = _parsed(sent[name].encode("utf-8", "surrogatepass"))
    return sent


def _from_body(http: HttpRequest, body: bytes) -> object:
    content_type, _, parameters = http.headers.get("content-type", "").partition(";")
    if content_type.strip().lower() != _JSON:
        raise BadCall("MEDIA_TYPE")
    charset = re.search(r'charset\s*=\s*"?([^\s";]+)', parameters, re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8"):
        raise BadCall("MEDIA_TYPE")
    return _parsed(body)


def _parsed(text: bytes) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadCall("BAD_REQUEST") from None


def _media_type(accept: str | None) -> str | None:
    """What to answer in; None when nothing we have is accepted."""
    if accept is None:
        return _JSON
    ranges = [part.split(";")[0].strip().lower() for part in accept.split(",") if not _forbids(part)]
    if _GRAPHQL_JSON in ranges:
        return _GRAPHQL_JSON
    return _JSON if {_JSON, "application/*", "*/*"} & set(ranges) else None


def _forbids(part: str) -> bool:
    return re.search(r";\s*q\s*=\s*0(\.0*)?\s*($|;)", part) is not None


def _language(http: HttpRequest) -> str:
    return "en" if http.headers.get("accept-language", "").strip().lower().startswith("en") else "zh"


def _respond(answer: Answer, media_type: str) -> Response:
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language, Authorization", **answer.headers}
    if answer.status == 405:
        headers["Allow"] = ALLOWED
    return Response(
        orjson.dumps(answer.body, option=orjson.OPT_UTC_Z), answer.status, headers, f"{media_type}; charset=utf-8"
    )
