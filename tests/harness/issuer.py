"""Somebody else's OpenID provider: another origin, its own keys, one account. A test can make it answer badly."""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.harness.binaries import free_port
from tests.harness.postgres import wait_until

CLIENT_ID = "haihe-phone"
SCOPE = "openid self:read score:manage grant:give claim:make"
_ALGORITHM, _KID, _COOKIE = "ES256", "elsewhere-1", "elsewhere"
_LIFE_SECONDS = 600


class Issuer:
    """Authorization code with PKCE, and nothing else. `behaviour` is OK, or what it does wrong:

    STATE, NONCE, ISS, AUDIENCE and NO_ID_TOKEN answer for somebody else's request; CHALLENGE gives a code that was
    asked for with another verifier; DENIED and UNAVAILABLE are the error answers of RFC 6749.
    """

    def __init__(self, name: str) -> None:
        self.behaviour = "OK"
        self.redirect_uri = ""
        self.name = name
        self.asked: list[Mapping[str, str]] = []
        self.exchanged: list[int] = []
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._codes: dict[str, Mapping[str, str]] = {}

    def start(self) -> None:
        """Listen; at the same address as before, when it listened before."""
        # No access log: it would stand among ours, in which the run looks for personal data.
        config = uvicorn.Config(self._app(), port=self._port, log_config=None, access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        wait_until(lambda: self._server.started, seconds=30)

    def stop(self) -> None:
        """Be away."""
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()

    def __enter__(self) -> "Issuer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _app(self) -> Starlette:
        routes = [
            Route("/.well-known/openid-configuration", self._metadata),
            Route("/jwks", self._jwks),
            Route("/authorize", self._authorize, methods=["GET", "POST"]),
            Route("/token", self._token, methods=["POST"]),
            Route("/end", self._end),
        ]
        return Starlette(routes=routes, middleware=[Middleware(CORSMiddleware, allow_origins=["*"])])

    async def _metadata(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "end_session_endpoint": f"{self.url}/end",
                "jwks_uri": f"{self.url}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [_ALGORITHM],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def _jwks(self, _request: Request) -> Response:
        public = jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return JSONResponse({"keys": [{**public, "kid": _KID, "use": "sig", "alg": _ALGORITHM}]})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if (asked.get("client_id"), asked.get("redirect_uri")) != (CLIENT_ID, self.redirect_uri):
            return HTMLResponse("no such client", 400)
        if request.method == "GET":
            self.asked.append(asked)
        if request.method == "POST" or request.cookies.get(_COOKIE):
            answer = self._sent(asked, self._answer(asked))
            answer.set_cookie(_COOKIE, "known", httponly=True, samesite="lax")
            return answer
        if asked.get("prompt") == "none":
            return self._sent(asked, {"error": "login_required"})
        return HTMLResponse(f"<form method='post'><button>以{escape(self.name)}登录</button></form>")

    def _answer(self, asked: Mapping[str, str]) -> Mapping[str, str]:
        if self.behaviour in {"DENIED", "UNAVAILABLE"}:
            return {"error": {"DENIED": "access_denied", "UNAVAILABLE": "temporarily_unavailable"}[self.behaviour]}
        if asked.get("code_challenge_method") != "S256" or asked.get("response_type") != "code":
            return {"error": "invalid_request"}
        code = secrets.token_urlsafe()
        self._codes[code] = {**asked, "code_challenge": "another"} if self.behaviour == "CHALLENGE" else asked
        return {"code": code}

    def _sent(self, asked: Mapping[str, str], answer: Mapping[str, str]) -> Response:
        state = "guessed" if self.behaviour == "STATE" else asked["state"]
        iss = "https://other.example" if self.behaviour == "ISS" else self.url
        return RedirectResponse(f"{self.redirect_uri}?{urlencode({**answer, 'state': state, 'iss': iss})}", 303)

    async def _end(self, request: Request) -> Response:
        asked = request.query_params
        hint = jwt.decode(asked["id_token_hint"], options={"verify_signature": False})
        back = self.redirect_uri.removesuffix("signed-in")
        if (asked["client_id"], asked["post_logout_redirect_uri"], hint["sub"]) != (CLIENT_ID, back, self.name):
            return HTMLResponse("nobody to sign out", 400)
        answer = RedirectResponse(f"{back}?{urlencode({'state': asked['state']})}", 303)
        answer.delete_cookie(_COOKIE)
        return answer

    async def _token(self, request: Request) -> Response:
        given = dict(parse_qsl((await request.body()).decode()))
        asked = self._codes.pop(given.get("code", ""), {})
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        proved = base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked.get("code_challenge")
        same = all(given.get(name) == asked.get(name) for name in ("client_id", "redirect_uri"))
        status = 200 if proved and same and given.get("grant_type") == "authorization_code" else 400
        self.exchanged.append(status)
        return JSONResponse(self._tokens(asked) if status == 200 else {"error": "invalid_grant"}, status)

    def _tokens(self, asked: Mapping[str, str]) -> Mapping[str, Any]:
        now = int(time.time())
        common = {"iss": self.url, "sub": self.name, "iat": now, "exp": now + _LIFE_SECONDS}
        access = {**common, "aud": "haihe", "client_id": CLIENT_ID, "scope": asked["scope"], "acr": "substantial"}
        nonce = "another" if self.behaviour == "NONCE" else asked.get("nonce")
        audience = "another" if self.behaviour == "AUDIENCE" else CLIENT_ID
        answer: dict[str, Any] = {"token_type": "Bearer", "expires_in": _LIFE_SECONDS}
        answer["access_token"] = self._signed(access, "at+jwt")
        if self.behaviour != "NO_ID_TOKEN":
            answer["id_token"] = self._signed({**common, "aud": audience, "nonce": nonce}, "JWT")
        return answer

    def _signed(self, claims: Mapping[str, Any], type_: str) -> str:
        return jwt.encode(dict(claims), self._key, _ALGORITHM, headers={"typ": type_, "kid": _KID})
