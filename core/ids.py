"""Opaque ids: a short prefix that says what it is, and randomness that says neither order nor volume."""

import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 20  # 32^20 = 2^100: nobody guesses one, and two never meet


def new_id(prefix: str) -> str:
    """A fresh random id such as `grt_…`."""
    return prefix + "_" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
