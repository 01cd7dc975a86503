"""A database stamped real: no personas, no GraphiQL, no introspection, no start without an issuer of its own."""

import asyncio
import json
import threading
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import jwt
import pytest

from api import personas
from api.app import create_app
from api.commands import demonstrating
from api.house import House
from api.issuers import Issuers, published
from api.settings import DEMONSTRATION_ISSUER, NotConfigured, Settings, TrustedIssuer
from core import installation
from core.installation import Kind, WrongKind
from tests.harness import city
from tests.harness.city import Templates

_ORIGIN = "https://credit.example"
_ISSUER = TrustedIssuer(issuer="https://id.example", jwks="http://127.0.0.1:9/jwks.json")


@pytest.fixture
async def real(templates: Templates, backend: str) -> AsyncIterator[House]:
    """An empty real installation."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    url = await city.migrated(templates, backend, name)
    house = House(
        Settings(
            data=templates.folder,
            database_url=url,
            keys=templates.keys,
            issuers=(_ISSUER,),
            origin=_ORIGIN,
            log_origin="credit.example/log",
        )
    )
    async with house.database.writing() as unit:
        await installation.stamp(unit, Kind.REAL, at=datetime.now(UTC))
    yield house
    await house.database.close()
    await city.drop(templates, backend, name)


async def test_nothing_of_the_demonstration_exists(real: House) -> None:
    app = create_app(real, await real.kind())
    token = personas.mint(real.rings, "citizen-1", None, audience="haihe", at=datetime.now(UTC))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://haihe.test") as http:
        missing = await http.get("/sign-in")
        assert (missing.status_code, missing.headers["strict-transport-security"]) == (404, "max-age=31536000")
        assert (await http.get("/static/graphiql/start.js")).status_code == 404
        assert (await http.get("/oauth/authorize?client_id=haihe-app")).status_code == 404
        assert (await http.post("/oauth/authorize")).status_code == 404
        assert (await http.post("/sign-out")).status_code == 404
        assert (await http.get("/.well-known/oauth-authorization-server")).status_code == 404
        code = {"grant_type": "authorization_code", "code": "x", "client_id": "haihe-app"}
        assert (await http.post("/oauth/token", data=code)).json() == {"error": "unsupported_grant_type"}
        assert (await http.get("/graphql", headers={"Accept": "text/html"})).status_code == 406
        introspection = await http.post("/graphql", json={"query": "{ __schema { types { name } } }"})
        assert introspection.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_REQUIRED"
        headers = {"Authorization": f"Bearer {token}"}
        assert (await http.post("/graphql", json={"query": "{ me { name } }"}, headers=headers)).status_code == 401
        text = await http.post("/graphql", json={"query": "{ offers { edges { cursor } } }"})
        assert (text.status_code, text.json()["errors"][0]["extensions"]["code"]) == (403, "DOCUMENT_REQUIRED")


async def test_a_half_configured_service_does_not_start(real: House, templates: Templates) -> None:
    for changed, missing in (
        ({"issuers": ()}, "HAIHE_ISSUERS is missing"),
        ({"issuers": (_demonstration(),)}, "barred"),
        ({"log_origin": "haihe.example/log"}, "HAIHE_LOG_ORIGIN is missing"),
        ({"proxies": ("balancer",)}, "HAIHE_PROXIES must name"),
        ({"origin": ""}, "HAIHE_ORIGIN is missing"),
        ({"origin": "http://credit.example"}, "HAIHE_ORIGIN must be"),
        ({"origin": "https://credit.example/"}, "HAIHE_ORIGIN must be"),
        ({"origin": "https://a@credit.example"}, "HAIHE_ORIGIN must be"),
        ({"origin": "https://credit.example:x"}, "HAIHE_ORIGIN must be"),
    ):
        settings = real.settings.model_copy(update=changed)
        house = House(settings)
        with pytest.raises(NotConfigured, match=missing):
            await house.kind()
        await house.database.close()


def _demonstration() -> TrustedIssuer:
    return TrustedIssuer(issuer=DEMONSTRATION_ISSUER, jwks="http://127.0.0.1:9/")


async def test_no_demonstration_is_built_in_it_and_its_stamp_stays(real: House) -> None:
    with pytest.raises(WrongKind):
        await demonstrating.build(real.settings, citizens=20, seed=1, as_of=None, folder=None)
    async with real.database.writing() as unit:
        with pytest.raises(WrongKind):
            await installation.stamp(unit, Kind.DEMONSTRATION, at=datetime.now(UTC))
    async with real.database.reading() as unit:
        assert await installation.kind_of(unit) is Kind.REAL


async def test_an_unstamped_database_is_not_served(templates: Templates) -> None:
    name = f"t_{uuid.uuid4().hex[:12]}"
    house = House(templates.settings(await city.migrated(templates, "sqlite", name)))
    with pytest.raises(NotConfigured, match="no stamp"):
        await house.kind()
    await house.database.close()


class _Jwks(BaseHTTPRequestHandler):
    answers: list[bytes] = []  # noqa: RUF012 (one list for one test's server)

    exhausted = threading.Event()

    def do_GET(self) -> None:
        """Each answer once, then the last one for ever; a second look at the last one means that it was digested."""
        if len(self.answers) == 1:
            self.exhausted.set()
        body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


async def test_an_issuers_keys_are_loaded_in_the_background_and_a_bad_answer_keeps_the_old(
    templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api import issuers as module
    from core import keys

    monkeypatch.setattr(module, "_REFRESH_SECONDS", 0.01)
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.01)
    good = published(keys.load(templates.keys))
    kid = good["keys"][0]["kid"]  # type: ignore[index]
    mixed = {"keys": [{"kty": "EC", "crv": "P-256", "kid": "broken", "x": "!"}, {"kty": "RSA"}, 5, *good["keys"]]}  # type: ignore[misc]
    _Jwks.answers = [b"[]", b"not json", b"5", json.dumps(mixed).encode(), b"[]", b"[]"]
    server = HTTPServer(("127.0.0.1", 0), _Jwks)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    trusted = Issuers()
    url = f"http://127.0.0.1:{server.server_port}/jwks.json"
    following = asyncio.create_task(trusted.follow([TrustedIssuer(issuer="x", jwks=url)]))
    try:
        await asyncio.wait_for(asyncio.to_thread(_Jwks.exhausted.wait), timeout=10)
        assert isinstance(trusted.key("x", kid), jwt.PyJWK)
        assert trusted.key("x", "broken") is None
        assert trusted.key("y", kid) is None
    finally:
        following.cancel()
        server.shutdown()
        thread.join()
        server.server_close()
