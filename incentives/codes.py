"""The rotating code a citizen shows: 18 digits, others every 30 seconds, and no table of codes. Pure.

A code is a keyed permutation of all 10^18 numbers, applied to a claim's number and a time slot, nine digits each. Who
has the key reads both back; to everybody else two codes of one claim are as unlike as two claims' codes. A guess is a
live claim's code of now with a chance of twice the live claims in 10^18.

A code holds for its own slot and the next, so that one fetched a moment ago still works.
"""

import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

SLOT_SECONDS = 30
MOST_CODES = 10
_HALF = 10**9
# As many as NIST SP 800-38G asks of a Feistel network over so small halves.
_ROUNDS = range(10)
_SHAPE = re.compile(r"\d{18}", re.ASCII)
_NOT_A_CODE = "0" * 18


@dataclass(frozen=True)
class Code:
    """One code with the time in which a till accepts it."""

    digits: str
    valid_from: datetime
    valid_until: datetime


def new_handle() -> str:
    """A new claim's number: nine random digits; uniqueness is the table's business."""
    return f"{secrets.randbelow(_HALF):09d}"


def codes(key: bytes, *, handle: str, first: int, at: datetime) -> list[Code]:
    """The code of now and of the next slots, `first` in all: a phone without signal goes on for minutes."""
    slot = _slot(at)
    return [
        Code(_permuted(key, int(handle), slot + ahead), _start(slot + ahead), _start(slot + ahead + 2))
        for ahead in range(first)
    ]


def handle_in(keys: Iterable[bytes], digits: str, *, at: datetime) -> str | None:
    """The number of the claim whose code this is, of this slot or the one before, under one of the keys; None for every
    other text. All keys are tried, always, and on what is no code at all too: how long a no takes says nothing."""
    now, shown = _slot(at), digits if _SHAPE.fullmatch(digits) else _NOT_A_CODE
    read = [_read(key, shown) for key in keys]
    found = [handle for handle, slot in read if slot in (now, now - 1)]
    return f"{found[0]:09d}" if found and shown is digits else None


def _permuted(key: bytes, left: int, right: int) -> str:
    for turn in _ROUNDS:
        left, right = right, (left + _mixed(key, turn, right)) % _HALF
    return f"{left:09d}{right:09d}"


def _read(key: bytes, digits: str) -> tuple[int, int]:
    left, right = int(digits[:9]), int(digits[9:])
    for turn in reversed(_ROUNDS):
        left, right = (right - _mixed(key, turn, left)) % _HALF, left
    return left, right


def _mixed(key: bytes, turn: int, half: int) -> int:
    digest = hmac.digest(key, bytes([turn]) + half.to_bytes(4), "sha256")
    return int.from_bytes(digest[:16]) % _HALF


def _slot(at: datetime) -> int:
    return int(at.timestamp()) // SLOT_SECONDS


def _start(slot: int) -> datetime:
    return datetime.fromtimestamp(slot * SLOT_SECONDS, UTC)
