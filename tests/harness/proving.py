"""Holders of keys: proofs by them (RFC 9449), right ones and wrong ones, and requests that bring them."""

import base64
import hashlib
import json
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from starlette.applications import Starlette

from api import personas
from api.dpop import thumbprint
from api.nonces import Nonces
from tests.harness.callers import Answered, Town

GRAPHQL, TOKEN = "/graphql", "/oauth/token"


def part(value: object) -> str:
    """A part of a JWT, of a JSON value or of raw bytes."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def compact(header: object, claims: object, key: ec.EllipticCurvePrivateKey) -> str:
    """Header and claims, whatever they are, signed as ES256 signs."""
    signed = f"{part(header)}.{part(claims)}"
    return f"{signed}.{part(ECAlgorithm(ECAlgorithm.SHA256).sign(signed.encode(), key))}"


def kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without those that are None: the tables' way to leave something out."""
    return {name: value for name, value in values.items() if value is not None}


def hash_of(token: str) -> str:
    """A token as a proof names it (`ath`)."""
    return part(hashlib.sha256(token.encode()).digest())


class Holder:
    """A persona with a key of its own. Its tokens are bound to the key."""

    def __init__(self, town: Town, persona: str = "bank-1") -> None:
        self.town = town
        self.persona = persona
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.jwk: dict[str, str] = ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        self.origin = town.house.settings.origin
        self.nonces = Nonces(town.house.rings)
        self._token = ""

    async def token(self) -> str:
        """The persona's token, bound; made once."""
        if not self._token:
            async with self.town.house.database.reading() as unit:
                party_id = await personas.party_of(unit, self.persona)
            self._token = personas.mint(
                self.town.house.rings,
                self.persona,
                party_id,
                audience=self.town.house.settings.audience,
                at=datetime.now(UTC),
                bound_to=thumbprint(self.jwk),
            )
        return self._token

    def claims(self, path: str = GRAPHQL, token: str | None = None, **changed: Any) -> dict[str, Any]:
        """A right proof's claims, some of them changed; one that is None is left out."""
        right = {
            "jti": uuid.uuid4().hex,
            "htm": "POST",
            "htu": self.origin + path,
            "iat": int(time.time()),
            "nonce": self.nonces.current(datetime.now(UTC)),
            "ath": hash_of(token) if token else None,
        }
        return kept({**right, **changed})

    def header(self, **changed: Any) -> dict[str, Any]:
        """A right proof's header, some of it changed."""
        return kept({"typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk, **changed})

    def proof(self, path: str = GRAPHQL, token: str | None = None, **changed: Any) -> str:
        """A proof for one request, some of its claims changed."""
        return compact(self.header(), self.claims(path, token, **changed), self.key)

    async def fresh(self) -> str:
        """A right proof for this persona's next query."""
        return self.proof(token=await self.token())

    async def ask(
        self,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        proofs: Sequence[str] | None = None,
        app: Starlette | None = None,
        token: str | None = None,
    ) -> Answered:
        """Send one operation with a fresh proof, or with these; to this app, or to another."""
        given = [await self.fresh()] if proofs is None else proofs
        headers = [("Authorization", f"DPoP {token or await self.token()}"), *(("DPoP", proof) for proof in given)]
        body = {"query": document, "variables": dict(variables or {})}
        if app is None:
            return Answered(await self.town.http.post(GRAPHQL, json=body, headers=headers))
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=self.origin, timeout=60) as http:
            return Answered(await http.post(GRAPHQL, json=body, headers=headers))

    def pem(self) -> bytes:
        """The private key as a file holds it."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
