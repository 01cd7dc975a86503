"""Values sealed at rest, and found without being read (design §3).

A sealed value is bound to its place (table, column, row, key), so that swapping two rows' values fails to open.
A look-up hash is keyed and exact: without the key, nobody can test whether a number is in the database.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from core.keys import Key, KeyRings, Purpose

_NONCE = 12


class Tampered(RuntimeError):
    """A sealed value does not open where it stands: moved, altered, or its key is gone."""


@dataclass(frozen=True, repr=False)
class _Opened:
    """The rings as they are used, made at once so that they change at once."""

    data_kid: str
    data: Mapping[str, AESGCM]
    lookups: Sequence[HMAC]
    codes: Sequence[bytes]
    pseudonym: bytes
    offline: Key
    offline_ring: Sequence[Key]
    cursor_kid: str
    cursors: Mapping[str, AESSIV]


class Vault:
    """Seals, opens and hashes with the installation's rings, as they are at the moment."""

    def __init__(self, rings: KeyRings) -> None:
        self.renew(rings)

    def renew(self, rings: KeyRings) -> None:
        """Use these rings from now on."""
        data, cursor = rings.active(Purpose.DATA), rings.active(Purpose.CURSOR)
        self._now = _Opened(
            data_kid=data.kid,
            data={kid: AESGCM(key.secret) for kid, key in rings.all(Purpose.DATA).items()},
            lookups=[HMAC(key, SHA256()) for key in _active_first(rings, Purpose.LOOKUP)],
            codes=_active_first(rings, Purpose.CODE),
            pseudonym=rings.active(Purpose.PSEUDONYM).secret,
            offline=rings.active(Purpose.OFFLINE),
            offline_ring=list(rings.all(Purpose.OFFLINE).values()),
            cursor_kid=cursor.kid,
            cursors={kid: AESSIV(_widen(key.secret)) for kid, key in rings.all(Purpose.CURSOR).items()},
        )

    @property
    def data_kid(self) -> str:
        """The name of the key that values are sealed with now: their first eight characters."""
        return self._now.data_kid

    @property
    def code_key(self) -> bytes:
        """What codes are made with."""
        return self._now.codes[0]

    @property
    def code_keys(self) -> Sequence[bytes]:
        """What a code may have been made with."""
        return self._now.codes

    @property
    def pseudonym_key(self) -> bytes:
        """What pseudonyms are made with. None is made again: what was said stands."""
        return self._now.pseudonym

    @property
    def offline_key(self) -> Key:
        """What offline codes are signed with now."""
        return self._now.offline

    @property
    def offline_keys(self) -> Sequence[Key]:
        """The whole ring of offline codes: next, active and retired."""
        return self._now.offline_ring

    @property
    def changing_lookup(self) -> bool:
        """Whether an exact value may be stored under more than one hash."""
        return len(self._now.lookups) > 1

    @property
    def lookup_keys(self) -> Sequence[HMAC]:
        """What look-up hashes are made with: the same object as long as the rings are the same."""
        return self._now.lookups

    @property
    def cursor_kid(self) -> str:
        """The name of the key that cursors are made with."""
        return self._now.cursor_kid

    @property
    def cursor_boxes(self) -> Mapping[str, AESSIV]:
        """What a cursor may have been made with."""
        return self._now.cursors

    def seal(self, place: str, row: str, text: str) -> bytes:
        """Encrypt `text` for `table.column` of `row`."""
        nonce, now = os.urandom(_NONCE), self._now
        sealed = now.data[now.data_kid].encrypt(nonce, text.encode(), _bound(place, row, now.data_kid))
        return now.data_kid.encode() + nonce + sealed

    def open(self, place: str, row: str, sealed: bytes) -> str:
        """Decrypt what `seal` made for the same place and row; raises `Tampered`."""
        kid = sealed[:8].decode("ascii", "replace")
        box = self._now.data.get(kid)
        if box is None:
            raise Tampered(place)
        try:
            return box.decrypt(sealed[8 : 8 + _NONCE], sealed[8 + _NONCE :], _bound(place, row, kid)).decode()
        except InvalidTag:
            raise Tampered(place) from None

    def lookup(self, kind: str, value: str) -> str:
        """The keyed hash an exact value is stored under; `kind` keeps equal texts of two kinds apart."""
        return _hash(self._now.lookups[0], kind, value)

    def lookups(self, kind: str, value: str) -> list[str]:
        """Every hash the value may be stored under while the look-up key is changed: what to search for."""
        return [_hash(key, kind, value) for key in self._now.lookups]


class Ahead:
    """Look-up hashes that are made before they are asked for, a value's once; where the rings are others by then, they
    are made anew."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._made_with = vault.lookup_keys
        self._made: dict[tuple[str, str], list[str]] = {}

    def make(self, kind: str, value: str) -> None:
        """Make what `lookups` will be asked for."""
        if (kind, value) not in self._made:
            self._made[kind, value] = self._vault.lookups(kind, value)

    def lookups(self, kind: str, value: str) -> list[str]:
        """As the vault's own."""
        made = self._made.get((kind, value)) if self._made_with is self._vault.lookup_keys else None
        return self._vault.lookups(kind, value) if made is None else made


def _active_first(rings: KeyRings, purpose: Purpose) -> Sequence[bytes]:
    active = rings.active(purpose)
    return [active.secret, *(key.secret for kid, key in rings.all(purpose).items() if kid != active.kid)]


def _hash(keyed: HMAC, kind: str, value: str) -> str:
    """The key was taken in once: a copy of that costs less than to begin anew."""
    made = keyed.copy()
    made.update(f"{kind}\x1f{value}".encode())
    return made.finalize().hex()


def _bound(place: str, row: str, kid: str) -> bytes:
    return f"{place}\x1f{row}\x1f{kid}".encode()


def _widen(secret: bytes) -> bytes:
    """AES-SIV wants two keys; both are derived from the ring's one."""
    return hashlib.sha512(b"cursor" + secret).digest()
