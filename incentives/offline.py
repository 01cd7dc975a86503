"""A code that a till reads without a network: who may use which claim where, and until when, signed. Pure, and alone.

Nothing of the application, of its database or of a network is imported here (`tests/incentives/test_offline_alone.py`):
a till has this file, `spending.py` and `cryptography`, and needs no more.

    form    version, key, claim's number, cycle, issued, over, whether an order is told, store, offer     35 bytes
    sign    Ed25519 (RFC 8032) over what it is for, and the form                                         64 bytes
    text    base64url, 132 characters: a QR code of version 6

There is nobody in it and no score; store and offer are short hashes, which say something only to whoever knows both.
"""

import base64
import binascii
import hashlib
import json
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

# CHOICE: a day out without a signal; and what a stolen key that is retired can sign is over as soon.
LIFE = timedelta(hours=12)
# CHOICE: a till that was offline over a holiday week still counts; its stock and money wait no longer.
HORIZON = timedelta(days=8)
# CHOICE: how far a till's clock may be from ours. What it says beyond that is not believed.
SKEW = timedelta(minutes=5)
_VERSION = 1
_FORM = struct.Struct(">B4sIBII?8s8s")
_FOR_CODE, _FOR_BUNDLE = b"haihe offline code 1\n", b"haihe till bundle 1\n"
_SIGNATURE = 64
# Whole bytes to the last sign: no two texts are the same bytes.
_TEXT = re.compile(r"[A-Za-z0-9_-]{132}", re.ASCII)


class Broken(RuntimeError):
    """A till's bundle is not one that we signed, or not one that it may follow on from the one before."""


@dataclass(frozen=True)
class Code:
    """What an offline code says. `store` and `offer` are tags (`tag_of_store`, `tag_of_offer`)."""

    handle: str
    cycle: int
    issued_at: datetime
    expires_at: datetime
    needs_order: bool
    store: str
    offer: str

    @property
    def settles_at(self) -> datetime:
        """When it is too late to bring it."""
        return self.expires_at + HORIZON


@dataclass(frozen=True)
class Signer:
    """A public key of the ring: what it signed, when it stopped signing (a retired one), and how it stands."""

    kid: str
    public: bytes
    retired_at: datetime | None = None


@dataclass(frozen=True)
class Good:
    """An offer that is used offline, in the words that a cashier reads."""

    tag: str
    title: str
    benefit: str


@dataclass(frozen=True)
class Bundle:
    """What a till is given while there is a network: its store, our public keys, and the offers' words."""

    store_id: str
    made_at: datetime
    signers: Sequence[Signer]
    offers: Sequence[Good]


def sign(code: Code, kid: str, key: Ed25519PrivateKey) -> str:
    """The code's text; the same for the same code and key."""
    form = _FORM.pack(
        _VERSION,
        bytes.fromhex(kid),
        int(code.handle),
        code.cycle,
        int(code.issued_at.timestamp()),
        int(code.expires_at.timestamp()),
        code.needs_order,
        bytes.fromhex(code.store),
        bytes.fromhex(code.offer),
    )
    return base64.urlsafe_b64encode(form + key.sign(_FOR_CODE + form)).decode()


def read(text: str, signers: Iterable[Signer]) -> Code | None:
    """What a text says that one of these keys signed while it was in use; None for every other text."""
    data = _bytes(text)
    if data is None:
        return None
    form, signature = data[:-_SIGNATURE], data[-_SIGNATURE:]
    version, kid, handle, cycle, issued, over, needs, store, offer = _FORM.unpack(form)
    signer = next((one for one in signers if one.kid == kid.hex()), None)
    if version != _VERSION or signer is None or not _is_signed(signer.public, signature, _FOR_CODE + form):
        return None
    code = Code(f"{handle:09d}", cycle, _instant(issued), _instant(over), needs, store.hex(), offer.hex())
    return code if _is_in_use(signer, code) else None


def is_good_at(code: Code, store_id: str, *, at: datetime) -> bool:
    """Whether a code is for this store and its time is now, as far as a till's clock knows."""
    return code.store == tag_of_store(store_id) and code.issued_at - SKEW <= at < code.expires_at


def tag_of_store(store_id: str) -> str:
    """What stands for a store in a code."""
    return _tag("store", store_id)


def tag_of_offer(offer_id: str, number: int) -> str:
    """What stands for a version of an offer in a code."""
    return _tag("offer", offer_id, str(number))


def pack(bundle: Bundle, kid: str, key: Ed25519PrivateKey) -> str:
    """A bundle as one signed text: what it says, which key signed it, the signature; each in base64url or hex."""
    said = {
        "store": bundle.store_id,
        "madeAt": bundle.made_at.isoformat(),
        "keys": [
            {"kid": s.kid, "public": s.public.hex(), "retiredAt": s.retired_at and s.retired_at.isoformat()}
            for s in bundle.signers
        ],
        "offers": [{"tag": one.tag, "title": one.title, "benefit": one.benefit} for one in bundle.offers],
    }
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    signature = base64.urlsafe_b64encode(key.sign(_FOR_BUNDLE + body))
    return f"{base64.urlsafe_b64encode(body).decode()}.{kid}.{signature.decode()}"


def unpack(text: str, trusted: Mapping[str, bytes] | None = None) -> Bundle:
    """A bundle that one of the trusted keys signed. The very first is trusted for how it came (`None`): it is signed by
    a key that it names. Raises `Broken`."""
    try:
        body64, kid, signature64 = text.strip().split(".")
        body, signature = base64.urlsafe_b64decode(body64), base64.urlsafe_b64decode(signature64)
        bundle = _bundle(json.loads(body))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise Broken("not a bundle") from None
    keys = {one.kid: one.public for one in bundle.signers} if trusted is None else trusted
    if kid not in keys or not _is_signed(keys[kid], signature, _FOR_BUNDLE + body):
        raise Broken("not signed by a key that is trusted")
    return bundle


def follow(before: Bundle, text: str) -> Bundle:
    """The bundle that takes another's place: of the same store, signed by a key that the one before named, and not
    older. Raises `Broken`."""
    after = unpack(text, {one.kid: one.public for one in before.signers if one.retired_at is None})
    if after.store_id != before.store_id or after.made_at < before.made_at:
        raise Broken("another store's, or older than the one before")
    return after


def _bundle(said: Any) -> Bundle:
    return Bundle(
        said["store"],
        datetime.fromisoformat(said["madeAt"]),
        [
            Signer(
                one["kid"],
                bytes.fromhex(one["public"]),
                None if one["retiredAt"] is None else datetime.fromisoformat(one["retiredAt"]),
            )
            for one in said["keys"]
        ],
        [Good(one["tag"], one["title"], one["benefit"]) for one in said["offers"]],
    )


def _is_in_use(signer: Signer, code: Code) -> bool:
    """Whether a code is as we make them: not for longer, and not after its key was retired. Other processes of ours
    take up the next key within `SKEW`."""
    if not timedelta(0) < code.expires_at - code.issued_at <= LIFE:
        return False
    return signer.retired_at is None or code.issued_at <= signer.retired_at + SKEW


def _is_signed(public: bytes, signature: bytes, text: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def _bytes(text: str) -> bytes | None:
    return base64.urlsafe_b64decode(text) if _TEXT.fullmatch(text) else None


def _tag(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
