"""Key rings, one per purpose. A key is next, active or retired: published, used, or only still readable.

The file is JSON: `{purpose: [{"kid": …, "state": …, "secret": base64 | PEM}]}`; it is readable by its owner only.
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


class Purpose(StrEnum):
    """What a ring is for. No key serves two purposes."""

    CODE = "code"
    CURSOR = "cursor"
    DATA = "data"
    LOOKUP = "lookup"
    TOKEN = "token"  # noqa: S105 (the name of a ring)


@dataclass(frozen=True, repr=False)
class Key:
    """One secret with its name. `secret` is raw bytes, or PEM for a signing key."""

    kid: str
    state: str
    secret: bytes


class KeysMissing(RuntimeError):
    """The key file is absent or lacks a purpose: the service must not start."""


class KeyRings:
    """All rings of an installation, read once."""

    def __init__(self, rings: Mapping[str, list[Key]]) -> None:
        self._rings = rings
        missing = [purpose for purpose in Purpose if not any(k.state == "active" for k in rings.get(purpose, []))]
        if missing:
            raise KeysMissing("no active key for: " + ", ".join(missing))

    def active(self, purpose: Purpose) -> Key:
        """The key that new things are made with."""
        return next(key for key in self._rings[purpose] if key.state == "active")

    def all(self, purpose: Purpose) -> Mapping[str, Key]:
        """Every key that old things may still have been made with, by kid."""
        return {key.kid: key for key in self._rings[purpose]}


def load(path: Path) -> KeyRings:
    """Read the rings; raises `KeysMissing` when there is no file."""
    try:
        raw = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise KeysMissing(f"no key file at {path}") from None
    return KeyRings({purpose: [_key(item) for item in items] for purpose, items in raw.items()})


def create(path: Path) -> None:
    """Make a fresh set of keys, once. An existing file is never touched: losing it loses every sealed value."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({purpose.value: [_fresh(purpose)] for purpose in Purpose}, indent=2)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _key(item: Mapping[str, str]) -> Key:
    text = item["secret"]
    secret = text.encode() if text.startswith("-----") else base64.b64decode(text)
    return Key(item["kid"], item["state"], secret)


def _fresh(purpose: Purpose) -> dict[str, str]:
    return {"kid": secrets.token_hex(4), "state": "active", "secret": _secret(purpose)}


def _secret(purpose: Purpose) -> str:
    if purpose is not Purpose.TOKEN:
        return base64.b64encode(secrets.token_bytes(32)).decode()
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem.decode()
