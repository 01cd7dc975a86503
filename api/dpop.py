"""DPoP proofs (RFC 9449 4.3): the header that says "whoever sends this request holds this key, now, for this request".

What is found wrong is told to its sender, who made it. A proof that holds is not spent here: that is for whoever writes
down what it was shown for (`parties.proofs`).
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from api.nonces import Nonces
from api.tokens import ALGORITHM, InvalidToken, is_signed, object_of
from core.principal import Proof
from parties.clients import is_p256

# How old a proof may be, and how far its sender's clock may be ahead of ours.
OLDEST_SECONDS, AHEAD_SECONDS = 60, 15
LONGEST = 4096
_TYPE = "dpop+jwt"
# RFC 9449 4.2: 96 bits of chance, or a version 4 UUID.
_JTI = re.compile(r"[\x21-\x7e]{16,128}", re.ASCII)
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
# By when the request that brought it must have arrived in full: a body can be sent slowly.
_ARRIVED = timedelta(seconds=OLDEST_SECONDS + 120)
_PORTS = {"http": 80, "https": 443}
_BROKEN = (InvalidToken, ValueError, TypeError, KeyError, RecursionError)


class InvalidProof(Exception):
    """The proof does not hold; the message is the name of what is wrong with it, one of a few words."""


class NonceNeeded(InvalidProof):
    """The proof lacks one of our nonces of now; its sender is given one and tries again."""


class Proofs:
    """Checks proofs for one service. `origin` is where its callers find it, whatever proxies are between."""

    def __init__(self, nonces: Nonces, origin: str) -> None:
        self.nonces = nonces
        self._origin = origin

    def read(self, headers: Sequence[str], *, method: str, path: str, at: datetime, token: str | None = None) -> Proof:
        """The proof in a request's DPoP headers; with a `token`, one that was made for it. Raises `InvalidProof`."""
        if len(headers) != 1:
            raise InvalidProof("one header")
        header, claims = _parts(headers[0])
        key = _key(header)
        if not is_signed(headers[0], key):
            raise InvalidProof("signature")
        if claims.get("htm") != method:
            raise InvalidProof("htm")
        address = _address(claims.get("htu"))
        if address is None or address != _address(self._origin + path):
            raise InvalidProof("htu")
        until = _until(claims.get("iat"), at)
        if token is not None and claims.get("ath") != _hash(token.encode()):
            raise InvalidProof("ath")
        jti = claims.get("jti")
        if not isinstance(jti, str) or not _JTI.fullmatch(jti):
            raise InvalidProof("jti")
        self._check_nonce(claims.get("nonce"), at)
        print_ = thumbprint(key)
        name = hashlib.sha256(f"{print_} {jti}".encode()).hexdigest()
        return Proof(print_, name, until, showing=secrets.token_hex(16))

    def _check_nonce(self, nonce: object, at: datetime) -> None:
        if not isinstance(nonce, str) or not self.nonces.accepts(nonce, at):
            raise NonceNeeded("nonce")


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The name of a P-256 key that depends on nothing but the key (RFC 7638 3)."""
    members = ",".join(f'"{name}":"{jwk[name]}"' for name in ("crv", "kty", "x", "y"))
    return _hash(f"{{{members}}}".encode())


def _parts(text: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims of something that has the form of a proof."""
    parts = text.split(".")
    if len(text) > LONGEST or not text.isascii() or len(parts) != 3:
        raise InvalidProof("form")
    try:
        header, claims = object_of(parts[0]), object_of(parts[1])
    except _BROKEN:
        raise InvalidProof("form") from None
    if header.get("typ") != _TYPE:
        raise InvalidProof("typ")
    if header.get("alg") != ALGORITHM:
        raise InvalidProof("alg")
    if "crit" in header:
        raise InvalidProof("crit")
    return header, claims


def _key(header: Mapping[str, Any]) -> Mapping[str, str]:
    """The public key that the proof names, and nothing else that its `jwk` may say; never a private one."""
    jwk = header.get("jwk")
    if not isinstance(jwk, Mapping) or _PRIVATE & set(jwk):
        raise InvalidProof("jwk")
    public = {name: jwk.get(name) for name in ("kty", "crv", "x", "y")}
    if not all(isinstance(value, str) for value in public.values()) or not is_p256(public):
        raise InvalidProof("jwk")
    return {name: str(value) for name, value in public.items()}


def _until(issued: object, at: datetime) -> datetime:
    """Until when a proof of an instant may be spent; raises `InvalidProof` when it is not of now."""
    now = at.timestamp()
    if type(issued) is not int or not now - OLDEST_SECONDS <= issued <= now + AHEAD_SECONDS:
        raise InvalidProof("iat")
    return datetime.fromtimestamp(issued, UTC) + _ARRIVED


def _address(url: object) -> tuple[str, str, int, str] | None:
    """A URL as it is compared (RFC 3986 6.2.2, 6.2.3): scheme, host, port, path. None for one that is no `htu`."""
    if not isinstance(url, str) or not url.isascii() or not url.isprintable() or set(url) & set(" ?#@\\"):
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host:
        return None
    return parts.scheme, host, port or _PORTS[parts.scheme], parts.path or "/"


def _hash(text: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=").decode()
