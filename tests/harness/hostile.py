"""What somebody sends who means no good: requests and messages that are almost right, drawn from a seed.

The app's own documents are taken, and something in them is made wrong: a byte, a word, a value, a header, the address.
"""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import OperationDefinitionNode, parse

from schema.root import graphql_schema
from tests.harness.servers import ROOT

_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**63, -(2**63) - 1, 10**400, 1.5, 1e308, "", " ", "\x00", "\ud800", "‮", "0",
    "NaN", "%" * 300, "x" * 20_000, "../../etc/passwd", "' OR 1=1 --", "2026-02-30", "2026-11-27T00:00:00Z", "中" * 500,
    [], [None], [[[[[]]]]], {}, {"a": {"b": {"c": []}}}, {"__proto__": 1}, ["x"] * 2000,
)  # fmt: skip
_PATHS = (
    "/", "/graphql", "/graphql/", "/graphql?query={__typename}", "/graphql?documentId=x&variables=[", "/livez",
    "/readyz", "/uploads", "/uploads/x/tickets", "/blobs/x", "/blobs/%00", "/reports/x", "/letters/x",
    "/intake/batches", "/intake/batches/x/parts/1", "/oauth/token", "/oauth/authorize", "/sign-in",
    "/log/checkpoint", "/log/tile/0/000", "/log/tile/0/x999/999", "/log/tile/99/000.p/999", "/.well-known/jwks.json",
    "/app.json",
    "/assets/../api/settings.py", "/%2e%2e/%2e%2e/etc/passwd", "/templates/x.csv", "/\x7f",
    "/" + "a" * 5000, "//", "/metrics",
)  # fmt: skip
UNHEARD_OF = "BREW"
_METHODS = ("GET", "POST", "POST", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", UNHEARD_OF)
_TYPES = (
    "application/json", "application/json; charset=utf-7", "APPLICATION/JSON;;;", "text/plain", "application/graphql",
    "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=", "", "\xff", "*/*",
)  # fmt: skip
EVENTS = "text/event-stream"
_HEADERS = (
    ("accept", "*"), ("accept", "application/json;q=nan"), ("accept", ";" * 500), ("accept", ""), ("origin", "null"),
    ("accept-language", "zh;q=9," * 200), ("content-encoding", "gzip"), ("content-encoding", "br, br"),
    ("traceparent", "00-zz"), ("traceparent", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"), ("cookie", "a=" + "b" * 3000),
    ("x-forwarded-for", "'; DROP"), ("dpop", "a.b.c"), ("range", "bytes=-1,99999999999-"), ("if-none-match", '"'),
    ("authorization", "Bearer"), ("authorization", "Bearer a.b.c"), ("authorization", "Basic eA=="),
    ("authorization", "Bearer " + "x" * 9000), ("authorization", "DPoP x"), ("host", "evil.example"),
    ("te", "trailers"), ("last-event-id", "\xfe"), ("upgrade", "websocket"), ("expect", "200-maybe"),
    ("prefer", "return=" * 100), ("accept", EVENTS), ("accept", EVENTS),
)  # fmt: skip
_WORDS = (
    "__typename",
    "__schema { types { name } }",
    "{",
    "}",
    "...",
    "@include(if: $x)",
    '"""',
    "null",
    "$",
    "&",
    "\ufeff",
    "#",
)


@dataclass
class Sent:
    """One HTTP request."""

    method: str
    path: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


class Hostile:
    """Draws requests and messages."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        self.token = ""  # whose caller's, as it is now
        texts = [path.read_text("utf-8") for path in sorted((ROOT / "web" / "src").rglob("*.graphql"))]
        self._documents = [text for text in texts if _operations(text)]
        self._names = sorted(
            name for type_ in graphql_schema.type_map.values() for name in getattr(type_, "fields", ())
        )

    def request(self) -> Sent:
        """The next request."""
        chance = self._chance
        headers = [("content-type", "application/json")]
        if chance.random() < 0.8:
            headers.append(("authorization", f"Bearer {self.token}"))
        sent = Sent("POST", "/graphql", headers, self._body())
        if chance.random() < 0.2:
            sent.method, sent.path = chance.choice(_METHODS), chance.choice(_PATHS)
        if chance.random() < 0.2:
            sent.headers[0] = ("content-type", chance.choice(_TYPES))
        if chance.random() < 0.3:
            name, value = chance.choice(_HEADERS)
            if value == EVENTS and b"subscription" in sent.body:  # answered for as long as one listens
                return sent
            sent.headers = [one for one in sent.headers if one[0] != name] + [(name, value)]
        return sent

    def message(self) -> str | bytes:
        """The next message to a socket."""
        chance = self._chance
        id_ = chance.choice(("1", "2", "", "x" * 3000, 7, None))
        kind = chance.choice(("subscribe", "subscribe", "complete", "ping", "pong", "next", "start", "", 5))
        said = {"id": id_, "type": kind, "payload": self._payload()}
        if chance.random() < 0.3:
            self._spoil(said)
        text = json.dumps(said)
        return self._bitten(text.encode()) if chance.random() < 0.2 else text

    def _payload(self) -> dict[str, Any]:
        chance = self._chance
        document = chance.choice(self._documents)
        names = _operations(document)
        payload: dict[str, Any] = {"query": document, "operationName": chance.choice(names), "variables": {}}
        for name in _variables(document):
            if chance.random() < 0.9:
                payload["variables"][name] = self._value()
        if chance.random() < 0.5:
            payload["query"] = self._mangled(document)
        return payload

    def _body(self) -> bytes:
        payload: Any = self._payload()
        if self._chance.random() < 0.3:
            self._spoil(payload)
        if self._chance.random() < 0.05:
            payload = [payload] * self._chance.choice((1, 2, 50))
        body = json.dumps(payload).encode()
        return self._bitten(body) if self._chance.random() < 0.15 else body

    def _value(self) -> Any:
        """Something in a variable's place: at times what an input object would be, of such things."""
        if self._chance.random() < 0.3:
            names = self._chance.sample(self._names, 4)
            return {name: self._chance.choice(_VALUES) for name in ("id", "first", "idempotencyKey", *names)}
        return self._chance.choice(_VALUES)

    def _spoil(self, said: dict[str, Any]) -> None:
        said[self._chance.choice([*said, "extensions", "documentId", "x"])] = self._chance.choice(_VALUES)

    def _mangled(self, document: str) -> str:
        """The document with one of its words become another."""
        words = document.split(" ")
        place = self._chance.randrange(len(words))
        other = self._chance.choice((*_WORDS, self._chance.choice(self._names), words[place] * 2, ""))
        return " ".join([*words[:place], other, *words[place + 1 :]])

    def _bitten(self, body: bytes) -> bytes:
        """The bytes with some of them gone, doubled or changed."""
        place = self._chance.randrange(len(body) + 1)
        length = self._chance.choice((0, 1, 5, len(body)))
        return body[:place] + self._chance.randbytes(self._chance.choice((0, 1, 8))) + body[place + length :]


def _operations(document: str) -> list[str]:
    found = parse(document).definitions
    return [one.name.value for one in found if isinstance(one, OperationDefinitionNode) and one.name]


def _variables(document: str) -> list[str]:
    found = parse(document).definitions
    operations = [one for one in found if isinstance(one, OperationDefinitionNode)]
    return [v.variable.name.value for one in operations for v in one.variable_definitions or ()]
