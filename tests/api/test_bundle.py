"""The app at `/`: what is served, under which headers, and that nothing else of the disk is."""

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from api import appconfig, bundle
from api.app import create_app
from api.house import House
from api.settings import NotConfigured, ServiceCounter, Settings, TrustedIssuer
from core.installation import Kind

_BROWSER = {"Accept": "text/html,application/xhtml+xml"}
_SCRIPT = "console.log('haihe');\n" * 200
_ISSUER = TrustedIssuer(issuer="https://id.example", jwks="https://id.example/jwks.json")
_APP = {
    "app_issuer": "https://id.example",
    "app_authorization_endpoint": "https://id.example/authorize",
    "app_token_endpoint": "https://token.id.example/token",
    "app_client_id": "haihe",
    "app_scope": "self:read",
}
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A built bundle, with a secret beside it and a link to the secret in it."""
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>海河信用</title>", "utf-8")
    (root / "assets" / "index-BcD3_-x9.js").write_text(_SCRIPT, "utf-8")
    (root / "assets" / "plain.js").write_text("1", "utf-8")
    (root / "manifest.webmanifest").write_text("{}", "utf-8")
    (root / ".env").write_text("secret", "utf-8")
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    return root


@pytest.fixture
async def http(house: House, dist: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A demonstration that shows the bundle."""
    house.settings = house.settings.model_copy(update={"bundle": dist})
    async with _asking(house, Kind.DEMONSTRATION) as client:
        yield client


def _asking(house: House, kind: Kind) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=create_app(house, kind), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://haihe.test")


async def test_the_index_stands_at_the_root_and_at_every_app_route(http: httpx.AsyncClient) -> None:
    for path in ("/", "/index.html", "/me", "/offers/ofr_1", "/signed-in?code=x&state=y"):
        answer = await http.get(path, headers=_BROWSER)
        assert (answer.status_code, "海河信用" in answer.text) == (200, True), path
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_every_file_goes_out_under_the_strict_policy(http: httpx.AsyncClient) -> None:
    for path in ("/", "/assets/index-BcD3_-x9.js", "/manifest.webmanifest"):
        headers = (await http.get(path)).headers
        said = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
        assert said["default-src"] == "'none'"
        assert said["script-src"] == said["style-src"] == said["connect-src"] == "'self'"
        assert said["frame-ancestors"] == said["base-uri"] == "'none'"
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["permissions-policy"].startswith("camera=(self), ")
        assert "microphone=()" in headers["permissions-policy"]


async def test_only_files_named_by_their_hash_are_kept_for_good(http: httpx.AsyncClient) -> None:
    kept = await http.get("/assets/index-BcD3_-x9.js")
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert kept.headers["content-type"] == "text/javascript; charset=utf-8"
    assert (await http.get("/assets/plain.js")).headers["cache-control"] == "no-cache"
    manifest = await http.get("/manifest.webmanifest")
    assert manifest.headers["content-type"] == "application/manifest+json; charset=utf-8"
    again = await http.get("/manifest.webmanifest", headers={"If-None-Match": f'"x", {manifest.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_file_is_packed_for_who_can_unpack_it(http: httpx.AsyncClient) -> None:
    path = "/assets/index-BcD3_-x9.js"
    for accepted, packed in (("gzip, br", True), ("br;q=1, GZIP;q=0.5", True), ("gzip;q=0", False), ("", False)):
        async with http.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
            raw = b"".join([part async for part in answer.aiter_raw()])
        assert (answer.headers.get("content-encoding") == "gzip") is packed, accepted
        assert (gzip.decompress(raw) if packed else raw) == _SCRIPT.encode()
        assert answer.headers["vary"] == "Accept-Encoding"
        assert int(answer.headers["content-length"]) == len(raw)


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/..%5c..%5csecret.txt",
        "//secret.txt",
        "/link.txt",
        "/.env",
        "/assets",
        "/assets/",
        "/secret.txt%00.html",
        "/%FF",
    ],
)
async def test_nothing_outside_the_bundle_is_served(http: httpx.AsyncClient, path: str) -> None:
    for headers in ({}, {"Accept": "*/*"}):
        raw = httpx.Request("GET", httpx.URL("http://haihe.test").copy_with(raw_path=path.encode()), headers=headers)
        answer = await http.send(raw)
        assert answer.status_code in {404, 307}, path
        assert "secret" not in answer.text


async def test_our_own_paths_stay_ours(http: httpx.AsyncClient) -> None:
    for path in ("/oauth/nothing", "/static/nothing", "/assets/gone-12345678.js", "/graphql/x", "/intake/nothing"):
        assert (await http.get(path, headers=_BROWSER)).status_code == 404, path
    assert (await http.get("/me")).status_code == 404  # no browser asks like that
    for path in ("/oauth/token", "/intake/batches"):
        assert (await http.get(path, headers=_BROWSER)).status_code == 405, path
    assert (await http.post("/", headers=_BROWSER)).status_code == 404
    assert (await http.get("/signed-in")).status_code == 200
    assert (await http.get("/me", headers={**_BROWSER, "Host": "[::"})).status_code == 200
    assert (await http.get("/livez")).json() == {"state": "alive"}


async def test_below_a_route_of_ours_nothing_is_an_app_route(house: House, http: httpx.AsyncClient) -> None:
    """Whatever route is added: its first part is not the app's."""
    firsts = {getattr(route, "path", "").split("/")[1] for route in create_app(house, Kind.DEMONSTRATION).routes}
    assert len(firsts) > 5
    for first in sorted(firsts):
        answer = await http.get(f"/{first}/nothing/at/all", headers=_BROWSER)
        assert (answer.status_code, "海河信用" in answer.text) == (404, False), first


async def test_a_service_without_a_bundle_says_so(house: House, tmp_path: Path) -> None:
    house.settings = house.settings.model_copy(update={"bundle": tmp_path / "none"})
    async with _asking(house, Kind.DEMONSTRATION) as client:
        answer = await client.get("/", headers=_BROWSER)
        assert (answer.status_code, "没有可以显示的应用" in answer.text) == (404, True)
        assert (await client.get("/me", headers=_BROWSER)).status_code == 404


async def test_the_demonstrations_app_signs_in_here(http: httpx.AsyncClient) -> None:
    said = (await http.get("/app/config.json")).json()
    assert said["issuer"] == "urn:haihe:demonstration"
    assert (said["authorizationEndpoint"], said["tokenEndpoint"]) == ("/oauth/authorize", "/oauth/token")
    assert (said["clientId"], said["demonstration"]) == ("haihe-app", True)
    assert {"self:read", "claim:redeem", "partner:read"} <= set(said["scope"].split())
    assert {"name", "district", "address", "hours", "telephone"} == set(said["counters"][0])


async def test_a_real_app_signs_in_where_its_settings_say(house: House, dist: Path) -> None:
    counter = ServiceCounter(name="窗口", district="区", address="路", hours="时", telephone="号")
    update = {
        **_APP,
        "issuers": (_ISSUER,),
        "origin": "https://credit.example",
        "bundle": dist,
        "app_counters": (counter,),
    }
    house.settings = house.settings.model_copy(update=update)
    async with _asking(house, Kind.REAL) as client:
        said = (await client.get("/app/config.json")).json()
        policy = (await client.get("/")).headers["content-security-policy"]
    assert said == {
        "issuer": "https://id.example",
        "authorizationEndpoint": "https://id.example/authorize",
        "tokenEndpoint": "https://token.id.example/token",
        "clientId": "haihe",
        "scope": "self:read",
        "endSessionEndpoint": "",
        "demonstration": False,
        "counters": [counter.model_dump()],
    }
    assert "connect-src 'self' https://token.id.example;" in policy


async def test_a_real_service_without_an_app_shows_none(house: House, dist: Path) -> None:
    house.settings = house.settings.model_copy(
        update={"issuers": (_ISSUER,), "origin": "https://credit.example", "bundle": dist}
    )
    async with _asking(house, Kind.REAL) as client:
        assert (await client.get("/app/config.json")).status_code == 404
        assert "HAIHE_APP_ISSUER" in (await client.get("/", headers=_BROWSER)).text


@pytest.mark.parametrize(
    ("kind", "changed", "said"),
    [
        (Kind.REAL, {"app_scope": "", "app_client_id": ""}, "HAIHE_APP_CLIENT_ID, HAIHE_APP_SCOPE missing"),
        (Kind.REAL, {"app_issuer": "https://other.example"}, "HAIHE_APP_ISSUER is not one of"),
        (Kind.REAL, {"app_token_endpoint": "http://id.example/token"}, "HAIHE_APP_TOKEN_ENDPOINT must be"),
        (Kind.REAL, {"app_token_endpoint": "https://id.example; script-src *"}, "HAIHE_APP_TOKEN_ENDPOINT must be"),
        (Kind.REAL, {"app_authorization_endpoint": "javascript:alert(1)"}, "HAIHE_APP_AUTHORIZATION_ENDPOINT must"),
        (Kind.REAL, {"app_authorization_endpoint": "https://a@id.example/"}, "HAIHE_APP_AUTHORIZATION_ENDPOINT must"),
        (Kind.REAL, {"app_end_session_endpoint": "http://id.example/bye"}, "HAIHE_APP_END_SESSION_ENDPOINT must be"),
        (Kind.DEMONSTRATION, {}, "belongs to a real database"),
    ],
)
def test_half_an_app_does_not_start(kind: Kind, changed: dict[str, str], said: str, backend: str) -> None:
    with pytest.raises(NotConfigured, match=said):
        appconfig.of(Settings(issuers=(_ISSUER,), **{**_APP, **changed}), kind)  # type: ignore[arg-type]


def test_the_bundle_is_looked_for_in_the_package_first(
    monkeypatch: pytest.MonkeyPatch, dist: Path, backend: str
) -> None:
    assert bundle.folder().parts[-2:] == ("web", "dist")
    packed = dist.parent / "api"
    (packed / "web").mkdir(parents=True)
    monkeypatch.setattr(bundle, "__file__", str(packed / "bundle.py"))
    assert bundle.folder() == packed / "web"


def test_the_worker_keeps_nothing_that_is_not_there(backend: str) -> None:
    """One missing file, and no browser takes the worker."""
    folder = bundle.folder()
    kept = re.findall(r'"/(assets/[^"]+)"', (folder / "sw.js").read_text("utf-8"))
    assert len(kept) > 20
    assert [name for name in kept if not (folder / name).is_file()] == []
