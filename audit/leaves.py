"""A look as a leaf: what is said of it, salted, and how it hangs on the looks at the same subject before it. Pure.

What is said stands in two parts under one hash. The first goes to whoever has a receipt. The second, which says whose
look it is, its number and the leaf before it, is only named in the first by a hash of its own: a recipient who may
keep a receipt must not learn from it how often others looked.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from audit.merkle import leaf_hash
from audit.notes import encoded
from core.moments import rfc3339

FORM, FORM_OF_CASE = 1, 2  # the second has the case of a statutory look
SECRET_BYTES = 32


@dataclass(frozen=True)
class Link:
    """The second part. Each subject's looks are counted; a withheld one has no subject here, and counts among all."""

    subject_id: str | None
    sequence: int | None = None
    previous: bytes | None = None
    withheld: int | None = None

    def text(self) -> str:
        """As it is hashed."""
        previous = encoded(self.previous) if self.previous else None
        said = {"previous": previous, "sequence": self.sequence, "subject": self.subject_id, "withheld": self.withheld}
        return _canonical(said)


@dataclass(frozen=True)
class Leaf:
    """A look's two parts, each with its salt."""

    data: str
    salt: bytes
    link: str
    link_salt: bytes

    @property
    def hash(self) -> bytes:
        """Its place in the tree says no more than this."""
        return leaf_hash(self.salt + self.data.encode())

    @classmethod
    def of(cls, row: Any, fields: list[str], link: Link, secret: bytes) -> "Leaf":
        """The leaf of a row of `access` with its shape's fields. The same row gives the same leaf, always."""
        salt, link_salt = _derived(secret, b"data"), _derived(secret, b"link")
        text = link.text()
        commitment = hashlib.sha256(link_salt + text.encode()).digest()
        return cls(_canonical(_said(row, fields, encoded(commitment))), salt, text, link_salt)


def fresh_secrets(count: int) -> list[bytes]:
    """What each look's two salts are made from; without it nobody can test what a leaf says."""
    drawn = secrets.token_bytes(SECRET_BYTES * count)
    return [drawn[place : place + SECRET_BYTES] for place in range(0, len(drawn), SECRET_BYTES)]


def _derived(secret: bytes, part: bytes) -> bytes:
    return hmac.digest(secret, part, "sha256")


def _canonical(said: Mapping[str, object]) -> str:
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()


def _said(row: Any, fields: list[str], link: str) -> dict[str, object]:
    case = {} if row.case_number is None else {"form": FORM_OF_CASE, "case": row.case_number}
    return {
        "form": FORM,
        "id": row.id,
        "at": rfc3339(row.at),
        "actor": {
            "party": row.actor_party_id,
            "name": row.actor_name,
            "officer": row.officer_id,
            "operator": row.operator,
            "client": row.client,
        },
        "basis": row.basis,
        "grant": row.grant_id,
        "grantVersion": row.grant_version,
        "purpose": row.purpose,
        "stage": row.stage,
        "channel": row.channel,
        "document": row.document,
        "fields": fields,
        "categories": row.categories,
        "codes": row.codes,
        "records": row.record_count,
        "refused": row.refused,
        "withholding": row.withholding_id,
        "link": link,
        **case,
    }
