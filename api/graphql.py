"""POST /graphql: bytes in, bytes out. Checks form, size and token; what is asked is decided further down."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson
from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api import accepting, bodies, clock, demonstration, events
from api.authenticating import Authenticator
from api.events import Events
from api.limits import Limits
from api.places import Places
from api.spending import Purse
from api.staying import while_there
from core import deadline
from core.errors import BadCall, DependencyDown
from core.principal import Principal, Proof
from schema import errors
from schema.errors import Answer
from schema.library import Named
from schema.manifests import is_digest, name_of
from schema.operation import Operations
from schema.requests import Request

LARGEST_BODY = 64 * 1024
# For the whole of a query: a place, connections, statements, what is begun anew, the log. A change has so long until it
# begins. CHOICE: whoever holds a telephone waits for no longer, and their app asks again.
OPERATION_SECONDS = 10.0
ALLOWED = "GET, POST"
_JSON = "application/json"
_GRAPHQL_JSON = "application/graphql-response+json"
# PostgreSQL stores no NUL, and no text of ours has one. A document may write it as an escape.
_NUL = re.compile(r"\x00|\\u0000|\\u\{0+\}")
_DEEPEST = 20
# A GET with none of these asks nothing.
_ASKING = frozenset({"query", "documentId", "doc_id", "extensions"})
_PLAIN = frozenset({"query", "operationName", "variables"})
_CONTENT_TYPES = {kind: f"{kind}; charset=utf-8".encode() for kind in (_JSON, _GRAPHQL_JSON)}
_HEADERS = [(b"cache-control", b"no-store"), (b"vary", b"Accept, Accept-Language, Authorization")]


class Http:
    """The parts of one request that the endpoint looks at."""

    __slots__ = (
        "accept",
        "authorizations",
        "content_encoding",
        "content_length",
        "content_type",
        "language",
        "method",
        "proofs",
        "receive",
        "scope",
    )

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope = scope
        self.receive = receive
        self.method: str = scope.get("method", "GET")  # a socket begins as a GET
        self.accept: str | None = None
        self.language = "zh"
        self.content_type = self.content_length = self.content_encoding = ""
        self.authorizations: list[str] = []
        self.proofs: list[str] = []
        for name, value in scope["headers"]:
            if name == b"authorization":
                self.authorizations.append(value.decode("latin-1"))
            elif name == b"dpop":
                self.proofs.append(value.decode("latin-1"))
            elif name == b"content-type":
                self.content_type = value.decode("latin-1")
            elif name == b"content-encoding":
                self.content_encoding = value.decode("latin-1").strip().lower()
            elif name == b"content-length":
                self.content_length = value.decode("latin-1")
            elif name == b"accept":
                more = value.decode("latin-1")
                self.accept = more if self.accept is None else f"{self.accept},{more}"
            elif name == b"accept-language":
                self.language = "en" if value.strip().lower().startswith(b"en") else "zh"

    @property
    def names_json(self) -> bool:
        """Whether `application/json` is asked for by its name, as clients older than GraphQL's own media type do."""
        return self.accept is not None and _JSON in accepting.ranges(self.accept)

    @property
    def query(self) -> QueryParams:
        """The query string, parsed."""
        return QueryParams(self.scope["query_string"])


class GraphQLEndpoint:
    """The one endpoint, as a bare ASGI application: most requests come here, and Starlette's objects for a request and
    its response cost more than the rest of the door.

    GET answers only what needs no sign-in, and the query page of a demonstration.
    """

    def __init__(
        self,
        operations: Operations,
        authenticator: Authenticator,
        limits: Limits,
        streamed: Events,
        places: Places,
        counted: Callable[[Principal, Answer, datetime], None],
        *,
        is_demonstration: bool,
    ) -> None:
        self.operations = operations
        self._authenticator = authenticator
        self._limits = limits
        self._events = streamed
        self._places = places
        self._counted = counted
        self._demonstration = is_demonstration

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        http, at = Http(scope, receive), clock.now()
        purse = Purse(self._limits, address_of(scope), at.timestamp())
        media_type = _media_type(http.accept)
        try:
            if http.method not in ("GET", "POST"):
                raise BadCall("METHOD_NOT_ALLOWED")
            if http.method == "GET" and _ASKING.isdisjoint(http.query):
                await self._page(http)(scope, receive, send)
                return
            if media_type is None and not events.accepted(http.accept):
                raise BadCall("NOT_ACCEPTABLE")
            answer = await self._answer(http, at, send, purse)
            if answer is None:
                return
        except BadCall as error:
            answer = errors.refuse_call(error, http.language)
        more = self._authenticator.nonce(http.proofs, at)
        await _respond(send, http, purse.settled(answer), media_type or _JSON, {**purse.headers(), **more})

    def _page(self, http: Http) -> Response:
        if self._demonstration and "text/html" in (http.accept or ""):
            return demonstration.graphiql()
        raise BadCall("NOT_ACCEPTABLE")

    async def _answer(self, http: Http, at: datetime, send: Send, purse: Purse) -> Answer | None:
        """The answer; None for one that was a stream, and has ended."""
        principal, proof = purse.opened(
            lambda: self._authenticator.sender(
                http.authorizations, http.proofs, method=http.method, path=http.scope["path"], at=at
            )
        )
        reading_only = http.method == "GET"
        sent = _from_query(http.query) if reading_only else await _from_body(http)
        self._authenticator.check_arrival(proof, clock.now())
        request = request_of(sent, http.language, reading_only, proof)
        purse.told = asks_cost(sent)
        if events.accepted(http.accept):
            listens = _media_type(http.accept) is None or self.operations.subscribes(request, principal)
            if listens is None:
                listens = await self.operations.fetch(request, principal)
            if listens:
                bearer = self._authenticator.bearer(principal, http.authorizations, at)
                return await self._events.answer(request, bearer, http.receive, send, purse.spend)
        return await while_there(http.receive, self._run(request, principal, at, purse))

    async def _run(self, request: Request, principal: Principal, at: datetime, purse: Purse) -> Answer:
        """Run it in a place of its own; where there is none, nothing is done."""
        with deadline.within(OPERATION_SECONDS):
            try:
                async with self._places:
                    answer = await self.operations.run(request, principal, at=at, spend=purse.spend)
            except DependencyDown as full:
                errors.log_down(full)
                answer = errors.down(request.language)
        self._counted(principal, answer, at)
        return answer


def request_of(sent: object, language: str, reading_only: bool, proof: Proof | None) -> Request:
    """The request in a JSON value; raises `BadCall` when it is not of the protocol's form."""
    if not isinstance(sent, Mapping):
        raise BadCall("NOT_A_REQUEST")
    document, name, variables = sent.get("query"), sent.get("operationName"), sent.get("variables")
    if not isinstance(document, str) or not sent.keys() <= _PLAIN:
        document = _named(sent, document)
    elif _NUL.search(document):
        raise BadCall("BAD_REQUEST")
    if not (name is None or isinstance(name, str)) or not (variables is None or isinstance(variables, Mapping)):
        raise BadCall("PARAMETERS_INVALID")
    _check(variables, _DEEPEST)
    return Request(document, name or None, variables or {}, language, reading_only, proof)


def asks_cost(sent: object) -> bool:
    """Whether a request wants to be told what it cost: `"extensions": {"cost": true}`."""
    extensions = sent.get("extensions") if isinstance(sent, Mapping) else None
    return isinstance(extensions, Mapping) and extensions.get("cost") is True


def address_of(scope: Scope) -> str:
    """Where a call comes from."""
    client = scope.get("client")
    return client[0] if client else "?"


def _named(sent: Mapping[str, Any], text: object) -> str | Named:
    """The text, or the name that stands for one: `documentId` (GraphQL over HTTP, appendix A), `doc_id` (Relay) or
    `extensions.persistedQuery` (Apollo). A name beside a text must be the text's own."""
    extensions = sent.get("extensions")
    if not (extensions is None or isinstance(extensions, Mapping)):
        raise BadCall("PARAMETERS_INVALID")
    persisted = (extensions or {}).get("persistedQuery")
    if persisted is not None and (not isinstance(persisted, Mapping) or persisted.get("version") != 1):
        raise BadCall("PARAMETERS_INVALID")
    given = [sent.get("documentId"), sent.get("doc_id"), None if persisted is None else persisted.get("sha256Hash", 0)]
    names = {name_of(one) if isinstance(one, str) else "" for one in given if one is not None}
    if text is None and len(names) == 1 and "" not in names:
        return Named(*names)
    if not isinstance(text, str) or any(not is_digest(name, text) for name in names):
        raise BadCall("PARAMETERS_INVALID")
    if _NUL.search(text):
        raise BadCall("BAD_REQUEST")
    return text


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


def _from_query(query: QueryParams) -> Mapping[str, Any]:
    sent: dict[str, Any] = dict(query)
    for name in ("variables", "extensions"):
        if sent.get(name):
            sent[name] = parsed(sent[name].encode("utf-8", "surrogatepass"))
    return sent


async def _from_body(http: Http) -> object:
    body = await bodies.read(http.receive, http.content_length, most=LARGEST_BODY)
    if http.content_encoding not in ("", "identity"):
        raise BadCall("MEDIA_TYPE")
    if http.content_type != _JSON:
        _check_media_type(http.content_type)
    return parsed(body)


def _check_media_type(given: str) -> None:
    content_type, _, parameters = given.partition(";")
    if content_type.strip().lower() != _JSON:
        raise BadCall("MEDIA_TYPE")
    charset = re.search(r'charset\s*=\s*"?([^\s";]+)', parameters, re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8"):
        raise BadCall("MEDIA_TYPE")


def parsed(text: bytes) -> object:
    """A JSON value; raises `BadCall`."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadCall("BAD_REQUEST") from None


def _media_type(accept: str | None) -> str | None:
    """What to answer in; None when nothing we have is accepted."""
    if accept is None:
        return _JSON
    if _GRAPHQL_JSON in accepting.ranges(accept):
        return _GRAPHQL_JSON
    return next((kind for kind in (_JSON, _GRAPHQL_JSON) if accepting.takes(accept, kind)), None)


async def _respond(send: Send, http: Http, answer: Answer, media_type: str, more: Mapping[str, str]) -> None:
    body, status = answer.bytes, answer.status
    headers = [*_HEADERS, (b"content-type", _CONTENT_TYPES[media_type]), (b"content-length", b"%d" % len(body))]
    headers += [(name.lower().encode(), value.encode()) for name, value in (*answer.headers.items(), *more.items())]
    if status == 405:
        headers.append((b"allow", ALLOWED.encode()))
    elif status in (400, 422) and media_type is _JSON and http.names_json:
        status = answer.older_status
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
