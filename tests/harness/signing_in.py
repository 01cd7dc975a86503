"""A browser that signs in at the built-in issuer: code and PKCE, as the app does it."""

import base64
import hashlib
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from tests.harness.callers import Town

HTTP_ORIGIN = "http://haihe.test"
HERE = f"{HTTP_ORIGIN}/signed-in"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED: dict[str, str] = {
    "response_type": "code",
    "client_id": "haihe-app",
    "redirect_uri": HERE,
    "scope": "self:read claim:make claim:redeem",
    "state": "st&te",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


class Browser:
    """A browser with cookies of its own, that follows nothing by itself."""

    def __init__(self, town: Town, origin: str = HTTP_ORIGIN) -> None:
        transport = httpx.ASGITransport(app=town.app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url=origin)
        self.asked = {**ASKED, "redirect_uri": f"{origin}/signed-in"}

    async def go(self, **changed: str | None) -> httpx.Response:
        return await self.http.get(self.url(**changed))

    def url(self, **changed: str | None) -> str:
        asked = {name: value for name, value in {**self.asked, **changed}.items() if value is not None}
        return f"/oauth/authorize?{urlencode(asked)}"

    async def choose(self, persona: str, **changed: str | None) -> httpx.Response:
        page = await self.go(prompt="login", **changed)
        field = re.search(r"name='form' value='([^']+)'", page.text)
        assert field is not None, page.text
        return await self.http.post(self.url(**changed), data={"persona": persona, "form": field[1]})

    async def swap(self, code: str, /, proof: str | None = None, **changed: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": "haihe-app",
            "redirect_uri": self.asked["redirect_uri"],
            "code_verifier": VERIFIER,
            **changed,
        }
        given = {"DPoP": proof} if proof is not None else {}
        data = {name: value for name, value in form.items() if value}
        return await self.http.post("/oauth/token", data=data, headers=given)

    async def token(self, persona: str, **changed: str) -> str:
        answer = await self.swap(told(await self.choose(persona, **changed))["code"])
        return str(answer.json()["access_token"])


def told(answer: httpx.Response) -> dict[str, str]:
    """What the app is told: by redirect to its own address only."""
    assert answer.status_code == 303, answer.text
    location = urlsplit(answer.headers["location"])
    assert location.path == "/signed-in"
    return dict(parse_qsl(location.query))
