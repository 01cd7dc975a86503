"""C2SP text forms: signed notes (Ed25519), checkpoints, and proofs that stand alone. Pure.

Reading is strict: what is not exactly as these functions write it is `Broken`, so that no bit can change unnoticed.
Signatures by unknown keys are passed over, as the notes' specification asks (keys rotate, witnesses may sign too).
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit.merkle import Broken

_ED25519 = b"\x01"
_HEAD = "c2sp.org/tlog-proof@v1"
_LARGEST_NOTE, _MOST_SIGNATURES = 100_000, 16
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_NAME = re.compile(r"[^\s+]+")


def encoded(data: bytes) -> str:
    """Base64, RFC 4648 section 4."""
    return base64.b64encode(data).decode()


def decoded(text: str, length: int | None = None) -> bytes:
    """What `encoded` made, of this length; raises `Broken` for anything else."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Broken("not base64") from None
    if encoded(data) != text or (length is not None and len(data) != length):
        raise Broken("not base64 as it is written")
    return data


def number(text: str) -> int:
    """A decimal number without leading zeros; raises `Broken`."""
    if not _NUMBER.fullmatch(text):
        raise Broken(f"not a number: {text[:40]!r}")
    return int(text)


@dataclass(frozen=True)
class VerifierKey:
    """A log's name and public key: all that is needed to check what it signed."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that say which key a signature was made with."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{encoded(_ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """A key as it is published; raises `Broken`."""
        name, _, rest = text.partition("+")
        data = decoded(rest.partition("+")[2], 33)
        key = cls(name, data[1:])
        if not _NAME.fullmatch(name) or data[:1] != _ED25519 or str(key) != text:
            raise Broken("not a log's Ed25519 key")
        return key


def sign(text: str, name: str, private: Ed25519PrivateKey) -> str:
    """A note: the text, which ends with a newline, and its signature."""
    key = VerifierKey(name, private.public_key().public_bytes_raw())
    return f"{text}\n— {name} {encoded(key.id + private.sign(text.encode()))}\n"


def opened(note: str, keys: Collection[VerifierKey]) -> str:
    """A note's text; raises `Broken` unless one of the keys signed it, and all of them that say they did."""
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n") or len(note) > _LARGEST_NOTE or re.search(r"[\x00-\x09\x0b-\x1f]", note):
        raise Broken("not a signed note")
    text, signatures = text + "\n", lines[:-1].split("\n")
    if len(signatures) > _MOST_SIGNATURES:
        raise Broken("too many signatures")
    signed = [_is_signed(text, line, keys) for line in signatures]
    if not any(signed):
        raise Broken("not signed by a known key")
    return text


def _is_signed(text: str, line: str, keys: Collection[VerifierKey]) -> bool:
    dash, _, rest = line.partition(" ")
    name, _, signature = rest.partition(" ")
    if dash != "—" or not _NAME.fullmatch(name):
        raise Broken("not a signature line")
    data = decoded(signature)
    for key in keys:
        if (key.name, key.id) == (name, data[:4]):
            try:
                Ed25519PublicKey.from_public_bytes(key.public).verify(data[4:], text.encode())
            except (InvalidSignature, ValueError):
                raise Broken("the signature is false") from None
            return True
    return False


@dataclass(frozen=True)
class Checkpoint:
    """A log's state: how many leaves, under which root, and how many of them are withheld looks."""

    origin: str
    size: int
    root: bytes
    withheld: int

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\nwithheld {self.withheld}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """A checkpoint of ours; raises `Broken`."""
        lines = text.split("\n")
        if len(lines) != 5 or lines[4] or not lines[3].startswith("withheld "):
            raise Broken("not a checkpoint")
        found = cls(lines[0], number(lines[1]), decoded(lines[2], 32), number(lines[3].removeprefix("withheld ")))
        if not _NAME.fullmatch(found.origin) or found.withheld > found.size:
            raise Broken("not a checkpoint")
        return found

    @classmethod
    def opened(cls, note: str, keys: Collection[VerifierKey]) -> "Checkpoint":
        """A signed checkpoint; raises `Broken` unless a key of the log it names signed it."""
        origin = note.partition("\n")[0]
        return cls.parse(opened(note, [key for key in keys if key.name == origin]))


@dataclass(frozen=True)
class Proof:
    """That a leaf stands at an index of a signed checkpoint's tree, whoever asks and wherever."""

    index: int
    path: Sequence[bytes]
    note: str

    def __str__(self) -> str:
        return "\n".join([_HEAD, f"index {self.index}", *map(encoded, self.path), "", self.note])

    @classmethod
    def parse(cls, text: str) -> "Proof":
        """A proof as it is written; raises `Broken`. Opaque extra data is refused: ours has none."""
        head, gap, note = text.partition("\n\n")
        lines = head.split("\n")
        if not gap or lines[0] != _HEAD or len(lines) < 2 or not lines[1].startswith("index "):
            raise Broken("not a proof")
        return cls(number(lines[1].removeprefix("index ")), [decoded(line, 32) for line in lines[2:]], note)
