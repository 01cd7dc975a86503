"""Opaque ids, and numbers for people to read out: a short prefix that says what it is, and randomness that says neither
order nor volume."""

import secrets

_ALPHABET = b"0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 20  # 32^20 = 2^100: nobody guesses one, and two never meet
_TO_ALPHABET = _ALPHABET * 8  # 256 is eight times 32: every character is as likely


def new_id(prefix: str) -> str:
    """A fresh random id such as `grt_…`."""
    return f"{prefix}_{secrets.token_bytes(_LENGTH).translate(_TO_ALPHABET).decode()}"


def new_number(prefix: str, digits: int = 12) -> str:
    """A fresh random number such as `YY…`, as it stands in letters and trails."""
    return prefix + "".join(secrets.choice("0123456789") for _ in range(digits))
