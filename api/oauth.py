"""POST /oauth/token: the built-in issuer's tokens for registered clients (client_credentials, private_key_jwt).

A demonstration hands another exchange in beside it: the app's codes (`exchange`).

RFC 6749 4.4, RFC 7523 3, RFC 9068. Every way for a client to be wrong is `invalid_client` with one body: which of
client, key, signature, time or repetition it was is not said. A client that brings a DPoP proof gets a token bound to
the proof's key (RFC 9449 5); what is wrong with a proof is said.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

import jwt
import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import bodies, clock
from api.authenticating import NONCE_HEADER
from api.dpop import InvalidProof, NonceNeeded, Proofs
from api.limits import Limits
from api.origin import TOKEN_PATH
from api.tokens import ALGORITHM, LONGEST_LIFE_SECONDS, is_signed
from core.database import Database, WriteUnit
from core.errors import BadCall, DependencyDown
from core.keys import KeyRings, Purpose
from core.principal import Channel, Proof
from core.statements import Row
from parties import capacity, clients
from parties import proofs as spending
from parties.errors import ProofSpent
from parties.kinds import PartyKind, Post

ISSUER = clients.ISSUER
PATH = TOKEN_PATH
LARGEST_FORM = 16 * 1024
LONGEST_ASSERTION_SECONDS = 5 * 60
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_FORM = "application/x-www-form-urlencoded"
_SKEW_SECONDS = 5
_LONGEST_TEXT = 200
_STATUS = {"invalid_client": 401, "temporarily_unavailable": 503}
_HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_log = structlog.get_logger("haihe.oauth")
Exchange = Callable[[Mapping[str, str], Proof | None, datetime], Awaitable[Mapping[str, Any]]]


class OAuthRefused(Exception):
    """One of RFC 6749's or RFC 9449's codes, and of a proof what is wrong with it."""

    def __init__(self, code: str, description: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.description = description

    @property
    def body(self) -> Mapping[str, str]:
        """The error as it is answered."""
        return {"error": self.code, **({"error_description": self.description} if self.description else {})}


@dataclass(frozen=True)
class _Assertion:
    """What a client says of itself, before its key has been found."""

    text: str
    client_id: str
    kid: str
    jti: str
    expires: int


class TokenEndpoint:
    """Answers clients. `audience` is whom the tokens are for; `exchanges` are grant types besides the clients' own;
    with `bound`, third parties' clients get bound tokens or none."""

    def __init__(
        self,
        database: Database,
        rings: KeyRings,
        limits: Limits,
        proofs: Proofs,
        *,
        audience: str,
        bound: bool,
        exchanges: Mapping[str, Exchange] = MappingProxyType({}),
    ) -> None:
        self._exchanges = exchanges
        self._database = database
        self._rings = rings
        self._limits = limits
        self._proofs = proofs
        self._bound = bound
        self._audience = audience

    async def answer(self, http: Request) -> Response:
        """Answer one request."""
        at = clock.now()
        wait = self._limits.wait(f"oauth:{http.client.host if http.client else '?'}", now=at.timestamp())
        if wait > 0:
            headers = {**_HEADERS, "Retry-After": str(int(wait) + 1)}
            return _respond({"error": "temporarily_unavailable"}, 429, headers)
        shown = http.headers.getlist("dpop")
        headers = {**_HEADERS, **({NONCE_HEADER: self._proofs.nonces.current(at)} if shown else {})}
        try:
            return _respond(await self._token(await _form(http), shown, at), 200, headers)
        except OAuthRefused as refused:
            return _respond(refused.body, _STATUS.get(refused.code, 400), headers)
        except DependencyDown as error:
            _log.warning("dependency_down", kind=type(error.__cause__ or error).__name__)
            return _respond({"error": "temporarily_unavailable"}, 503, {**_HEADERS, "Retry-After": "2"})

    def route(self) -> Route:
        """Where it answers."""
        return Route(PATH, self.answer, methods=["POST"])

    async def _token(self, form: Mapping[str, str], shown: Sequence[str], at: datetime) -> Mapping[str, Any]:
        exchange = self._exchanges.get(form.get("grant_type", ""))
        if exchange is None:
            _check_grant(form)
        proof = self._proof(shown, at) if shown else None
        if exchange is not None:
            return await exchange(form, proof, at)
        said = _read(form["client_assertion"], at)
        if form.get("client_id", said.client_id) != said.client_id:
            raise OAuthRefused("invalid_client")
        async with self._database.reading() as unit:
            key = await clients.key_of(unit, said.client_id, said.kid, at=at)
        if key is None or not is_signed(said.text, key.jwk):
            raise OAuthRefused("invalid_client")
        if proof is None and self._bound and _is_third_party(key):
            raise OAuthRefused("invalid_dpop_proof", "required")
        scopes = _scopes(form.get("scope"), frozenset(key.scopes))
        until = datetime.fromtimestamp(said.expires, UTC)
        # Only what a known key has signed may make the one writer wait.
        async with self._database.writing() as unit:
            if not await clients.take_assertion(unit, said.client_id, said.jti, expires_at=until, at=at):
                raise OAuthRefused("invalid_client")
            await spend(unit, proof)
        return {
            "access_token": self._signed(said.client_id, key, scopes, proof, at),
            "token_type": type_of(proof),
            "expires_in": LONGEST_LIFE_SECONDS,
            "scope": scopes,
        }

    def _proof(self, shown: Sequence[str], at: datetime) -> Proof:
        try:
            return self._proofs.read(shown, method="POST", path=PATH, at=at)
        except NonceNeeded:
            raise OAuthRefused("use_dpop_nonce") from None
        except InvalidProof as refused:
            raise OAuthRefused("invalid_dpop_proof", str(refused)) from None

    def _signed(self, client_id: str, key: Row, scopes: str, proof: Proof | None, at: datetime) -> str:
        own, issued = self._rings.active(Purpose.TOKEN), int(at.timestamp())
        claims = {
            "iss": ISSUER,
            "sub": client_id,
            "aud": self._audience,
            "client_id": client_id,
            "client_key": key.id,
            "org": key.party_id,
            "scope": scopes,
            "channel": (Channel.KIOSK if key.post == Post.KIOSK.value else Channel.API).value,
            "iat": issued,
            "exp": issued + LONGEST_LIFE_SECONDS,
            **({"cnf": {"jkt": proof.key}} if proof is not None else {}),
        }
        return jwt.encode(claims, own.secret, ALGORITHM, {"kid": own.kid, "typ": "at+jwt"})


async def _form(http: Request) -> Mapping[str, str]:
    """The form, each name once; raises `OAuthRefused(invalid_request)` for anything else."""
    if http.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise OAuthRefused("invalid_request")
    try:
        text = (await bodies.read(http.receive, http.headers.get("content-length", ""), most=LARGEST_FORM)).decode(
            "ascii"
        )
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict", max_num_fields=20)
    except (BadCall, ValueError):
        raise OAuthRefused("invalid_request") from None
    found = dict(pairs)
    if len(found) != len(pairs) or any("\x00" in value for value in found.values()):
        raise OAuthRefused("invalid_request")
    return found


def _check_grant(form: Mapping[str, str]) -> None:
    if not form.get("grant_type"):
        raise OAuthRefused("invalid_request")
    if form["grant_type"] != "client_credentials":
        raise OAuthRefused("unsupported_grant_type")
    if not form.get("client_assertion") or form.get("client_assertion_type") != _ASSERTION:
        raise OAuthRefused("invalid_client")


def _read(text: str, at: datetime) -> _Assertion:
    """An assertion that is whole, for us, of now and of no more than five minutes; its signature comes later."""
    try:
        header = jwt.get_unverified_header(text)
        claims = jwt.decode(text, options={"verify_signature": False}, algorithms=[ALGORITHM])
    # PyJWT's errors are several trees, and JSON and base64 add ValueErrors.
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise OAuthRefused("invalid_client") from None
    if header.get("alg") != ALGORITHM or "crit" in header or claims.get("aud") != ISSUER:
        raise OAuthRefused("invalid_client")
    said = _Assertion(
        text, _text(claims.get("sub")), _text(header.get("kid")), _text(claims.get("jti")), _life(claims, at)
    )
    if claims.get("iss") != said.client_id:
        raise OAuthRefused("invalid_client")
    return said


def _life(claims: Mapping[str, Any], at: datetime) -> int:
    now, expires = at.timestamp(), claims.get("exp")
    begins = [claims.get(name, 0) for name in ("iat", "nbf")]
    if type(expires) is not int or any(type(moment) is not int for moment in begins):
        raise OAuthRefused("invalid_client")
    if not now < expires <= now + LONGEST_ASSERTION_SECONDS or max(begins) > now + _SKEW_SECONDS:
        raise OAuthRefused("invalid_client")
    return int(expires)


def _text(value: object) -> str:
    if (
        not isinstance(value, str)
        or not 1 <= len(value) <= _LONGEST_TEXT
        or not (value.isascii() and value.isprintable())
    ):
        raise OAuthRefused("invalid_client")
    return value


def _is_third_party(key: Row) -> bool:
    return capacity.is_third_party(PartyKind(key.kind), Post.SYSTEM, institution=key.institution)


def type_of(proof: Proof | None) -> str:
    """How a token that came by a proof, or by none, is to be shown (RFC 9449 5)."""
    return "Bearer" if proof is None else "DPoP"


async def spend(unit: WriteUnit, proof: Proof | None) -> None:
    """Spend the proof that a token is asked for with; raises `OAuthRefused`."""
    try:
        await spending.spend(unit, proof)
    except ProofSpent:
        raise OAuthRefused("invalid_dpop_proof", "spent") from None


def _scopes(asked: str | None, allowed: frozenset[str]) -> str:
    """What was asked for, when all of it is the client's; all of the client's when nothing was."""
    wanted = set((asked or "").split()) or allowed
    if not wanted <= allowed:
        raise OAuthRefused("invalid_scope")
    return " ".join(sorted(wanted))


def _respond(body: Mapping[str, Any], status: int, headers: Mapping[str, str]) -> Response:
    return Response(orjson.dumps(body), status, dict(headers), "application/json")
