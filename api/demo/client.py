"""The bank's program: a registered client, whose private key is written beside the city's files for its owner only."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from api.origin import TOKEN_PATH
from core.database import WriteUnit
from core.principal import Scope
from parties import clients

PARTY, FILE = "BANK1", "bank-1-client.json"
_KID, _LIFE = "bank-1-2026", timedelta(days=365)


async def register(unit: WriteUnit, folder: Path, party_id: str, *, at: datetime) -> None:
    """Register the bank's client with a fresh key, and write down what it needs to ask for tokens."""
    private = ec.generate_private_key(ec.SECP256R1())
    client_id = await clients.register(unit, party_id, label="银行业务系统", scopes=[Scope.GRANT_USE], at=at)
    jwk = ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
    key = clients.NewKey(_KID, jwk, valid_from=at - _LIFE, valid_until=at + _LIFE)
    await clients.add_key(unit, party_id, client_id, key, at=at)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(
        folder / FILE,
        {
            "client_id": client_id,
            "kid": _KID,
            "audience": clients.ISSUER,
            "endpoint": TOKEN_PATH,
            "private_key": pem.decode(),
        },
    )


def _write(path: Path, content: dict[str, str]) -> None:
    """A file that only its owner ever could read: it has its mode before it has its content."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
