"""Values sealed at rest, and found without being read (design §3).

A sealed value is bound to its place (table, column, row, key), so that swapping two rows' values fails to open.
A look-up hash is keyed and exact: without the key, nobody can test whether a number is in the database.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

from core.keys import KeyRings, Purpose

_NONCE = 12


class Tampered(RuntimeError):
    """A sealed value does not open where it stands: moved, altered, or its key is gone."""


class Vault:
    """Seals, opens and hashes with the installation's rings."""

    def __init__(self, rings: KeyRings) -> None:
        active = rings.active(Purpose.DATA)
        self._kid = active.kid
        self._boxes = {kid: AESGCM(key.secret) for kid, key in rings.all(Purpose.DATA).items()}
        self._lookup = rings.active(Purpose.LOOKUP).secret
        self.code_key = rings.active(Purpose.CODE).secret
        cursor = rings.active(Purpose.CURSOR)
        self.cursor_kid = cursor.kid
        self.cursor_boxes = {kid: AESSIV(_widen(key.secret)) for kid, key in rings.all(Purpose.CURSOR).items()}

    def seal(self, place: str, row: str, text: str) -> bytes:
        """Encrypt `text` for `table.column` of `row`."""
        nonce = os.urandom(_NONCE)
        kid = self._kid.encode()
        return kid + nonce + self._boxes[self._kid].encrypt(nonce, text.encode(), _bound(place, row, self._kid))

    def open(self, place: str, row: str, sealed: bytes) -> str:
        """Decrypt what `seal` made for the same place and row; raises `Tampered`."""
        kid = sealed[:8].decode("ascii", "replace")
        box = self._boxes.get(kid)
        if box is None:
            raise Tampered(place)
        try:
            return box.decrypt(sealed[8 : 8 + _NONCE], sealed[8 + _NONCE :], _bound(place, row, kid)).decode()
        except InvalidTag:
            raise Tampered(place) from None

    def lookup(self, kind: str, value: str) -> str:
        """The keyed hash under which an exact value is found; `kind` keeps equal texts of two kinds apart."""
        return hmac.new(self._lookup, f"{kind}\x1f{value}".encode(), hashlib.sha256).hexdigest()


def _bound(place: str, row: str, kid: str) -> bytes:
    return f"{place}\x1f{row}\x1f{kid}".encode()


def _widen(secret: bytes) -> bytes:
    """AES-SIV wants two keys; both are derived from the ring's one."""
    return hashlib.sha512(b"cursor" + secret).digest()
