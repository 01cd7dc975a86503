"""The rotating code a citizen shows: 18 digits, made anew every 30 seconds, checked without a table of codes. Pure.

    28 | 9 digits that find the claim | 7 digits of HMAC(key, claim id, slot)

A code holds for its own slot and the next, so that one fetched a moment ago still works. Nothing in it tells who
shows it or why it is theirs.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

SLOT_SECONDS = 30
MOST_CODES = 10
_PREFIX = "28"
_SHAPE = re.compile(_PREFIX + r"(\d{9})(\d{7})", re.ASCII)


@dataclass(frozen=True)
class Code:
    """One code with the time in which a till accepts it."""

    digits: str
    valid_from: datetime
    valid_until: datetime


def new_handle() -> str:
    """Nine random digits for a new claim; uniqueness is the table's business."""
    return f"{secrets.randbelow(10**9):09d}"


def codes(key: bytes, *, claim_id: str, handle: str, first: int, at: datetime) -> list[Code]:
    """The code of now and of the next slots, `first` in all: a phone without signal goes on for minutes."""
    slot = _slot(at)
    return [
        Code(
            _PREFIX + handle + _proof(key, claim_id, slot + ahead),
            _start(slot + ahead),
            _start(slot + ahead + 2),
        )
        for ahead in range(first)
    ]


def handle_in(digits: str) -> str | None:
    """The part that finds the claim, or None when the text is not a code of ours."""
    found = _SHAPE.fullmatch(digits)
    return found[1] if found else None


def proves(key: bytes, digits: str, *, claim_id: str, at: datetime) -> bool:
    """Whether the code is that claim's, of this slot or the one before. Both are always compared."""
    slot = _slot(at)
    shown = digits[-7:].encode()
    now = hmac.compare_digest(shown, _proof(key, claim_id, slot).encode())
    before = hmac.compare_digest(shown, _proof(key, claim_id, slot - 1).encode())
    return now or before


def _slot(at: datetime) -> int:
    return int(at.timestamp()) // SLOT_SECONDS


def _start(slot: int) -> datetime:
    return datetime.fromtimestamp(slot * SLOT_SECONDS, UTC)


def _proof(key: bytes, claim_id: str, slot: int) -> str:
    digest = hmac.new(key, f"{claim_id}\x1f{slot}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 10**7:07d}"
