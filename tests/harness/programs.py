"""A merchant's program with a token, and the application over the same city as it is on a real database."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jwt.algorithms import ECAlgorithm

from api.house import House
from api.settings import TrustedIssuer
from core.installation import Kind
from core.principal import Scope
from parties import clients, lookup
from tests.harness.callers import Answered, Town, inhabited
from tests.parties.test_oauth import Client

DESK = "query Desk { partner { party { name } } }"
OPEN = "query Open($s: String) { parties(search: $s) { edges { node { name } } } }"
_ISSUER = TrustedIssuer(issuer="https://id.example", jwks="http://127.0.0.1:9/jwks.json")


def digest(text: str) -> str:
    """The name of a document."""
    return hashlib.sha256(text.encode()).hexdigest()


class Program(Client):
    """A program of the merchant's own."""

    async def begin(self, *scopes: Scope) -> "Program":
        """Registered, with a key and a token."""
        at = datetime.now(UTC)
        async with self.town.house.database.writing() as unit:
            self.party_id = await lookup.find(unit, "PARTNER1") or ""
            self.id = await clients.register(unit, self.party_id, label="系统", scopes=scopes, at=at)
            jwk = ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
            key = clients.NewKey("k1", jwk, at - timedelta(minutes=1), at + timedelta(days=1))
            await clients.add_key(unit, self.party_id, self.id, key, at=at)
        self.bearer = {"Authorization": f"Bearer {await self.token()}"}
        return self

    async def send(self, town: Town, **said: Any) -> Answered:
        """One request with these members, to an application."""
        return Answered(await town.http.post("/graphql", json=said, headers=self.bearer))


@asynccontextmanager
async def real(house: House, folder: Path, builds: Mapping[str, Mapping[str, str]]) -> AsyncIterator[Town]:
    """The application as on a real database; `builds` are manifests of our own clients by CLIENT/VERSION."""
    for name, manifest in builds.items():
        path = folder / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(manifest))
    given = {"origin": "https://credit.example", "issuers": (_ISSUER,), "documents": folder}
    changed = House(house.settings.model_copy(update=given))
    try:
        async with inhabited(changed, Kind.REAL) as town:
            yield town
    finally:
        await changed.database.close()
