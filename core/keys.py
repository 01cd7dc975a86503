"""Key rings, one per purpose. A key is next, active or retired: published, used, or only still readable.

The file is JSON: `{purpose: [{"kid": …, "state": …, "since": …, "secret": base64 | PEM}]}`; it is readable by its owner
only. It is always replaced as a whole, so that a reader finds the old rings or the new ones, and a crash neither.
"""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

Rings = dict[str, list[dict[str, str]]]


class Purpose(StrEnum):
    """What a ring is for. No key serves two purposes."""

    CODE = "code"
    CURSOR = "cursor"
    DATA = "data"
    LOG = "log"
    LOOKUP = "lookup"
    NONCE = "nonce"
    OFFLINE = "offline"
    PDF = "pdf"
    PSEUDONYM = "pseudonym"
    TOKEN = "token"  # noqa: S105 (the name of a ring)
    WEBHOOK = "webhook"


_BYTES = 32
SIGNING = frozenset({Purpose.LOG, Purpose.OFFLINE, Purpose.PDF, Purpose.TOKEN})
# Signed notes know Ed25519, and so do tills without a network; tokens are ES256.
_ED25519 = frozenset({Purpose.LOG, Purpose.OFFLINE})
# What was made with these is stored, and can be made again with the next key.
STORED = (Purpose.DATA, Purpose.LOOKUP)
# An installation from before these has nothing made with them: fresh keys lose nothing. The others are never made up.
_ADDED_LATER = frozenset({Purpose.LOG, Purpose.NONCE, Purpose.OFFLINE, Purpose.PDF, Purpose.PSEUDONYM, Purpose.WEBHOOK})


@dataclass(frozen=True, repr=False)
class Key:
    """One secret with its name. `secret` is raw bytes, or PEM for a signing key."""

    kid: str
    state: str
    secret: bytes
    since: datetime | None = None


class KeysMissing(RuntimeError):
    """The key file is absent, unreadable or lacks a purpose: the service must not start."""


class KeyRefused(RuntimeError):
    """The rings are not in the state this act needs; nothing was changed."""


class KeyRings:
    """All rings of an installation. `take_up` changes them under everybody who holds this."""

    def __init__(self, rings: Mapping[str, list[Key]]) -> None:
        missing = [purpose for purpose in Purpose if not any(k.state == "active" for k in rings.get(purpose, []))]
        if missing:
            hint = "; `haihe migrate` adds them" if _ADDED_LATER.issuperset(missing) else ""
            raise KeysMissing("no active key for: " + ", ".join(missing) + hint)
        self._rings = rings

    def active(self, purpose: Purpose) -> Key:
        """The key that new things are made with."""
        return next(key for key in self._rings[purpose] if key.state == "active")

    def all(self, purpose: Purpose) -> Mapping[str, Key]:
        """Every key that things may have been made with, by kid: retired here, or active already elsewhere."""
        return {key.kid: key for key in self._rings[purpose]}

    def take_up(self, fresh: "KeyRings") -> None:
        """From now on be those rings."""
        self._rings = fresh._rings  # noqa: SLF001 (of its own kind)


def load(path: Path) -> KeyRings:
    """Read the rings; raises `KeysMissing` when there is no file, or not one of keys."""
    raw = _raw(path)
    try:
        return KeyRings({purpose: [_usable(purpose, _key(item)) for item in items] for purpose, items in raw.items()})
    except (KeyError, TypeError, AttributeError, ValueError, UnsupportedAlgorithm):
        raise KeysMissing(f"{path} is no key file") from None


def create(path: Path) -> None:
    """Make a fresh set of keys, once. An existing file is never touched: losing it loses every sealed value."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rings = {purpose.value: [_fresh(purpose, "active")] for purpose in Purpose}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    _write(descriptor, rings)
    _sync_folder(path.parent)


def complete(path: Path) -> Sequence[Purpose]:
    """Add rings for purposes that came later than the file; which they were. `load` reports other gaps.

    A log ring of another kind of key is from before the log was signed: nothing was ever made with it.
    """
    with _changing(path) as rings:
        added = sorted(p for p in _ADDED_LATER if p.value not in rings or (p is Purpose.LOG and _is_outdated(rings[p])))
        rings.update({purpose.value: [_fresh(purpose, "active")] for purpose in added})
    return added


def publish(path: Path, purpose: Purpose, *, at: datetime) -> Key:
    """Add a ring's next key, unless there is one: every process can read what it will make, before any uses it."""
    with _changing(path) as rings:
        ring = _ring(rings, purpose)
        found = next((item for item in ring if item["state"] == "next"), None)
        if found is None:
            found = {**_fresh(purpose, "next"), "since": at.isoformat()}
            ring.append(found)
    return _key(found)


def promote(path: Path, purpose: Purpose, kid: str, *, at: datetime) -> None:
    """Make the next key the active one and retire the one before; raises `KeyRefused` when it is not next."""
    with _changing(path) as rings:
        ring = _ring(rings, purpose)
        if not any(item["kid"] == kid and item["state"] == "next" for item in ring):
            raise KeyRefused(f"{kid} is not the next {purpose} key")
        for item in ring:
            if item["state"] == "active" or item["kid"] == kid:
                item["state"] = "active" if item["kid"] == kid else "retired"
                item["since"] = at.isoformat()


def drop(path: Path, purpose: Purpose, kid: str) -> None:
    """Forget a retired key, for good; raises `KeyRefused` for any other. The caller knows that nothing needs it."""
    with _changing(path) as rings:
        ring = _ring(rings, purpose)
        if not any(item["kid"] == kid and item["state"] == "retired" for item in ring):
            raise KeyRefused(f"{kid} is not a retired {purpose} key")
        rings[purpose.value] = [item for item in ring if item["kid"] != kid]


@contextmanager
def _changing(path: Path) -> Iterator[Rings]:
    """The rings to be changed: one changer at a time, and the file replaced when the body ends without an error."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        before = _raw(path)
        rings: Rings = json.loads(json.dumps(before))
        yield rings
        if rings == before:
            return
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        _write(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), rings)
        fresh.replace(path)
        os.fsync(folder)
    finally:
        os.close(folder)


def _raw(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise KeysMissing(f"no key file at {path}") from None
    except ValueError:
        raise KeysMissing(f"{path} is no key file") from None


def _ring(rings: Rings, purpose: Purpose) -> list[dict[str, str]]:
    if purpose.value not in rings:
        raise KeysMissing(f"no ring for {purpose}")
    return rings[purpose.value]


def _write(descriptor: int, rings: Rings) -> None:
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(rings, file, indent=2)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _key(item: Mapping[str, str]) -> Key:
    text, since = item["secret"], item.get("since")
    secret = text.encode() if text.startswith("-----") else base64.b64decode(text)
    return Key(item["kid"], item["state"], secret, datetime.fromisoformat(since) if since else None)


def _usable(purpose: str, key: Key) -> Key:
    """The key, when it is one of its purpose's kind; raises `ValueError` or what `cryptography` does."""
    if purpose in SIGNING or key.secret.startswith(b"-----"):  # or of a purpose that a later build has
        serialization.load_pem_private_key(key.secret, None)
    elif len(key.secret) != _BYTES:
        raise ValueError("a key of another length")
    return key


def _fresh(purpose: Purpose, state: str) -> dict[str, str]:
    return {"kid": secrets.token_hex(4), "state": state, "secret": _secret(purpose)}


def _is_outdated(ring: Sequence[Mapping[str, str]]) -> bool:
    kinds = (serialization.load_pem_private_key(item["secret"].encode(), None) for item in ring)
    return not all(isinstance(key, ed25519.Ed25519PrivateKey) for key in kinds)


def _secret(purpose: Purpose) -> str:
    if purpose not in SIGNING:
        return base64.b64encode(secrets.token_bytes(_BYTES)).decode()
    new = ed25519.Ed25519PrivateKey.generate
    made = new() if purpose in _ED25519 else ec.generate_private_key(ec.SECP256R1())
    pem = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem.decode()
