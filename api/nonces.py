"""Nonces for proofs (RFC 9449 8, 9): what a proof must say so that it cannot have been made long before.

A nonce is the keyed hash of the minute. Every process makes the same ones, nobody else can foretell one, and none is
stored; a proof may say this minute's or the one before.
"""

import base64
import hmac
from datetime import datetime

from core.keys import KeyRings, Purpose

STEP_SECONDS = 60
_BYTES = 16


class Nonces:
    """Makes nonces, and knows its own."""

    def __init__(self, rings: KeyRings) -> None:
        self._rings = rings

    def current(self, at: datetime) -> str:
        """This minute's."""
        return _nonce(self._rings.active(Purpose.NONCE).secret, _step(at))

    def accepts(self, nonce: str, at: datetime) -> bool:
        """Whether it is this minute's or the one before, by any of our keys; or the next one's, by a faster clock."""
        now, said = _step(at), nonce.encode("ascii", "replace")
        made = [
            _nonce(key.secret, step).encode()
            for key in self._rings.all(Purpose.NONCE).values()
            for step in (now - 1, now, now + 1)
        ]
        return any(hmac.compare_digest(one, said) for one in made)


def _step(at: datetime) -> int:
    return int(at.timestamp()) // STEP_SECONDS


def _nonce(secret: bytes, step: int) -> str:
    digest = hmac.digest(secret, b"dpop %d" % step, "sha256")[:_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
