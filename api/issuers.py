"""Whose tokens are believed: the built-in issuer's in a demonstration, configured issuers' everywhere.

Foreign keys are loaded in the background: no request ever waits for another server. An unknown key is refused at
once, so keys must be published one refresh before they are used.
"""

import asyncio
from collections.abc import Mapping, Sequence

import httpx
import jwt
import structlog
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from api.settings import TrustedIssuer
from api.tokens import ALGORITHM
from core.keys import KeyRings, Purpose

_log = structlog.get_logger("haihe.issuers")
_REFRESH_SECONDS = 300
_RETRY_SECONDS = 15
_TIMEOUT_SECONDS = 5.0


class Issuers:
    """Verification keys by issuer and key id."""

    def __init__(self) -> None:
        self._keys: dict[str, Mapping[str, jwt.PyJWK]] = {}

    def key(self, issuer: str, kid: str) -> jwt.PyJWK | None:
        """The issuer's key of that name, or None."""
        return self._keys.get(issuer, {}).get(kid)

    def trust(self, issuer: str, jwks: Mapping[str, object]) -> None:
        """Believe an issuer with exactly these keys; others than ES256 keys are left out. Raises `ValueError`."""
        entries = jwks.get("keys") if isinstance(jwks, Mapping) else None
        if not isinstance(entries, list):
            raise ValueError("not a JWKS")
        found = (_key(entry) for entry in entries)
        self._keys[issuer] = {key.key_id: key for key in found if key is not None and key.key_id}

    async def follow(self, issuers: Sequence[TrustedIssuer]) -> None:
        """Keep the configured issuers' keys fresh, for as long as the service runs."""
        if not issuers:  # a client that asks nobody would still read every root certificate
            return
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, follow_redirects=False) as client:
            await asyncio.gather(*(self._follow(client, issuer) for issuer in issuers))

    async def _follow(self, client: httpx.AsyncClient, issuer: TrustedIssuer) -> None:
        while True:
            pause = _REFRESH_SECONDS
            try:
                answer = await client.get(issuer.jwks)
                answer.raise_for_status()
                self.trust(issuer.issuer, answer.json())
            except Exception as error:  # one issuer's bad answer must not end the others' refresh
                _log.warning("jwks_unavailable", issuer=issuer.issuer, kind=type(error).__name__)
                pause = _RETRY_SECONDS
            await asyncio.sleep(pause)


def _key(entry: object) -> jwt.PyJWK | None:
    """A public ES256 key, or None for anything else."""
    if not isinstance(entry, dict) or (entry.get("kty"), entry.get("crv")) != ("EC", "P-256"):
        return None
    try:
        return jwt.PyJWK({name: value for name, value in entry.items() if name != "d"}, ALGORITHM)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None


def published(rings: KeyRings) -> dict[str, object]:
    """The built-in issuer's JWKS: every key that is next, active or still verified."""
    keys = []
    for kid, key in rings.all(Purpose.TOKEN).items():
        private = load_pem_private_key(key.secret, None)
        assert isinstance(private, EllipticCurvePrivateKey)
        jwk = jwt.algorithms.ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
        keys.append({**jwk, "kid": kid, "use": "sig", "alg": ALGORITHM})
    return {"keys": keys}
