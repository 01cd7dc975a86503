"""Under what name a merchant knows a customer: one of its own, that says nothing to another merchant. Pure.

It is made with the active key of its ring when a code is spent, and stands on the receipt from then on. Nothing has to
be made with a key again, so the ring changes without breaking anything that was shown; a customer who comes after the
change has another name, and nobody without the keys can tell that it is the same person.
"""

import base64
import hmac

_BYTES = 15


def pseudonym(key: bytes, party_id: str, subject_id: str) -> str:
    """A customer's name at a merchant: 24 letters and digits, the same while the key is."""
    own = hmac.digest(key, b"partner\x1f" + party_id.encode(), "sha256")
    return base64.b32encode(hmac.digest(own, subject_id.encode(), "sha256")[:_BYTES]).decode().lower()
