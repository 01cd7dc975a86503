"""From an access token to a principal (RFC 9068). Every way to be wrong is one error, answered with one body."""

import base64
import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn, Protocol

import jwt
from jwt import api_jws as jws

from core.principal import Assurance, Channel, Principal

LONGEST_TOKEN = 8192
LONGEST_LIFE_SECONDS = 15 * 60
_LONGEST_SCOPES = 2000  # a list, of more words than a token of ours has
ALGORITHM = "ES256"
_CLOCK_SKEW_SECONDS = 5
_KEPT = 20_000
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_TYPES = {"at+jwt", "application/at+jwt"}
_ASSURANCES = {"low": Assurance.LOW, "substantial": Assurance.SUBSTANTIAL, "high": Assurance.HIGH}


class InvalidToken(Exception):
    """The token proves nothing. Why is not said: it would only help who made it."""


class IssuerKeys(Protocol):
    """The verification keys of trusted issuers."""

    def key(self, issuer: str, kid: str) -> jwt.PyJWK | None:
        """The issuer's key of that name, or None."""


@dataclass(frozen=True)
class _Verified:
    """A token that proved its principal by this key."""

    principal: Principal
    expires: int
    kid: str
    key: jwt.PyJWK


class Verifier:
    """Verifies tokens, and remembers the verified ones until they expire or their key is withdrawn.

    That is safe because power lives in rows, not in tokens.
    """

    def __init__(self, keys: IssuerKeys, audience: str) -> None:
        self._keys = keys
        self._audience = audience
        self._known: OrderedDict[bytes, _Verified] = OrderedDict()

    def principal(self, token: str, *, at: datetime) -> Principal:
        """The principal a token proves at an instant; raises `InvalidToken`."""
        return self._proved(token, at).principal

    def until(self, token: str, *, at: datetime) -> datetime:
        """When a token that proves its principal at an instant expires; raises `InvalidToken`."""
        return datetime.fromtimestamp(self._proved(token, at).expires, UTC)

    def _proved(self, token: str, at: datetime) -> "_Verified":
        if len(token) > LONGEST_TOKEN or not token.isascii():
            raise InvalidToken
        digest = hashlib.sha256(token.encode()).digest()
        known = self._known.get(digest)
        if known is None or self._keys.key(known.principal.issuer, known.kid) is not known.key:
            known = self._verify(token, at)
            self._known[digest] = known
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        if at.timestamp() >= known.expires:
            raise InvalidToken
        return known

    def _verify(self, token: str, at: datetime) -> "_Verified":
        try:
            header, claims = (object_of(part) for part in token.split(".")[:2])
            key = self._key(header, claims)
            verified: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=self._audience,
                options={
                    "strict_aud": True,
                    "require": ["iss", "sub", "aud", "exp", "iat", "client_id"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
            return _Verified(_principal(verified), _life(verified, at), header["kid"], key)
        # PyJWT's errors are several trees (InvalidKeyError is no InvalidTokenError); JSON and base64 add ValueErrors.
        except (jwt.PyJWTError, ValueError, TypeError, KeyError, RecursionError):
            raise InvalidToken from None

    def _key(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> jwt.PyJWK:
        if header.get("alg") != ALGORITHM or str(header.get("typ", "")).lower() not in _TYPES or "crit" in header:
            raise InvalidToken
        kid, issuer = header.get("kid"), claims.get("iss")
        if not isinstance(kid, str) or not isinstance(issuer, str):
            raise InvalidToken
        key = self._keys.key(issuer, kid)
        if key is None:
            raise InvalidToken
        return key


def _life(claims: Mapping[str, Any], at: datetime) -> int:
    """Expiry, when the token is alive at `at` and was not made for longer than a quarter of an hour."""
    issued, expires, begins = claims["iat"], claims["exp"], claims.get("nbf", claims["iat"])
    if not all(type(moment) is int for moment in (issued, expires, begins)):
        raise InvalidToken
    now = at.timestamp()
    if not max(issued, begins) <= now + _CLOCK_SKEW_SECONDS or now >= expires:
        raise InvalidToken
    if not 0 < expires - issued <= LONGEST_LIFE_SECONDS:
        raise InvalidToken
    return int(expires)


def _principal(claims: Mapping[str, Any]) -> Principal:
    organisation, mandate, client_key = claims.get("org"), claims.get("mandate"), claims.get("client_key")
    if organisation is not None and mandate is not None:
        raise InvalidToken  # nobody acts for two at once
    return Principal(
        issuer=_text(claims["iss"]),
        name=_text(claims["sub"]),
        client=_text(claims["client_id"]),
        scopes=frozenset(_text(claims.get("scope", "-"), longest=_LONGEST_SCOPES).split()),
        assurance=_ASSURANCES[claims.get("acr", "low")],
        channel=Channel(claims.get("channel", "API")),
        organisation=None if organisation is None else _text(organisation),
        mandate=None if mandate is None else _text(mandate),
        client_key=None if client_key is None else _text(client_key),
        bound_to=_bound(claims["cnf"]) if "cnf" in claims else None,
    )


def _bound(confirmation: object) -> str:
    """The thumbprint in a `cnf` claim. A token that is bound in a way we do not know proves nothing to us."""
    if not isinstance(confirmation, dict) or set(confirmation) != {"jkt"}:
        raise InvalidToken
    found = _text(confirmation["jkt"])
    if not _THUMBPRINT.fullmatch(found):
        raise InvalidToken
    return found


def _text(value: object, *, longest: int = 200) -> str:
    """A claim that is a short printable string: nothing that a database or a log could choke on."""
    if not isinstance(value, str) or not 1 <= len(value) <= longest or not value.isprintable():
        raise InvalidToken
    value.encode()  # a lone surrogate raises UnicodeEncodeError, a ValueError
    return value


def object_of(part: str) -> Mapping[str, Any]:
    """A token's part as JSON; a claim that stands twice is refused, because readers disagree about it."""
    text = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    if not isinstance(found, dict):
        raise InvalidToken
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidToken
    return found


def _no_constant(name: str) -> NoReturn:
    raise InvalidToken(name)


def is_signed(text: str, jwk: Mapping[str, str]) -> bool:
    """Whether a JWT is signed by the holder of a public key. Nothing else of it is looked at."""
    try:
        jws.decode(text, jwt.PyJWK(dict(jwk), ALGORITHM), algorithms=[ALGORITHM])
    except (jwt.PyJWTError, ValueError, TypeError):
        return False
    return True
