"""GET and POST /oauth/authorize and POST /sign-out: signing in as a persona for the app. In demonstrations only.

The session is a random key in a cookie that no script reads. Every sign-in gets a new one, so nobody can be given one
beforehand; and the page's form proves that it is the page's own by a second key, in a cookie and in the form.
"""

import secrets
from collections.abc import Mapping
from hmac import compare_digest
from html import escape
from typing import Literal
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api import authorizing, bodies, clock, demonstration, personas
from api.appconfig import AUTHORIZE_PATH, CLIENT_ID
from api.authorizing import Asked, Denied, Unusable
from api.bundle import SIGNED_IN
from api.limits import Limits
from api.origin import TOKEN_PATH
from api.settings import DEMONSTRATION_ISSUER
from core.database import Database, WriteUnit
from core.errors import BadCall, DependencyDown
from core.principal import Principal
from core.statements import Row
from parties import callers, mandates, sessions
from parties.errors import Frozen, Unknown
from parties.sessions import Code

METADATA_PATH = "/.well-known/oauth-authorization-server"
SIGN_OUT_PATH = "/sign-out"
_LARGEST_FORM = 1024
_FORM = "form"
_UNUSABLE = "<h1>无法登录</h1><p>登录请求不完整，请回到应用重新登录。</p>"
_STALE = "<h1>请重新登录</h1><p>此登录页已失效，请回到应用重新登录。</p>"
_BUSY = "<h1>请稍后再试</h1>"


class SigningIn:
    """The pages and redirects of the built-in sign-in."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    def routes(self) -> list[BaseRoute]:
        """Where it answers."""
        return [
            Route(AUTHORIZE_PATH, self.authorize, methods=["GET", "POST"]),
            Route(SIGN_OUT_PATH, self.sign_out, methods=["POST"]),
            Route(METADATA_PATH, _metadata, methods=["GET"]),
        ]

    async def authorize(self, request: Request) -> Response:
        """A code for who is signed in; for who is not, the page of personas, or to the app `login_required`."""
        at = clock.now()
        wait = self._limits.wait(f"sign-in:{request.client.host if request.client else '?'}", now=at.timestamp())
        if wait > 0:
            return _with(demonstration.page(_BUSY, 429), {"Retry-After": str(int(wait) + 1)})
        try:
            asked = authorizing.read(request.query_params.multi_items(), redirect_uri=_own(request, SIGNED_IN))
            return await (self._chosen if request.method == "POST" else self._asked)(request, asked)
        except Unusable:
            return demonstration.page(_UNUSABLE, 400)
        except Denied as denied:
            return _sent(denied.location)
        except DependencyDown:
            return _with(demonstration.page(_BUSY, 503), {"Retry-After": "2"})

    async def sign_out(self, request: Request) -> Response:
        """End the session; asking from another site ends nothing."""
        if _is_foreign(request):
            return Response(status_code=403)
        key = request.cookies.get(_cookie(request))
        try:
            if key:
                async with self._database.writing() as unit:
                    await sessions.end(unit, key)
        except DependencyDown:
            return Response(status_code=503, headers={"Retry-After": "2"})
        answer = Response(status_code=204, headers={"Cache-Control": "no-store"})
        _set(answer, request, "", lasting=0)
        return answer

    async def _asked(self, request: Request, asked: Asked) -> Response:
        key = request.cookies.get(_cookie(request))
        if key and asked.prompt != "login":
            async with self._database.writing() as unit:
                session = await sessions.touch(unit, key, at=clock.now())
                if session is not None:
                    return _sent(await _answer(unit, asked, session.id, session.name))
        if asked.prompt == "none":
            raise asked.denied("login_required")
        proof = secrets.token_urlsafe(32)
        page = demonstration.choice(f"<input type='hidden' name='{_FORM}' value='{escape(proof)}'>")
        _set(page, request, proof, name=_FORM, same_site="strict")
        return page

    async def _chosen(self, request: Request, asked: Asked) -> Response:
        """The page's form came back: a new session, whatever cookie there was."""
        form, proof = await _form(request), request.cookies.get(_cookie(request, _FORM), "")
        name = form.get("persona", "")
        given = compare_digest(proof.encode(), form.get(_FORM, "").encode())
        if not proof or not given or _is_foreign(request) or name not in personas.PERSONAS:
            return demonstration.page(_STALE, 403)
        before, at = request.cookies.get(_cookie(request)), clock.now()
        async with self._database.writing() as unit:
            if before:
                await sessions.end(unit, before)
            key = await sessions.begin(unit, issuer=DEMONSTRATION_ISSUER, name=name, at=at)
            session = await sessions.touch(unit, key, at=at)
            assert session is not None  # begun a moment ago
            answer = _sent(await _answer(unit, asked, session.id, name))
        _set(answer, request, key)
        _set(answer, request, "", name=_FORM, same_site="strict", lasting=0)
        return answer


async def _answer(unit: WriteUnit, asked: Asked, session_id: str, name: str) -> str:
    """Where the browser goes: with a code, or with a no when the persona may not act as was asked."""
    try:
        organisation, mandate = await _acting_for(unit, name, asked.mandate)
    except (Unknown, Frozen):
        return asked.denied("access_denied").location
    scopes = asked.scopes & set(personas.PERSONAS[name].scopes)
    code = Code(
        session_id, CLIENT_ID, asked.redirect_uri, asked.challenge, " ".join(sorted(scopes)), organisation, mandate
    )
    return asked.granted(await sessions.give(unit, code, at=clock.now()))


async def _acting_for(unit: WriteUnit, name: str, mandate_id: str | None) -> tuple[str | None, str | None]:
    """The organisation, or the mandate between people, that the token will name; raises `Unknown` or `Frozen`.

    Only a mandate of the persona's own that is live now: the row decides again in every operation (0026).
    """
    at = clock.now()
    who = Principal(DEMONSTRATION_ISSUER, name, CLIENT_ID)
    organisation, mandate = await personas.party_of(unit, name), None
    if mandate_id is not None:
        person_id = (await callers.identify(unit, who, at=at)).person_id or ""
        held: Row | None = next((m for m in await mandates.live(unit, person_id, at=at) if m.id == mandate_id), None)
        if held is None:
            raise Unknown
        organisation, mandate = held.party_id, None if held.party_id else held.id
    acting = Principal(DEMONSTRATION_ISSUER, name, CLIENT_ID, organisation=organisation, mandate=mandate)
    await callers.identify(unit, acting, at=at)
    return organisation, mandate


async def _metadata(request: Request) -> Response:
    """RFC 8414, but for the issuer's name: a demonstration's is no URL, because it has no address of its own."""
    said = {
        "issuer": DEMONSTRATION_ISSUER,
        "authorization_endpoint": _own(request, AUTHORIZE_PATH[1:]),
        "token_endpoint": _own(request, TOKEN_PATH[1:]),
        "jwks_uri": _own(request, ".well-known/jwks.json"),
        "scopes_supported": sorted(personas.APP_SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login"],
        "authorization_response_iss_parameter_supported": True,
    }
    return Response(orjson.dumps(said), media_type="application/json")


async def _form(request: Request) -> Mapping[str, str]:
    """The form; empty when it is not one."""
    try:
        declared = request.headers.get("content-length", "")
        text = (await bodies.read(request.receive, declared, most=_LARGEST_FORM)).decode("ascii")
        return dict(parse_qsl(text, errors="strict", max_num_fields=5))
    except (BadCall, ValueError):
        return {}


def _own(request: Request, path: str) -> str:
    """An address at this very origin."""
    return f"{request.scope['scheme']}://{request.headers.get('host', '')}/{path}"


def _is_foreign(request: Request) -> bool:
    """Whether the browser says that another site asks. `Origin` says null here, because of our referrer policy."""
    return request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}


def _cookie(request: Request, name: str = "session") -> str:
    """The cookie's name; with a prefix that no subdomain can set, where there is TLS."""
    return f"__Host-haihe-{name}" if request.scope["scheme"] == "https" else f"haihe-{name}"


def _set(
    answer: Response,
    request: Request,
    value: str,
    *,
    name: str = "session",
    same_site: Literal["lax", "strict"] = "lax",
    lasting: int | None = None,
) -> None:
    """A cookie that no script reads, for as long as the browser runs or for `lasting` seconds."""
    secure = request.scope["scheme"] == "https"
    answer.set_cookie(_cookie(request, name), value, lasting, httponly=True, samesite=same_site, secure=secure)


def _sent(location: str) -> Response:
    return Response(status_code=303, headers={"Location": location, "Cache-Control": "no-store"})


def _with(answer: Response, headers: Mapping[str, str]) -> Response:
    answer.headers.update(headers)
    return answer
