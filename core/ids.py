"""Opaque ids: a short prefix that says what it is, and randomness that says neither order nor volume."""

import secrets

_ALPHABET = b"0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 20  # 32^20 = 2^100: nobody guesses one, and two never meet
_TO_ALPHABET = _ALPHABET * 8  # 256 is eight times 32: every character is as likely


def new_id(prefix: str) -> str:
    """A fresh random id such as `grt_…`."""
    return f"{prefix}_{secrets.token_bytes(_LENGTH).translate(_TO_ALPHABET).decode()}"
